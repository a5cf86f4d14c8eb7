import { hash, verify } from '@node-rs/argon2'
import { Problem } from '../errors.js'

/** argon2id, 19 MiB, two passes: OWASP's first choice for interactive logins. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

let decoy: Promise<string> | undefined

/** Compares with the stored hash; without one it does the same work, so that unknown names take as long as known ones. */
export async function checkPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const matches = await verify(stored ?? (await decoy), password).catch(() => false)
  return matches && stored !== null
}

/** Why a password cannot be used, or null. */
export function weakness(password: string, username: string): string | null {
  if (password.length < 12) return 'at least 12 characters'
  if (password.length > 256) return 'at most 256 characters'
  if (password.toLowerCase().includes(username.toLowerCase())) return 'must not contain the user name'
  if (new Set(password).size < 5) return 'too few different characters'
  return null
}

/** @throws {Problem} `InvalidRequest` with the reason at `pointer`; the password itself is in none of it */
export function refuseWeak(password: string, username: string, pointer: string): void {
  const detail = weakness(password, username)
  if (detail) throw new Problem('InvalidRequest', `The password: ${detail}.`, { errors: [{ pointer, detail }] })
}
