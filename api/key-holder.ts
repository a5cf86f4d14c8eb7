import type { Logger } from 'pino'
import type { Db } from '../db/connect.js'
import { hasDataKeys, type KeyRing, KeyUnavailable, openKeyRing } from '../db/crypto.js'
import { loadKek } from '../db/key-file.js'
import type { ApiConfig } from './config.js'

export interface KeyHolder {
  /** @throws {KeyUnavailable} */
  get(): KeyRing
  /** Tries again to open the ring; never throws. */
  open(): Promise<void>
  close(): void
}

const TRY_AGAIN_MS = 5_000

/** Holds the key ring. While the key is missing or wrong the API answers reads, says so at /readyz, and looks again. */
export function createKeyHolder(db: Db, config: Readonly<ApiConfig>, log: Logger): KeyHolder {
  let ring: KeyRing | null = null
  let reason = 'the key is being opened'
  let timer: NodeJS.Timeout | undefined
  const open = async (): Promise<void> => {
    try {
      const kek = loadKek({ kek: config.kek, kek_file: config.kek_file }, await hasDataKeys(db))
      if (kek.created)
        log.warn(`A key file was made: ${config.kek_file}. Back it up; without it no stored password can be read.`)
      ring = await openKeyRing(db, kek)
    } catch (error) {
      const now = error instanceof Error ? error.message : String(error)
      if (now !== reason) log.error({ reason: now }, 'the key ring does not open; no job starts')
      reason = now
      timer = setTimeout(() => void open(), TRY_AGAIN_MS)
      timer.unref()
    }
  }
  return {
    get: () => {
      if (!ring) throw new KeyUnavailable(reason)
      return ring
    },
    open,
    close: () => clearTimeout(timer),
  }
}
