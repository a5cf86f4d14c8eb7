import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import { readRoot } from '../clients/redfish/root.js'
import { writeAudit } from '../db/stores/audit.js'
import { getHost, setHostCredentialSet } from '../db/stores/hosts.js'
import { getServer, updateServerFacts } from '../db/stores/servers.js'
import type { CredentialResolution } from '../domain/credential-resolution.js'
import { stateAfter, type TestedCandidate } from '../domain/credential-test.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { type EsxiAccount, esxiResolution, idracResolution, openCandidate } from './accounts.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import type {
  CredentialActivities,
  CredentialPlan,
  Device,
  HostCredentialActivities,
  ServerCredentialActivities,
  Tried,
} from './contracts/credentials.js'
import type { Deps } from './deps.js'
import { NotYet, StepFailed } from './failures.js'
import type { IdracPlace } from './idrac-sessions.js'
import { placeOf, requireServer } from './with-server.js'

/** Activities of a credential test on our own rows. */
export function createCredentialActivities(deps: Deps): CredentialActivities {
  return {
    planCredentials: ({ context, device }) => plan(deps, context, device),
    saveCredentialTest: (input) => save(deps, input),
  }
}

export function createServerCredentialActivities(deps: Deps): ServerCredentialActivities {
  return { tryServerCredential: (input) => tryServer(deps, input) }
}

export function createHostCredentialActivities(deps: Deps): HostCredentialActivities {
  return { tryHostCredential: (input) => tryHost(deps, input) }
}

async function plan(deps: Deps, context: WorkContext, device: Device): Promise<CredentialPlan> {
  const { explicit_set_id, resolve } = await resolver(deps, device)
  const named = context.credential_set_ids
  const own = await resolve([])
  // A job that names sets tries these and no others.
  const full = named.length > 0 ? fromJob(await resolve(named)) : own
  const opened = new Map<string, number>()
  const result: CredentialPlan = {
    candidates: [],
    skipped: named.length > 0 ? [] : [...full.skipped],
    explicit_set_id,
    chosen: own.choice && { source: own.choice.source, set_id: own.choice.credential_set_id },
  }
  for (const { source, credential_set_id: set_id, name, why } of full.candidates) {
    const account = await openFor(deps, device, { source, set_id })
    if (!account) {
      result.skipped.push({ source, why: `${name} holds no secret that fits.` })
      continue
    }
    const key = JSON.stringify([account.username, account.password, account.ssh_private_key])
    const same_as = opened.get(key) ?? null
    if (same_as === null) opened.set(key, result.candidates.length)
    result.candidates.push({ set_id, source, name, why, same_as })
  }
  return result
}

const fromJob = (resolution: CredentialResolution): CredentialResolution => ({
  ...resolution,
  candidates: resolution.candidates.filter((one) => one.source === 'job'),
})

async function resolver(deps: Deps, device: Device) {
  if (device.kind === 'server') {
    const server = await requireServer(deps, device.id)
    const of = { address: server.ip_address, server }
    return {
      explicit_set_id: server.credential_set_id,
      resolve: (sets: readonly string[]) => idracResolution(deps, of, sets),
    }
  }
  const host = await requireHost(deps, device.id)
  return {
    explicit_set_id: host.credential_set_id,
    resolve: (sets: readonly string[]) => esxiResolution(deps, host, sets),
  }
}

async function requireHost(deps: Deps, id: string) {
  const host = await getHost(deps.db, id)
  if (!host || host.removed_at) throw new StepFailed('UnknownTarget', `Host ${id} is not there any more.`)
  return host
}

type Named = Pick<TestedCandidate, 'set_id' | 'source'>

function openFor(deps: Deps, device: Device, { set_id, source }: Named): Promise<EsxiAccount | null> {
  const idrac = device.kind === 'server'
  const candidate = { source, credential_set_id: set_id, name: '', why: '' }
  return openCandidate(deps, candidate, idrac ? device.id : null, idrac ? deps.defaults.idrac : deps.defaults.esxi)
}

async function mustOpen(deps: Deps, device: Device, candidate: Named): Promise<EsxiAccount> {
  const account = await openFor(deps, device, candidate)
  if (!account) throw new StepFailed('NoCredential', 'The credentials were removed while the test ran.')
  return account
}

