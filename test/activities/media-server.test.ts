import { rm, symlink, writeFile } from 'node:fs/promises'
import { request, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { IsoImage } from '../../db/schema/media.js'
import { endGrants, grantFile, openGrants } from '../../db/stores/media-grants.js'
import { type ActivityBench, startActivityBench } from '../helpers/activity-bench.js'
import { isoBytes, serveMedia, storeImage } from '../helpers/media-store.js'

const SERVER = '00000000-0000-4000-8000-000000000001'
const TOKEN = 'token-of-one-iDRAC-and-no-other'

let bench: ActivityBench
let media: { server: Server; base_url: string; warnings: object[] }
let image: IsoImage
const bytes = isoBytes()

beforeAll(async () => {
  bench = await startActivityBench()
  media = await serveMedia(bench)
  image = await storeImage(bench, {}, bytes)
})
afterAll(async () => {
  media?.server.close()
  await bench?.close()
})
beforeEach(() => endGrants(bench.deps.db, SERVER))

const grant = (allowed_address: string, valid_minutes = 5) =>
  grantFile(bench.deps.db, {
    image_id: image.id,
    server_id: SERVER,
    job_id: SERVER,
    allowed_address,
    token: TOKEN,
    valid_minutes,
  })

/** Asks from an address of one's own, as an iDRAC does. */
function ask(path: string, from = '127.0.0.1', method = 'GET', headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    const asked = request(
      `${media.base_url}${path}`,
      { localAddress: from, method, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        )
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test('serves a file in whole and in parts, under its own address, with its hash as ETag', async () => {
  const path = `/m/${image.media_token}/tools.iso`
  const whole = await ask(path)
  expect([whole.status, whole.body.equals(bytes), whole.headers.etag]).toEqual([200, true, `"${image.sha256}"`])
  const head = await ask(path, '127.0.0.1', 'HEAD')
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(bytes.length), 0])
  const part = await ask(path, '127.0.0.1', 'GET', { range: 'bytes=32769-32773' })
  expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([
    206,
    'CD001',
    `bytes 32769-32773/${bytes.length}`,
  ])
  expect((await ask(path, '127.0.0.1', 'GET', { range: `bytes=${bytes.length}-` })).status).toBe(416)
  expect((await ask(path, '127.0.0.1', 'GET', { 'if-none-match': `"${image.sha256}"` })).status).toBe(304)
  const other = await ask(path, '127.0.0.1', 'GET', { range: 'bytes=0-4', 'if-range': '"another"' })
  expect(other.status).toBe(200)
})

test('knows nothing else', async () => {
  const path = `/m/${image.media_token}/tools.iso`
  for (const odd of [
    '/',
    '/m/',
    `/m/${image.media_token}`,
    `/m/${image.media_token}/`,
    `/${image.media_token}/tools.iso`,
    `/m/${image.sha256}/tools.iso`,
    `/m/${image.media_token}/../../etc/passwd`,
    `/m/${image.media_token}/a/b`,
    '/m/short/tools.iso',
    '/m/%2e%2e%2f%2e%2e%2fetc%2fpasswd-long-enough/x',
  ])
    expect((await ask(odd)).status, odd).toBe(404)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
    expect((await ask(path, '127.0.0.1', method)).status, method).toBe(404)
})

test('a grant is good for one address and for its time, and its reads are counted', async () => {
  await grant('127.20.1.1')
  const path = `/m/${TOKEN}/tools.iso`
  expect((await ask(path, '127.20.1.1')).status).toBe(200)
  expect((await ask(path, '127.20.1.2')).status).toBe(404)
  expect(media.warnings).toMatchObject([{ address: '127.20.1.2', allowed: '127.20.1.1' }])
  const read = async () => (await openGrants(bench.deps.db, { server_id: SERVER }))[0]
  await expect.poll(async () => (await read())?.bytes_read).toBeGreaterThanOrEqual(bytes.length)
  expect((await read())?.last_read_at).toMatch(/^\d{4}-/)
  await endGrants(bench.deps.db, SERVER)
  expect((await ask(path, '127.20.1.1')).status).toBe(404)
  await grant('127.20.1.1')
  expect((await ask(path, '127.20.1.1')).status).toBe(200)
  await bench.database.pool.query("update iso_images set status = 'missing' where id = $1", [image.id])
  expect((await ask(path, '127.20.1.1')).status).toBe(404)
  await bench.database.pool.query("update iso_images set status = 'ready' where id = $1", [image.id])
})

test('a row whose file has become a link that leads out serves nothing', async () => {
  const out = join(bench.iso_directory, '..', `outside-${process.pid}`)
  await writeFile(out, 'secret')
  await symlink(out, join(bench.iso_directory, 'leads-out.iso'))
  const bad = await storeImage(bench, { storage_name: 'leads-out.iso', name: 'bad' }, isoBytes(100_000))
  expect((await ask(`/m/${bad.media_token}/x.iso`)).status).toBe(404)
  await rm(out)
})
