import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { IsoImage } from '../../db/schema/media.js'
import { insertIsoImage } from '../../db/stores/media.js'
import { startMediaServer } from '../../workers/media-server.js'
import type { ActivityBench } from './activity-bench.js'

/** Bytes that are an ISO as far as anybody looks: the mark is where it must be, the rest is random. */
export function isoBytes(size = 256 * 1024): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.write('CD001', 32_769)
  randomBytes(1024).copy(bytes, 65_536)
  return bytes
}

/** An image that lies in the store of a bench, as if it had been uploaded. */
export async function storeImage(bench: ActivityBench, more: Partial<IsoImage> = {}, bytes = isoBytes()) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(bench.iso_directory, sha256), bytes)
  const { image } = await insertIsoImage(bench.database.db, {
    name: 'tools',
    filename: 'tools.iso',
    kind: 'iso',
    size_bytes: bytes.length,
    sha256,
    source_type: 'upload',
    status: 'ready',
    storage_name: sha256,
    media_token: randomBytes(24).toString('base64url'),
    ...more,
  })
  return image
}

/** The real media server over the store of a bench; devices are told its address. */
export async function serveMedia(
  bench: ActivityBench,
): Promise<{ server: Server; base_url: string; warnings: object[] }> {
  const warnings: object[] = []
  const log = { warn: (fields: object) => warnings.push(fields) }
  const { db } = bench.database
  const server = await startMediaServer({ db, iso_directory: bench.iso_directory, log }, '127.0.0.1', 0)
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  bench.deps.media.base_url = base_url
  return { server, base_url, warnings }
}
