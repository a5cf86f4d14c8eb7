import type { DeviceJobEnd } from '../../../activities/contracts/firmware.js'
import type { GuardAnswer } from '../../../activities/contracts/server.js'
import type { BiosWritePlan } from '../../../domain/bios-write.js'
import { CancelRequested } from '../controls.js'
import { failure, jobErrorOf } from '../failure.js'
import { type HostInCluster, waiting } from '../host-maintenance.js'
import type { JobError } from '../job-input.js'
import type { TargetAnswer } from '../per-target.js'
import { core, devices } from '../proxies.js'
import type { Progress } from '../server-work.js'
import type { TaskRun } from '../task-run.js'
import type { JobRun } from '../with-job.js'
import { rebootAndFollow } from './reboot-server.js'

/** The BIOS settings of one server while they are written. */
export interface BiosWrite {
  plan: BiosWritePlan
  guard: GuardAnswer
  progress: Progress
  apply: 'now' | 'next_reboot'
  timeout_minutes: number
  force_reboot_after_minutes: number
}

interface Staged {
  device_job_id: string
  /** Staged by this job, so it may be taken back; a job that was taken over is left alone. */
  ours: boolean
}

/** Sent, and nobody knows as which job, or whether at all. */
type MaybeStaged = { device_job_id: string | null; ours: boolean }

const now = () => new Date().toISOString()

/**
 * Stages all values in one request, reboots once, follows the device job, and compares every value. Until the reboot has
 * been sent everything can be taken back: exactly our own job and values.
 */
export async function writeBios(run: JobRun<unknown>, task: TaskRun, write: BiosWrite): Promise<TargetAnswer> {
  const aborted = () => run.controls.cancel === 'abort'
  if (aborted()) throw new CancelRequested('abort')
  const { changes } = write.plan
  const staged = await stageAll(task, write)
  const facts = { job_id: staged.device_job_id, changed: changes }
  if (write.apply === 'next_reboot') return { outcome: 'staged', ...facts, not_applied: [], rebooted: false }
  if (aborted()) {
    await takeBack(task, write, staged)
    throw new CancelRequested('abort')
  }
  const end = await reboot(task, write, staged)
  const verdict = await compare(task, write)
  judge(write, staged, end, verdict.not_applied)
  return { outcome: 'changed', ...facts, not_applied: [], rebooted: true, configuration_id: verdict.configuration_id }
}

async function stageAll(task: TaskRun, write: BiosWrite): Promise<Staged> {
  const { changes, device_job_id: waits, discards } = write.plan
  if (waits) return { device_job_id: waits, ours: false }
  const { redfishMutate, redfishWait } = devices(task.input.site)
  const at = { context: task.context, server_id: task.target.id }
  const names = changes.map(({ name }) => name).join(', ')
  const staged = await task.step('stage', 'bios_stage', `Staging ${names} on ${task.target.name}.`, 30, async () => {
    await redfishWait.passChangeGate({
      ...at,
      own_device_jobs: discards?.device_job_ids ?? [],
      pending_judged: true,
      since: now(),
      judge_only: false,
    })
    if (discards) await redfishMutate.discardPendingBios({ ...at, device_job_ids: discards.device_job_ids })
    try {
      const { device_job_id } = await redfishMutate.stageBios({ ...at, changes, step: 'bios_stage' })
      return { device_job_id, ours: true }
    } catch (thrown) {
      // It may have arrived all the same: what waits and is exactly ours is taken back too.
      await takeBack(task, write, { device_job_id: null, ours: true })
      throw thrown
    }
  })
  try {
    const end = await waitJob(task, write, staged, 'staged')
    if (end.state === 'failed') throw failedJob(staged, end)
  } catch (thrown) {
    await takeBack(task, write, staged)
    throw thrown
  }
  return staged
}

function waitJob(task: TaskRun, write: BiosWrite, staged: Staged, until: 'staged' | 'ended'): Promise<DeviceJobEnd> {
  const { redfishWait } = devices(task.input.site)
  return redfishWait.waitDeviceJob({
    context: task.context,
    server_id: task.target.id,
    device_job_id: staged.device_job_id,
    until,
    component: 'BIOS settings',
    limit_minutes: write.timeout_minutes,
    since: now(),
  })
}

