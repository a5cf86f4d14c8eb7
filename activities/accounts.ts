import { DeviceError } from '../clients/errors.js'
import type { Host, Vcenter } from '../db/schema/hosts.js'
import type { Server } from '../db/schema/servers.js'
import {
  type OpenedCredential,
  openCredentialSet,
  openDiscoveredCredential,
  readCredentialFacts,
} from '../db/stores/credentials.js'
import {
  type CredentialCandidate,
  type CredentialQuestion,
  type CredentialResolution,
  type CredentialSetFacts,
  resolveCredential,
} from '../domain/credential-resolution.js'
import type { Deps } from './deps.js'
import type { Account } from './idrac-sessions.js'

type Needs = Pick<Deps, 'db' | 'keys' | 'defaults'>

/** Sets with their ranges as the resolution rule takes them. */
export async function readSetFacts(needs: Pick<Deps, 'db'>): Promise<CredentialSetFacts[]> {
  const { sets, ranges } = await readCredentialFacts(needs.db)
  return sets.map((set) => ({
    id: set.id,
    name: set.name,
    credential_type: set.credential_type,
    is_default: set.is_default,
    priority: set.priority,
    vcenter_host_id: set.vcenter_host_id,
    vcenter_id: set.vcenter_id,
    ip_ranges: ranges
      .filter((range) => range.credential_set_id === set.id)
      .map(({ ip_range, priority }) => ({ ip_range, priority })),
  }))
}

/** Which credentials are used for an iDRAC, and why. */
export function idracResolution(
  needs: Needs,
  of: { address: string; server: Server | null },
  job_set_ids: readonly string[],
): Promise<CredentialResolution> {
  return resolve(needs, {
    kind: 'idrac',
    address: of.address,
    job_set_ids,
    explicit_set_id: of.server?.credential_set_id ?? null,
    has_discovered: Boolean(of.server?.discovered_username && of.server.discovered_password_encrypted),
    vcenter_host_id: null,
    vcenter_id: null,
    has_environment: needs.defaults.idrac !== null,
  })
}

/** Accounts for an iDRAC, best first, opened. Empty when nothing resolves. */
export async function idracAccounts(
  needs: Needs,
  of: { address: string; server: Server | null },
  job_set_ids: readonly string[],
): Promise<Account[]> {
  const resolution = await idracResolution(needs, of, job_set_ids)
  const accounts: Account[] = []
  for (const candidate of resolution.candidates) {
    const account = await openCandidate(needs, candidate, of.server?.id ?? null, needs.defaults.idrac)
    if (account) accounts.push(account)
  }
  return accounts
}

/** The account for a vCenter. @throws DeviceError `NoCredential` */
export async function vcenterAccount(needs: Needs, vcenter: Vcenter): Promise<Account> {
  const resolution = await resolve(needs, {
    kind: 'vcenter',
    address: vcenter.host,
    job_set_ids: [],
    explicit_set_id: vcenter.credential_set_id,
    has_discovered: false,
    vcenter_host_id: null,
    vcenter_id: vcenter.id,
    has_environment: false,
  })
  return first(needs, resolution, `vCenter ${vcenter.name}`, null)
}

export interface EsxiAccount extends Account {
  ssh_private_key: string | null
}

/** Which credentials are used for SSH to a host, and why. */
export function esxiResolution(
  needs: Needs,
  host: Host,
  job_set_ids: readonly string[],
): Promise<CredentialResolution> {
  return resolve(needs, {
    kind: 'esxi',
    address: host.ip_address,
    job_set_ids,
    explicit_set_id: host.credential_set_id,
    has_discovered: false,
    vcenter_host_id: host.id,
    vcenter_id: host.vcenter_id,
    has_environment: needs.defaults.esxi !== null,
  })
}

/** The account for SSH to a host. @throws DeviceError `NoCredential` */
export async function esxiAccount(needs: Needs, host: Host, job_set_ids: readonly string[]): Promise<EsxiAccount> {
  const resolution = await esxiResolution(needs, host, job_set_ids)
  return first(needs, resolution, `host ${host.name}`, needs.defaults.esxi)
}

async function resolve(needs: Needs, question: CredentialQuestion): Promise<CredentialResolution> {
  return resolveCredential(question, await readSetFacts(needs))
}

async function first(
  needs: Needs,
  resolution: CredentialResolution,
  what: string,
  environment: { username: string; password: string } | null,
): Promise<EsxiAccount> {
  const account = resolution.choice ? await openCandidate(needs, resolution.choice, null, environment) : null
  if (account) return account
  const looked = resolution.skipped.map((place) => place.why).join(' ')
  throw new DeviceError('NoCredential', `No credential for ${what}. ${looked}`, { sent: false, answered: false })
}

/** Opens the secrets of one candidate, for use inside one activity; null when it holds none. */
export async function openCandidate(
  needs: Needs,
  candidate: CredentialCandidate,
  server_id: string | null,
  environment: { username: string; password: string } | null,
): Promise<EsxiAccount | null> {
  const { why, credential_set_id } = candidate
  if (candidate.source === 'environment')
    return environment && { ...environment, credential_set_id: null, why, ssh_private_key: null }
  const opened: OpenedCredential | null =
    candidate.source === 'discovered' && server_id
      ? await openDiscoveredCredential(needs.db, needs.keys, server_id)
      : credential_set_id
        ? await openCredentialSet(needs.db, needs.keys, credential_set_id)
        : null
  if (!opened || (opened.password === null && opened.ssh_private_key === null)) return null
  const { username, password, ssh_private_key } = opened
  return { credential_set_id, username, password: password ?? '', ssh_private_key, why }
}
