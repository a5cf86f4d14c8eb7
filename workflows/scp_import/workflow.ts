import type { ImportEnd, ImportPreview, JudgedImport, ProfileImportOrder } from '../../activities/contracts/profile.js'
import type { GuardAnswer } from '../../activities/contracts/server.js'
import { failure, jobErrorOf } from '../lib/failure.js'
import type { GuardDetails } from '../lib/host-guard.js'
import type { JobInput } from '../lib/job-input.js'
import type { TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import {
  changeGate,
  hostGuard,
  type Judged,
  type Progress,
  refuse,
  UNGUARDED,
  workOnServers,
} from '../lib/server-work.js'
import { backupProfile } from '../lib/steps/backup-profile.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface ImportDetails extends GuardDetails, ProfileImportOrder {
  preview_first: boolean
  backup_first: boolean
  concurrency: number
}

interface JudgedProfile extends Judged {
  profile: JudgedImport
  /** Dry runs only: what the device says. */
  preview: ImportPreview | null
  guard: GuardAnswer
}

type Run = JobRun<ImportDetails>

/** Without the time to shut down: staging, restarts and collecting the inventory. */
const IMPORT_MINUTES = 90
const RETURN_MINUTES = 60
/** Codes of a start that surely changed nothing: the host may go back to work. */
const SENT_NOTHING = [
  'DeviceBusy',
  'HostNotEvacuated',
  'HostNotInMaintenance',
  'HostStateUnknown',
  'VcenterUnreachable',
  'LicenseMissing',
  'LockdownMode',
  'PendingConfiguration',
  'PermissionMissing',
  'IdentityMismatch',
  'Unsupported',
  'ScpInvalid',
  'UnknownTarget',
  'LeaseHeld',
  'Cancelled',
]

/** Applies a profile to each server: judged, backed up, previewed, sent once, followed, and read back. */
export async function scpImport(input: JobInput<ImportDetails>) {
  const { concurrency, lease_wait_minutes, host_power_state } = input.details
  return withJob(input, (run) =>
    workOnServers<JudgedProfile>(run, {
      doing: 'applies a configuration profile',
      concurrency,
      lease_wait_minutes,
      host_guard: input.details,
      stays_out: host_power_state === 'Off',
      judge: (task) => judge(run, task),
      nothingToDo: () => null,
      show: ({ profile, preview }) => ({
        would_change: preview?.supported ? preview.would_change : profile.bios_changes,
        preview: preview?.supported ?? false,
        reboots: profile.reboots,
        attribute_count: profile.attribute_count,
      }),
      before: (task) => prepare(run, task),
      act: (task, judged, progress) => apply(run, task, judged, progress),
    }),
  )
}

const orderOf = (details: ImportDetails): ProfileImportOrder => {
  const { scp_backup_id, components, allow, shutdown_type, host_power_state, time_to_wait_seconds } = details
  return { scp_backup_id, components, allow, shutdown_type, host_power_state, time_to_wait_seconds }
}

const at = (run: Run, task: TaskRun) => ({
  context: task.context,
  server_id: task.target.id,
  order: orderOf(run.input.details),
})

async function judge(run: Run, task: TaskRun): Promise<JudgedProfile> {
  const { redfish } = devices(run.input.site)
  const profile = await task.step('precheck', 'judge', `Reading the profile for ${task.target.name}.`, 5, () =>
    redfish.judgeProfileImport(at(run, task)),
  )
  const gate = await changeGate(run, task)
  const guard = profile.reboots ? await hostGuard(run, task, run.input.details) : UNGUARDED
  const blockers = [...profile.blockers, ...gate.blockers]
  // A device that is busy, or whose profile is refused anyway, is not asked for a preview.
  const asks = run.input.dry_run && run.input.details.preview_first && blockers.length + gate.warnings.length === 0
  const preview = asks ? await askPreview(run, task) : null
  return {
    profile,
    preview,
    guard,
    blockers: [...blockers, ...(preview?.blockers ?? [])],
    warnings: [...profile.warnings, ...gate.warnings],
  }
}

function askPreview(run: Run, task: TaskRun): Promise<ImportPreview> {
  const { redfishWait } = devices(run.input.site)
  return task.step('precheck', 'preview', `The iDRAC of ${task.target.name} previews the profile.`, 20, () =>
    redfishWait.previewProfileImport(at(run, task)),
  )
}

/** Backup and preview come before a host is emptied; the preview's errors refuse. */
async function prepare(run: Run, task: TaskRun): Promise<Record<string, unknown>> {
  const { backup_first, preview_first } = run.input.details
  const kept = backup_first ? await backupProfile(task, task.target.id) : null
  run.controls.throwIfCancelled('abort')
  if (preview_first) refuse((await askPreview(run, task)).blockers)
  return { backup_id: kept?.scp_backup_id ?? null }
}

