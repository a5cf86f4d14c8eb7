import { DeviceError } from '../clients/errors.js'
import { readBios } from '../clients/redfish/bios.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { listJobs } from '../clients/redfish/dell/jobs.js'
import { startScpImport } from '../clients/redfish/scp.js'
import { readSystem } from '../clients/redfish/system.js'
import { getHost } from '../db/stores/hosts.js'
import { noteScpImport } from '../db/stores/scp-backups.js'
import { hasRecoveryKey } from '../db/stores/sealed-secrets.js'
import { updateServerFacts } from '../db/stores/servers.js'
import { checkChangeGate } from '../domain/change-gate.js'
import { FAILURES } from '../domain/failures.js'
import { checkStillEmpty } from '../domain/host-guard.js'
import { type AttributeName, biosValuesOf, type ProfileContent, placeOfAttribute } from '../domain/profile-content.js'
import { judgeImport } from '../domain/profile-import.js'
import { scaleFor } from '../domain/time-scale.js'
import { blocker } from '../domain/verdict.js'
import { keepReading, readBiosNow } from './bios-reading.js'
import type { AttributeFailure, JudgedImport, ProfileActivities } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { Refused } from './failures.js'
import { type OpenedProfile, openProfile } from './kept-profile.js'
import { once, type Reconciled } from './once.js'
import { type Look, pollUntil, proofPause } from './poll.js'
import { startProfileJob } from './profile-export.js'
import { gateFacts, guardedHost } from './server.js'
import { type AtServer, requireServer, withServer } from './with-server.js'

const LOOK_MS = 15_000
/** So long a busy device is waited for before the import. */
const BUSY_LIMIT_MS = 30 * 60_000
/** Two forms of the same request, two minutes each. */
const REQUEST_LIMIT_MS = 240_000
const LOOKS_FOR_ABSENCE = 3

type Judge = Parameters<ProfileActivities['judgeProfileImport']>[0]
type Start = Parameters<ProfileActivities['startProfileImport']>[0]
type Verify = Parameters<ProfileActivities['verifyProfileImport']>[0]

/** What stands against applying a kept profile to a server. A profile that cannot be read is a blocker, not a failure. */
export async function judgeProfileImport(deps: Deps, input: Judge): Promise<JudgedImport> {
  const { context, server_id, order } = input
  const opened = await readable(deps, input)
  if (!('part' in opened)) return { ...opened, warnings: [], reboots: false, attribute_count: 0, bios_changes: [] }
  const wanted = biosValuesOf(opened.part)
  return withServer(deps, context, server_id, 'scp', async ({ server, client }) => {
    const system = await readSystem(client)
    const bios = Object.keys(wanted).length > 0 ? (await readBios(client)).attributes : null
    const host = await hostFacts(deps, server.vcenter_host_id)
    const facts = { name: server.service_tag, service_tag: server.service_tag, model: system.model, bios, host }
    return { ...judgeImport(opened.part, facts, order), bios_changes: biosChanges(opened.part, bios) }
  })
}

async function readable(
  deps: Deps,
  { server_id, order }: Judge,
): Promise<OpenedProfile | Pick<JudgedImport, 'blockers'>> {
  try {
    return await openProfile(deps, order)
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.code !== 'ScpInvalid') throw thrown
    return { blockers: [blocker('ScpInvalid', thrown.message, { target: server_id })] }
  }
}

async function hostFacts(deps: Deps, host_id: string | null) {
  const host = host_id === null ? null : await getHost(deps.db, host_id)
  if (!host) return null
  return { name: host.name, tpm_sealed: host.tpm_sealed, recovery_key_stored: await hasRecoveryKey(deps.db, host.id) }
}

function biosChanges(part: ProfileContent, bios: Readonly<Record<string, unknown>> | null): AttributeName[] {
  if (bios === null) return []
  return Object.entries(biosValuesOf(part))
    .filter(([name, value]) => name in bios && String(bios[name]) !== value)
    .map(([name]) => placeOfAttribute(part, name))
}

/** Waits for a free device, then sends the profile once. */
export async function startProfileImport(deps: Deps, input: Start) {
  const { context, server_id } = input
  const server = await requireServer(deps, server_id)
  const sent = await pollUntil<{ device_job_id: string; boot_marker_before: string | null }>(
    {
      interval_ms: LOOK_MS,
      limit_ms: BUSY_LIMIT_MS,
      scale: scaleFor(server.ip_address, context.scale),
      what: `the import on ${server.service_tag}`,
      waiting_code: 'DeviceBusy',
      timeout_code: 'DeviceBusy',
    },
    async () => {
      try {
        return await withServer(deps, context, server_id, 'scp', (at) => tryImport(deps, at, input))
      } catch (thrown) {
        if (thrown instanceof DeviceError && FAILURES[thrown.code].retry !== 'never') return { waiting: thrown.message }
        throw thrown
      }
    },
  )
  await noteScpImport(deps.db, input.order.scp_backup_id, context.job_id)
  return sent
}

