import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from './exit-codes.js'

/** One sign-in that is kept, by the URL of its product. */
export interface Login {
  token: string
  expires_at: string
  username: string
  /** File with the certificate authority that the sign-in used. */
  ca?: string
}

export interface Logins {
  /** The product that commands without --server talk to. */
  current: string | null
  by_server: Record<string, Login>
}

/** Reads the kept sign-ins; none when there is no file. @throws {Refusal} when the file cannot be understood */
export function readLogins(file: string): Logins {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { current: null, by_server: {} }
  }
  try {
    const { current = null, by_server = {} } = JSON.parse(text) as Partial<Logins>
    return { current, by_server }
  } catch {
    throw new Refusal(`${file} is damaged; sign in again after removing it.`)
  }
}

/** Writes them so that only the user can read them, in one step. */
export function writeLogins(file: string, logins: Logins): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 })
  chmodSync(fresh, 0o600)
  renameSync(fresh, file)
}
