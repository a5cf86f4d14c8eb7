import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import type { RootFacts } from '../clients/redfish/facts.js'
import { readFirmwareInventory } from '../clients/redfish/inventory.js'
import { readManager } from '../clients/redfish/manager.js'
import { readRoot } from '../clients/redfish/root.js'
import { readSystem } from '../clients/redfish/system.js'
import { keepDiscoveredCredential } from '../db/stores/credentials.js'
import { type NewFinding, noteFinding, resolveFindings } from '../db/stores/findings.js'
import { adoptIdentities } from '../db/stores/identities.js'
import { readJobSecret } from '../db/stores/sealed-secrets.js'
import {
  findServerByAddress,
  findServerByTag,
  findServersLike,
  listActiveServers,
  updateServerFacts,
  upsertServer,
} from '../db/stores/servers.js'
import {
  type AddressClass,
  classifyRoot,
  decideAddress,
  isDellServer,
  otherMaker,
} from '../domain/discovery-finding.js'
import { scanRanges, spansContain } from '../domain/ip-range.js'
import { scaleFor } from '../domain/time-scale.js'
import { idracAccounts } from './accounts.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import { saveFirmware } from './compliance.js'
import type { DiscoveryActivities, ScanCounts } from './contracts/discovery.js'
import type { Deps } from './deps.js'
import { firmwareItems, serverColumns } from './firmware-facts.js'
import { type Identified, identifyDevices } from './identify-devices.js'
import type { Account, IdracPlace } from './idrac-sessions.js'
import { sweepBatch } from './sweep.js'
import { link } from './sync-vcenter.js'

type Identify = Parameters<DiscoveryActivities['identifyDevice']>[0]
type IdracClass = Extract<AddressClass, { type: 'idrac' | 'maybe_idrac' }>
type Found = Awaited<ReturnType<DiscoveryActivities['identifyDevice']>>

/** Activities that find iDRACs. */
export function createDiscoveryActivities(deps: Deps): DiscoveryActivities {
  return {
    sweepBatch: (input) => sweepBatch(deps, input),
    identifyDevices: (input) =>
      identifyDevices(
        input,
        (endpoint) => identify(deps, { ...input, ...endpoint }),
        (endpoint, why) => deps.log.warn({ ...endpoint, why }, 'an open port gives no HTTP answer'),
      ),
    async identifyDevice(input) {
      const { counts, server_ids } = await identify(deps, input)
      return { counts, server_ids }
    },
    noteUnreadDevice: ({ context, address, port, why }) =>
      noteFinding(deps.db, { job_id: context.job_id, address, port, kind: 'not_answering', data: { why } }),
    linkServers: async (input) => ({ linked: (await link(deps, input)).linked }),
    noteSilentServers: (input) => noteSilentServers(deps, input),
  }
}

/** One open port: who is it, may it be spoken to, which account opens it. Each "no" is a finding, not a failure. */
async function identify(deps: Deps, input: Identify): Promise<Identified> {
  const { context, address, port, options } = input
  const known = await findServerByAddress(deps.db, address, port)
  const place: IdracPlace = {
    server_id: known?.id ?? null,
    address,
    port,
    scale: scaleFor(address, context.scale),
    job_id: context.job_id,
    first_contact: input.dry_run ? 'ask' : options.first_contact,
  }
  const audit = auditOf(context, deps.worker_id, {
    operation_type: 'discovery',
    device_kind: 'idrac',
    server_id: known?.id ?? null,
  })
  return inAuditScope(audit, async () => {
    const client = deps.idracs.bare(place)
    const lent = { taken: false }
    try {
      const asked = await askRoot(client)
      if (asked.finding !== undefined) return await noted(deps, input, asked.finding, asked.why)
      const kind = classifyRoot(asked.answer)
      if (kind.type === 'nothing')
        return asked.answer.type === 'no_answer' ? { ...nothing({}), mute: asked.answer.why } : nothing({})
      if (kind.type === 'finding') return await noted(deps, input, kind.kind, kind.why)
      if (input.dry_run || !options.try_credentials) return nothing({ idracs: 1 })
      return await logIn(deps, input, place, kind, { client, lent })
    } finally {
      if (!lent.taken) await client.close()
    }
  })
}

