import type { EsxiSelection, PreflightAnswer } from '../../../activities/contracts/esxi.js'
import type { HostNow } from '../../../activities/contracts/host.js'
import { failure } from '../failure.js'
import { type HostInCluster, waiting } from '../host-maintenance.js'
import { devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'

export interface EsxiOptions {
  update_timeout_minutes: number
  reboot_timeout_minutes: number
  store_recovery_key: boolean
}

/** The ESXi of one host while it is worked on. `changed` tells whether the update was begun. */
export interface EsxiWork {
  host: HostInCluster
  selection: EsxiSelection
  options: EsxiOptions
  changed: boolean
  reboots: number
}

export interface EsxiAnswer {
  from: { version: string | null; build: number | null; profile: string | null }
  to: { version: string | null; build: number | null; profile: string | null }
  vibs_removed: string[]
  reboots: number
  recovery_key_stored: boolean
}

const now = () => new Date().toISOString()

/** Would this upgrade work? SSH is borrowed for the look and stays on for the update that follows. */
export async function preflight(task: TaskRun, work: EsxiWork, store: boolean): Promise<PreflightAnswer> {
  const { ssh, vsphereMutate } = devices(task.input.site)
  return task.step('precheck', 'preflight', `Asking ${work.host.name} whether the upgrade would work.`, 8, async () => {
    await vsphereMutate.borrowSsh({ context: task.context, host_id: work.host.host_id })
    return ssh.preflightHost({
      context: task.context,
      host_id: work.host.host_id,
      selection: work.selection,
      ssh_available: true,
      run_dry_run: true,
      store,
    })
  })
}

/** A preflight that found a blocker ends the host before anything is changed, with the first blocker's code. */
export function requireReady(name: string, answer: PreflightAnswer): void {
  if (answer.verdict !== 'blocked') return
  const first = answer.blockers[0]
  const message = answer.blockers.map((b) => b.message).join(' ')
  throw failure(first?.code ?? 'EsxiUpdateFailed', `${name}: ${message}`, { blockers: answer.blockers })
}

/**
 * Upgrades ESXi on an empty host in maintenance: recovery key, update, reboot, proof. From the start of the update it is
 * finished whatever was asked, because a staged image must not stay unbooted.
 */
export async function upgradeEsxi(
  task: TaskRun,
  work: EsxiWork,
  before: HostNow,
  ready: PreflightAnswer,
): Promise<EsxiAnswer> {
  const { ssh, vsphere } = devices(task.input.site)
  const { host_id, name } = work.host
  const profile_name = ready.target.profile
  if (!profile_name) throw failure('ProfileNotFound', `${name}: the depot names no usable image profile.`)
  let stored = false
  if (work.options.store_recovery_key && before.tpm_sealed) {
    stored = (await ssh.storeRecoveryKey({ context: task.context, host_id })).stored
  }
  await vsphere.proveEmpty({ context: task.context, host_id })
  const update = await runUpdate(task, work, profile_name, ready)
  const target_build = work.selection.target_build ?? ready.target.build
  const done = await rebootInto(task, work, target_build, before.build)
  return {
    from: ready.current,
    to: { version: done.version, build: done.build, profile: profile_name },
    vibs_removed: update.vibs_removed,
    reboots: work.reboots,
    recovery_key_stored: stored,
  }
}

async function runUpdate(task: TaskRun, work: EsxiWork, profile_name: string, ready: PreflightAnswer) {
  const { sshMutate, sshWait } = devices(task.input.site)
  const { host_id, name } = work.host
  const facts = {
    ...(ready.current.build === null ? {} : { from_version: String(ready.current.build) }),
    ...(ready.target.build === null ? {} : { to_version: String(ready.target.build) }),
  }
  return task.step(
    'esxi',
    'esxi:update',
    `Installing ${profile_name} on ${name}.`,
    30,
    async () => {
      const hadChanged = work.changed
      work.changed = true
      const started = await sshMutate.startUpdate({
        context: task.context,
        host_id,
        selection: { ...work.selection, profile_name },
        step: `esxi:${profile_name}`,
      })
      const end = await sshWait.waitUpdate({
        context: task.context,
        host_id,
        operation_id: started.operation_id,
        before: started.before,
        limit_minutes: work.options.update_timeout_minutes,
        since: now(),
      })
      if (!end.refused) return end
      // A tool that refused and left image and boot banks as they were: the host can go back into service.
      if (end.refused.nothing_applied) work.changed = hadChanged
      throw failure(end.refused.code, end.refused.message)
    },
    facts,
  )
}

async function rebootInto(task: TaskRun, work: EsxiWork, target_build: number | null, build_before: number | null) {
  const { sshWait, vsphereMutate, vsphereWait } = devices(task.input.site)
  const { host_id, name } = work.host
  await task.step('reboot', 'reboot', `Rebooting ${name} into the new image.`, 45, async () => {
    await task.wait([waiting('Rebooting', `${name} is rebooting into the new image.`)])
    work.reboots += 1
    const { boot_time_before } = await vsphereMutate.rebootHost({
      context: task.context,
      host_id,
      step: `reboot:esxi:${work.reboots}`,
    })
    await vsphereWait.waitHostBack({
      context: task.context,
      host_id,
      boot_time_before,
      limit_minutes: work.options.reboot_timeout_minutes,
      since: now(),
    })
  })
  return task.step('verify', 'verify:esxi', `Reading the build of ${name}.`, 55, async () => {
    if (target_build === null) throw failure('VerifyFailed', `${name}: the depot names no build to compare with.`)
    return sshWait.verifyBuild({ context: task.context, host_id, target_build, build_before })
  })
}
