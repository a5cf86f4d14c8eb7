import type { LabCore } from '../core.js'
import type { PowerRequest } from '../lifecycle.js'
import { type Answer, noContent, refusal } from './answers.js'
import { logMessage } from './log-writer.js'
import { baseInfo, errorBody } from './messages.js'
import { type Call, pathPattern, type Route } from './route.js'
import { CHASSIS, MANAGER, SYSTEM, type View } from './view.js'

const RESET_TYPES: readonly PowerRequest[] = [
  'On',
  'ForceOff',
  'ForceRestart',
  'GracefulRestart',
  'GracefulShutdown',
  'PushPowerButton',
  'Nmi',
  'PowerCycle',
]

/** The listener closes this much later (simulated), so that the 204 leaves first. */
const GOING_DOWN_MS = 10_000
const RESTART = 'idrac.restart'

/** Registers the restart that a reset action brings on. Call once, before the agenda starts. */
export function registerRestart(core: LabCore): void {
  core.agenda.on(RESTART, ({ server: name, then_on: thenOn }) => {
    const server = core.find.server(String(name))
    core.lifecycle.restartIdrac(server, 'reset')
    if (thenOn === true) core.lifecycle.power(server, 'On')
  })
}

/** Personality: the first power command is answered 409 though nothing stands against it (seen on iDRAC10 at power-on). */
function conflictOnce(view: View): Answer | undefined {
  const { face } = view.server.idrac
  if (!view.flags.power_conflict_once || face.power_conflict_done === true) return undefined
  face.power_conflict_done = true
  const entry = {
    ...baseInfo(view.profile.base, 'ActionParameterValueConflict'),
    Message: 'The parameter ResetType conflicts with the value of another property.',
    Severity: 'Warning',
  }
  return { status: 409, body: errorBody(view.profile.base, [entry]) }
}

function resetSystem(call: Call): Answer {
  const { view, body, user, client } = call
  const { ResetType: type } = body
  if (type === undefined) return refusal(view, 400, { id: 'SYS428', args: ['ResetType'] })
  const request = RESET_TYPES.find((one) => one === type)
  if (!request) return refusal(view, 400, { id: 'SYS426', args: [String(type), 'ResetType'] })
  const conflict = conflictOnce(view)
  if (conflict) return conflict
  const answer = view.core.lifecycle.power(view.server, request)
  if (!answer.ok) return refusal(view, 409, { id: answer.message_id })
  logMessage(view.core, view.server, { id: 'RAC1195', args: [user, client, request, 'REDFISH'] }, 'Audit')
  return noContent(answer.effect)
}

function resetManager({ view, body, user, client }: Call): Answer {
  const { ResetType: type } = body
  if (type === undefined) return refusal(view, 400, { id: 'SYS428', args: ['ResetType'] })
  if (type !== 'GracefulRestart') return refusal(view, 400, { id: 'SYS426', args: [String(type), 'ResetType'] })
  logMessage(view.core, view.server, { id: 'RAC1195', args: [user, client, 'iDRAC reset', 'REDFISH'] }, 'Audit')
  view.core.agenda.after(GOING_DOWN_MS, RESTART, { server: view.server.name, then_on: false })
  return noContent('iDRAC restart')
}

/** `Chassis.Reset` knows On and ForceOff only on 6.00. */
function resetChassis(call: Call): Answer {
  const { view, body } = call
  if (body.ResetType !== 'On' && body.ResetType !== 'ForceOff')
    return refusal(view, 400, { id: 'SYS426', args: [String(body.ResetType), 'ResetType'] })
  return resetSystem(call)
}

/** Virtual AC cycle: the host must be off, and the iDRAC drops too. */
function extendedReset({ view, body }: Call): Answer {
  const { server, core } = view
  if (view.profile.redfishVersion === '1.13.1')
    return refusal(view, 404, { id: 'SYS403', args: ['DellOemChassis.ExtendedReset'] })
  if (body.ResetType !== 'PowerCycle')
    return refusal(view, 400, { id: 'SYS426', args: [String(body.ResetType), 'ResetType'] })
  if (server.power !== 'Off') return refusal(view, 409, { id: 'PSU507' })
  const on = body.FinalPowerState !== 'Off'
  core.agenda.after(GOING_DOWN_MS, RESTART, { server: server.name, then_on: on })
  return noContent(`virtual AC cycle, final power ${on ? 'On' : 'Off'}`)
}

export const powerRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(`${SYSTEM}/Actions/ComputerSystem.Reset`), mutation: true, act: resetSystem },
  { method: 'POST', pattern: pathPattern(`${CHASSIS}/Actions/Chassis.Reset`), mutation: true, act: resetChassis },
  {
    method: 'POST',
    pattern: pathPattern(`${CHASSIS}/Actions/Oem/DellOemChassis.ExtendedReset`),
    mutation: true,
    act: extendedReset,
  },
  { method: 'POST', pattern: pathPattern(`${MANAGER}/Actions/Manager.Reset`), mutation: true, act: resetManager },
]
