import { DeviceError } from '../clients/errors.js'
import { setCluster } from '../clients/vsphere/cluster.js'
import { findBorrowed, listUnreturned, markReturned, recordBorrowed } from '../db/stores/borrowed-settings.js'
import { insertSafetyCheck } from '../db/stores/safety-checks.js'
import type { VsanWhatIf } from '../domain/cluster-facts.js'
import { checkClusterCandidates, checkClusterSafety } from '../domain/cluster-safety.js'
import { nextRollingStep } from '../domain/rolling-plan.js'
import { previewRolling } from '../domain/rolling-preview.js'
import type {
  RollingDecision,
  RollingFacts,
  RollingHost,
  RollingPolicy,
  RollingProgress,
} from '../domain/rolling-types.js'
import type { SafetyPolicy, SafetyVerdict } from '../domain/safety-types.js'
import { splitServing } from '../domain/serving.js'
import { blocker } from '../domain/verdict.js'
import { type SeenCluster, seeCluster } from './cluster-reading.js'
import type { ClusterActivities, ClusterBrief, PrecheckedHost } from './contracts/cluster.js'
import type { Deps } from './deps.js'
import { requireAttended } from './heartbeat.js'
import { syncVcenter } from './sync-vcenter.js'
import { askVsan } from './vsan-what-if.js'
import { taskEnds } from './vsphere-tasks.js'
import { type AtCluster, withCluster } from './with-vcenter.js'

/** Activities on clusters and whole vCenters. */
export function createClusterActivities(deps: Deps): ClusterActivities {
  return {
    decideRolling: (input) => decideRolling(deps, input),
    previewRolling: ({ context, cluster_id, owner_workflow_id, hosts, policy }) =>
      withCluster(deps, context, cluster_id, async (at) => {
        const seen = await seeCluster(deps, at, owner_workflow_id, null, modeOf(policy.safety))
        const facts = { cluster: seen.facts, hosts: hosts.map((host) => rollingHost(host, seen, at, context.job_id)) }
        return { preview: previewRolling(facts, policy, Date.now()), cluster: briefOf(seen, context.job_id) }
      }),
    checkClusterSafety: ({ context, cluster_id, host_ids, policy, store, owner_workflow_id }) =>
      withCluster(deps, context, cluster_id, async (at) => {
        const seen = await seeCluster(
          deps,
          at,
          owner_workflow_id,
          host_ids.length > 0 ? host_ids : null,
          modeOf(policy),
        )
        const verdict =
          host_ids.length > 0
            ? checkClusterSafety(seen.facts, host_ids, policy, Date.now())
            : checkClusterCandidates(seen.facts, policy, Date.now())
        if (store) await storeVerdict(deps, at, seen, verdict, context.job_id)
        return verdict
      }),
    borrowClusterSetting: ({ context, cluster_id, setting }) =>
      withCluster(deps, context, cluster_id, (at) => borrow(deps, at, context.job_id, setting)),
    returnClusterSettings: ({ context, cluster_id }) =>
      withCluster(deps, context, cluster_id, (at) => giveBackAll(deps, at, context.job_id)),
    syncVcenter: (input) => syncVcenter(deps, input),
  }
}

async function decideRolling(
  deps: Deps,
  input: Parameters<ClusterActivities['decideRolling']>[0],
): ReturnType<ClusterActivities['decideRolling']> {
  const { context, cluster_id, owner_workflow_id, hosts, progress, policy } = input
  try {
    return await withCluster(deps, context, cluster_id, async (at) => {
      const seen = await seeCluster(deps, at, owner_workflow_id, null)
      const facts = { cluster: seen.facts, hosts: hosts.map((host) => rollingHost(host, seen, at, context.job_id)) }
      const decision = await decide(at, seen, facts, progress, policy)
      return { decision, cluster: briefOf(seen, context.job_id) }
    })
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || thrown.code !== 'VcenterUnreachable') throw thrown
    const blockers = [
      blocker('VcenterUnreachable', `vCenter does not answer, so no further host begins (${thrown.message}).`),
    ]
    return { decision: { type: 'blocked', settled: [], blockers, hosts: [] }, cluster: null }
  }
}

const modeOf = (policy: SafetyPolicy) => policy.vsan_mode ?? 'ensure_accessibility'

/**
 * vSAN answers about one host at a time, and slowly: so the rule first decides as if it would say yes, and vSAN is asked
 * about the hosts that would begin; its answer decides again. Directly before a host goes out everything is read anew.
 */
async function decide(
  at: AtCluster,
  seen: SeenCluster,
  facts: RollingFacts,
  progress: RollingProgress,
  policy: RollingPolicy,
): Promise<RollingDecision> {
  const began = Date.now()
  const host_id = (moid: string) => seen.host_ids.get(moid) ?? moid
  const question = {
    session: at.session,
    overview: seen.overview,
    host_id,
    scale: at.scale,
    mode: modeOf(policy.safety),
  }
  const answers = new Map<string, VsanWhatIf>()
  const serving = (facts.cluster.hosts ?? []).filter((host) => host.in_maintenance_mode === false)
  for (;;) {
    const vsan_what_ifs = serving.map(({ id }) => answers.get(id) ?? { host_ids: [id], fits: true })
    const decision = nextRollingStep(
      { ...facts, cluster: { ...facts.cluster, vsan_what_ifs } },
      progress,
      policy,
      began,
    )
    if (facts.cluster.vsan_enabled !== true || decision.type !== 'step') return decision
    const open = decision.hosts.find(({ host_id: id }) => serving.some((host) => host.id === id) && !answers.has(id))
    if (!open) return decision
    answers.set(open.host_id, await askVsan(question, open.host_id))
  }
}

