import { DeviceError } from '../clients/errors.js'
import { readBios, readPendingBios } from '../clients/redfish/bios.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { readLockdown } from '../clients/redfish/dell/attributes.js'
import { listJobs } from '../clients/redfish/dell/jobs.js'
import { readManager } from '../clients/redfish/manager.js'
import { type ResetType, resetSystem } from '../clients/redfish/power.js'
import { readReadiness } from '../clients/redfish/readiness.js'
import { readSystem } from '../clients/redfish/system.js'
import { listOwnReferences } from '../db/stores/device-operations.js'
import { updateServerFacts } from '../db/stores/servers.js'
import { type ChangeGateFacts, checkChangeGate } from '../domain/change-gate.js'
import { checkHostGuard, type GuardedHost } from '../domain/host-guard.js'
import { decidePower, wantedState } from '../domain/power.js'
import { blocker } from '../domain/verdict.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import type { GuardAnswer, PowerAction, ServerActivities } from './contracts/server.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { serverColumns } from './firmware-facts.js'
import { checkHealth } from './health.js'
import { poweredOnVms } from './host-looks.js'
import { once, type Reconciled } from './once.js'
import { pollUntil, proofPause } from './poll.js'
import { waitServerBack } from './server-return.js'
import { type AtServer, requireServer, withServer } from './with-server.js'
import { seeHost, withHost } from './with-vcenter.js'

const MINUTE_MS = 60_000
const RESET_LIMIT_MS = 60_000
const GATE_LOOK_MS = 15_000
const POWER_LOOK_MS = 5_000

/** Activities on one server through its iDRAC. */
export function createServerActivities(deps: Deps): ServerActivities {
  return {
    checkHealth: (input) => checkHealth(deps, input),
    readServer: ({ context, server_id }) =>
      withServer(deps, context, server_id, 'inventory', (at) => serverNow(deps, at, context)),
    passChangeGate: (input) => passChangeGate(deps, input),
    judgeHostGuard: (input) => judgeHostGuard(deps, input),
    judgePower: ({ context, server_id, action }) =>
      withServer(deps, context, server_id, 'power', async (at) => {
        const system = await readSystem(at.client)
        const answer = decidePower(action, system.power_state, system.reset_types)
        if (answer.type === 'refuse') throw new Refused([answer.reason])
        return { decision: answer.type, power_state: system.power_state }
      }),
    sendPower: (input) => sendPower(deps, input),
    waitPower: (input) => waitPower(deps, input),
    waitServerBack: (input) => waitServerBack(deps, input),
  }
}

async function serverNow(deps: Deps, at: AtServer, context: WorkContext) {
  const system = await readSystem(at.client)
  const manager = await readManager(at.client)
  await updateServerFacts(deps.db, at.server.id, serverColumns(system, manager), context.job_id)
  return {
    server_id: at.server.id,
    name: at.server.hostname ?? at.server.service_tag,
    service_tag: at.server.service_tag,
    power_state: system.power_state,
    health_status: system.health,
    bios_version: system.bios_version,
    idrac_version: manager.firmware_version,
    boot_marker: system.last_reset_at,
  }
}

/** What the change gate judges, read now; `own`: device jobs of this work that have no operation row yet. */
export async function gateFacts(deps: Deps, at: AtServer, own: string[]): Promise<ChangeGateFacts> {
  const { client, server } = at
  const system = await readSystem(client)
  const readiness = await readReadiness(client)
  const jobs = await listJobs(client)
  return {
    service_tag: system.service_tag,
    expected_service_tag: server.service_tag,
    readiness,
    jobs: jobs.map((job) => ({ id: job.id, name: job.name, raw_state: job.raw_state, message_id: job.message_id })),
    our_job_ids: [...own, ...(await listOwnReferences(deps.db, server.id))],
    lockdown: await lockdownOf(client, server.generation),
    foreign_pending: await pendingOf(client),
  }
}

