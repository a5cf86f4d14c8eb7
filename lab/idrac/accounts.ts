import { type Answer, done, refusal } from './answers.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import type { Resource } from './resources.js'
import { type Call, pathPattern, type Route } from './route.js'
import { MANAGER, type Reader, ROOT, sample } from './view.js'

const ACCOUNTS = `${ROOT}/AccountService/Accounts`
const OLD_ACCOUNTS = `${MANAGER}/Accounts`
const SLOTS = 16

/** Slot 2 is the administrator, as on every recorded machine; the others are empty. */
const readAccount: Reader = (view, [slot = '']) => {
  const number = Number(slot)
  if (!Number.isInteger(number) || number < 1 || number > SLOTS) return undefined
  if (slot === '2') return { ...sample(view, `${ACCOUNTS}/2`), UserName: view.server.idrac.username }
  const empty = sample(view, `${ACCOUNTS}/1`)
  return empty && { ...empty, '@odata.id': `${ACCOUNTS}/${slot}`, Id: slot }
}

export const accountReaders: Resource[] = [
  [pathPattern(`${ACCOUNTS}/{slot}`), readAccount],
  [
    pathPattern(`${OLD_ACCOUNTS}/{slot}`),
    (view, params) => (view.profile.oldPaths ? readAccount(view, params) : undefined),
  ],
]

/** The password policy of this site: a minimum length, and the limit that AccountService shows. */
function isAcceptable(password: string): boolean {
  return password.length >= 8 && password.length <= 40
}

/** A new password ends every session, also the one that asked. */
function patchAccount({ view, params, body, path }: Call): Answer {
  if (path.startsWith(OLD_ACCOUNTS) && !view.profile.oldPaths)
    return refusal(view, 404, { id: 'SYS403', args: [params[0] ?? ''] })
  if (params[0] !== '2') return refusal(view, 400, { id: 'SYS427', args: ['UserName'] })
  if (isLocked(view)) return lockdownRefusal(view)
  const { Password: password, ...others } = body
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined) return refusal(view, 400, { id: 'SYS429', args: [unknown] })
  if (typeof password !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['Password'] })
  if (!isAcceptable(password)) return refusal(view, 400, { id: 'SYS474' })
  view.server.idrac.password = password
  view.server.idrac.sessions = []
  return done(view, 'password changed')
}

export const accountRoutes: Route[] = [
  { method: 'PATCH', pattern: pathPattern(`${ACCOUNTS}/{slot}`), mutation: true, act: patchAccount },
  { method: 'PATCH', pattern: pathPattern(`${OLD_ACCOUNTS}/{slot}`), mutation: true, act: patchAccount },
]
