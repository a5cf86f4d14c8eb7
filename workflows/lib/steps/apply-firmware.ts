import type { ComponentVerdict, DeviceJobEnd, FirmwareSelection } from '../../../activities/contracts/firmware.js'
import type { PlannedUpdate, UpdatePhase, UpdatePlan } from '../../../domain/update-plan-types.js'
import { CancelRequested } from '../controls.js'
import { failure, jobErrorOf } from '../failure.js'
import { type HostInCluster, waiting } from '../host-maintenance.js'
import type { JobError } from '../job-input.js'
import { core, devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'
import { fetchPackages } from './fetch-packages.js'
import { rebootAndFollow } from './reboot-server.js'

export interface FirmwareOptions {
  /** Keep the configuration profile of the server before its first change. */
  scp_backup_first: boolean
  apply: 'now' | 'next_reboot'
  transfer: 'push' | 'pull'
  max_passes: number
  on_component_failure: 'stop' | 'continue'
  upload_timeout_minutes: number
  job_timeout_minutes: number
  reboot_timeout_minutes: number
  force_reboot_after_minutes: number
}

/** The firmware of one server while it is worked on. `changed` tells whether anything was sent that cannot be taken back. */
export interface FirmwareWork {
  server_id: string
  /** The vSphere host on it, in maintenance: it is rebooted through vCenter. Null: the server is rebooted through its iDRAC. */
  host: HostInCluster | null
  selection: FirmwareSelection
  options: FirmwareOptions
  changed: boolean
  reboots: number
  /** Has an abort been asked for? Looked at before every upload and reboot. */
  aborted: () => boolean
}

type Staged = PlannedUpdate & { device_job_id: string; job_failed?: boolean }

const now = () => new Date().toISOString()

/**
 * Carries out a firmware plan phase by phase: uploads one at a time, one reboot for all that need it, CPLD alone, iDRAC
 * last. The verdict of each component is the inventory's. Compares again after a pass, since one update may allow another.
 */
export async function applyFirmware(task: TaskRun, work: FirmwareWork, plan: UpdatePlan): Promise<ComponentVerdict[]> {
  const { redfish } = devices(task.input.site)
  const verdicts: ComponentVerdict[] = []
  let current = plan
  for (let pass = 1; pass <= work.options.max_passes && current.phases.length > 0; pass += 1) {
    for (const phase of current.phases) {
      const answer = await applyPhase(task, work, phase)
      verdicts.push(...answer)
      // What comes next was planned on top of it.
      if (phase.kind === 'prerequisite' && answer.some((verdict) => verdict.outcome !== 'changed')) return verdicts
    }
    if (work.options.apply === 'next_reboot' || verdicts.some((verdict) => verdict.outcome === 'failed')) break
    current = await redfish.planFirmware({
      context: task.context,
      server_id: work.server_id,
      selection: work.selection,
      store: true,
    })
    current = await fetchPackages(task, current, work.selection)
    const done = new Set(verdicts.map((verdict) => verdict.package_id))
    current = { ...current, phases: current.phases.map((p) => without(p, done)).filter((p) => p.updates.length > 0) }
  }
  return verdicts
}

const without = (phase: UpdatePhase, done: Set<string>): UpdatePhase => ({
  ...phase,
  updates: phase.updates.filter((component) => !done.has(component.package_id)),
})

async function applyPhase(task: TaskRun, work: FirmwareWork, phase: UpdatePhase): Promise<ComponentVerdict[]> {
  const staged: Staged[] = []
  const submitted: Staged[] = []
  const failed: ComponentVerdict[] = []
  for (const component of phase.updates) {
    await stopIfAborted(task, work, submitted)
    try {
      const sent = await stage(task, work, phase, component, submitted)
      staged.push(sent)
      if (sent.job_failed && work.options.on_component_failure === 'stop') break
    } catch (thrown) {
      if (work.options.on_component_failure === 'stop') {
        await takeOut(task, work, phase, submitted)
        throw thrown
      }
      failed.push({
        ...verdictBase(component),
        outcome: 'failed',
        code: 'DeviceJobFailed',
        message: String((thrown as Error).message),
      })
    }
  }
  if (phase.reboot && work.options.apply === 'next_reboot') return [...failed, ...staged.map(stagedVerdict)]
  if (phase.reboot) {
    await stopIfAborted(task, work, submitted)
    await rebootOnce(task, work, staged)
  }
  return [...failed, ...(await finishPhase(task, work, phase, staged))]
}

const verdictBase = (component: PlannedUpdate) => ({
  package_id: component.package_id,
  component: component.component,
  fqdds: component.fqdds,
  from: component.from,
  to: component.to,
  installed_after: null,
})
const stagedVerdict = (component: Staged): ComponentVerdict => ({
  ...verdictBase(component),
  outcome: 'staged',
  job_id: component.device_job_id,
})
const jobOf = (verdict: ComponentVerdict, staged: readonly Staged[]) =>
  staged.find((component) => component.package_id === verdict.package_id)?.device_job_id ?? null

/** Uploads one component and follows its device job until it is staged, or, where no reboot is needed, has ended. */
async function stage(
  task: TaskRun,
  work: FirmwareWork,
  phase: UpdatePhase,
  component: PlannedUpdate,
  /** Gets each job that the device has taken, also one that is never seen staged. */
  submitted: Staged[],
): Promise<Staged> {
  const { redfishWait, transfer } = devices(task.input.site)
  const facts = {
    component: component.component,
    to_version: component.to,
    ...(component.from[0] ? { from_version: component.from[0] } : {}),
  }
  return task.step(
    'firmware',
    `firmware:${component.component}`,
    `Uploading ${component.name} ${component.to}.`,
    50,
    async () => {
      await redfishWait.passChangeGate({
        context: task.context,
        server_id: work.server_id,
        own_device_jobs: [],
        since: now(),
        judge_only: false,
      })
      const direct = !phase.reboot
      if (direct) work.changed = true
      const sent = await transfer.submitFirmware({
        context: task.context,
        server_id: work.server_id,
        component,
        transfer: work.options.transfer,
        apply_time: direct ? 'Immediate' : 'OnReset',
        limit_minutes: work.options.upload_timeout_minutes,
      })
      submitted.push({ ...component, device_job_id: sent.device_job_id, job_failed: false })
      const end = await redfishWait.waitDeviceJob({
        context: task.context,
        server_id: work.server_id,
        device_job_id: sent.device_job_id,
        until: direct ? 'ended' : 'staged',
        component: component.name,
        limit_minutes: work.options.job_timeout_minutes,
        since: now(),
      })
      // A job that ran and failed may have applied it all the same: then the inventory decides, as for every other.
      if (end.state === 'failed' && !direct) {
        submitted.pop()
        throw deviceJobFailed(component, end)
      }
      return { ...component, device_job_id: sent.device_job_id, job_failed: end.state === 'failed' }
    },
    facts,
  )
}

const deviceJobFailed = (component: PlannedUpdate, end: DeviceJobEnd) =>
  failure(
    'DeviceJobFailed',
    `${component.name} ${component.to}: ${end.message_id ?? ''} ${end.message ?? end.raw_state ?? ''}`.trim(),
  )

/** An abort before the reboot takes back what is staged: exactly our own jobs. */
async function stopIfAborted(task: TaskRun, work: FirmwareWork, staged: Staged[]): Promise<void> {
  if (!work.aborted()) return
  await takeOut(task, work, { reboot: true }, staged)
  throw new CancelRequested('abort')
}

async function takeOut(
  task: TaskRun,
  work: FirmwareWork,
  phase: Pick<UpdatePhase, 'reboot'>,
  staged: Staged[],
): Promise<void> {
  if (!phase.reboot) return
  const { redfishMutate } = devices(task.input.site)
  for (const component of staged) {
    const { device_job_id } = component
    try {
      await redfishMutate.deleteDeviceJob({ context: task.context, server_id: work.server_id, device_job_id })
    } catch (thrown) {
      await nameLeftJob(task, work, component, jobErrorOf(thrown))
    }
  }
}

/** A job that stays in the queue would be applied at the next boot: somebody must know, and the others are still taken out. */
async function nameLeftJob(task: TaskRun, work: FirmwareWork, component: Staged, why: JobError): Promise<void> {
  await core.openAttention({
    job_id: task.input.job_id,
    entries: [
      {
        target_kind: 'server',
        target_id: work.server_id,
        target_label: task.target.name,
        state_left: `${component.name} ${component.to} is staged as device job ${component.device_job_id}`,
        code: why.code,
        message: `The staged update could not be taken back: ${why.message}`,
        next_action: `Delete ${component.device_job_id} in the job queue of the iDRAC, or it is applied at the next boot.`,
      },
    ],
  })
}

/** One reboot for everything that is staged; through vCenter when a vSphere host runs there. */
async function rebootOnce(task: TaskRun, work: FirmwareWork, staged: Staged[]): Promise<void> {
  work.changed = true
  work.reboots += 1
  const step = `reboot:firmware:${work.reboots}`
  const names = staged.map((component) => component.name).join(', ')
  await task.step('reboot', 'reboot', `Rebooting ${task.target.name} to apply ${names}.`, 60, async () => {
    await task.wait([waiting('Rebooting', `${task.target.name} is rebooting to apply ${names}.`)])
    const { server_id, host, options } = work
    await rebootAndFollow(task, { server_id, host, step, device_jobs: staged, ...options })
  })
}

/** After the phase: iDRAC back where it restarted, then the inventory decides about each component. */
async function finishPhase(
  task: TaskRun,
  work: FirmwareWork,
  phase: UpdatePhase,
  staged: Staged[],
): Promise<ComponentVerdict[]> {
  if (staged.length === 0) return []
  const { redfish, redfishWait } = devices(task.input.site)
  if (phase.idrac_restart) {
    await redfishWait.waitServerBack({
      context: task.context,
      server_id: work.server_id,
      idrac_restarts: true,
      limit_minutes: 30,
      since: now(),
    })
  }
  return task.step(
    'verify',
    'verify:firmware',
    `Comparing the firmware of ${task.target.name} with what was wanted.`,
    75,
    async () => {
      const job_ends: Record<string, DeviceJobEnd> = {}
      for (const component of staged) {
        job_ends[component.package_id] = await redfishWait.waitDeviceJob({
          context: task.context,
          server_id: work.server_id,
          device_job_id: component.device_job_id,
          until: 'ended',
          component: component.name,
          limit_minutes: work.options.job_timeout_minutes,
          since: now(),
        })
      }
      const answer = await redfish.verifyFirmware({
        context: task.context,
        server_id: work.server_id,
        components: staged,
        job_ends,
      })
      return answer.components.map((verdict) => ({ ...verdict, job_id: jobOf(verdict, staged) }))
    },
  )
}
