import { CancellationScope, isCancellation } from '@temporalio/workflow'
import type { TakenUpload } from '../../activities/contracts/media.js'
import { CancelRequested } from '../lib/controls.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { media } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  upload_id: string
  kind?: string
  name?: string
  expected_sha256?: string
  replace: boolean
  lease_wait_minutes: number
}

type Facts = Omit<TakenUpload, 'outcome'>

/** Takes one finished upload into the media store. A cancel before that removes the upload. */
export async function isoUpload(input: JobInput<Details>) {
  const { details } = input
  return withJob(input, async (run) => {
    try {
      if (!input.dry_run) await run.lease(['media'], details.lease_wait_minutes, 'takes a file into the store')
      run.controls.throwIfCancelled()
    } catch (thrown) {
      if (isCancellation(thrown) || thrown instanceof CancelRequested) await drop(details.upload_id)
      throw thrown
    }
    let facts: Facts | undefined
    const targets = await perTarget(run, { limit: 1 }, async (task) => {
      const { outcome, ...taken } = await take(run, task)
      facts = taken
      return { outcome } satisfies TargetAnswer
    })
    return {
      targets,
      ...facts,
      ...(input.dry_run ? { plan: { would_start: facts !== undefined, blockers: [], ...facts } } : {}),
    }
  })
}

const drop = (upload_id: string) => CancellationScope.nonCancellable(() => media.dropUpload({ upload_id }))

async function take(run: JobRun<Details>, task: TaskRun): Promise<TakenUpload> {
  const { details, requested_by, dry_run } = run.input
  return task.step('stage', 'take', `Checking ${task.target.name}.`, 20, () =>
    media.takeUpload({
      context: task.context,
      upload_id: details.upload_id,
      requested_by,
      kind: details.kind ?? null,
      name: details.name ?? null,
      expected_sha256: details.expected_sha256?.toLowerCase() ?? null,
      replace: details.replace,
      dry_run,
    }),
  )
}