/** One reboot; through vCenter, which wants the host proved empty, when it is in maintenance. */
async function reboot(task: TaskRun, write: BiosWrite, staged: Staged): Promise<DeviceJobEnd | undefined> {
  const { name, host_id, cluster_id = null } = task.target
  const emptied = write.guard.allowed === 'evacuate' || write.guard.allowed === 'in_maintenance'
  const host: HostInCluster | null = emptied && host_id ? { host_id, cluster_id, name } : null
  const note = `Rebooting ${name} to apply its BIOS settings.`
  try {
    return await task.step('reboot', 'reboot', note, 60, async () => {
      await task.wait([waiting('Rebooting', `${name} is rebooting to apply its BIOS settings.`)])
      const ends = await rebootAndFollow(task, {
        server_id: task.target.id,
        host,
        step: 'reboot:bios',
        device_jobs: [{ device_job_id: staged.device_job_id, name: 'BIOS settings' }],
        job_timeout_minutes: write.timeout_minutes,
        reboot_timeout_minutes: write.timeout_minutes,
        force_reboot_after_minutes: write.force_reboot_after_minutes,
        sent: () => {
          write.progress.changed = true
        },
      })
      return ends[staged.device_job_id]
    })
  } catch (thrown) {
    if (write.progress.changed) throw thrown
    // Nobody knows whether the reboot came: then the values may be on their way, and nothing is taken back.
    if (jobErrorOf(thrown).code === 'OutcomeUnknown') write.progress.changed = true
    else await takeBack(task, write, staged)
    throw thrown
  }
}

function compare(task: TaskRun, { plan }: BiosWrite) {
  const { redfishWait } = devices(task.input.site)
  const { name, id } = task.target
  return task.step('verify', 'verify:bios', `Comparing the BIOS settings of ${name} with what was wanted.`, 85, () =>
    redfishWait.verifyBios({ context: task.context, server_id: id, changes: plan.changes }),
  )
}

/** A job that failed failed, also one that is stuck in the queue; of any other the values themselves decide. */
function judge({ plan }: BiosWrite, staged: Staged, end: DeviceJobEnd | undefined, not_applied: { name: string }[]) {
  const data = { changed: plan.changes, not_applied, device_job_id: staged.device_job_id }
  if (end?.state === 'failed') throw failedJob(staged, end, data)
  if (not_applied.length === 0) return
  const names = not_applied.map(({ name }) => name).join(', ')
  throw failure('VerifyFailed', `Not as wanted after the reboot: ${names}.`, data)
}

function failedJob({ device_job_id }: Staged, end: DeviceJobEnd, data: Record<string, unknown> = {}) {
  const told = [end.message_id, end.message ?? end.raw_state].filter(Boolean).join(' ')
  const stuck = end.message_id?.endsWith('PR30')
    ? ' It is stuck in the queue with its values; repeat the job with override_pending to throw them away.'
    : ''
  return failure('DeviceJobFailed', `Device job ${device_job_id}: ${told.replace(/\.$/, '')}.${stuck}`, data)
}

/** What cannot be taken back would be applied at the next boot: somebody must know. The first error is never hidden. */
async function takeBack(task: TaskRun, write: BiosWrite, staged: MaybeStaged): Promise<void> {
  if (!staged.ours) return
  const { redfishMutate } = devices(task.input.site)
  const { changes } = write.plan
  try {
    const { device_job_id } = staged
    await redfishMutate.unstageBios({ context: task.context, server_id: task.target.id, device_job_id, changes })
  } catch (thrown) {
    await nameLeftValues(task, write, staged, jobErrorOf(thrown))
  }
}

async function nameLeftValues(
  task: TaskRun,
  { plan }: BiosWrite,
  { device_job_id }: MaybeStaged,
  why: JobError,
): Promise<void> {
  const names = plan.changes.map(({ name }) => name).join(', ')
  const job = device_job_id ? `device job ${device_job_id}` : 'the BIOS configuration job'
  await core.openAttention({
    job_id: task.input.job_id,
    entries: [
      {
        target_kind: 'server',
        target_id: task.target.id,
        target_label: task.target.name,
        state_left: `${names} staged as ${job}`,
        code: why.code,
        message: `The staged BIOS settings could not be taken back: ${why.message}`,
        next_action: `Delete ${job} in the job queue of the iDRAC, or they are applied at the next boot.`,
      },
    ],
  })
}
