import type {
  AnyAuthMethod,
  AuthenticationType,
  AuthHandlerMiddleware,
  KeyboardInteractiveCallback,
  NextAuthHandler,
  Prompt,
} from 'ssh2'

export type SshSecret =
  | { kind: 'password'; password: string }
  | { kind: 'private_key'; private_key: string; passphrase?: string }

/** What became of the authentication; read after the connection failed. */
export interface AuthProgress {
  /** Method that was tried with the secret; `null` = none, so nothing counts towards a lock. */
  tried: AuthenticationType | null
  /** Methods that the host offered. */
  offered: readonly string[]
}

/** A password goes by keyboard-interactive where that is offered (the default of ESXi), else by password. */
function chooseMethod(secret: SshSecret, offered: readonly string[]): AuthenticationType | null {
  const wanted: AuthenticationType[] = secret.kind === 'password' ? ['keyboard-interactive', 'password'] : ['publickey']
  return wanted.find((each) => offered.includes(each)) ?? null
}

function withSecret(method: AuthenticationType, username: string, secret: SshSecret): AnyAuthMethod | false {
  if (method === 'keyboard-interactive' && secret.kind === 'password') {
    return { type: 'keyboard-interactive', username, prompt: answerOnce(secret.password) }
  }
  if (method === 'password' && secret.kind === 'password') {
    return { type: 'password', username, password: secret.password }
  }
  if (method === 'publickey' && secret.kind === 'private_key') {
    const passphrase = secret.passphrase === undefined ? {} : { passphrase: secret.passphrase }
    return { type: 'publickey', username, key: secret.private_key, ...passphrase }
  }
  return false
}

/** Answers the first round of prompts with the password; a later round (a change of password is wanted) gets nothing. */
function answerOnce(password: string) {
  let answered = false
  return (_name: string, _text: string, _language: string, prompts: Prompt[], finish: KeyboardInteractiveCallback) => {
    finish(prompts.map(() => (answered ? '' : password)))
    if (prompts.length > 0) answered = true
  }
}

/**
 * Asks the host which methods it offers (`none` counts nowhere as a failure), then tries exactly one with the secret.
 * Left to itself ssh2 would try `password` even where it is not offered, and two wrong tries count towards the lock.
 */
export function singleAttempt(username: string, secret: SshSecret, progress: AuthProgress): AuthHandlerMiddleware {
  const nextMethod = (offered: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (offered === null) return { type: 'none', username }
    if (progress.tried !== null) return false
    progress.offered = offered
    const method = chooseMethod(secret, offered)
    progress.tried = method
    return method === null ? false : withSecret(method, username, secret)
  }
  // The published types leave out that the first call has no list and that `false` ends the login.
  return (offered: AuthenticationType[] | null, _partial: boolean | null, next: NextAuthHandler) =>
    next(nextMethod(offered) as AnyAuthMethod)
}
