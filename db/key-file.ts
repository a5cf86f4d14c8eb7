import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'

/** The key-encryption key: outside the database, in a file or the environment, never in SQL, logs or backups. */
export interface Kek {
  kek_id: string
  key: Buffer
  /** Made just now: print the warning to back the file up. */
  created: boolean
}

export interface KekSource {
  /** The key itself: 32 bytes in base64, base64url or hex. Wins over the file. */
  kek?: string | undefined
  kek_file: string
}

/** Reads 32 bytes of key out of its text. @throws with the cure, never with the text */
export function parseKek(text: string, where: string): Kek {
  const trimmed = text.trim()
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64')
  if (key.length !== 32) {
    throw new Error(`${where} does not hold a key of 32 bytes in base64 or hex. Example: openssl rand -base64 32`)
  }
  return { kek_id: `k${createHash('sha256').update(key).digest('hex').slice(0, 8)}`, key, created: false }
}

/**
 * Reads the key, or makes the key file (0600) at the first start. `has_sealed_values` says whether the database already holds
 * values that only the lost key would open: then a missing file is an error, never a new key.
 */
export function loadKek(source: KekSource, has_sealed_values: boolean): Kek {
  if (source.kek) return parseKek(source.kek, 'KEK')
  if (!existsSync(source.kek_file)) {
    if (has_sealed_values) {
      throw new Error(
        `the key file ${source.kek_file} is missing, but the database holds values sealed with it. Restore the file from its backup (KEK_FILE); a new key could not open them.`,
      )
    }
    if (createKeyFile(source.kek_file))
      return { ...parseKek(readFileSync(source.kek_file, 'utf8'), source.kek_file), created: true }
  }
  if ((statSync(source.kek_file).mode & 0o077) !== 0) chmodSync(source.kek_file, 0o600)
  return parseKek(readFileSync(source.kek_file, 'utf8'), source.kek_file)
}

/** Makes the file whole or not at all; false when another process was first. */
function createKeyFile(file: string): boolean {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}
