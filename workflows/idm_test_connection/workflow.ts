import type { DirectoryTest } from '../../activities/contracts/directory.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { directory } from '../lib/proxies.js'
import { withJob } from '../lib/with-job.js'

interface Details {
  settings?: Record<string, unknown>
  /** Put there by the API in place of a password in the settings. */
  secret_ref?: string
  username?: string
}

/** A question: a check that fails is an answer, so the job completes with `ok: false`. A dry run is the same. */
export async function idmTestConnection(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    const { settings, secret_ref, username } = input.details
    let test: DirectoryTest | undefined
    const targets = await perTarget(run, { limit: 1 }, (task) =>
      task.step('precheck', 'idm:test', 'Looking at the directory step by step.', 20, async () => {
        test = await directory.testDirectory({
          job_id: input.job_id,
          settings: settings ?? null,
          secret_ref: secret_ref ?? null,
          requested_by: input.requested_by,
          username: username ?? null,
        })
        return { outcome: 'answered' }
      }),
    )
    const plan = { would_start: test?.ok ?? false, blockers: [] }
    return { targets, ...test, ...(input.dry_run ? { plan } : {}) }
  })
}
