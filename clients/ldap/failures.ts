import type { FailureCode } from '../../domain/failures.js'
import { DeviceError } from '../errors.js'
import type { IdentityCheck } from '../identity.js'

/** What a failure of the directory says to those who asked on behalf of a person. */
export interface DirectoryFailure {
  code: FailureCode
  message: string
  /** The directory has, or may have, judged a password. */
  may_have_judged: boolean
}

/** Reads what a directory client threw; null for what is no failure of the directory. */
export function directoryFailure(thrown: unknown): DirectoryFailure | null {
  if (!(thrown instanceof DeviceError)) return null
  const { code, message, facts } = thrown
  return { code, message, may_have_judged: facts.sent }
}

/** An identity check out of a question to whoever keeps the pins. Nothing is sent to a server that is not accepted. */
export function pinnedIdentity(
  server: string,
  judge: (seen: Parameters<IdentityCheck>[0]) => Promise<'accepted' | 'pending' | 'changed' | 'rejected'>,
): IdentityCheck {
  return async (seen) => {
    if (seen.trusted_by_ca) return
    const verdict = await judge(seen)
    if (verdict === 'accepted') return
    const changed = verdict === 'changed'
    const text = changed
      ? 'shows another certificate than the one that was accepted'
      : 'shows a certificate that nobody accepted'
    throw new DeviceError(
      changed ? 'TlsIdentityChanged' : 'TlsIdentityPending',
      `${server} ${text}; nothing was sent.`,
      {
        sent: false,
        answered: false,
        data: { sha256: seen.sha256 },
      },
    )
  }
}
