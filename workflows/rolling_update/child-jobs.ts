import { type ChildWorkflowHandle, condition, ParentClosePolicy, startChild } from '@temporalio/workflow'
import type { JobInput, Target, TargetResult } from '../lib/job-input.js'
import { core } from '../lib/proxies.js'
import { ifOpen } from '../lib/signal-child.js'
import type { JobAnswer, JobRun } from '../lib/with-job.js'
import { cancelSignal, pauseSignal, resumeSignal } from '../signals.js'
import type { RollingDetails } from './rolling-details.js'
import type { rollingUpdate } from './workflow.js'

interface Part {
  cluster_id: string
  targets: Target[]
}

/** One child job per cluster, `clusters_in_parallel` at a time, in the order given. Controls reach the children. */
export async function runChildJobs(run: JobRun<RollingDetails>, parts: Part[]): Promise<JobAnswer> {
  const rows = await core.createChildJobs({
    parent_job_id: run.input.job_id,
    children: parts.map((part) => ({ ...part, target_scope: { cluster_ids: [part.cluster_id] } })),
  })
  const handles: ChildWorkflowHandle<typeof rollingUpdate>[] = []
  run.controls.onCancel((mode) => {
    for (const handle of handles) ifOpen(handle.signal(cancelSignal, { mode }))
  })
  const ended = new Map<string, ChildEnd>()
  const queue = [...rows]
  let running = 0
  let paused = false
  while (queue.length > 0 || running > 0) {
    if (run.controls.paused !== paused) {
      paused = run.controls.paused
      for (const handle of handles) ifOpen(handle.signal(paused ? pauseSignal : resumeSignal))
    }
    const stop =
      run.controls.cancel !== null ||
      (run.input.details.on_failure === 'stop' && [...ended.values()].some((end) => end.status === 'failed'))
    const next = stop || running >= run.input.details.clusters_in_parallel ? undefined : queue.shift()
    if (next) {
      running += 1
      const targets = parts.find((part) => part.cluster_id === next.cluster_id)?.targets ?? []
      const child: JobInput<RollingDetails> = {
        ...run.input,
        job_id: next.job_id,
        targets,
        parent_job_id: run.input.job_id,
      }
      const handle = await startChild<typeof rollingUpdate>('rolling_update', {
        workflowId: next.workflow_id,
        args: [child],
        parentClosePolicy: ParentClosePolicy.ABANDON,
      })
      handles.push(handle)
      const end = (answer: ChildEnd) => {
        ended.set(next.cluster_id, answer)
        running -= 1
      }
      void handle.result().then(end, () => end({ status: 'failed', targets: 0, changed: 0 }))
      continue
    }
    if (running === 0) break
    const [before, presses] = [running, run.controls.presses]
    await condition(() => running < before || run.controls.presses > presses)
  }
  const targets = rows.map((row) => entryOf(run, row, ended.get(row.cluster_id)))
  if (!run.input.dry_run) return { targets, clusters: rows }
  const clusters = rows.map((row) => ({ ...row, would_start: ended.get(row.cluster_id)?.would_start ?? false }))
  const blocked = clusters.filter((row) => !row.would_start)
  const blockers = blocked.map((row) => ({
    code: 'ClusterUnsafe',
    target: row.cluster,
    message: `${row.cluster} would not start; the plan of its child job ${row.job_id} says why.`,
    remedy: 'Cure what the plan of the child job names.',
  }))
  return { targets, clusters, plan: { would_start: blocked.length === 0, blockers, clusters } }
}

type ChildRow = Awaited<ReturnType<typeof core.createChildJobs>>[number]
type ChildEnd = Awaited<ReturnType<typeof rollingUpdate>>

function entryOf(run: JobRun<RollingDetails>, row: ChildRow, end: ChildEnd | undefined): TargetResult {
  const target = { kind: 'cluster', id: row.cluster_id, name: row.cluster }
  if (end?.status === 'completed') {
    const outcome = run.input.dry_run ? 'answered' : end.changed > 0 ? 'changed' : 'unchanged'
    return { target, outcome }
  }
  if (end?.status === 'failed')
    return { target, outcome: 'failed', code: 'FailedHostOut', message: `See the child job ${row.job_id}.` }
  const code = run.controls.cancel ? 'Cancelled' : 'FailedHostOut'
  return { target, outcome: 'not_started', code, message: 'The part of this cluster was not begun or not finished.' }
}
