import type { AuthContext } from 'ssh2'
import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import { lockdownMode } from './lockdown.js'

/** `Security.AccountLockFailures` and `Security.AccountUnlockTime`, the defaults of ESXi. */
const LOCK_FAILURES = 5
const UNLOCK_MS = 900_000

/** What sshd of ESXi offers: `password` is off while keyboard-interactive is on. */
const OFFERED: ('publickey' | 'keyboard-interactive')[] = ['publickey', 'keyboard-interactive']

interface Account {
  failures: number
  locked_until: number
}

function accountOf(host: SimHost, user: string): Account {
  const all = (host.face.accounts ?? {}) as unknown as Record<string, Account>
  host.face.accounts = all as never
  all[user] ??= { failures: 0, locked_until: 0 }
  return all[user]
}

/** Decides one authentication request. A method that is not offered is refused and counts nothing. */
export function authenticate(core: LabCore, host: SimHost, context: AuthContext): void {
  if (context.method !== 'keyboard-interactive') {
    context.reject(OFFERED)
    return
  }
  context.prompt(
    [{ prompt: `(${context.username}@${host.name.split('.')[0]}) Password: `, echo: false }],
    (answers) => {
      if (isAllowed(core, host, context.username, answers?.[0] ?? '')) context.accept()
      else context.reject(OFFERED)
    },
  )
}

/** Is this pair right, and may the account log in now? Counts failures and locks. */
export function isAllowed(core: LabCore, host: SimHost, user: string, password: string): boolean {
  const account = accountOf(host, user)
  const now = core.clock.now()
  if (account.locked_until > now) {
    core.judge.loginFailed(host.name)
    return false
  }
  if (user !== host.ssh.username || password !== host.ssh.password) {
    core.judge.loginFailed(host.name)
    account.failures += 1
    if (account.failures < LOCK_FAILURES) return false
    account.failures = 0
    account.locked_until = now + UNLOCK_MS
    core.judge.lockedOut(host.name)
    return false
  }
  // In lockdown root is refused although the service runs and the password is right.
  if (lockdownMode(core, host) !== 'lockdownDisabled') return false
  account.failures = 0
  return true
}