/** Generations without lockdown mode say nothing about it. */
async function lockdownOf(client: RedfishClient, generation: string): Promise<boolean | null> {
  const lockdown = await readLockdown(client)
  return lockdown === null && (generation === 'idrac7' || generation === 'idrac8') ? false : lockdown
}

/** BIOS attributes whose pending value differs from the present one. */
async function pendingOf(client: RedfishClient): Promise<string[] | null> {
  try {
    const bios = await readBios(client)
    const pending = await readPendingBios(client, bios)
    return Object.keys(pending).filter((name) => pending[name] !== null && pending[name] !== bios.attributes[name])
  } catch (thrown) {
    if (thrown instanceof DeviceError && (thrown.code === 'Unsupported' || thrown.code === 'NotFound')) return []
    throw thrown
  }
}

async function passChangeGate(deps: Deps, input: Parameters<ServerActivities['passChangeGate']>[0]) {
  return withServer(deps, input.context, input.server_id, 'firmware', async (at) => {
    const check_pending = input.pending_judged !== true
    const judge = async () => checkChangeGate(await gateFacts(deps, at, input.own_device_jobs), { check_pending })
    if (input.judge_only) {
      const answer = await judge()
      if (answer.type === 'refuse') return { blockers: answer.blockers, warnings: [] }
      return { blockers: [], warnings: answer.type === 'wait' ? [answer.reason] : [] }
    }
    return pollUntil(
      {
        interval_ms: GATE_LOOK_MS,
        limit_ms: 30 * MINUTE_MS,
        scale: at.scale,
        what: `${at.server.service_tag} being ready`,
        waiting_code: 'LifecycleControllerNotReady',
        timeout_code: 'LifecycleControllerNotReady',
      },
      async () => {
        const answer = await judge()
        if (answer.type === 'refuse') throw new Refused(answer.blockers)
        return answer.type === 'ok' ? { done: { blockers: [], warnings: [] } } : { waiting: answer.reason.message }
      },
    )
  })
}

/** The host on a server as the guard judges it, read from vCenter now. Null when no host is linked. */
export async function guardedHost(deps: Deps, context: WorkContext, server_id: string): Promise<GuardedHost | null> {
  const server = await requireServer(deps, server_id)
  if (!server.vcenter_host_id) return null
  const host_id = server.vcenter_host_id
  try {
    return await withHost(deps, context, host_id, async (at) => {
      const facts = await seeHost(deps, at)
      const connected = facts.connection_state === 'connected'
      return {
        id: host_id,
        name: at.host.name,
        has_vcenter: true,
        state_at: facts.facts_at,
        in_maintenance_mode: connected ? facts.in_maintenance_mode : null,
        powered_on_vms: connected
          ? ((await poweredOnVms(at, facts))?.map((vm) => ({ id: vm.moid, name: vm.name })) ?? null)
          : null,
      }
    })
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown
    return {
      id: host_id,
      name: server.hostname ?? server.service_tag,
      has_vcenter: true,
      state_at: null,
      in_maintenance_mode: null,
      powered_on_vms: null,
    }
  }
}

async function judgeHostGuard(
  deps: Deps,
  input: Parameters<ServerActivities['judgeHostGuard']>[0],
): Promise<GuardAnswer> {
  const host = await guardedHost(deps, input.context, input.server_id)
  const answer = checkHostGuard(host, input, Date.now())
  const running_vms = host?.powered_on_vms?.map((vm) => vm.name) ?? []
  if (answer.type === 'no_guard') return { allowed: 'free', blockers: [], running_vms }
  if (answer.type === 'allowed') return { allowed: 'in_maintenance', blockers: [], running_vms }
  if (answer.type === 'evacuate') return { allowed: 'evacuate', blockers: [], running_vms }
  if (answer.type === 'allowed_with_vms') return { allowed: 'running_vms_allowed', blockers: [], running_vms }
  return { allowed: 'refused', blockers: answer.blockers, running_vms }
}