function rollingHost(host: PrecheckedHost, seen: SeenCluster, at: AtCluster, job_id: string): RollingHost {
  const facts = seen.facts.hosts?.find((candidate) => candidate.id === host.id)
  const ours = seen.maintenance_by.get(host.id) === job_id
  const moid = [...seen.host_ids].find(([, id]) => id === host.id)?.[0]
  return {
    ...host,
    found_in_maintenance: facts?.in_maintenance_mode === true && !ours,
    carries_vcenter: carriesAppliance(seen, at, moid),
  }
}

/** Does the appliance of this vCenter run there? Found by the name that a person gave. */
function carriesAppliance(seen: SeenCluster, at: AtCluster, host_moid: string | undefined): boolean {
  const name = at.vcenter.appliance_vm_name
  if (!name || !host_moid) return false
  return seen.overview.vms.some((vm) => vm.host_moid === host_moid && vm.name === name)
}

function briefOf(seen: SeenCluster, job_id: string): ClusterBrief {
  const { facts } = seen
  const foreign = (facts.hosts ?? []).filter(
    (host) => host.in_maintenance_mode === true && seen.maintenance_by.get(host.id) !== job_id,
  )
  return {
    name: facts.name,
    total_hosts: facts.hosts?.length ?? 0,
    image_managed: facts.image_managed ?? null,
    vsan_enabled: facts.vsan_enabled,
    dpm_enabled: facts.dpm_enabled ?? null,
    found_in_maintenance: foreign.map((host) => host.name),
    out_now: splitServing(facts).out,
  }
}

async function storeVerdict(
  deps: Deps,
  at: AtCluster,
  seen: SeenCluster,
  verdict: SafetyVerdict,
  job_id: string,
): Promise<void> {
  const { requested_host_ids, blockers, warnings, total_hosts, healthy_hosts, healthy_after, min_required } = verdict
  await insertSafetyCheck(deps.db, {
    job_id,
    cluster_id: at.cluster.id,
    cluster: at.cluster.name,
    requested_host_ids: requested_host_ids.filter((id) => at.cluster.id !== id),
    total_hosts,
    healthy_hosts,
    healthy_after,
    min_required,
    max_unavailable: verdict.max_unavailable,
    safe: verdict.safe,
    blockers,
    warnings,
    cpu: verdict.cpu,
    memory: verdict.memory,
    drs_mode: verdict.drs_mode,
    ha: verdict.ha,
    vsan: verdict.vsan,
    facts: seen.facts as unknown as Record<string, unknown>,
    facts_at: seen.facts.facts_at ?? new Date().toISOString(),
  })
}

async function borrow(deps: Deps, at: AtCluster, job_id: string, setting: 'dpm' | 'ha_admission'): Promise<void> {
  const seen = await seeSettings(deps, at)
  const on = setting === 'dpm' ? seen.dpm : seen.ha_admission
  const open = await findBorrowed(deps.db, { job_id, kind: setting, device_id: at.cluster.id })
  if (on !== true && !open) return
  await recordBorrowed(deps.db, {
    job_id,
    kind: setting,
    device_kind: 'cluster',
    device_id: at.cluster.id,
    original: { enabled: true },
    wanted: { enabled: false },
  })
  if (on === true) await change(at, setting, false)
}

async function giveBackAll(deps: Deps, at: AtCluster, job_id: string): Promise<{ returned: string[] }> {
  const open = (await listUnreturned(deps.db, { job_id, device_id: at.cluster.id })).filter(
    (row) => row.kind === 'dpm' || row.kind === 'ha_admission',
  )
  const seen = open.length > 0 ? await seeSettings(deps, at) : { dpm: null, ha_admission: null }
  for (const row of open) {
    const setting = row.kind as 'dpm' | 'ha_admission'
    if (seen[setting] !== true) await change(at, setting, true)
    await markReturned(deps.db, row.id)
  }
  return { returned: open.map((row) => row.kind) }
}

async function seeSettings(deps: Deps, at: AtCluster) {
  const seen = await seeCluster(deps, at, '', [])
  return { dpm: seen.overview.cluster.dpm.enabled, ha_admission: seen.overview.cluster.ha.admission_control_enabled }
}

async function change(at: AtCluster, setting: 'dpm' | 'ha_admission', enabled: boolean): Promise<void> {
  const settings = setting === 'dpm' ? { dpm_enabled: enabled } : { ha_admission_control_enabled: enabled }
  requireAttended(`${setting} is changed`)
  await taskEnds(
    at.session,
    await setCluster(at.session, at.cluster.moid, settings),
    `${setting} of ${at.cluster.name}`,
    at.scale,
  )
}