async function apply(run: Run, task: TaskRun, judged: JudgedProfile, progress: Progress): Promise<TargetAnswer> {
  run.controls.throwIfCancelled('abort')
  const { reboots } = judged.profile
  const boot_time_before = await hostBootTime(run, task, judged)
  const sent = await send(run, task, reboots, progress)
  progress.changed = true
  const end = await follow(run, task, sent.device_job_id)
  const { redfish, redfishWait } = devices(run.input.site)
  const { context, server_id, order } = at(run, task)
  await task.step('return', 'back', `Waiting until ${task.target.name} is ready again.`, 80, async () => {
    const since = new Date().toISOString()
    await redfishWait.waitServerBack({
      context,
      server_id,
      idrac_restarts: false,
      limit_minutes: RETURN_MINUTES,
      since,
    })
  })
  const { boot_marker_before } = sent
  const read = await task.step('verify', 'verify:profile', `Reading ${task.target.name} back.`, 90, () =>
    redfish.verifyProfileImport({ context, server_id, order, applied: end.applied, boot_marker_before }),
  )
  const rebooted = read.rebooted ?? (reboots && end.outcome === 'changed')
  if (rebooted) await hostBack(run, task, boot_time_before)
  return answerOf(task, end, read.differing, rebooted)
}

async function send(run: Run, task: TaskRun, reboots: boolean, progress: Progress) {
  const { redfishWait } = devices(run.input.site)
  const { allow_running_vms } = run.input.details
  try {
    return await task.step('reboot', 'scp_import', `Applying the profile to ${task.target.name}.`, 40, () =>
      redfishWait.startProfileImport({ ...at(run, task), reboots, allow_running_vms }),
    )
  } catch (thrown) {
    progress.changed = !SENT_NOTHING.includes(jobErrorOf(thrown).code)
    throw thrown
  }
}

/** From here on the import is the device's; a failure to follow it is named for a person. */
async function follow(run: Run, task: TaskRun, device_job_id: string): Promise<ImportEnd> {
  const { redfishWait } = devices(run.input.site)
  const limit_minutes = IMPORT_MINUTES + Math.ceil(run.input.details.time_to_wait_seconds / 60)
  try {
    const end = await task.step(
      'firmware',
      'follow:profile',
      `Following ${device_job_id} of ${task.target.name}.`,
      60,
      () => redfishWait.followProfileImport({ ...at(run, task), device_job_id, limit_minutes }),
    )
    if (end.password_changed)
      await name(task, 'AuthFailed', 'the profile changed the password of its user', {
        message: 'The iDRAC takes the password of the profile, no more the one that we keep.',
        next_action: `Put the new password into the credential set of ${task.target.name}.`,
      })
    return end
  } catch (thrown) {
    const { code, message } = jobErrorOf(thrown)
    await name(task, code, `device job ${device_job_id} was started and not seen to its end`, {
      message,
      next_action: `Look at ${device_job_id} of ${task.target.name}; if its address or password changed, correct the server's.`,
    })
    throw thrown
  }
}

async function name(
  task: TaskRun,
  code: string,
  state_left: string,
  words: { message: string; next_action: string },
): Promise<void> {
  const { id: target_id, name: target_label } = task.target
  const entry = { target_kind: 'server', target_id, target_label, state_left, code, ...words }
  await core.openAttention({ job_id: task.input.job_id, entries: [entry] })
}

/** Only a host that this restarts while it is in maintenance is waited for: it shall serve again. */
async function hostBootTime(run: Run, task: TaskRun, { guard, profile }: JudgedProfile): Promise<string | null> {
  const { host_id } = task.target
  const emptied = guard.allowed === 'evacuate' || guard.allowed === 'in_maintenance'
  if (!host_id || !emptied || !profile.reboots || run.input.details.host_power_state === 'Off') return null
  const { vsphere } = devices(run.input.site)
  return (await vsphere.readHost({ context: task.context, host_id })).boot_time
}

async function hostBack(run: Run, task: TaskRun, boot_time_before: string | null): Promise<void> {
  const { host_id } = task.target
  if (!host_id || boot_time_before === null) return
  const { vsphereWait } = devices(run.input.site)
  await task.step('return', 'host_back', `Waiting for the host on ${task.target.name}.`, 95, () =>
    vsphereWait.waitHostBack({
      context: task.context,
      host_id,
      boot_time_before,
      limit_minutes: RETURN_MINUTES,
      since: new Date().toISOString(),
    }),
  )
}

function answerOf(task: TaskRun, end: ImportEnd, differing: ImportEnd['not_applied'], rebooted: boolean): TargetAnswer {
  const facts = { applied: end.applied.length - differing.length, rebooted }
  const not_applied = [...end.not_applied, ...differing]
  if (end.outcome === 'partial') throw failure('ScpPartial', end.message ?? '', { ...facts, not_applied })
  if (end.outcome === 'failed')
    throw failure((end.code ?? 'DeviceJobFailed') as 'DeviceJobFailed', end.message ?? '', { ...facts, not_applied })
  if (end.outcome === 'changed' && differing.length > 0) {
    const names = differing.map(({ attribute }) => attribute).join(', ')
    throw failure('VerifyFailed', `${task.target.name} shows other values afterwards: ${names}.`, {
      ...facts,
      not_applied,
    })
  }
  return { outcome: end.outcome, ...facts, not_applied }
}
