import { CancellationScope } from '@temporalio/workflow'
import type { RegisteredUrl } from '../../activities/contracts/media.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { media } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  url: string
  name?: string
  kind: string
  expected_sha256?: string
  download: boolean
  lease_wait_minutes: number
}

/** Registers an image at an address elsewhere, or copies it into the store. A cancel breaks the copying off. */
export async function registerIsoUrl(input: JobInput<Details>) {
  const { lease_wait_minutes, url, kind, download, name, expected_sha256 } = input.details
  return withJob(input, async (run) => {
    if (!input.dry_run) await run.lease(['media'], lease_wait_minutes, 'registers an image')
    let registered: Omit<RegisteredUrl, 'outcome'> | undefined
    const targets = await perTarget(run, { limit: 1 }, async (task) => {
      const scope = new CancellationScope()
      run.controls.onCancel(() => scope.cancel())
      const { requested_by, dry_run } = input
      const { outcome, ...facts } = await task.step('stage', 'register', 'Asking about the image.', 20, () =>
        scope.run(() =>
          media.registerUrl({
            context: task.context,
            url,
            kind,
            download,
            name: name ?? null,
            expected_sha256: expected_sha256?.toLowerCase() ?? null,
            requested_by,
            dry_run,
          }),
        ),
      )
      registered = facts
      return { outcome } satisfies TargetAnswer
    })
    const blockers = targets.flatMap((target) => (target.data as { blockers?: unknown[] } | undefined)?.blockers ?? [])
    const plan = { would_start: registered !== undefined, blockers, ...registered }
    return { targets, ...registered, ...(input.dry_run ? { plan } : {}) }
  })
}
