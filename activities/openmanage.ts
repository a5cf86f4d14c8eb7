import { Context } from '@temporalio/activity'
import { type OpenmanageClient, openOpenmanage } from '../clients/openmanage/client.js'
import { type OmeDevice, readCompliance, readDevices } from '../clients/openmanage/devices.js'
import type { Server } from '../db/schema/servers.js'
import { noteFinding } from '../db/stores/findings.js'
import { noteOpenmanageSync, openOpenmanageAccess } from '../db/stores/openmanage-settings.js'
import { listActiveServers, updateServerFacts, upsertServer } from '../db/stores/servers.js'
import { readActivitySettings } from '../db/stores/settings.js'
import { whyNotDeviceAddress } from '../domain/device-address.js'
import {
  type DeviceDecision,
  decideDevice,
  type KnownServer,
  missingDevices,
  tagOf,
} from '../domain/openmanage-sync.js'
import { auditOf, inAuditScope, scopedRecorder } from './audit-scope.js'
import type { OpenmanageActivities, OpenmanageSync } from './contracts/openmanage.js'
import type { Deps } from './deps.js'
import { identityCheck } from './device-identity.js'
import { Refused, StepFailed } from './failures.js'

type Input = Parameters<OpenmanageActivities['syncOpenmanage']>[0]

/** Activities on OpenManage Enterprise. */
export function createOpenmanageActivities(deps: Deps): OpenmanageActivities {
  return { syncOpenmanage: (input) => syncOpenmanage(deps, input) }
}

async function syncOpenmanage(deps: Deps, input: Input): Promise<OpenmanageSync> {
  const audit = auditOf(input.context, deps.worker_id, {
    operation_type: 'openmanage',
    device_kind: 'openmanage',
    server_id: null,
  })
  return inAuditScope(audit, async () => {
    const client = await connect(deps, input)
    try {
      const answer = await readAll(deps, input, client)
      if (!input.dry_run) await noteOpenmanageSync(deps.db, summaryOf(answer))
      return answer
    } finally {
      await client.close()
    }
  })
}

const summaryOf = ({ address_conflicts, compliance: _compliance, ...counts }: OpenmanageSync) => ({
  ...counts,
  address_conflicts: address_conflicts.length,
})

async function connect(deps: Deps, { context }: Input): Promise<OpenmanageClient> {
  const access = await openOpenmanageAccess(deps.db, deps.keys)
  if (!access) throw new StepFailed('StateConflict', 'OpenManage is not configured, or switched off in its settings.')
  const { host: address, port, username, password } = access
  const device = { device_kind: 'openmanage' as const, address, port, device_id: null, job_id: context.job_id }
  return openOpenmanage(
    {
      address,
      port,
      identity: identityCheck(deps, device),
      recorder: scopedRecorder(deps.commands, {
        operation_type: 'openmanage',
        device_kind: 'openmanage',
        server_id: null,
        worker_id: deps.worker_id,
      }),
    },
    { username, password },
  )
}

/** Page by page, so that what was read before a trouble is kept; a cancel takes effect between pages. */
async function readAll(deps: Deps, input: Input, client: OpenmanageClient): Promise<OpenmanageSync> {
  const known = (await listActiveServers(deps.db)).map(knownServer)
  const settings = await readActivitySettings(deps.db)
  const policy = { allowed_device_cidrs: settings.allowed_device_cidrs, lab_in_use: deps.lab_in_use }
  const answer: OpenmanageSync = {
    devices: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped_no_tag: 0,
    skipped_unmanaged: 0,
    skipped_no_address: 0,
    address_conflicts: [],
    not_in_openmanage: 0,
  }
  const seen = new Set<number>()
  for await (const page of readDevices(client)) {
    for (const device of page) {
      answer.devices += 1
      seen.add(device.device_id)
      const usable = device.ip_address !== null && whyNotDeviceAddress(device.ip_address, policy) === null
      await takeDevice(deps, input, known, answer, usable ? device : { ...device, ip_address: null })
    }
    await Context.current().sleep(1)
  }
  if (input.read_compliance) answer.compliance = await complianceOf(client)
  await unmark(deps, input, known, seen, answer)
  return answer
}

const knownServer = (row: Server): KnownServer => ({
  id: row.id,
  service_tag: row.service_tag.toUpperCase(),
  ip_address: row.ip_address,
  idrac_port: row.idrac_port,
  // What OpenManage alone told was never seen by us, until an account has worked there.
  verified: row.source !== 'openmanage' || row.credential_state === 'working',
  openmanage_device_id: row.openmanage_device_id,
})

