import type { JobInput } from '../lib/job-input.js'
import { media } from '../lib/proxies.js'
import { TaskRun } from '../lib/task-run.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  upload_id: string
  kind?: string
  name?: string
  expected_sha256?: string
  replace: boolean
  lease_wait_minutes: number
}

/** Takes one finished upload into the media store. */
export async function isoUpload(input: JobInput<Details>) {
  const { details } = input
  return withJob(input, async (run) => {
    const target = { kind: 'file', id: details.upload_id, name: details.name ?? details.upload_id } as const
    const task = new TaskRun(input, null, target)
    if (!input.dry_run) await run.lease(['media'], details.lease_wait_minutes, 'takes a file into the store')
    await run.project({ phase: 'stage', phase_note: 'Checking the file.' })
    try {
      run.controls.throwIfCancelled()
    } catch (cancelled) {
      await media.dropUpload({ upload_id: details.upload_id })
      throw cancelled
    }
    const taken = await media.takeUpload({
      context: task.context,
      upload_id: details.upload_id,
      requested_by: input.requested_by,
      kind: details.kind ?? null,
      name: details.name ?? null,
      expected_sha256: details.expected_sha256?.toLowerCase() ?? null,
      replace: details.replace,
      dry_run: input.dry_run,
    })
    const entry = {
      target: { kind: 'file', id: details.upload_id, name: taken.details.filename as string },
      outcome: taken.outcome,
    }
    const { outcome: _, ...facts } = taken
    return {
      targets: [entry],
      ...facts,
      ...(input.dry_run ? { plan: { would_start: true, blockers: [], ...facts } } : {}),
    }
  })
}
