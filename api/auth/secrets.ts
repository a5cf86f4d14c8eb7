import { createHash, randomBytes } from 'node:crypto'

export const SESSION_COOKIE = 'dsm_session'
const TOKEN_MARK = 'dsm_'

/** 256 random bits; only the hash is stored. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** An API token: a mark that scanners find, a prefix that lists show, and the secret. */
export function newApiToken(): { token: string; prefix: string } {
  const prefix = `${TOKEN_MARK}${randomBytes(4).toString('hex')}`
  return { token: `${prefix}_${randomBytes(32).toString('base64url')}`, prefix }
}

export const isApiToken = (text: string) => text.startsWith(TOKEN_MARK)

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The value of a cookie of a request as it stands there (a session token needs no escapes), or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return null
}