const nothing = (counts: Partial<ScanCounts>): Found => ({ counts, server_ids: [] })

async function askRoot(client: RedfishClient) {
  try {
    const root: RootFacts = await readRoot(client)
    const { is_idrac, service_tag, maker } = root
    return { answer: { type: 'redfish', is_idrac, service_tag, maker } as const }
  } catch (thrown) {
    if (!(thrown instanceof DeviceError)) throw thrown
    if (thrown.code === 'TlsIdentityPending') return { finding: 'identity_pending' as const, why: thrown.message }
    if (thrown.code === 'TlsIdentityChanged') return { finding: 'identity_changed' as const, why: thrown.message }
    const status = thrown.facts.status
    if (status !== undefined)
      return {
        answer: { type: 'http', status, server_hint: /idrac|dell/i.test(thrown.facts.text ?? thrown.message) } as const,
      }
    return { answer: { type: 'no_answer', why: thrown.message } as const }
  }
}

const COUNTED: Partial<Record<NewFinding['kind'], keyof ScanCounts>> = {
  auth_failed: 'auth_failed',
  identity_pending: 'identity_pending',
  identity_changed: 'identity_changed',
  duplicate_address: 'duplicates',
  redfish_disabled: 'redfish_disabled',
  other_redfish: 'other_redfish',
  no_credential: 'no_credential',
}

async function noted(
  deps: Deps,
  input: Identify,
  kind: NewFinding['kind'],
  why: string,
  extra: Partial<ScanCounts> = {},
  service_tag: string | null = null,
): Promise<Found> {
  const { address, port, context } = input
  if (!input.dry_run)
    await noteFinding(deps.db, { job_id: context.job_id, address, port, kind, service_tag, data: { why } })
  const counted = COUNTED[kind]
  return { counts: { ...extra, ...(counted ? { [counted]: 1 } : {}) }, server_ids: [] }
}

/** Accounts one after the other inside the login budget; the first that works ends the search. */
async function logIn(
  deps: Deps,
  input: Identify,
  place: IdracPlace,
  kind: IdracClass,
  root: { client: RedfishClient; lent: { taken: boolean } },
): Promise<Found> {
  const tag = kind.type === 'idrac' ? kind.service_tag : null
  const server = tag ? await findServerByTag(deps.db, tag) : null
  const accounts = (await accountsFor(deps, input, server)).slice(0, input.options.max_sets_per_device)
  const counts = { idracs: 1 }
  if (accounts.length === 0)
    return noted(deps, input, 'no_credential', `No credential fits ${input.address}.`, counts, tag)
  for (const account of accounts) {
    try {
      // The connection that asked the root is used on for the first login.
      const base = root.lent.taken ? undefined : root.client
      root.lent.taken = true
      if (!(await deps.idracs.tryLogin(place, account, base))) continue
    } catch (thrown) {
      if (!(thrown instanceof DeviceError)) throw thrown
      if (thrown.code === 'PasswordChangeRequired')
        return noted(deps, input, 'password_change_required', thrown.message, counts, tag)
      throw thrown
    }
    return readAndSave(deps, input, place, account, kind)
  }
  if (server) await updateServerFacts(deps.db, server.id, { credential_state: 'rejected' }, input.context.job_id)
  return noted(
    deps,
    input,
    'auth_failed',
    `${accounts.length} credentials were refused by ${input.address}.`,
    counts,
    tag,
  )
}

async function accountsFor(
  deps: Deps,
  input: Identify,
  server: Awaited<ReturnType<typeof findServerByTag>>,
): Promise<Account[]> {
  const accounts = await idracAccounts(deps, { address: input.address, server }, input.context.credential_set_ids)
  const { factory_secret_id } = input.options
  const factory = factory_secret_id ? await readJobSecret(deps.db, deps.keys, factory_secret_id) : null
  if (!factory) return accounts
  const { username, password } = JSON.parse(factory) as { username: string; password: string }
  return [...accounts, { credential_set_id: null, username, password, why: 'factory account' }]
}

