import {
  ChildWorkflowCancellationType,
  type ChildWorkflowHandle,
  condition,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow'
import { shardWorkflowId } from '../../domain/ids.js'
import { cancelSignal, retrySignal, skipSignal } from '../signals.js'
import { jobErrorOf } from './failure.js'
import type { JobInput, TargetResult } from './job-input.js'
import { ifOpen } from './signal-child.js'
import type { TaskRun } from './task-run.js'
import type { JobEnd, JobRun } from './with-job.js'

/** Targets that one history bears: each is a dozen events, and Temporal ends a workflow at some fifty thousand. */
export const SHARD_TARGETS = 1_000
const SHARD_SIZE = 500

type Shard = ChildWorkflowHandle<(input: JobInput) => Promise<JobEnd>>

/**
 * Works on the targets of a wide job in child workflows of the same type, one after the other, each with a history of its
 * own. The rows are the job's; what is pressed reaches the shard in work, and failed targets of earlier shards that are to be
 * retried make a shard of their own at the end.
 */
export async function inShards<Details>(run: JobRun<Details>): Promise<TargetResult[]> {
  const results = new Map<string, TargetResult>()
  const queue = chunks(run.tasks)
  let open: Shard | null = null
  run.controls.onCancel((mode) => open && ifOpen(open.signal(cancelSignal, { mode })))
  for (let number = 1; queue.length > 0; number += 1) {
    const tasks = queue.shift() ?? []
    if (run.controls.cancel !== null) {
      await endShard(run, tasks, results)
      continue
    }
    const shard: Shard = await startShard(run, tasks, number)
    open = shard
    for (const target_id of run.controls.skipped) ifOpen(shard.signal(skipSignal, { target_id }))
    await watch(run, shard, tasks, results)
    open = null
    queue.push(...toRetry(run, results))
  }
  return run.tasks.map((task) => results.get(task.target.id) as TargetResult)
}

function chunks(tasks: readonly TaskRun[]): TaskRun[][] {
  const all: TaskRun[][] = []
  for (let from = 0; from < tasks.length; from += SHARD_SIZE) all.push(tasks.slice(from, from + SHARD_SIZE))
  return all
}

function startShard<Details>(run: JobRun<Details>, tasks: TaskRun[], number: number): Promise<Shard> {
  const { job_type, job_id } = run.input
  const input: JobInput<Details> = {
    ...run.input,
    targets: tasks.map(({ target }) => target),
    shard: tasks.map(({ target, task_id, seq, round }) => ({ target_id: target.id, task_id, seq, round })),
  }
  return startChild<(input: JobInput) => Promise<JobEnd>>(workflowInfo().workflowType, {
    workflowId: shardWorkflowId(job_type, job_id, number),
    args: [input as unknown as JobInput],
    parentClosePolicy: ParentClosePolicy.TERMINATE,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    staticSummary: `${tasks.length} targets from ${tasks[0]?.target.name ?? ''}`,
  })
}

/** Until the shard has ended: hands on skips and the retries of its own targets. A shard that breaks fails its targets. */
async function watch<Details>(
  run: JobRun<Details>,
  shard: Shard,
  tasks: TaskRun[],
  results: Map<string, TargetResult>,
): Promise<void> {
  let ended = false
  const mine = new Set(tasks.flatMap(({ target, task_id }) => [target.id, task_id]))
  const end = shard.result().finally(() => {
    ended = true
  })
  const handOn = async () => {
    const told = new Set(run.controls.skipped)
    for (let presses = run.controls.presses; !ended; presses = run.controls.presses) {
      await condition(() => ended || run.controls.presses > presses)
      if (ended) return
      for (const target_id of run.controls.skipped)
        if (!told.has(target_id)) ifOpen(shard.signal(skipSignal, { target_id }))
      for (const target_id of run.controls.skipped) told.add(target_id)
      const own = run.controls.retries.filter((id) => id !== null && mine.has(id))
      run.controls.retries = run.controls.retries.filter((id) => !own.includes(id))
      for (const target_id of own) ifOpen(shard.signal(retrySignal, { target_id }))
    }
  }
  const handing = handOn()
  try {
    const { shard: answers = [] } = await end
    for (const answer of answers) results.set(answer.target.id ?? '', answer)
  } catch (thrown) {
    const { code, message } = jobErrorOf(thrown)
    for (const { target } of tasks) results.set(target.id, { target: named(target), outcome: 'failed', code, message })
  }
  // Nobody knows how far a shard counted; what is written later must be newer.
  for (const task of tasks) task.passLostCounter()
  await handing
}

/** `retry` of targets whose shard has ended; without a target, all failed ones. */
function toRetry<Details>(run: JobRun<Details>, results: Map<string, TargetResult>): TaskRun[][] {
  const asked = run.controls.retries.splice(0)
  const again = run.tasks.filter(
    (task) =>
      results.get(task.target.id)?.outcome === 'failed' &&
      asked.some((id) => id === null || id === task.target.id || id === task.task_id),
  )
  for (const task of again) {
    results.delete(task.target.id)
    task.round += 1
  }
  return chunks(again)
}

async function endShard<Details>(
  run: JobRun<Details>,
  tasks: TaskRun[],
  results: Map<string, TargetResult>,
): Promise<void> {
  for (const task of tasks) {
    const message = `Not started: the job was cancelled (${run.controls.cancel}).`
    results.set(task.target.id, { target: named(task.target), outcome: 'not_started', code: 'Cancelled', message })
  }
}

const named = ({ kind, id, name }: TaskRun['target']) => ({ kind, id, name })
