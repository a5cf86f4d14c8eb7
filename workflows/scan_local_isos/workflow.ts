import { CancellationScope } from '@temporalio/workflow'
import type { ScannedStore } from '../../activities/contracts/media.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { media } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  subdirectory?: string
  recursive: boolean
  checksums: 'new' | 'all'
  mark_missing: boolean
  refresh_urls: boolean
  lease_wait_minutes: number
}

/** Brings the rows of the media store up to date with its directory. A cancel takes effect after the file in work. */
export async function scanLocalIsos(input: JobInput<Details>) {
  const { lease_wait_minutes, subdirectory, ...wish } = input.details
  return withJob(input, async (run) => {
    if (!input.dry_run) await run.lease(['media'], lease_wait_minutes, 'scans the media store')
    let scanned: ScannedStore | undefined
    const targets = await perTarget(run, { limit: 1 }, async (task) => {
      const scope = new CancellationScope()
      run.controls.onCancel(() => scope.cancel())
      const { recursive, checksums, mark_missing, refresh_urls } = wish
      const { requested_by, dry_run } = input
      const asked = { recursive, checksums, mark_missing, refresh_urls, requested_by, dry_run }
      scanned = await task.step('stage', 'scan', 'Looking through the media store.', 20, () =>
        scope.run(() => media.scanStore({ context: task.context, subdirectory: subdirectory ?? null, ...asked })),
      )
      const changed = scanned.new + scanned.updated + scanned.missing > 0
      return { outcome: dry_run ? 'answered' : changed ? 'changed' : 'unchanged' } satisfies TargetAnswer
    })
    const plan = { would_start: scanned !== undefined, blockers: [], ...scanned }
    return { targets, ...scanned, ...(input.dry_run ? { plan } : {}) }
  })
}