async function tryImport(
  deps: Deps,
  at: AtServer,
  input: Start,
): Promise<Look<{ device_job_id: string; boot_marker_before: string | null }>> {
  const { context, order } = input
  const { text, part } = await openProfile(deps, order)
  const answer = await once(deps, {
    context,
    step: 'scp_import',
    operation: 'idrac.scp_import',
    device_kind: 'idrac',
    device_id: at.server.id,
    resource: `server:${at.server.id}`,
    request_limit_ms: REQUEST_LIMIT_MS,
    before: async () => {
      if (Object.keys(biosValuesOf(part)).length > 0)
        await keepReading(deps, at, context.job_id, 'before_write', await readBiosNow(at))
      const job_ids = (await listJobs(at.client)).map((job) => job.id)
      return { job_ids, boot_marker: (await readSystem(at.client)).last_reset_at }
    },
    guard: () => lastLook(deps, at, input),
    send: (operation) => {
      const { components, shutdown_type, host_power_state, time_to_wait_seconds } = order
      const wanted = { content: text, components, shutdown_type, host_power_state, time_to_wait_seconds }
      return startProfileJob(
        () => startScpImport(at.client, wanted),
        () => findImport(at, jobsBefore(operation)),
      )
    },
    reconcile: (operation) => findImport(at, jobsBefore(operation)),
  })
  if (answer.ref === null) return { waiting: 'The device named no job for the import.' }
  const boot_marker_before = (answer.before.boot_marker as string | null | undefined) ?? null
  return { done: { device_job_id: answer.ref, boot_marker_before } }
}

const jobsBefore = (operation: { before: Record<string, unknown> | null }) =>
  (operation.before?.job_ids as string[] | undefined) ?? []

/** What must be true in the moment of sending: a free iDRAC, and an empty host where the import restarts it. */
async function lastLook(deps: Deps, at: AtServer, input: Start): Promise<void> {
  const gate = checkChangeGate(await gateFacts(deps, at, []))
  if (gate.type === 'refuse') throw new Refused(gate.blockers)
  if (gate.type === 'wait') throw new DeviceError('DeviceBusy', gate.reason.message, { sent: false, answered: false })
  if (!input.reboots) return
  const host = await guardedHost(deps, input.context, input.server_id)
  const refusal = checkStillEmpty(host, input, Date.now())
  if (refusal) throw new Refused([refusal])
}

const importJobs = async (client: RedfishClient, known: string[]) =>
  (await listJobs(client)).filter(
    (job) => !known.includes(job.id) && /import/i.test(`${job.name ?? ''} ${job.job_type ?? ''}`),
  )

/** One import that was not in the queue before is ours: the lease keeps other jobs of ours away, the gate saw no foreign one. */
async function findImport(at: AtServer, known: string[]): Promise<Reconciled> {
  for (let look = 0; look < LOOKS_FOR_ABSENCE; look += 1) {
    const [first, ...others] = await importJobs(at.client, known)
    if (others.length > 0) return { verdict: 'unknown', why: `${others.length + 1} imports began since` }
    if (first) return { verdict: 'adopted', ref: first.id }
    await proofPause(at.scale)
  }
  return { verdict: 'absent' }
}

/** Reads the BIOS back where the device says that it applied something there, keeps the reading, and tells what differs. */
export async function verifyProfileImport(deps: Deps, input: Verify) {
  const { context, server_id, order, applied } = input
  const { part } = await openProfile(deps, order)
  const wanted = biosValuesOf(part)
  return withServer(deps, context, server_id, 'scp', async (at) => {
    const system = await readSystem(at.client)
    await updateServerFacts(deps.db, server_id, { power_state: system.power_state }, context.job_id)
    const { boot_marker_before: before } = input
    const rebooted = before === null || system.last_reset_at === null ? null : before !== system.last_reset_at
    if (Object.keys(wanted).length === 0) return { differing: [], rebooted }
    const reading = await readBiosNow(at)
    await keepReading(deps, at, context.job_id, 'after_write', reading)
    return { differing: applied.flatMap((one) => difference(one, wanted, reading.attributes)), rebooted }
  })
}

function difference(
  one: AttributeName,
  wanted: Record<string, string>,
  now: Readonly<Record<string, unknown>>,
): AttributeFailure[] {
  const { component, attribute } = one
  const value = wanted[attribute]
  if (!/^BIOS\./i.test(component) || value === undefined || String(now[attribute]) === value) return []
  return [{ component, attribute, error_code: null, message: `It reads ${String(now[attribute])} afterwards.` }]
}
