import type { CredentialSource } from './credential-resolution.js'

export type AttemptOutcome = 'ok' | 'refused' | 'password_change_required' | 'not_tried_budget'

/** One candidate of a test, in the order of trying. */
export interface TestedCandidate {
  /** Null for what was kept from discovery, and for the configured default. */
  set_id: string | null
  source: CredentialSource
  name: string
  /** Why it is a candidate. */
  why: string
  /** Place in the list of an earlier candidate with the very same user and secret: it is not sent twice. */
  same_as: number | null
}

export interface Attempt {
  set_id: string | null
  source: CredentialSource
  name: string
  outcome: AttemptOutcome
}

export const attemptOf = ({ set_id, source, name }: TestedCandidate, outcome: AttemptOutcome): Attempt => ({
  set_id,
  source,
  name,
  outcome,
})

/** How many wrong passwords a device bears in a window; one more would lock it. */
export const LOGIN_BUDGETS = {
  idrac: { wrong: 2, window_ms: 60_000 },
  esxi: { wrong: 2, window_ms: 15 * 60_000 },
} as const

/** How long the budget makes a test last when every candidate but the last is wrong, in seconds of the device's clock. */
export function budgetSeconds(candidates: readonly TestedCandidate[], kind: keyof typeof LOGIN_BUDGETS): number {
  const { wrong, window_ms } = LOGIN_BUDGETS[kind]
  const attempts = candidates.filter((one) => one.same_as === null).length
  return (Math.max(0, Math.ceil(attempts / wrong) - 1) * window_ms) / 1000
}

export interface TestVerdict {
  /** The best candidate that opened the device. */
  working: Attempt | null
  /** Set to be written to the device; null = none. */
  assign_set_id: string | null
}

/**
 * What a test says: the first candidate that worked, in the order of resolution, and whether its set is written to the
 * device. A set that a person chose stays unless it may be replaced; what has no set (kept from discovery, configured
 * default) cannot be written.
 */
export function judgeTest(
  attempts: readonly Attempt[],
  explicit_set_id: string | null,
  options: { assign: boolean; replace_explicit: boolean },
): TestVerdict {
  const working = attempts.find((attempt) => attempt.outcome === 'ok') ?? null
  const may = options.assign && (explicit_set_id === null || options.replace_explicit)
  const set_id = working?.set_id ?? null
  return { working, assign_set_id: may && set_id !== explicit_set_id ? set_id : null }
}

export type CredentialState = 'working' | 'rejected' | 'missing' | 'password_change_required'

/**
 * The state of a server's credentials after a test, by what would be used from now on: the assigned set, else the first that
 * resolves without the job's own list. Null = the test tells nothing about it.
 */
export function stateAfter(
  attempts: readonly Attempt[],
  chosen: { source: CredentialSource; set_id: string | null } | null,
  assigned_set_id: string | null,
): CredentialState | null {
  const next = assigned_set_id === null ? chosen : { source: 'explicit' as const, set_id: assigned_set_id }
  if (next === null) return 'missing'
  const tried = attempts.find((one) =>
    next.set_id === null ? one.set_id === null && one.source === next.source : one.set_id === next.set_id,
  )
  if (!tried || tried.outcome === 'not_tried_budget') return null
  return tried.outcome === 'ok' ? 'working' : tried.outcome === 'refused' ? 'rejected' : tried.outcome
}
