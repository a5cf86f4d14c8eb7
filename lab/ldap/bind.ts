/**
 * Who may bind, as FreeIPA (389 Directory Server) and Active Directory answer it. Both lock an account by themselves
 * after five wrong passwords within 15 minutes.
 */
import type { DirectoryEntry, SimDirectory } from '../model-directory.js'
import { canonical } from './dn.js'
import { valuesOf } from './entry.js'
import type { LdapResult } from './message.js'
import { RESULT } from './result-codes.js'

const LOCK_FAILURES = 5
const WINDOW_MS = 15 * 60_000
const LOCK_MS = 15 * 60_000
const ACCOUNT_DISABLE = 0x2
const PASSWORD_NEVER_EXPIRES = 0x10000

export interface BindAnswer {
  result: LdapResult
  /** who is bound afterwards; null = anonymous */
  dn: string | null
  /** line for the ledger */
  effect: string
  /** this try locked the account */
  locked?: boolean
}

/** Tries a simple bind at simulated time `now`; counts wrong passwords in the directory's state. */
export function bind(directory: SimDirectory, name: string, password: string, now: number): BindAnswer {
  if (name === '' && password === '') return { result: { code: RESULT.success }, dn: null, effect: 'anonymous' }
  if (password === '') return unauthenticated(directory)
  const entry = accountOf(directory, name)
  if (!entry || entry.password === null) return refused(directory, '525', 'no such account')
  const lock = lockOf(directory, entry)
  if (lock.locked_until > now || isLockedByAdmin(directory, entry)) return locked(directory)
  if (entry.password !== password) return wrong(directory, lock, now)
  const hindrance = hindranceOf(directory, entry, now)
  if (hindrance) return hindrance
  lock.wrong_at = []
  return { result: { code: RESULT.success }, dn: entry.dn, effect: `bound as ${entry.dn}` }
}

/** A name with an empty password: 389 refuses it, Active Directory lets it in as nobody (RFC 4513, 5.1.2). */
function unauthenticated({ vendor }: SimDirectory): BindAnswer {
  if (vendor === 'active_directory') {
    return { result: { code: RESULT.success }, dn: null, effect: 'unauthenticated bind, anonymous' }
  }
  const result = { code: RESULT.unwillingToPerform, message: 'Unauthenticated binds are not allowed' }
  return { result, dn: null, effect: 'unauthenticated bind refused' }
}

/** By DN; in Active Directory also `user@domain` and `DOMAIN\user`. */
function accountOf(directory: SimDirectory, name: string): DirectoryEntry | undefined {
  const byName = directory.entries.find((entry) => canonical(entry.dn) === canonical(name))
  if (byName || directory.vendor === 'freeipa') return byName
  const short = /^[^\\@]+\\([^\\@]+)$/.exec(name)?.[1]
  return directory.entries.find((entry) => {
    const has = (attribute: string, wanted: string) =>
      valuesOf(entry, attribute).some((value) => value.toLowerCase() === wanted.toLowerCase())
    return has('userPrincipalName', name) || (short !== undefined && has('sAMAccountName', short))
  })
}

function lockOf(directory: SimDirectory, entry: DirectoryEntry): SimDirectory['lockouts'][string] {
  const key = canonical(entry.dn)
  directory.lockouts[key] ??= { wrong_at: [], locked_until: 0 }
  return directory.lockouts[key]
}

function wrong(directory: SimDirectory, lock: SimDirectory['lockouts'][string], now: number): BindAnswer {
  lock.wrong_at = [...lock.wrong_at.filter((at) => at > now - WINDOW_MS), now]
  const count = lock.wrong_at.length
  const answer = refused(directory, '52e', `wrong password, ${count} of ${LOCK_FAILURES}`)
  if (count < LOCK_FAILURES) return answer
  lock.wrong_at = []
  lock.locked_until = now + LOCK_MS
  return { ...answer, effect: `wrong password, account locked`, locked: true }
}

/** Text of Active Directory for code 49; `data` says why. */
const reason = (data: string): string =>
  `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${data}, v3839`

function refused(directory: SimDirectory, data: string, effect: string): BindAnswer {
  const message = directory.vendor === 'active_directory' ? reason(data) : ''
  return { result: { code: RESULT.invalidCredentials, message }, dn: null, effect }
}

function locked(directory: SimDirectory): BindAnswer {
  if (directory.vendor === 'active_directory') return refused(directory, '775', 'account is locked')
  const message = 'Exceed password retry limit. Please try later.'
  return { result: { code: RESULT.constraintViolation, message }, dn: null, effect: 'account is locked' }
}

function isLockedByAdmin({ vendor }: SimDirectory, entry: DirectoryEntry): boolean {
  return vendor === 'active_directory'
    ? Number(valuesOf(entry, 'lockoutTime')[0] ?? 0) > 0
    : valuesOf(entry, 'passwordRetryCount').length > 0
}

/** Why a right password is not enough. Active Directory says so only to those who know the password. */
function hindranceOf(directory: SimDirectory, entry: DirectoryEntry, now: number): BindAnswer | null {
  if (directory.vendor === 'active_directory') {
    const control = Number(valuesOf(entry, 'userAccountControl')[0] ?? 0)
    if (control & ACCOUNT_DISABLE) return refused(directory, '533', 'account is disabled')
    if (isPast(fromFileTime(valuesOf(entry, 'accountExpires')[0]), now))
      return refused(directory, '701', 'account expired')
    if (valuesOf(entry, 'pwdLastSet')[0] === '0') return refused(directory, '773', 'password must be changed')
    const ends = fromFileTime(valuesOf(entry, 'msDS-UserPasswordExpiryTimeComputed')[0])
    if (!(control & PASSWORD_NEVER_EXPIRES) && isPast(ends, now)) return refused(directory, '532', 'password expired')
    return null
  }
  if (valuesOf(entry, 'nsAccountLock')[0]?.toUpperCase() === 'TRUE') {
    const message = 'Account inactivated. Contact system administrator.'
    return { result: { code: RESULT.unwillingToPerform, message }, dn: null, effect: 'account is disabled' }
  }
  if (isPast(fromGeneralizedTime(valuesOf(entry, 'krbPrincipalExpiration')[0]), now)) {
    const message = 'Account (Kerberos) is expired'
    return { result: { code: RESULT.unwillingToPerform, message }, dn: null, effect: 'account expired' }
  }
  if (isPast(fromGeneralizedTime(valuesOf(entry, 'krbPasswordExpiration')[0]), now)) {
    return {
      ...refused(directory, '', 'password expired'),
      result: { code: RESULT.invalidCredentials, message: 'Password is expired' },
    }
  }
  return null
}

const isPast = (at: number | null, now: number): boolean => at !== null && at < now

/** 100 ns since 1601, as Active Directory counts; 0 and the greatest number mean never. */
export function fromFileTime(text: string | undefined): number | null {
  if (text === undefined || text === '0' || text === '9223372036854775807') return null
  return Number(BigInt(text) / 10_000n) - 11_644_473_600_000
}

export const toFileTime = (ms: number): string => String((BigInt(ms) + 11_644_473_600_000n) * 10_000n)

/** `20260101000000Z` */
export function fromGeneralizedTime(text: string | undefined): number | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)
}

export const toGeneralizedTime = (ms: number): string =>
  `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
