import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export const JOB_STATUSES = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

export const TASK_STATUSES = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled', 'skipped'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** Phases of a task and of a job, in the order in which they normally come. */
export const PHASES = [
  'queued',
  'precheck',
  'backup',
  'stage',
  'evacuate',
  'esxi',
  'firmware',
  'reboot',
  'verify',
  'return',
  'settle',
  'soak',
  'cleanup',
  'done',
] as const
export type Phase = (typeof PHASES)[number]

/** `P` pause and resume, `C` cancel, `S` skip, `R` retry; acknowledge is possible for all types. */
export type ControlLetter = 'P' | 'C' | 'S' | 'R'
export type Control = 'pause' | 'resume' | 'cancel' | 'skip' | 'retry' | 'acknowledge'

const NEXT: Record<JobStatus, readonly JobStatus[]> = {
  pending: ['running', 'failed', 'cancelled'],
  running: ['paused', 'completed', 'failed', 'cancelled'],
  paused: ['running', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
}

/** Has the job ended? Final states stay final. */
export function isFinal(status: JobStatus): boolean {
  return NEXT[status].length === 0
}

/** May a job row go from one status to the other? Staying is always allowed while the job is not final. */
export function mayMove(from: JobStatus, to: JobStatus): boolean {
  return from === to ? !isFinal(from) : NEXT[from].includes(to)
}

const LETTER: Record<Exclude<Control, 'acknowledge'>, ControlLetter> = {
  pause: 'P',
  resume: 'P',
  cancel: 'C',
  skip: 'S',
  retry: 'R',
}

interface ControlFacts {
  status: JobStatus
  /** What the definition of the job type allows. */
  controls: readonly ControlLetter[]
  /** A pause was asked for and has not been reached. */
  pause_requested?: boolean
}

/**
 * May this control be pressed now? null = yes; otherwise the reason (409): `JobFinal` on a job that has ended,
 * `StateConflict` where the type has no such control or it does not apply in this status.
 */
export function whyNotControl(control: Control, facts: ControlFacts): Blocker | null {
  if (control === 'acknowledge') return null
  if (isFinal(facts.status))
    return blocker('JobFinal', `The job is ${facts.status}; ${control} does not apply any more.`)
  if (!facts.controls.includes(LETTER[control])) {
    return blocker('StateConflict', `This job type has no ${control}.`, { remedy: 'Use another control.' })
  }
  const resumable = facts.status === 'paused' || facts.pause_requested === true
  if (control === 'resume' && !resumable) return blocker('StateConflict', 'The job is not paused.')
  if (control === 'pause' && facts.status === 'paused') return blocker('StateConflict', 'The job is paused already.')
  if (facts.status === 'pending' && control !== 'cancel') {
    return blocker('StateConflict', `The job has not begun; only cancel applies, not ${control}.`)
  }
  return null
}

export type CancelMode = 'graceful' | 'abort'

/** The cancel mode after one more press: abort sharpens graceful, nothing softens abort. */
export function sharperCancel(current: CancelMode | null, asked: CancelMode): CancelMode {
  return current === 'abort' ? 'abort' : asked
}

/** May this target still be skipped? Only before its work has begun, or while it waits. */
export function maySkipTask(status: TaskStatus, is_waiting: boolean): boolean {
  return status === 'pending' || (status === 'running' && is_waiting) || status === 'paused'
}

/** Progress never goes back: the greater of both, inside 0–100, as a whole number. */
export function nextProgress(current: number, reported: number): number {
  return Math.max(current, Math.min(100, Math.max(0, Math.round(reported))))
}
