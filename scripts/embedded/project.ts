import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const PROJECT_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Files that are fetched or built once and may be deleted at any time; git ignores the folder. */
export const CACHE_FOLDER = join(PROJECT_ROOT, '.cache')

/** SHA-256 of a file, lower-case hex, read as a stream. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