/** Without budget nothing was sent: that is an answer here, so that the job can show the time and wait by itself. */
async function inBudget(attempt: () => Promise<Tried>): Promise<Tried> {
  try {
    return await attempt()
  } catch (thrown) {
    if (thrown instanceof NotYet && thrown.code === 'LoginBudget')
      return { outcome: 'not_tried_budget', retry_ms: thrown.retry_ms }
    if (thrown instanceof DeviceError && thrown.code === 'AuthFailed') return { outcome: 'refused' }
    if (thrown instanceof DeviceError && thrown.code === 'PasswordChangeRequired')
      return { outcome: 'password_change_required' }
    throw thrown
  }
}

type TryServer = Parameters<ServerCredentialActivities['tryServerCredential']>[0]

async function tryServer(deps: Deps, { context, server_id, candidate }: TryServer): Promise<Tried> {
  const server = await requireServer(deps, server_id)
  const place = placeOf(server, context)
  const account = await mustOpen(deps, { kind: 'server', id: server_id }, candidate)
  const facts = { operation_type: 'session', device_kind: 'idrac', server_id } as const
  const audit = auditOf(context, deps.worker_id, { ...facts, credential_set_id: candidate.set_id })
  return inAuditScope(audit, () =>
    inBudget(async () => {
      const base = await sameDevice(deps, place, server.service_tag)
      const { password_change_required } = await deps.idracs.tryOnce(place, account, base)
      return { outcome: password_change_required ? 'password_change_required' : 'ok' }
    }),
  )
}

/** No password goes to a device that says it is another one, or no iDRAC at all. Asked without a login. */
async function sameDevice(deps: Deps, place: IdracPlace, service_tag: string): Promise<RedfishClient> {
  const client = deps.idracs.bare(place)
  try {
    const root = await readRoot(client)
    if (root.is_idrac === false)
      throw new StepFailed(
        'IdentityMismatch',
        `${place.address} answers as ${root.maker ?? 'another service'}, not as an iDRAC; nothing was sent.`,
      )
    if (root.service_tag !== null && root.service_tag !== service_tag.toUpperCase())
      throw new StepFailed(
        'IdentityMismatch',
        `${root.service_tag} answers at ${place.address}, ${service_tag} is expected; nothing was sent.`,
      )
    return client
  } catch (thrown) {
    await client.close()
    throw thrown
  }
}

type TryHost = Parameters<HostCredentialActivities['tryHostCredential']>[0]

async function tryHost(deps: Deps, { context, host_id, candidate }: TryHost): Promise<Tried> {
  const host = await requireHost(deps, host_id)
  const account = await mustOpen(deps, { kind: 'host', id: host_id }, candidate)
  const facts = { operation_type: 'esxi', device_kind: 'esxi', vcenter_host_id: host_id } as const
  const audit = auditOf(context, deps.worker_id, { ...facts, credential_set_id: candidate.set_id })
  return inAuditScope(audit, () =>
    inBudget(async () => {
      const connection = await deps.esxi.open(host, account, context)
      await connection.close()
      return { outcome: 'ok' }
    }),
  )
}

async function save(deps: Deps, input: Parameters<CredentialActivities['saveCredentialTest']>[0]): Promise<void> {
  const { device, attempts, chosen, assign_set_id, context } = input
  const assigned = assign_set_id === null ? {} : { credential_set_id: assign_set_id }
  if (device.kind === 'host') {
    if (assign_set_id !== null) await setHostCredentialSet(deps.db, device.id, assign_set_id)
  } else {
    const state = stateAfter(attempts, chosen, assign_set_id)
    const facts = { ...assigned, ...(state === null ? {} : { credential_state: state }) }
    if (Object.keys(facts).length > 0) await updateServerFacts(deps.db, device.id, facts, context.job_id)
  }
  if (assign_set_id !== null) await auditAssignment(deps, input)
}

async function auditAssignment(
  deps: Deps,
  { device, assign_set_id, requested_by, context }: Parameters<CredentialActivities['saveCredentialTest']>[0],
): Promise<void> {
  const label =
    device.kind === 'server'
      ? (await getServer(deps.db, device.id))?.service_tag
      : (await getHost(deps.db, device.id))?.name
  await writeAudit(deps.db, {
    actor_id: requested_by,
    actor_label: 'test_credentials',
    origin: 'job',
    action: `${device.kind}.update`,
    object_kind: device.kind,
    object_id: device.id,
    object_label: label ?? null,
    after: { credential_set_id: assign_set_id },
    decision: { job_id: context.job_id },
  })
}
