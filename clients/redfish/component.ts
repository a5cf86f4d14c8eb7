import { toHealth } from './enums.js'
import type { ComponentHealth } from './facts.js'
import { flagAt, type JsonObject, labelAt, numberAt, objectAt, textAt } from './json.js'

type Kind = ComponentHealth['kind']

/** Stable name of a part: its FQDD where an id holds one (`0x17||Fan.Embedded.1A`, `iDRAC.Embedded.1#DIMMSLOTA1`). */
function keyOf(body: JsonObject): string {
  const id = labelAt(body, 'MemberId')
  const named = id !== null && !/^\d+$/.test(id) ? id : (labelAt(body, 'Id') ?? textAt(body, 'Name') ?? id ?? 'unnamed')
  return (
    named
      .split(/\|\||#/)
      .filter(Boolean)
      .at(-1) ?? named
  )
}

function readingOf(body: JsonObject, fields: Record<string, string>): ComponentHealth['reading'] {
  const reading: ComponentHealth['reading'] = {}
  for (const [name, key] of Object.entries(fields)) {
    const value = numberAt(body, key) ?? flagAt(body, key) ?? textAt(body, key)
    if (value !== null) reading[name] = value
  }
  return reading
}

/**
 * One part. A part that is absent has no health to be bad: while the host is off, sensors vanish, and that is no fault.
 */
export function toComponent(kind: Kind, body: JsonObject, fields: Record<string, string>): ComponentHealth {
  const status = objectAt(body, 'Status')
  const state = textAt(status, 'State')
  const health = toHealth(textAt(status, 'HealthRollup') ?? textAt(status, 'Health'))
  const bad = health === 'Warning' || health === 'Critical'
  return {
    component: `${kind}:${keyOf(body)}`,
    kind,
    name: textAt(body, 'FanName') ?? textAt(body, 'Name') ?? keyOf(body),
    health: state === 'Absent' ? 'Unknown' : health,
    state,
    reading: readingOf(body, fields),
    faults: bad && state !== 'Absent' ? [`${health}${state ? ` (${state})` : ''}`] : [],
  }
}

/** Parts that a device calls the same are numbered, so that none hides another's fault. */
export function distinct(parts: ComponentHealth[]): ComponentHealth[] {
  const met = new Map<string, number>()
  return parts.map((part) => {
    const count = (met.get(part.component) ?? 0) + 1
    met.set(part.component, count)
    return count === 1 ? part : { ...part, component: `${part.component} (${count})` }
  })
}
