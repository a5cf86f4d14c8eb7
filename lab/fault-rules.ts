/** The list of fault rules in force, and which of them meet a request. */
import { type FaultRule, fits, parseRule, selects } from './faults.js'
import type { DevicePhase, GateRequest } from './gate.js'

export interface FaultRules {
  /** Adds a rule as it came from the wire; throws BadRule. */
  add(body: unknown): FaultRule
  list(): FaultRule[]
  remove(id: string): boolean
  clear(): void
  /** Rules that meet this request, oldest first; counts them (`remaining`), except personalities. */
  meet(
    request: Pick<GateRequest, 'device' | 'kind' | 'method' | 'path'>,
    phase: DevicePhase,
    address: string | null,
  ): FaultRule[]
  /** Personalities given to a device by rules. */
  personalities(device: string, address: string | null): string[]
}

export function createFaultRules(roll: () => number): FaultRules {
  const rules = new Map<string, FaultRule>()
  let next = 1
  const isMet = (rule: FaultRule): boolean => {
    if (rule.probability < 1 && roll() >= rule.probability) return false
    rule.matched += 1
    if (rule.remaining !== null) {
      rule.remaining -= 1
      if (rule.remaining <= 0) rules.delete(rule.id)
    }
    return true
  }
  return {
    add(body) {
      const rule = parseRule(`fault-${next++}`, body)
      rules.set(rule.id, rule)
      return rule
    },
    list: () => [...rules.values()],
    remove: (id) => rules.delete(id),
    clear: () => rules.clear(),
    meet: (request, phase, address) =>
      rules.size === 0
        ? []
        : [...rules.values()].filter(
            (rule) => rule.action !== 'personality' && selects(rule.selector, request, phase, address) && isMet(rule),
          ),
    personalities: (device, address) =>
      [...rules.values()].flatMap((rule) => {
        const wanted = rule.selector.device
        const meant = wanted === undefined || fits(wanted, device) || wanted === address
        return rule.action === 'personality' && meant ? [rule.name] : []
      }),
  }
}