async function readAndSave(
  deps: Deps,
  input: Identify,
  place: IdracPlace,
  account: Account,
  kind: IdracClass,
): Promise<Found> {
  const { context, address, port, options } = input
  return deps.idracs.use(
    place,
    async () => [account],
    async (client) => {
      const machine = await readMachine(client, kind)
      if ('why' in machine) return noted(deps, input, machine.kind, machine.why)
      const { system, manager } = machine
      const service_tag = system.service_tag
      if (!service_tag) return noted(deps, input, 'address_conflict', 'The device tells no service tag.', { idracs: 1 })
      const known = await findServersLike(deps.db, { service_tag, ip_address: address, idrac_port: port })
      const decision = decideAddress(
        { address, service_tag },
        known,
        await oldStillAnswers(deps, place, service_tag, known),
      )
      if (decision.type === 'duplicate')
        return noted(deps, input, 'duplicate_address', decision.why, { idracs: 1 }, service_tag)
      const saved = await upsertServer(
        deps.db,
        {
          ...serverColumns(system, manager),
          service_tag,
          ip_address: address,
          idrac_port: port,
          last_discovered_at: new Date().toISOString(),
        },
        context.job_id,
      )
      const server_id = saved.server.id
      await adoptIdentities(deps.db, { device_kind: 'idrac', address, port }, server_id)
      if (options.inventory === 'full')
        await saveFirmware(deps.db, server_id, firmwareItems(await readFirmwareInventory(client)), context.job_id)
      if (options.keep_credentials && account.credential_set_id === null && account.why !== 'factory account')
        await keepDiscoveredCredential(deps.db, deps.keys, server_id, account)
      await resolveFindings(deps.db, address)
      if (account.why === 'factory account')
        await noteFinding(deps.db, {
          job_id: context.job_id,
          address,
          port,
          kind: 'factory_account',
          service_tag,
          server_id,
          data: { why: 'The factory account still opens it.' },
        })
      return { counts: { idracs: 1, [saved.outcome]: 1 }, server_ids: [server_id] }
    },
  )
}

/** System and manager; of a service whose root named nobody only when they are those of a Dell server. */
async function readMachine(client: RedfishClient, kind: IdracClass) {
  try {
    const system = await readSystem(client)
    const manager = await readManager(client)
    if (kind.type === 'idrac' || isDellServer({ ...manager, manufacturer: system.manufacturer }))
      return { system, manager }
    return otherMaker(system.manufacturer)
  } catch (thrown) {
    const lacking = thrown instanceof DeviceError && thrown.code === 'Unsupported'
    if (kind.type === 'maybe_idrac' && lacking) return otherMaker(null)
    throw thrown
  }
}

/** Does the address that is on record still answer with this tag? Asked only for a known tag at a new address. */
async function oldStillAnswers(
  deps: Deps,
  place: IdracPlace,
  service_tag: string,
  known: { service_tag: string; ip_address: string }[],
): Promise<boolean> {
  const own = known.find((server) => server.service_tag === service_tag)
  if (!own || own.ip_address === place.address) return false
  const client = deps.idracs.bare({ ...place, address: own.ip_address })
  try {
    return (await readRoot(client)).service_tag === service_tag
  } catch {
    return false
  } finally {
    await client.close()
  }
}

async function noteSilentServers(deps: Deps, input: Parameters<DiscoveryActivities['noteSilentServers']>[0]) {
  const { spans } = scanRanges(input.ip_ranges, [])
  const silent = (await listActiveServers(deps.db)).filter(
    (server) => spansContain(spans, server.ip_address) && !input.seen_server_ids.includes(server.id),
  )
  for (const server of silent) {
    await noteFinding(deps.db, {
      job_id: input.context.job_id,
      address: server.ip_address,
      port: server.idrac_port,
      kind: 'not_answering',
      service_tag: server.service_tag,
      server_id: server.id,
      data: { why: 'A known server did not answer, or did not let us in.' },
    })
  }
  return { not_answering: silent.length }
}
