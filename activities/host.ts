import { DeviceError } from '../clients/errors.js'
import type { HostFacts } from '../clients/vsphere/host-facts.js'
import { enterMaintenance, exitMaintenance } from '../clients/vsphere/host-maintenance.js'
import { rebootHost } from '../clients/vsphere/host-power.js'
import { startSsh, stopSsh } from '../clients/vsphere/host-service.js'
import { cancelTask } from '../clients/vsphere/task.js'
import { findBorrowed, markReturned, recordBorrowed } from '../db/stores/borrowed-settings.js'
import { setMaintenanceOwner } from '../db/stores/hosts.js'
import { judgeHostReturn } from '../domain/host-return.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import type { HostActivities, HostNow } from './contracts/host.js'
import type { Deps } from './deps.js'
import { watchEvacuation } from './evacuation.js'
import { Refused, StepFailed } from './failures.js'
import { requireAttended } from './heartbeat.js'
import { hostLimits, poweredOnVms } from './host-looks.js'
import { once, type Reconciled } from './once.js'
import { type Look, pollUntil, proofPause } from './poll.js'
import { settleCluster, waitHostServing } from './settle.js'
import { snapshotHost, verifyHost } from './verify-host.js'
import { type AtHost, seeHost, withHost } from './with-vcenter.js'

const REBOOT_REQUEST_LIMIT_MS = 60_000

/** Activities on one ESXi host through its vCenter. */
export function createHostActivities(deps: Deps): HostActivities {
  const at = <T>(context: WorkContext, host_id: string, body: (at: AtHost) => Promise<T>) =>
    withHost(deps, context, host_id, body)
  return {
    readHost: ({ context, host_id }) => at(context, host_id, async (host) => hostNow(host, await seeHost(deps, host))),
    snapshotHost: ({ context, host_id }) => at(context, host_id, (host) => snapshotHost(deps, host, context)),
    enterMaintenance: ({ context, host_id, options }) =>
      at(context, host_id, (host) => enter(deps, host, context.job_id, options)),
    watchEvacuation: (input) => at(input.context, input.host_id, (host) => watchEvacuation(deps, host, input)),
    undoMaintenance: ({ context, host_id }) => at(context, host_id, (host) => undo(deps, host, context.job_id)),
    exitMaintenance: ({ context, host_id, limit_minutes }) =>
      at(context, host_id, (host) => leave(deps, host, context.job_id, limit_minutes)),
    proveEmpty: ({ context, host_id }) => at(context, host_id, (host) => proveEmpty(deps, host)),
    rebootHost: ({ context, host_id, step }) => at(context, host_id, (host) => reboot(deps, host, context, step)),
    waitHostBack: (input) => waitBack(deps, input),
    borrowSsh: ({ context, host_id }) => at(context, host_id, (host) => borrowSsh(deps, host, context.job_id)),
    returnSsh: ({ context, host_id }) => at(context, host_id, (host) => giveSshBack(deps, host, context.job_id)),
    verifyHost: (input) => at(input.context, input.host_id, (host) => verifyHost(deps, host, input)),
    waitHostServing: (input) => at(input.context, input.host_id, (host) => waitHostServing(deps, host, input)),
    settleCluster: (input) => at(input.context, input.host_id, (host) => settleCluster(deps, host, input)),
  }
}

async function hostNow(at: AtHost, facts: HostFacts): Promise<HostNow> {
  const { host } = at
  return {
    host_id: host.id,
    name: facts.name,
    cluster_id: host.cluster_id,
    server_id: host.server_id,
    vcenter_id: host.vcenter_id,
    connection_state: facts.connection_state,
    power_state: facts.power_state,
    in_maintenance: facts.in_maintenance_mode,
    entering: facts.entering_maintenance,
    boot_time: facts.boot_time,
    build: facts.build,
    esxi_version: facts.esxi_version,
    overall_status: facts.overall_status,
    ha_state: facts.ha_state,
    ssh_running: facts.ssh_running,
    tpm_sealed: facts.tpm_sealed,
    reboot_required: facts.reboot_required,
    powered_on_vms: facts.connection_state === 'connected' ? await poweredOnVms(at, facts) : null,
  }
}

async function enter(
  deps: Deps,
  at: AtHost,
  job_id: string,
  options: Parameters<HostActivities['enterMaintenance']>[0]['options'],
) {
  const facts = await seeHost(deps, at)
  const key = { job_id, kind: 'maintenance', device_id: at.host.id } as const
  const ours = await findBorrowed(deps.db, key)
  if (facts.in_maintenance_mode === true) return { began: ours !== null, already: true }
  // A person's maintenance on its way is not ours to end later; it is only waited for.
  if (facts.entering_maintenance === true && !ours) return { began: false, already: false }
  if (!ours) {
    const original = { in_maintenance: false }
    await recordBorrowed(deps.db, { ...key, device_kind: 'host', original, wanted: { in_maintenance: true } })
  }
  await setMaintenanceOwner(deps.db, at.host.id, job_id)
  if (facts.entering_maintenance !== true) await startEntering(at, options, facts)
  return { began: true, already: false }
}

