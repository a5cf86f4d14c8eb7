import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export type PowerAction = 'on' | 'off' | 'graceful_shutdown' | 'graceful_restart' | 'reset' | 'power_cycle' | 'nmi'
export type ServerPower = 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' | 'Unknown'

/** Redfish's words for our actions. */
export const RESET_TYPES: Readonly<Record<PowerAction, string>> = {
  on: 'On',
  off: 'ForceOff',
  graceful_shutdown: 'GracefulShutdown',
  graceful_restart: 'GracefulRestart',
  reset: 'ForceRestart',
  power_cycle: 'PowerCycle',
  nmi: 'Nmi',
}

export type PowerAnswer =
  | { type: 'already'; state: ServerPower }
  /** Send this reset type; `followed_by` is sent when the first has been reached. */
  | { type: 'send'; reset_type: string; followed_by?: string; wanted: ServerPower }
  | { type: 'refuse'; reason: Blocker }

/** The state that proves an action done; a restart is proved by a new boot, with the power on. */
export function wantedState(action: PowerAction): ServerPower {
  return action === 'off' || action === 'graceful_shutdown' ? 'Off' : 'On'
}

const refuse = (reason: Blocker): PowerAnswer => ({ type: 'refuse', reason })

const goingTo = (state: ServerPower): ServerPower =>
  state === 'PoweringOn' ? 'On' : state === 'PoweringOff' ? 'Off' : state

function sendable(action: PowerAction, reset_types: readonly string[]): PowerAnswer {
  const reset_type = RESET_TYPES[action]
  const wanted = wantedState(action)
  if (reset_types.includes(reset_type)) return { type: 'send', reset_type, wanted }
  // QUIRK iDRAC8 2.81: GracefulRestart is not offered (and was a hard reset in 2.60). Seen: allowable values without it.
  // Source: R630 recording.
  if (action === 'graceful_restart' && reset_types.includes('GracefulShutdown')) {
    return { type: 'send', reset_type: 'GracefulShutdown', followed_by: 'On', wanted }
  }
  const data = { action, reset_types: [...reset_types] }
  return refuse(blocker('Unsupported', `The server does not offer ${reset_type}.`, { data }))
}

/**
 * What a power action comes to in this state: nothing (it is so already), a reset type to send, or a refusal.
 * `reset_types` are the values that the device offers. An unknown power state is never sent to, except that switching on
 * or off seeks a state and is harmless when it is there already.
 */
export function decidePower(action: PowerAction, state: ServerPower, reset_types: readonly string[]): PowerAnswer {
  const settled = goingTo(state)
  const seeks_state = ['on', 'off', 'graceful_shutdown'].includes(action)
  if (seeks_state && settled === wantedState(action)) return { type: 'already', state }
  if (state === 'Unknown' && action !== 'on' && action !== 'off') {
    return refuse(
      blocker('PowerActionNotAllowed', `The power state is unknown; ${action} is not sent.`, { data: { state } }),
    )
  }
  if (!seeks_state && settled === 'Off') {
    const text = `The server is off; ${action} applies only to one that is on.`
    return refuse(blocker('PowerActionNotAllowed', text, { data: { state }, remedy: 'Use the action on.' }))
  }
  return sendable(action, reset_types)
}

/** Does a refusal of the device mean that the wanted state is there already (409 `PSU501`, `PSU502`)? */
export function meansAlready(action: PowerAction, message_id: string | null): boolean {
  const id = message_id?.split('.').at(-1)
  return (action === 'on' && id === 'PSU501') || (wantedState(action) === 'Off' && id === 'PSU502')
}
