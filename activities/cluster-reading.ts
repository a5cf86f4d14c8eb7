import { DeviceError } from '../clients/errors.js'
import { askEvacuation } from '../clients/vsphere/cluster.js'
import { type ClusterOverview, readClusterOverview } from '../clients/vsphere/cluster-overview.js'
import { type ClusterReading, clusterForRules, evacuationForRules } from '../clients/vsphere/rule-facts.js'
import type { VsphereSession } from '../clients/vsphere/session.js'
import { readVsanHealth, readVsanResync } from '../clients/vsphere/vsan.js'
import { upsertCluster } from '../db/stores/clusters.js'
import { listHostsOfClusters, updateHostFacts } from '../db/stores/hosts.js'
import { listLeases } from '../db/stores/leases.js'
import type { ClusterFacts, EvacuationCheck } from '../domain/cluster-facts.js'
import type { VsanMode } from '../domain/safety-types.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { clusterColumns, hostColumns } from './inventory.js'
import { askVsanEach } from './vsan-what-if.js'
import type { AtCluster } from './with-vcenter.js'

export interface SeenCluster {
  facts: ClusterFacts
  overview: ClusterOverview
  /** Our row's id by managed object id. */
  host_ids: Map<string, string>
  /** Hosts whose maintenance a job of ours began, by host id. */
  maintenance_by: Map<string, string | null>
}

/** Reading again is cheaper than judging facts that the rules would call stale. */
const STALE_AFTER_MS = 15_000

/**
 * Reads a cluster whole, now, saves what was seen, and gives the facts that the rules judge. `leaving` are the hosts that
 * vCenter is asked about (each alone when none is named). With `vsan_mode` vSAN is asked about them too, for this way of
 * treating their data; without it there is no answer of vSAN in the facts.
 */
export async function seeCluster(
  deps: Deps,
  at: AtCluster,
  owner_workflow_id: string,
  leaving: string[] | null,
  vsan_mode?: VsanMode,
): Promise<SeenCluster> {
  const rows = await listHostsOfClusters(deps.db, [at.cluster.id])
  const host_ids = new Map(rows.flatMap((row) => (row.moid ? [[row.moid, row.id] as const] : [])))
  const host_id = (moid: string) => host_ids.get(moid) ?? moid
  const began = Date.now()
  const first = await readOverview(at)
  const vsan = first.cluster.vsan_enabled
    ? await readVsan(at, first, host_id, leaving, vsan_mode)
    : { vsan_health: null, vsan_resync_bytes: null, vsan_what_ifs: null }
  const overview = Date.now() - began > STALE_AFTER_MS ? await readOverview(at) : first
  await save(deps, at, overview, host_ids)
  const reading: ClusterReading = { ...overview, host_id }
  const facts = clusterForRules(reading, {
    id: at.cluster.id,
    evacuation_checks: await askAll(at.session, overview, reading, leaving),
    ...vsan,
    lease_held_by_job_id: await foreignLease(deps, at.cluster.id, owner_workflow_id),
  })
  const maintenance_by = new Map(rows.map((row) => [row.id, row.maintenance_by_job_id] as const))
  return { facts, overview, host_ids, maintenance_by }
}

async function readOverview(at: AtCluster): Promise<ClusterOverview> {
  const overview = await readClusterOverview(at.session, at.cluster.moid)
  if (overview) return overview
  throw new StepFailed(
    'HostStateUnknown',
    `vCenter ${at.vcenter.name} does not know cluster ${at.cluster.name} any more.`,
  )
}

async function save(
  deps: Deps,
  at: AtCluster,
  overview: ClusterOverview,
  host_ids: Map<string, string>,
): Promise<void> {
  await upsertCluster(deps.db, at.vcenter.id, clusterColumns(overview.cluster))
  for (const host of overview.hosts) {
    const id = host_ids.get(host.moid)
    if (id) await updateHostFacts(deps.db, id, { ...hostColumns(host), vms_running: runningOn(overview, host.moid) })
  }
}

/** Powered-on VMs on a host, without those that vCenter removes by itself. */
export function runningOn(overview: ClusterOverview, host_moid: string): number {
  return overview.vms.filter((vm) => vm.host_moid === host_moid && vm.power_state === 'poweredOn' && !vm.is_service_vm)
    .length
}

/** vCenter's own what-if, for the hosts together or for each host alone. */
async function askAll(
  session: VsphereSession,
  overview: ClusterOverview,
  reading: ClusterReading,
  leaving: string[] | null,
): Promise<EvacuationCheck[] | 'unsupported' | null> {
  if (overview.cluster.drs.enabled !== true) return null
  const moids = new Map(overview.hosts.map((host) => [reading.host_id(host.moid), host.moid]))
  const serving = servingHosts(overview)
  const sets = leaving
    ? [leaving.flatMap((id) => moids.get(id) ?? []).filter((moid) => serving.some((host) => host.moid === moid))]
    : serving.map((host) => [host.moid])
  const checks: EvacuationCheck[] = []
  for (const set of sets.filter((each) => each.length > 0)) {
    try {
      const answer = await askEvacuation(session, overview.cluster.moid, set)
      if (!answer.supported) return 'unsupported'
      checks.push(evacuationForRules(set, answer, reading))
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.facts.answered) continue
      throw thrown
    }
  }
  return checks
}

const servingHosts = (overview: ClusterOverview) =>
  overview.hosts.filter((host) => host.connection_state === 'connected' && host.in_maintenance_mode === false)

/** A cluster that is ill or resyncs may lose no host anyway, so its what-if is not asked for. */
async function readVsan(
  at: AtCluster,
  overview: ClusterOverview,
  host_id: (moid: string) => string,
  leaving: string[] | null,
  mode: VsanMode | undefined,
) {
  const vsan_health = await readVsanHealth(at.session, at.cluster.moid)
  const vsan_resync_bytes = (await readVsanResync(at.session, at.cluster.moid))?.bytes ?? null
  const facts = { vsan_health, vsan_resync_bytes, vsan_what_ifs: null }
  if (mode === undefined || vsan_health !== 'green' || vsan_resync_bytes !== 0) return facts
  const serving = servingHosts(overview).map((host) => host_id(host.moid))
  const asked = leaving ? serving.filter((id) => leaving.includes(id)) : serving
  // One check is about one host: several at once are for the rule of the cluster to refuse.
  const vsan_what_ifs =
    leaving && asked.length > 1
      ? null
      : await askVsanEach({ session: at.session, overview, host_id, mode, scale: at.scale }, asked)
  return { ...facts, vsan_what_ifs }
}

async function foreignLease(deps: Deps, cluster_id: string, owner_workflow_id: string): Promise<string | null> {
  const [lease] = await listLeases(deps.db, [`cluster:${cluster_id}`])
  return lease && lease.owner_workflow_id !== owner_workflow_id ? lease.owner_job_id : null
}