/** A host that got through meanwhile is not an error: the watch reads its state. */
async function startEntering(
  at: AtHost,
  options: Parameters<HostActivities['enterMaintenance']>[0]['options'],
  facts: HostFacts,
): Promise<void> {
  requireAttended(`${at.host.name} enters maintenance`)
  try {
    await enterMaintenance(at.session, at.moid, {
      timeout_seconds: options.maintenance_timeout_minutes * 60,
      evacuate_powered_off: options.evacuate_powered_off,
      ...(facts.vsan_node_uuid ? { vsan_mode: options.vsan_mode } : {}),
    })
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.code !== 'StateConflict') throw thrown
  }
}

/** Gives back what this job began: cancels an entering, leaves maintenance if it got through. Nothing when it began none. */
async function undo(deps: Deps, at: AtHost, job_id: string): Promise<void> {
  const ours = await findBorrowed(deps.db, { job_id, kind: 'maintenance', device_id: at.host.id })
  if (!ours) return
  await pollUntil<true>(hostLimits(at, `giving ${at.host.name} back`, 30), async () => {
    const facts = await seeHost(deps, at)
    if (facts.entering_maintenance === true && facts.entering_task_moid) {
      requireAttended('a task is cancelled')
      await cancelTask(at.session, facts.entering_task_moid)
      return { waiting: 'The entering of maintenance is being cancelled.' }
    }
    if (facts.in_maintenance_mode === true) return leaveOnce(at, 30)
    return serves(facts) ? { done: true } : { waiting: `${at.host.name} is ${facts.connection_state}.` }
  })
  await settleReturned(deps, at, ours.id)
}

const serves = (facts: HostFacts) =>
  facts.in_maintenance_mode === false && facts.entering_maintenance !== true && facts.connection_state === 'connected'

async function leave(deps: Deps, at: AtHost, job_id: string, limit_minutes: number): Promise<void> {
  await pollUntil<true>(hostLimits(at, `the return of ${at.host.name}`, limit_minutes), async () => {
    const facts = await seeHost(deps, at)
    if (facts.in_maintenance_mode === true) return leaveOnce(at, limit_minutes)
    return serves(facts) ? { done: true } : { waiting: `${at.host.name} is ${facts.connection_state}.` }
  })
  const ours = await findBorrowed(deps.db, { job_id, kind: 'maintenance', device_id: at.host.id })
  await settleReturned(deps, at, ours?.id ?? null)
}

async function leaveOnce(at: AtHost, limit_minutes: number): Promise<Look<true>> {
  requireAttended(`${at.host.name} leaves maintenance`)
  try {
    await exitMaintenance(at.session, at.moid, { timeout_seconds: limit_minutes * 60 })
  } catch (thrown) {
    // Leaving already, or left: the next look says which.
    const passing = thrown instanceof DeviceError && (thrown.code === 'StateConflict' || thrown.code === 'DeviceBusy')
    if (!passing) throw thrown
  }
  return { waiting: `${at.host.name} is leaving maintenance.` }
}

async function settleReturned(deps: Deps, at: AtHost, borrowed_id: string | null): Promise<void> {
  if (borrowed_id) await markReturned(deps.db, borrowed_id)
  await setMaintenanceOwner(deps.db, at.host.id, null)
}

async function proveEmpty(deps: Deps, at: AtHost): Promise<{ boot_time: string | null }> {
  const facts = await seeHost(deps, at)
  if (facts.in_maintenance_mode !== true) {
    throw new StepFailed('HostNotInMaintenance', `${at.host.name} is not in maintenance mode.`)
  }
  const vms = await poweredOnVms(at, facts)
  if (vms === null) throw new StepFailed('HostStateUnknown', `The VMs of ${at.host.name} could not be read.`)
  if (vms.length > 0) {
    const names = vms.slice(0, 20).map((vm) => vm.name)
    throw new StepFailed('HostNotEvacuated', `${at.host.name} has powered-on VMs: ${names.join(', ')}.`, { vms: names })
  }
  return { boot_time: facts.boot_time }
}

/** The host is proved empty right before the send; vCenter refuses once more outside maintenance (force is never used). */
async function reboot(
  deps: Deps,
  at: AtHost,
  context: WorkContext,
  step: string,
): Promise<{ boot_time_before: string | null }> {
  const answer = await once(deps, {
    context,
    step,
    operation: 'vc.reboot',
    device_kind: 'vcenter',
    device_id: at.host.id,
    resource: `host:${at.host.id}`,
    request_limit_ms: REBOOT_REQUEST_LIMIT_MS,
    before: async () => ({ boot_time: (await proveEmpty(deps, at)).boot_time }),
    guard: async () => void (await proveEmpty(deps, at)),
    send: () => rebootHost(at.session, at.moid),
    reconcile: (operation) => wasRebooted(deps, at, String(operation.before?.boot_time ?? '')),
  })
  return { boot_time_before: (answer.before.boot_time as string | null) ?? null }
}

