import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** Files proved since this process began, by path, size and time: hashing gigabytes before each upload is not needed. */
const proved = new Map<string, string>()

/** SHA-256 of a file in lower-case hex, read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk)
  return hash.digest('hex')
}

/** SHA-256 and MD5 in one reading: vendors' lists name packages by either. */
export async function hashesOfFile(path: string): Promise<{ sha256: string; md5: string }> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    sha256.update(chunk)
    md5.update(chunk)
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}

/** Is the file there, of this size and hash? */
export async function fileMatches(path: string, size_bytes: number, sha256: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile() || found.size !== size_bytes) return false
  const key = `${path}|${found.size}|${found.mtimeMs}`
  const known = proved.get(key) ?? (await sha256OfFile(path))
  proved.set(key, known)
  return known === sha256
}
