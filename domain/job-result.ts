import { FAILURES, type FailureCode } from './failures.js'
import type { JobStatus } from './job-status.js'

export type TargetOutcome =
  | 'changed'
  | 'unchanged'
  | 'answered'
  | 'staged'
  | 'failed'
  | 'skipped'
  | 'not_started'
  | 'unknown'

export interface TargetResult {
  target: { kind: string; id: string | null; name: string }
  outcome: TargetOutcome
  code?: FailureCode
  message?: string
  /** What the device said about the failure. */
  device?: { message_id?: string; text?: string }
  /** Fields that the job type adds. */
  [field: string]: unknown
}

export interface ResultSummary {
  total: number
  succeeded: number
  failed: number
  skipped: number
  unchanged: number
  not_started: number
}

export interface JobError {
  code: FailureCode
  message: string
  hint: string
  device?: { message_id?: string; text?: string }
}

/** Targets kept in a result; more are counted only. */
export const MOST_TARGETS = 10_000
const MOST_SUMMARY_BYTES = 4_096

/** Counts outcomes: `unknown` counts as failed, `changed`, `answered` and `staged` as succeeded. */
export function summarize(targets: readonly TargetResult[]): ResultSummary {
  const count = (...outcomes: TargetOutcome[]) => targets.filter((entry) => outcomes.includes(entry.outcome)).length
  return {
    total: targets.length,
    succeeded: count('changed', 'answered', 'staged'),
    failed: count('failed', 'unknown'),
    skipped: count('skipped'),
    unchanged: count('unchanged'),
    not_started: count('not_started'),
  }
}

/** The error of a job: code, sentence, and the hint of its code. */
export function jobError(code: FailureCode, message: string, device?: JobError['device']): JobError {
  return { code, message, hint: FAILURES[code].hint, ...(device ? { device } : {}) }
}

function errorOf(targets: readonly TargetResult[]): JobError {
  const failed = targets.filter((entry) => entry.outcome === 'failed' || entry.outcome === 'unknown')
  const [first] = failed
  if (!first) {
    const left = targets.filter((entry) => entry.outcome === 'not_started')
    const [blocked] = left
    const message = `${left.length} of ${targets.length} targets were not started.`
    return jobError(blocked?.code ?? 'FailedHostOut', message)
  }
  const code = first.code ?? (first.outcome === 'unknown' ? 'OutcomeUnknown' : 'VerifyFailed')
  const what = first.message ?? `${first.target.name} failed.`
  const message =
    failed.length === 1 ? what : `${failed.length} of ${targets.length} targets failed; the first: ${what}`
  return jobError(code, message, first.device)
}

/**
 * Final status and error of a job from what became of its targets. Stopped on request = `cancelled`, with every outcome
 * standing in its target. Otherwise any failed, unknown or never started target makes it `failed`. `forced_error` (a
 * closed window, a failure before any target) is the error of the whole job.
 */
export function finalStatus(
  targets: readonly TargetResult[],
  ended: { cancelled: boolean; forced_error?: JobError | null },
): { status: Extract<JobStatus, 'completed' | 'failed' | 'cancelled'>; error: JobError | null } {
  if (ended.cancelled) return { status: 'cancelled', error: jobError('Cancelled', 'The job was cancelled on request.') }
  if (ended.forced_error) return { status: 'failed', error: ended.forced_error }
  const bad = targets.some((entry) => ['failed', 'unknown', 'not_started'].includes(entry.outcome))
  return bad ? { status: 'failed', error: errorOf(targets) } : { status: 'completed', error: null }
}

/** The result as stored: summary, at most 10,000 targets, and the fields of the job type beside them. */
export function jobResult(
  targets: readonly TargetResult[],
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ...fields, summary: summarize(targets), targets: targets.slice(0, MOST_TARGETS) }
}

/** What Temporal keeps of a result: the summary and at most 4 KB of the first failures. */
export function shortResult(targets: readonly TargetResult[]): { summary: ResultSummary; failed: string[] } {
  const failed: string[] = []
  let left = MOST_SUMMARY_BYTES - 512
  for (const entry of targets.filter((target) => target.outcome === 'failed' || target.outcome === 'unknown')) {
    const line = `${entry.target.name}: ${entry.code ?? entry.outcome}`.slice(0, 200)
    left -= line.length * 3 + 4
    if (left < 0) break
    failed.push(line)
  }
  return { summary: summarize(targets), failed }
}

/** Overall progress of a job: the mean of its tasks, 0–100, rounded down so that 100 means all. */
export function jobProgress(task_progress: readonly number[]): number {
  if (task_progress.length === 0) return 0
  return Math.floor(task_progress.reduce((sum, value) => sum + value, 0) / task_progress.length)
}
