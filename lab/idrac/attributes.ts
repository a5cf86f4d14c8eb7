import type { SimServer } from '../model-server.js'
import { type Answer, done, refusal } from './answers.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import { personalise } from './personalise.js'
import { type JsonObject, recordedBody } from './recorded.js'
import type { Resource } from './resources.js'
import { type Call, pathPattern, type Route } from './route.js'
import { firmwareOf, MANAGER, type Reader, type View } from './view.js'

const ATTRIBUTES = `${MANAGER}/Oem/Dell/DellAttributes`
const KINDS = ['iDRAC.Embedded.1', 'System.Embedded.1', 'LifecycleController.Embedded.1'] as const
type Kind = (typeof KINDS)[number]

/** Values that follow from the state. */
function stateValues(view: View, kind: Kind): JsonObject {
  const { server } = view
  if (kind === 'LifecycleController.Embedded.1')
    return { 'LCAttributes.1.SystemID': server.system_id.toString(16).padStart(4, '0') }
  if (kind === 'System.Embedded.1') return {}
  return {
    'Info.1.ServerGen': server.generation,
    'Info.1.Version': server.idrac.firmware_version,
    'Lockdown.1.SystemLockdown': isLocked(view) ? 'Enabled' : 'Disabled',
    'IPv4.1.Address': server.idrac.address,
    'Users.2.UserName': server.idrac.username,
    'VirtualConsole.1.Enable': server.idrac.kvm ? 'Enabled' : 'Disabled',
    ...(firmwareOf(server, 'bios')
      ? { 'Info.1.RollbackVersion': firmwareOf(server, 'idrac')?.previous_version ?? '' }
      : {}),
  }
}

function recordedAttributes(server: SimServer, kind: Kind): JsonObject {
  const body = recordedBody(`${ATTRIBUTES}/${kind}`)
  return personalise(server, (body?.Attributes ?? {}) as JsonObject)
}

/** All attributes of one kind now: recorded defaults, what was set since, what follows from the state. */
function attributesOf(view: View, kind: Kind): JsonObject {
  const recorded = recordedAttributes(view.server, kind)
  const set = Object.entries(view.server.idrac.attributes).filter(([name]) => name in recorded)
  const state = Object.entries(stateValues(view, kind)).filter(
    ([name]) => name in recorded || name.startsWith('Lockdown'),
  )
  return { ...recorded, ...Object.fromEntries(set), ...Object.fromEntries(state) }
}

const kindOf = (name: string | undefined): Kind | undefined => KINDS.find((kind) => kind === name)

const readAttributes: Reader = (view, [name]) => {
  const kind = kindOf(name)
  const body = kind && recordedBody(`${ATTRIBUTES}/${kind}`)
  return body && kind ? { ...body, Attributes: attributesOf(view, kind) } : undefined
}

/** `{mgr}/Attributes` is an alias with the other resource's id, and gone on iDRAC10. */
const readAlias: Reader = (view) => (view.profile.oldPaths ? readAttributes(view, ['iDRAC.Embedded.1']) : undefined)

export const attributeReaders: Resource[] = [
  [pathPattern(`${ATTRIBUTES}/{kind}`), readAttributes],
  [pathPattern(`${MANAGER}/Attributes`), readAlias],
]

function setAttribute(view: View, name: string, value: string | number): void {
  const { idrac } = view.server
  if (name === 'Lockdown.1.SystemLockdown') idrac.lockdown = value === 'Enabled'
  else if (name === 'Users.2.Password') {
    idrac.password = String(value)
    idrac.sessions = []
  } else idrac.attributes[name] = value
}

function patchAttributes(view: View, kind: Kind, body: JsonObject): Answer {
  const { Attributes: wanted } = body
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    return refusal(view, 400, { id: 'SYS428', args: ['Attributes'] })
  const known = attributesOf(view, kind)
  const entries = Object.entries(wanted)
  const onlyLockdown = entries.length === 1 && entries[0]?.[0] === 'Lockdown.1.SystemLockdown'
  if (isLocked(view) && !onlyLockdown) return lockdownRefusal(view)
  const unknown = entries.find(([name]) => !(name in known))
  if (unknown) return refusal(view, 400, { id: 'SYS429', args: [unknown[0]] })
  const odd = entries.find(([, value]) => typeof value !== 'string' && typeof value !== 'number')
  if (odd) return refusal(view, 400, { id: 'SYS424', args: [String(odd[1]), odd[0]] })
  for (const [name, value] of entries) setAttribute(view, name, value as string | number)
  return done(view, `attributes set: ${entries.map(([name]) => name).join(' ')}`)
}

function act(call: Call): Answer {
  const kind = kindOf(call.params[0] ?? 'iDRAC.Embedded.1')
  return kind
    ? patchAttributes(call.view, kind, call.body)
    : refusal(call.view, 404, { id: 'SYS403', args: [call.params[0] ?? ''] })
}

export const attributeRoutes: Route[] = [
  { method: 'PATCH', pattern: pathPattern(`${ATTRIBUTES}/{kind}`), mutation: true, act },
  {
    method: 'PATCH',
    pattern: pathPattern(`${MANAGER}/Attributes`),
    mutation: true,
    act: (call) =>
      call.view.profile.oldPaths ? act(call) : refusal(call.view, 404, { id: 'SYS403', args: ['Attributes'] }),
  },
]
