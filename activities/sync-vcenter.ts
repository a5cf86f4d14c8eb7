import { DeviceError } from '../clients/errors.js'
import type { ClusterFacts } from '../clients/vsphere/cluster-facts.js'
import type { DatastoreFacts } from '../clients/vsphere/datastore-facts.js'
import type { HostFacts } from '../clients/vsphere/host-facts.js'
import { readInventory } from '../clients/vsphere/inventory.js'
import { readMissingPrivileges } from '../clients/vsphere/privileges.js'
import { removeUnseenClusters, upsertCluster } from '../db/stores/clusters.js'
import { noteFinding } from '../db/stores/findings.js'
import { listHosts, removeUnseenHosts, upsertHost } from '../db/stores/hosts.js'
import { linkHost, listActiveServers } from '../db/stores/servers.js'
import { saveDatastores, updateVcenter } from '../db/stores/vcenters.js'
import { linkHosts } from '../domain/host-link.js'
import type { ClusterActivities } from './contracts/cluster.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { clusterColumns, hostColumns } from './inventory.js'
import { knownInventory } from './known-inventory.js'
import { type AtVcenter, withVcenter } from './with-vcenter.js'

type Input = Parameters<ClusterActivities['syncVcenter']>[0]

interface Read {
  hosts: HostFacts[]
  clusters: ClusterFacts[]
  datastores: DatastoreFacts[]
}

/** A source that lacks more than this share of the known hosts (and more than three) is not believed. */
const MOST_MISSING_SHARE = 0.2
const MOST_MISSING = 3

/** Reads one vCenter whole: identity, privileges, inventory; saves, links, marks what has gone. */
export async function syncVcenter(deps: Deps, input: Input): Promise<Record<string, unknown>> {
  return withVcenter(deps, input.context, input.vcenter_id, async (at) => {
    await checkInstance(deps, at)
    const missing_privileges = await missingPrivileges(at)
    const read = await readAll(at, input)
    if (input.dry_run) return preview(deps, at, read, missing_privileges)
    const before = await knownInventory(deps.db, at.vcenter.id)
    const saved = await save(deps, at, input, read)
    const { about, api_version } = at.session
    await updateVcenter(deps.db, at.vcenter.id, {
      instance_uuid: about.instance_uuid,
      version: about.version,
      build: about.build,
      api_version,
      missing_privileges,
      last_sync_at: new Date().toISOString(),
      last_sync_status: 'ok',
      last_sync_error: null,
    })
    const links = input.link_hosts ? await link(deps, input) : { linked: 0, unlinked: [], ambiguous: [] }
    const changed = (await knownInventory(deps.db, at.vcenter.id)) !== before
    return { changed, ...saved, ...links, missing_privileges }
  })
}

/** Another vCenter at the same address has other objects under the same ids. */
async function checkInstance(deps: Deps, at: AtVcenter): Promise<void> {
  const { instance_uuid } = at.session.about
  const known = at.vcenter.instance_uuid
  if (!known || known === instance_uuid) return
  await deps.vcenters.drop(at.vcenter.id)
  throw new StepFailed(
    'IdentityMismatch',
    `Another vCenter (${instance_uuid}) answers at the address of ${at.vcenter.name} (${known}).`,
  )
}

async function missingPrivileges(at: AtVcenter): Promise<string[]> {
  try {
    return await readMissingPrivileges(at.session)
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.code === 'Unsupported') return []
    throw thrown
  }
}

async function readAll(at: AtVcenter, input: Input): Promise<Read> {
  const read: Read = { hosts: [], clusters: [], datastores: [] }
  await readInventory(at.session, async (page) => {
    read.hosts.push(...page.hosts)
    read.clusters.push(...page.clusters)
    read.datastores.push(...page.datastores)
  })
  const only = input.cluster_moids
  if (!only) return read
  return {
    ...read,
    clusters: read.clusters.filter((cluster) => only.includes(cluster.moid)),
    hosts: read.hosts.filter((host) => host.cluster_moid !== null && only.includes(host.cluster_moid)),
  }
}

