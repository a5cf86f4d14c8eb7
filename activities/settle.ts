import { reconfigureHa } from '../clients/vsphere/host-power.js'
import { readVsanResync } from '../clients/vsphere/vsan.js'
import { getCluster } from '../db/stores/clusters.js'
import { scaledLimit, scaledPause } from '../domain/time-scale.js'
import type { HostActivities } from './contracts/host.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import { remember, remembered, requireAttended } from './heartbeat.js'
import { hostLimits, poweredOnVms } from './host-looks.js'
import { pauseFor, pollUntil } from './poll.js'
import { type AtHost, seeHost } from './with-vcenter.js'

const GOOD_HA = ['master', 'connectedToMaster']
const BROKEN_HA = ['uninitialized', 'initializationError', 'uninitializationError', 'fdmUnreachable']
const MINUTE_MS = 60_000
const LOOK_MS = 10_000

/** After the return: connected and, where the cluster has HA, a good agent. A broken agent is set up anew once. */
export async function waitHostServing(
  deps: Deps,
  at: AtHost,
  input: Parameters<HostActivities['waitHostServing']>[0],
): Promise<{ ha_state: string | null }> {
  const cluster = at.host.cluster_id ? await getCluster(deps.db, at.host.cluster_id) : null
  const options = hostLimits(at, `the HA agent of ${at.host.name}`, input.limit_minutes)
  return pollUntil<{ ha_state: string | null }, { repaired: true }>(options, async (looking) => {
    const facts = await seeHost(deps, at)
    if (facts.connection_state !== 'connected') return { waiting: `${at.host.name} is ${facts.connection_state}.` }
    if (cluster?.ha_enabled === false || !cluster) return { done: { ha_state: facts.ha_state } }
    if (GOOD_HA.includes(facts.ha_state ?? '')) return { done: { ha_state: facts.ha_state } }
    if (BROKEN_HA.includes(facts.ha_state ?? '') && !looking.kept) {
      requireAttended('HA is set up anew')
      await reconfigureHa(at.session, at.moid)
      looking.kept = { repaired: true }
    }
    return { waiting: `The HA agent is ${facts.ha_state ?? 'unknown'}.` }
  })
}

interface Quiet {
  began_ms: number
  vms: number
  since_ms: number
}

/**
 * Waits until the number of VMs on the host has not changed for a minute, at most as long as allowed (DRS may well leave a
 * host empty), and until vSAN has nothing to resync. A resync that does not end in time fails the step.
 */
export async function settleCluster(
  deps: Deps,
  at: AtHost,
  input: Parameters<HostActivities['settleCluster']>[0],
): Promise<{ vms_now: number; resync_bytes: number | null; settled: boolean }> {
  const cluster = at.host.cluster_id ? await getCluster(deps.db, at.host.cluster_id) : null
  const quiet: Quiet = remembered<Quiet>() ?? { began_ms: Date.now(), vms: -1, since_ms: Date.now() }
  const rebalance_ms = scaledPause(input.rebalance_wait_minutes * MINUTE_MS, at.scale)
  const resync_ms = scaledLimit(input.resync_wait_minutes * MINUTE_MS, at.scale)
  for (;;) {
    const facts = await seeHost(deps, at)
    const vms = (await poweredOnVms(at, facts))?.length ?? quiet.vms
    if (vms !== quiet.vms) Object.assign(quiet, { vms, since_ms: Date.now() })
    const resync_bytes = cluster?.vsan_enabled ? ((await readVsanResync(at.session, cluster.moid))?.bytes ?? null) : 0
    const calm = Date.now() - quiet.since_ms >= scaledPause(MINUTE_MS, at.scale)
    const waited = Date.now() - quiet.began_ms
    if (resync_bytes === 0 && (calm || waited >= rebalance_ms)) return { vms_now: vms, resync_bytes, settled: calm }
    if (resync_bytes !== 0 && waited >= resync_ms) {
      throw new StepFailed('VsanResync', `vSAN still has ${resync_bytes ?? 'an unknown number of'} bytes to resync.`)
    }
    remember(quiet)
    await pauseFor(LOOK_MS, at.scale)
  }
}
