import type { Health, PowerState } from './facts.js'
import { type JsonObject, objectAt, textAt } from './json.js'

const HEALTHS = new Set(['OK', 'Warning', 'Critical'])
const POWER_STATES = new Set(['On', 'Off', 'PoweringOn', 'PoweringOff'])

/** A health word; null and unknown words are `Unknown`, never OK. */
export function toHealth(word: unknown): Health {
  return typeof word === 'string' && HEALTHS.has(word) ? (word as Health) : 'Unknown'
}

/** `Status.HealthRollup`, else `Status.Health`, of a resource. */
export function healthOf(resource: JsonObject | undefined): Health {
  const status = objectAt(resource, 'Status')
  return toHealth(textAt(status, 'HealthRollup') ?? textAt(status, 'Health'))
}

/** A power state; anything but the four known words is `Unknown`. */
export function toPowerState(word: unknown): PowerState {
  return typeof word === 'string' && POWER_STATES.has(word) ? (word as PowerState) : 'Unknown'
}