async function preview(deps: Deps, at: AtVcenter, read: Read, missing_privileges: string[]) {
  const known = await listHosts(deps.db, at.vcenter.id)
  const gone = known.filter((row) => !read.hosts.some((host) => host.moid === row.moid)).map((row) => row.name)
  const fresh = read.hosts.filter((host) => !known.some((row) => row.moid === host.moid)).map((host) => host.name)
  return {
    hosts: { seen: read.hosts.length, new: fresh, gone },
    clusters: read.clusters.length,
    datastores: read.datastores.length,
    missing_privileges,
  }
}

async function save(deps: Deps, at: AtVcenter, input: Input, read: Read) {
  const vcenter_id = at.vcenter.id
  const clusters = new Map<string, { id: string; name: string }>()
  for (const cluster of read.clusters)
    clusters.set(cluster.moid, await upsertCluster(deps.db, vcenter_id, clusterColumns(cluster)))
  const counts = { created: 0, updated: 0, unchanged: 0, removed: 0 }
  const seen: string[] = []
  for (const host of read.hosts) {
    const cluster = clusters.get(host.cluster_moid ?? '')
    const { host: row, outcome } = await upsertHost(
      deps.db,
      { vcenter_id, moid: host.moid, host_uuid: host.host_uuid },
      { ...hostColumns(host), name: host.name, cluster_id: cluster?.id ?? null, cluster: cluster?.name ?? null },
      input.context.job_id,
    )
    counts[outcome] += 1
    seen.push(row.id)
  }
  await saveStores(deps, vcenter_id, read, seen)
  if (!input.cluster_moids)
    counts.removed = await removeGone(
      deps,
      vcenter_id,
      input,
      seen,
      [...clusters.values()].map((row) => row.id),
    )
  return { hosts: counts, clusters: clusters.size, datastores: read.datastores.length }
}

async function saveStores(deps: Deps, vcenter_id: string, read: Read, seen: string[]): Promise<void> {
  const ids = new Map(read.hosts.map((host, at) => [host.moid, seen[at] ?? '']))
  await saveDatastores(
    deps.db,
    vcenter_id,
    read.datastores.map(({ moid, name, type, capacity_bytes, free_bytes, accessible, shared, mounts }) => ({
      moid,
      name,
      type,
      capacity_bytes,
      free_bytes,
      accessible,
      shared,
      host_ids: mounts?.flatMap((mount) => ids.get(mount.host_moid) ?? []) ?? [],
    })),
  )
}

async function removeGone(
  deps: Deps,
  vcenter_id: string,
  input: Input,
  seen: string[],
  seen_clusters: string[],
): Promise<number> {
  const known = await listHosts(deps.db, vcenter_id)
  const missing = known.filter((row) => !seen.includes(row.id))
  const many = missing.length > MOST_MISSING && missing.length > known.length * MOST_MISSING_SHARE
  if (many && !input.allow_mass_removal) {
    throw new StepFailed(
      'SyncWouldRemoveTooMany',
      `${missing.length} of ${known.length} known hosts are missing in the answer; nothing was removed.`,
      { missing: missing.map((row) => row.name).slice(0, 50) },
    )
  }
  await removeUnseenHosts(deps.db, vcenter_id, seen)
  await removeUnseenClusters(deps.db, vcenter_id, seen_clusters)
  return missing.length
}

/** Links hosts and servers by serial number or UUID; several matches are a finding, never a guess. */
export async function link(deps: Deps, input: { context: { job_id: string } }) {
  const hosts = await listHosts(deps.db)
  const servers = await listActiveServers(deps.db)
  const answer = linkHosts(
    hosts.map((host) => ({ ...host, link_source: host.link_source as 'serial' | 'uuid' | 'manual' | null })),
    servers,
  )
  let linked = 0
  for (const each of answer.links) if (await linkHost(deps.db, each)) linked += 1
  const nameOf = (id: string) => hosts.find((host) => host.id === id)?.name ?? id
  for (const each of answer.ambiguous) {
    const address = hosts.find((host) => host.id === each.host_ids[0])?.ip_address ?? 'unknown'
    await noteFinding(deps.db, {
      job_id: input.context.job_id,
      address,
      kind: 'ambiguous_link',
      data: { why: each.why, server_ids: each.server_ids },
    })
  }
  return {
    linked,
    unlinked: answer.unlinked.map((each) => ({ host: nameOf(each.host_id), why: each.why })),
    ambiguous: answer.ambiguous.map((each) => ({ hosts: each.host_ids.map(nameOf), why: each.why })),
  }
}