/** `on` and `off` seek a state and may be repeated; the others are sent once and proved by the boot marker. */
async function sendPower(deps: Deps, input: Parameters<ServerActivities['sendPower']>[0]) {
  const { context, server_id, action, step } = input
  return withServer(deps, context, server_id, 'power', async (at) => {
    let decision: ReturnType<typeof decidePower> | undefined
    const answer = await once(deps, {
      context,
      step,
      operation: 'idrac.reset',
      device_kind: 'idrac',
      device_id: server_id,
      resource: `server:${server_id}`,
      request_limit_ms: RESET_LIMIT_MS,
      before: async () => {
        const system = await readSystem(at.client)
        return { power_state: system.power_state, boot_marker: system.last_reset_at }
      },
      guard: async () => {
        const system = await readSystem(at.client)
        decision = decidePower(action, system.power_state, system.reset_types)
        if (decision.type === 'refuse') throw new Refused([decision.reason])
      },
      send: async () =>
        decision?.type === 'send' ? resetSystem(at.client, decision.reset_type as ResetType) : 'already',
      reconcile: (operation) => wasReset(at, action, operation.before ?? {}),
    })
    return { sent: answer.ref !== 'already', boot_marker_before: (answer.before.boot_marker as string | null) ?? null }
  })
}

/**
 * Looks for a while of the device's own time: a new boot marker or the wanted state proves it, a standstill disproves it.
 * A graceful request shows only when the operating system has gone down, so it is given more time.
 */
async function wasReset(at: AtServer, action: PowerAction, before: Record<string, unknown>): Promise<Reconciled> {
  const restarts = wantedState(action) === 'On' && action !== 'on'
  const looks = action.startsWith('graceful') ? 30 : 6
  for (let look = 0; look < looks; look += 1) {
    const system = await readSystem(at.client)
    if (!restarts && system.power_state === wantedState(action)) return { verdict: 'adopted', ref: 'sent' }
    if (restarts && system.last_reset_at !== null && system.last_reset_at !== before.boot_marker)
      return { verdict: 'adopted', ref: 'sent' }
    if (restarts && system.power_state !== 'On') return { verdict: 'adopted', ref: 'sent' }
    await proofPause(at.scale)
  }
  if (restarts && (before.boot_marker === null || action === 'nmi'))
    return { verdict: 'unknown', why: 'the device tells no boot time' }
  return { verdict: 'absent' }
}

async function waitPower(
  deps: Deps,
  input: Parameters<ServerActivities['waitPower']>[0],
): Promise<{ power_state: string }> {
  const { context, server_id, action } = input
  const wanted = wantedState(action)
  const restarts = wanted === 'On' && action !== 'on' && action !== 'nmi'
  return withServer(deps, context, server_id, 'power', async (at) =>
    pollUntil<{ power_state: string }>(
      {
        interval_ms: POWER_LOOK_MS,
        limit_ms: input.limit_minutes * MINUTE_MS,
        scale: at.scale,
        what: `${action} of ${at.server.service_tag}`,
        waiting_code: 'DeviceBusy',
      },
      async () => {
        const system = await readSystem(at.client)
        await updateServerFacts(deps.db, server_id, { power_state: system.power_state }, context.job_id)
        const reached = system.power_state === wanted
        const marked =
          !restarts || input.boot_marker_before === null || system.last_reset_at !== input.boot_marker_before
        const os =
          input.wait_for !== 'os' ||
          system.boot_progress === null ||
          /OSRunning|OSBootStarted/.test(system.boot_progress)
        if (reached && marked && os) return { done: { power_state: system.power_state } }
        return {
          waiting: `The power state is ${system.power_state}, ${marked ? '' : 'no new boot was seen, '}boot progress ${system.boot_progress ?? 'not told'}.`,
        }
      },
    ),
  )
}

/** Directly before a reboot through the iDRAC: emptiness is read once more. */
export async function requireStillEmpty(deps: Deps, context: WorkContext, server_id: string): Promise<void> {
  const host = await guardedHost(deps, context, server_id)
  if (host && (host.powered_on_vms === null || host.powered_on_vms.length > 0)) {
    throw new StepFailed('HostNotEvacuated', blocker('HostNotEvacuated', `${host.name} is not empty.`).message)
  }
}
