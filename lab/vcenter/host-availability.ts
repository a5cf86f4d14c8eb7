import type { LabCore } from '../core.js'
import type { SimCluster, SimHost } from '../model-vsphere.js'
import { isMoving, moveSlots, movesOf, startMove } from './migration.js'
import { drsModeOf, drsObstacle, isPlacementTarget } from './placement.js'

/** The HA agent of a host that comes back is configured again within one to three minutes. */
const AGENT_MIN_MS = 60_000
const AGENT_MAX_MS = 150_000
/** DRS looks at a cluster every minute. */
const DRS_ROUND_MS = 60_000
/** …and moves so many VMs to a host in one round. */
const MOVES_PER_ROUND = 4

/** A host left maintenance mode: its HA agent starts, and DRS begins to bring VMs back. */
export function hostServesAgain(core: LabCore, host: SimHost): void {
  if (core.find.clusterOf(host).ha.enabled) startAgent(core, host)
  planRebalance(core, core.find.clusterOf(host))
}

/** Configures the HA agent of a host anew; the state is good after a while, or stays in error by its personality. */
export function startAgent(core: LabCore, host: SimHost, repaired = false): void {
  host.ha_state = 'uninitialized'
  core.agenda.cancelWhere('vcenter.agent_ready', (data) => data.host === host.name)
  const wait = core.dice.between(`ha agent ${host.name}`, AGENT_MIN_MS, AGENT_MAX_MS)
  core.agenda.after(wait, 'vcenter.agent_ready', { host: host.name, repaired })
}

/** The HA agent of a host stops; where it was the master, another agent takes over. */
export function stopAgent(core: LabCore, host: SimHost): void {
  const wasMaster = host.ha_state === 'master'
  host.ha_state = 'uninitialized'
  if (!wasMaster) return
  const heir = core.find.hostsOf(core.find.clusterOf(host)).find((one) => one.ha_state === 'connectedToMaster')
  if (heir) heir.ha_state = 'master'
}

function agentReady(core: LabCore, host: SimHost, repaired: boolean): void {
  if (host.connection !== 'connected' || host.in_maintenance || !core.find.clusterOf(host).ha.enabled) return
  if (core.flags(host.name).ha_agent_error && !repaired) {
    host.ha_state = 'initializationError'
    return
  }
  const others = core.find.hostsOf(core.find.clusterOf(host)).filter((one) => one.name !== host.name)
  host.ha_state = others.some((one) => one.ha_state === 'master') ? 'connectedToMaster' : 'master'
}

/** Asks DRS for another look at a cluster, unless one is due already. */
function planRebalance(core: LabCore, cluster: SimCluster): void {
  const due = core.agenda.pending('vcenter.rebalance')
  if (due.some((item) => item.data.cluster === cluster.name && item.data.vcenter === cluster.vcenter)) return
  core.agenda.after(DRS_ROUND_MS, 'vcenter.rebalance', { vcenter: cluster.vcenter, cluster: cluster.name })
}

/** One round of DRS: VMs that were moved away go home again, a few at a time. */
function rebalance(core: LabCore, cluster: SimCluster): void {
  if (!cluster.drs.enabled || cluster.drs.mode !== 'fullyAutomated') return
  const away = core.find
    .hostsOf(cluster)
    .flatMap((host) => core.find.vmsOn(host))
    .filter((vm) => vm.home !== null && vm.power === 'poweredOn')
  const started = new Map<string, number>()
  for (const vm of away) {
    const home = core.find.host(vm.home ?? vm.host)
    const count = started.get(home.name) ?? 0
    if (!isPlacementTarget(home) || isMoving(core, vm) || drsModeOf(cluster, vm) !== 'fullyAutomated') continue
    if (count >= MOVES_PER_ROUND || movesOf(core, home) >= moveSlots(home)) continue
    if (drsObstacle(core, vm, new Set())) continue
    startMove(core, vm, home, 'rebalance', 'vpxd')
    started.set(home.name, count + 1)
  }
  if (away.some((vm) => isPlacementTarget(core.find.host(vm.home ?? vm.host)))) planRebalance(core, cluster)
}

/** Registers what goes on by itself. */
export function registerAvailability(core: LabCore): void {
  core.agenda.on('vcenter.agent_ready', (data) =>
    agentReady(core, core.find.host(String(data.host)), data.repaired === true),
  )
  core.agenda.on('vcenter.rebalance', (data) =>
    rebalance(core, core.find.cluster(String(data.vcenter), String(data.cluster))),
  )
}
