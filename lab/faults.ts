/** Fault rules and held requests: what a test says should go wrong, and where. Kept in memory, not over a restart. */
import type { DevicePhase, GateRequest } from './gate.js'
import { isPersonality } from './presets.js'

export interface FaultSelector {
  /** the device's name, or its address */
  device?: string
  kind?: string
  method?: string
  /** `*` stands for any text */
  path?: string
  phase?: DevicePhase
}

export type FaultAction =
  | { action: 'status'; code: number; body?: string }
  | { action: 'latency'; ms: number }
  | { action: 'reset'; after_bytes: number }
  | { action: 'truncate' }
  | { action: 'drop_answer' }
  | { action: 'stall' }
  | { action: 'replace_body'; body: string }
  | { action: 'personality'; name: string }
  | { action: 'hold'; when: 'before' | 'after' }

export type FaultRule = FaultAction & {
  id: string
  selector: FaultSelector
  /** how many requests it still meets; null = all */
  remaining: number | null
  /** of a matching request to be met, 0–1 */
  probability: number
  /** how many it has met */
  matched: number
}

/** A rule that cannot be; the message says what is wrong. */
export class BadRule extends Error {}

const SELECTOR_KEYS = ['device', 'kind', 'method', 'path', 'phase'] as const
const PHASES = ['idle', 'updating', 'rebooting', 'dark']
const COMMON_KEYS = ['selector', 'action', 'remaining', 'probability']

type Body = Record<string, unknown>

/** Checks a rule as it comes from the wire; throws BadRule with a sentence. */
export function parseRule(id: string, body: unknown): FaultRule {
  const rule = objectOf(body, 'the rule')
  const action = parseAction(rule)
  const allowed = [...COMMON_KEYS, ...Object.keys(action)]
  const unknown = Object.keys(rule).find((key) => !allowed.includes(key))
  if (unknown)
    throw new BadRule(
      `unknown field ${JSON.stringify(unknown)}; a ${action.action} rule may have ${allowed.join(', ')}`,
    )
  const remaining = rule.remaining === undefined || rule.remaining === null ? null : numberOf(rule, 'remaining', 1, 1e9)
  const probability = rule.probability === undefined ? 1 : numberOf(rule, 'probability', 0, 1)
  return { id, selector: parseSelector(rule.selector), ...action, remaining, probability, matched: 0 }
}

function parseSelector(value: unknown): FaultSelector {
  if (value === undefined) return {}
  const selector = objectOf(value, 'selector')
  for (const [key, text] of Object.entries(selector)) {
    if (!(SELECTOR_KEYS as readonly string[]).includes(key))
      throw new BadRule(`selector has no ${JSON.stringify(key)}; it may have ${SELECTOR_KEYS.join(', ')}`)
    if (typeof text !== 'string') throw new BadRule(`selector.${key} must be text`)
  }
  if (selector.phase !== undefined && !PHASES.includes(selector.phase as string))
    throw new BadRule(`selector.phase must be one of ${PHASES.join(', ')}`)
  return selector as FaultSelector
}

function parseAction(rule: Body): FaultAction {
  switch (rule.action) {
    case 'status':
      return {
        action: 'status',
        code: numberOf(rule, 'code', 0, 599),
        ...(rule.body === undefined ? {} : { body: bodyText(rule.body) }),
      }
    case 'latency':
      return { action: 'latency', ms: numberOf(rule, 'ms', 0, 3_600_000) }
    case 'reset':
      return {
        action: 'reset',
        after_bytes: rule.after_bytes === undefined ? 0 : numberOf(rule, 'after_bytes', 0, 1e9),
      }
    case 'truncate':
    case 'drop_answer':
    case 'stall':
      return { action: rule.action }
    case 'replace_body':
      return { action: 'replace_body', body: bodyText(rule.body) }
    case 'personality':
      if (typeof rule.name !== 'string' || !isPersonality(rule.name)) {
        throw new BadRule(`a personality rule needs the name of one; there is none called ${JSON.stringify(rule.name)}`)
      }
      return { action: 'personality', name: rule.name }
    case 'hold':
      if (rule.when !== 'before' && rule.when !== 'after') throw new BadRule('a hold needs when: "before" or "after"')
      return { action: 'hold', when: rule.when }
    default:
      throw new BadRule(
        'action must be one of status, latency, reset, truncate, drop_answer, stall, replace_body, personality, hold',
      )
  }
}

function objectOf(value: unknown, what: string): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRule(`${what} must be an object`)
  return value as Body
}

function numberOf(rule: Body, key: string, low: number, high: number): number {
  const value = rule[key]
  if (typeof value !== 'number' || !(value >= low && value <= high))
    throw new BadRule(`${key} must be a number from ${low} to ${high}`)
  return value
}

function bodyText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** Does a text fit a pattern in which `*` is any text? */
export function fits(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`, 's').test(text)
}

/** Does a rule's selector fit a request of a device in a phase? `address` = the device's. */
export function selects(
  selector: FaultSelector,
  request: Pick<GateRequest, 'device' | 'kind' | 'method' | 'path'>,
  phase: DevicePhase,
  address: string | null,
): boolean {
  const { device, kind, method, path } = selector
  if (device !== undefined && !fits(device, request.device) && device !== address) return false
  if (kind !== undefined && kind !== request.kind) return false
  if (method !== undefined && method.toUpperCase() !== request.method.toUpperCase()) return false
  if (path !== undefined && !fits(path, request.path)) return false
  return selector.phase === undefined || selector.phase === phase
}
