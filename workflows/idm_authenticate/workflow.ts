import type { LoginTrial } from '../../activities/contracts/directory.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, directory } from '../lib/proxies.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  username: string
  /** Put there by the API in place of the password. */
  secret_ref: string
  ip_address?: string
  update_profile: boolean
}

/**
 * Tries a login once. The secret is gone when it has been taken, so whoever takes over from a dead worker asks nobody again
 * but says so. A login that is refused fails the job, with the whole answer in the result.
 */
export async function idmAuthenticate(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    let trial: LoginTrial | undefined
    let user_id: string | null = null
    const targets = await perTarget(run, { limit: 1 }, async (task): Promise<TargetAnswer> => {
      trial = await task.step('precheck', 'idm:ask', `Asking the directory for ${input.details.username}.`, 20, () =>
        ask(run),
      )
      const found = trial
      if (!input.dry_run) {
        user_id = await task.step('stage', 'idm:keep', 'Writing down what came of it.', 80, () => keep(run, found))
      }
      const { code, reason } = found
      if (input.dry_run) return { outcome: 'answered' }
      if (code !== null) return { outcome: 'failed', code, message: reason ?? code }
      return { outcome: user_id === null ? 'answered' : 'changed' }
    })
    if (!trial) return { targets }
    const { code: _code, server: _server, person: _person, reason, ...shown } = trial
    const answer = { ...shown, ...(user_id ? { user_id } : {}), ...(reason === null ? {} : { reason }) }
    const plan = { would_start: trial.code === null, blockers: [], ...answer }
    return { targets, ...answer, ...(input.dry_run ? { plan } : {}) }
  })
}

function ask({ input }: JobRun<Details>): Promise<LoginTrial> {
  const { username, secret_ref, ip_address } = input.details
  const person = { job_id: input.job_id, username, source_ip: ip_address ?? null }
  if (input.dry_run) return directory.findDirectoryPerson(person)
  return directory.tryDirectoryLogin({ ...person, secret_ref, requested_by: input.requested_by })
}

async function keep({ input }: JobRun<Details>, trial: LoginTrial): Promise<string | null> {
  const { update_profile, ip_address } = input.details
  const { user_id } = await core.keepLoginTrial({
    job_id: input.job_id,
    trial,
    update_profile,
    source_ip: ip_address ?? null,
  })
  return user_id
}
