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
  const ended = new Map<string, string>()
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
      (run.input.details.on_failure === 'stop' && [...ended.values()].includes('failed'))
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
      const end = (status: string) => {
        ended.set(next.cluster_id, status)
        running -= 1
      }
      void handle.result().then(
        (answer) => end(answer.status),
        () => end('failed'),
      )
      continue
    }
    if (running === 0) break
    const [before, presses] = [running, run.controls.presses]
    await condition(() => running < before || run.controls.presses > presses)
  }
  return { targets: parts.map((part) => entryOf(run, part, ended.get(part.cluster_id))), clusters: rows }
}

function entryOf(run: JobRun<RollingDetails>, part: Part, status: string | undefined): TargetResult {
  const target = { kind: 'cluster', id: part.cluster_id, name: part.targets[0]?.name ?? part.cluster_id }
  if (status === 'completed') return { target, outcome: 'changed' }
  if (status === 'failed')
    return { target, outcome: 'failed', code: 'FailedHostOut', message: 'See the child job of this cluster.' }
  const code = run.controls.cancel ? 'Cancelled' : 'FailedHostOut'
  return { target, outcome: 'not_started', code, message: 'The part of this cluster was not begun or not finished.' }
}