/** It happened when the host has booted anew or is on its way; it did not when it still stands with the old boot time. */
async function wasRebooted(deps: Deps, at: AtHost, boot_time_before: string): Promise<Reconciled> {
  const facts = await seeHost(deps, at)
  if (facts.connection_state !== 'connected') return { verdict: 'adopted', ref: null }
  if (facts.boot_time === null || boot_time_before === '')
    return { verdict: 'unknown', why: 'vCenter tells no boot time' }
  if (Date.parse(facts.boot_time) > Date.parse(boot_time_before)) return { verdict: 'adopted', ref: null }
  return (await rebootIsUnderWay(deps, at, boot_time_before))
    ? { verdict: 'adopted', ref: null }
    : { verdict: 'absent' }
}

/** A host that was told to reboot stays connected for some seconds: looked at for half a minute of its own time. */
async function rebootIsUnderWay(deps: Deps, at: AtHost, boot_time_before: string): Promise<boolean> {
  for (let look = 0; look < 6; look += 1) {
    await proofPause(at.scale)
    const facts = await seeHost(deps, at)
    if (facts.connection_state !== 'connected') return true
    if (facts.boot_time !== null && Date.parse(facts.boot_time) > Date.parse(boot_time_before)) return true
  }
  return false
}

interface Reading {
  version: string | null
  build: number | null
}

async function waitBack(deps: Deps, input: Parameters<HostActivities['waitHostBack']>[0]): Promise<HostNow> {
  return withHost(deps, input.context, input.host_id, async (at) => {
    const options = {
      ...hostLimits(at, `the return of ${at.host.name}`, input.limit_minutes),
      waiting_code: 'Rebooting',
      timeout_code: 'HostDidNotReturn',
    } as const
    return pollUntil<HostNow, Reading>(options, async (looking) => {
      const facts = await seeHost(deps, at)
      // The reading before may be of a former attempt: between two looks at a real host the activity is left.
      const readings = looking.kept ? [looking.kept] : []
      if (facts.connection_state === 'connected') {
        looking.kept = { version: facts.esxi_version, build: facts.build }
        readings.push(looking.kept)
      }
      const answer = judgeHostReturn({
        boot_time_before: input.boot_time_before,
        boot_time: facts.boot_time,
        connection_state: facts.connection_state,
        in_maintenance_mode: facts.in_maintenance_mode,
        version_readings: readings,
        expect_maintenance: true,
      })
      if (answer.type === 'wrong') throw new Refused([answer.reason])
      return answer.type === 'back' ? { done: await hostNow(at, facts) } : { waiting: answer.why }
    })
  })
}

async function borrowSsh(deps: Deps, at: AtHost, job_id: string): Promise<{ was_running: boolean }> {
  const facts = await seeHost(deps, at)
  if (facts.ssh_running === true) return { was_running: true }
  if (!facts.service_system_moid)
    throw new StepFailed('SshUnavailable', `The services of ${at.host.name} could not be read.`)
  const key = { job_id, kind: 'ssh_service', device_id: at.host.id } as const
  await recordBorrowed(deps.db, {
    ...key,
    device_kind: 'host',
    original: { running: false },
    wanted: { running: true },
  })
  requireAttended('SSH is started')
  try {
    await startSsh(at.session, facts.service_system_moid)
  } catch (thrown) {
    throw notStarted(at.host.name, facts, thrown)
  }
  return { was_running: false }
}

/** A host that will not start the service, by lockdown mode or its own configuration, cannot be asked over SSH. */
function notStarted(name: string, facts: HostFacts, thrown: unknown): unknown {
  if (!(thrown instanceof DeviceError) || thrown.code !== 'DeviceJobFailed' || !thrown.facts.answered) return thrown
  const mode = facts.lockdown_mode ?? 'unknown'
  const message = `The SSH service of ${name} does not start (lockdown mode ${mode}): ${thrown.message}`
  return new DeviceError('SshUnavailable', message, thrown.facts, { cause: thrown })
}

async function giveSshBack(deps: Deps, at: AtHost, job_id: string): Promise<void> {
  const ours = await findBorrowed(deps.db, { job_id, kind: 'ssh_service', device_id: at.host.id })
  if (!ours) return
  const facts = await seeHost(deps, at)
  requireAttended('SSH is stopped')
  if (facts.ssh_running !== false && facts.service_system_moid) await stopSsh(at.session, facts.service_system_moid)
  await markReturned(deps.db, ours.id)
}
