import { condition } from '@temporalio/workflow'
import { CancelRequested } from './controls.js'
import { jobErrorOf } from './failure.js'
import type { JobError, Outcome, TargetResult } from './job-input.js'
import { inShards, SHARD_TARGETS } from './shards.js'
import type { TaskRun } from './task-run.js'
import type { JobRun } from './with-job.js'

export interface TargetAnswer {
  outcome: Outcome
  [field: string]: unknown
}

interface FanOut {
  /** Targets worked on at once. */
  limit: number
  /** Is pause allowed between targets? */
  pausable?: boolean
  /** Targets with the same key are never worked on together (hosts of one cluster). */
  exclusive?: (task: TaskRun) => string | null
}

/**
 * Works on every target of a job, some at once, and gives one result each. A target that fails does not stop the others.
 * Cancel `graceful` starts no further target; skip and retry take effect here. A wide job works in shards.
 */
export async function perTarget<Details>(
  run: JobRun<Details>,
  options: FanOut,
  body: (task: TaskRun) => Promise<TargetAnswer>,
): Promise<TargetResult[]> {
  if (run.tasks.length > SHARD_TARGETS) return inShards(run)
  const results = new Map<string, TargetResult>()
  const busy = new Set<string>()
  let running = 0
  const queue = [...run.tasks]
  const work = async (task: TaskRun, key: string | null) => {
    results.set(task.target.id, await runTarget(run, task, body))
    running -= 1
    if (key) busy.delete(key)
  }
  const workers: Promise<void>[] = []
  while (queue.length > 0 || running > 0) {
    await takeRetries(run, queue, results)
    const stopped = await stopOrPause(run, options)
    if (stopped) for (const task of queue.splice(0)) results.set(task.target.id, await endUnstarted(run, task))
    const at = queue.findIndex((task) => !busy.has(options.exclusive?.(task) ?? ''))
    if (at >= 0 && running < options.limit) {
      const task = queue.splice(at, 1)[0] as TaskRun
      const key = options.exclusive?.(task) ?? null
      if (key) busy.add(key)
      running += 1
      workers.push(work(task, key))
      continue
    }
    if (running === 0) continue
    const [before, presses] = [running, run.controls.presses]
    await condition(() => running < before || run.controls.presses > presses)
  }
  await Promise.all(workers)
  return run.tasks.map((task) => results.get(task.target.id) ?? unstarted(task))
}

async function stopOrPause<Details>(run: JobRun<Details>, options: FanOut): Promise<boolean> {
  try {
    if (options.pausable) await run.gate('between targets')
    else run.controls.throwIfCancelled()
    return false
  } catch (thrown) {
    if (thrown instanceof CancelRequested) return true
    throw thrown
  }
}

/** `retry` puts failed targets back into the queue; without a target, all of them. */
async function takeRetries<Details>(
  run: JobRun<Details>,
  queue: TaskRun[],
  results: Map<string, TargetResult>,
): Promise<void> {
  for (const asked of run.controls.retries.splice(0)) {
    for (const task of run.tasks) {
      const failed = results.get(task.target.id)?.outcome === 'failed'
      const meant = asked === null || asked === task.target.id || asked === task.task_id
      if (!failed || !meant) continue
      results.delete(task.target.id)
      task.round += 1
      queue.push(task)
      await task.update({ status: 'pending', error: null, phase_note: 'Taken up again.' })
    }
  }
}

async function runTarget<Details>(
  run: JobRun<Details>,
  task: TaskRun,
  body: (task: TaskRun) => Promise<TargetAnswer>,
): Promise<TargetResult> {
  if (run.controls.skipped.has(task.target.id) || run.controls.skipped.has(task.task_id ?? '')) return endSkipped(task)
  try {
    const answer = await body(task)
    const failed = answer.outcome === 'failed' || answer.outcome === 'unknown'
    await task.update({
      status: failed ? 'failed' : 'completed',
      outcome: answer.outcome,
      phase: 'done',
      progress: 100,
      result: answer,
      waiting_for: [],
    })
    return { ...answer, target: { ...fieldsOf(answer.target), ...named(task) } }
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    if (error.code === 'Cancelled') return endUnstarted(run, task)
    if (error.code === 'LeaseHeld' && run.input.background) return endSkipped(task, error)
    const outcome = error.code === 'OutcomeUnknown' ? 'unknown' : 'failed'
    await task.update({ status: 'failed', outcome, error, waiting_for: [], log: `${error.code}: ${error.message}` })
    return {
      target: named(task),
      outcome,
      code: error.code,
      message: error.message,
      ...(error.data ? { data: error.data } : {}),
    }
  }
}

async function endSkipped(task: TaskRun, why?: JobError): Promise<TargetResult> {
  const result = { outcome: 'skipped' as const, ...(why ? { code: why.code, message: why.message } : {}) }
  await task.update({ status: 'skipped', outcome: 'skipped', phase: 'done', ...(why ? { result } : {}) })
  return { target: named(task), ...result }
}

async function endUnstarted<Details>(_run: JobRun<Details>, task: TaskRun): Promise<TargetResult> {
  await task.update({ status: 'cancelled', outcome: 'not_started', waiting_for: [] })
  return unstarted(task)
}

/** Some answers have facts under `target` (the image a host would get): they stand beside the name of the target, never in its place. */
const fieldsOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

const named = (task: TaskRun) => ({ kind: task.target.kind, id: task.target.id, name: task.target.name })

const unstarted = (task: TaskRun): TargetResult => ({
  target: named(task),
  outcome: 'not_started',
  code: 'Cancelled',
  message: 'Not started: the job was cancelled.',
})