async function takeDevice(
  deps: Deps,
  input: Input,
  known: KnownServer[],
  answer: OpenmanageSync,
  device: OmeDevice,
): Promise<void> {
  const decision = decideDevice(device, known, input)
  count(answer, decision)
  const conflict = 'conflict' in decision ? decision.conflict : null
  if (conflict) {
    answer.address_conflicts.push(conflict)
    if (!input.dry_run)
      await noteFinding(deps.db, {
        job_id: input.context.job_id,
        address: conflict.theirs,
        kind: 'address_conflict',
        service_tag: conflict.service_tag,
        server_id: conflict.server_id,
        data: { ours: conflict.ours, openmanage: conflict.theirs, why: conflict.why },
      })
  }
  if (decision.type === 'create') await create(deps, input, known, answer, device)
  if (decision.type === 'update') await update(deps, input, known, answer, device, decision)
}

function count(answer: OpenmanageSync, decision: DeviceDecision): void {
  if (decision.type !== 'skip') return
  if (decision.why === 'no_tag') answer.skipped_no_tag += 1
  if (decision.why === 'unmanaged') answer.skipped_unmanaged += 1
  if (decision.why === 'no_address') answer.skipped_no_address += 1
}

async function create(
  deps: Deps,
  input: Input,
  known: KnownServer[],
  answer: OpenmanageSync,
  device: OmeDevice,
): Promise<void> {
  answer.created += 1
  const service_tag = tagOf(device.service_tag)
  if (input.dry_run || service_tag === null || device.ip_address === null) return
  const { server } = await upsertServer(
    deps.db,
    {
      service_tag,
      ip_address: device.ip_address,
      idrac_port: device.idrac_port ?? 443,
      ...told(device),
      source: 'openmanage',
      credential_state: 'unknown',
      openmanage_device_id: device.device_id,
    },
    input.context.job_id,
  )
  known.push(knownServer(server))
}

/** What OpenManage may say of a server that no iDRAC has told us about yet. */
const told = (device: OmeDevice) => ({
  model: device.model,
  asset_tag: device.asset_tag,
  chassis_service_tag: device.chassis_service_tag,
  idrac_version: device.idrac_version,
  power_state: device.power_state,
  health_status: device.health_status,
})

/** A server that its iDRAC has described keeps what that said; only the mark is OpenManage's. */
async function update(
  deps: Deps,
  input: Input,
  known: KnownServer[],
  answer: OpenmanageSync,
  device: OmeDevice,
  decision: Extract<DeviceDecision, { type: 'update' }>,
): Promise<void> {
  const own = known.find((server) => server.id === decision.server_id)
  if (!own) return
  const fresh = own.openmanage_device_id !== device.device_id
  if (!fresh && own.verified) {
    answer.unchanged += 1
    return
  }
  answer.updated += 1
  if (input.dry_run) return
  const { ip_address, idrac_port, device_id } = device
  const address =
    decision.address && ip_address !== null ? { ip_address, idrac_port: idrac_port ?? own.idrac_port } : {}
  const facts = { openmanage_device_id: device_id, ...(own.verified ? {} : { ...told(device), ...address }) }
  await updateServerFacts(deps.db, own.id, facts, input.context.job_id)
  Object.assign(own, { openmanage_device_id: device_id, ...address })
}

async function complianceOf(client: OpenmanageClient): Promise<NonNullable<OpenmanageSync['compliance']>> {
  const baselines = new Map<string, Record<string, number>>()
  for (const { baseline, status } of await readCompliance(client)) {
    const devices = baselines.get(baseline) ?? {}
    devices[status] = (devices[status] ?? 0) + 1
    baselines.set(baseline, devices)
  }
  return [...baselines].map(([baseline, devices]) => ({ baseline, devices }))
}

/** Takes the mark from servers that OpenManage has no longer, unless that are too many to be believed. */
async function unmark(
  deps: Deps,
  input: Input,
  known: KnownServer[],
  seen: ReadonlySet<number>,
  answer: OpenmanageSync,
): Promise<void> {
  const { missing, refusal } = missingDevices(known, seen, input.allow_mass_removal)
  answer.not_in_openmanage = missing.length
  if (input.dry_run) return
  if (refusal) throw new Refused([refusal])
  for (const server of missing)
    await updateServerFacts(deps.db, server.id, { openmanage_device_id: null }, input.context.job_id)
}
