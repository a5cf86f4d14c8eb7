import { ResultCodeError } from 'ldapts'
import type { FailureCode } from '../../domain/failures.js'
import { DeviceError } from '../errors.js'

/** Why a directory did not let somebody in. */
export type BindRefusal = 'wrong_password' | 'disabled' | 'locked' | 'expired'

/** The number behind `data` in the text that Active Directory puts beside code 49. */
const ACTIVE_DIRECTORY_REASONS: Record<string, BindRefusal> = {
  '525': 'wrong_password',
  '52e': 'wrong_password',
  '530': 'disabled',
  '531': 'disabled',
  '532': 'expired',
  '533': 'disabled',
  '701': 'expired',
  '773': 'expired',
  '775': 'locked',
}

const INVALID_CREDENTIALS = 49
const INAPPROPRIATE_AUTHENTICATION = 48
const NO_SUCH_OBJECT = 32
const UNWILLING = 53
const CONSTRAINT = 19
/** The directory is there, but cannot serve now: operations error, time limit, busy, unavailable, other. */
const UNAVAILABLE = new Set([1, 3, 51, 52, 80])

/**
 * What a refused bind means; null when the answer says nothing about the person. The codes decide; texts only tell apart
 * what has the same code (FreeIPA: 53 disabled or expired, 19 locked; Active Directory: `data` beside 49).
 */
export function refusalOf(code: number, text: string): BindRefusal | null {
  if (code === INVALID_CREDENTIALS) {
    const data = /\bdata ([0-9a-f]{3,4})\b/i.exec(text)?.[1]?.toLowerCase()
    if (data && ACTIVE_DIRECTORY_REASONS[data]) return ACTIVE_DIRECTORY_REASONS[data]
    return /expired/i.test(text) ? 'expired' : 'wrong_password'
  }
  if (code === INAPPROPRIATE_AUTHENTICATION || code === NO_SUCH_OBJECT) return 'wrong_password'
  if (code === CONSTRAINT) return 'locked'
  if (code !== UNWILLING) return null
  if (/unauthenticated/i.test(text)) return 'wrong_password'
  if (/expired/i.test(text)) return 'expired'
  return /lock/i.test(text) ? 'locked' : 'disabled'
}

const REFUSAL_CODES: Record<BindRefusal, FailureCode> = {
  wrong_password: 'InvalidCredentials',
  disabled: 'AccountDisabled',
  locked: 'AccountDisabled',
  expired: 'AccountDisabled',
}
const REFUSAL_TEXTS: Record<BindRefusal, string> = {
  wrong_password: 'The directory refused user or password.',
  disabled: 'The account is disabled in the directory.',
  locked: 'The directory has locked the account for a while.',
  expired: 'The account or its password has expired in the directory.',
}

export function refusalError(refusal: BindRefusal, code: number): DeviceError {
  const facts = { sent: true, answered: true, status: code, data: { refusal } }
  return new DeviceError(REFUSAL_CODES[refusal], REFUSAL_TEXTS[refusal], facts)
}

/** Whatever the library threw, as one of ours. `asked` names the operation; `sent`: did it leave? */
export function toDirectoryError(thrown: unknown, asked: string, sent = true): DeviceError {
  if (thrown instanceof DeviceError) return thrown
  const text = thrown instanceof Error ? thrown.message.split('\n')[0]?.slice(0, 300) : String(thrown)
  if (thrown instanceof ResultCodeError) {
    const code: FailureCode = UNAVAILABLE.has(thrown.code) ? 'DirectoryUnavailable' : 'DirectoryMisconfigured'
    const facts = { sent: true, answered: true, status: thrown.code, text: text ?? '' }
    return new DeviceError(code, `The directory answered ${asked} with code ${thrown.code}: ${text}`, facts)
  }
  return new DeviceError('DirectoryUnavailable', `The directory gave no answer to ${asked}: ${text}`, {
    sent,
    answered: false,
    text: text ?? '',
  })
}

export function misconfigured(message: string, data?: Record<string, unknown>): DeviceError {
  return new DeviceError('DirectoryMisconfigured', message, { sent: false, answered: false, ...(data ? { data } : {}) })
}
