import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimVm } from '../model-vsphere.js'
import { failoverHolds } from './capacity.js'
import { drsObstacle, isPlacementTarget, type MoveObstacle, runningVms, usedMemoryMb } from './placement.js'
import { maintenanceRecommendation } from './recommendations.js'
import { array, data, reference, text, type VimData } from './values.js'
import { localizedFault } from './vim-faults.js'

/**
 * ClusterEnterMaintenanceMode: which of these hosts could be emptied at the same time, and what keeps the VMs of the
 * others. It only answers, it enters nothing.
 */
export function whatIfMaintenance(core: LabCore, cluster: SimCluster, hosts: SimHost[]): VimData {
  const leaving = new Set(
    [...hosts, ...core.find.hostsOf(cluster).filter((host) => host.entering_maintenance !== null)].map(
      (host) => host.name,
    ),
  )
  const admitted = failoverHolds(core, cluster, leaving) && fits(core, cluster, leaving)
  const blocked = hosts.map((host) => ({ host, obstacles: obstaclesOf(core, host, leaving, admitted) }))
  const faults = blocked.flatMap(({ obstacles }) => obstacles)
  return data('ClusterEnterMaintenanceResult', {
    recommendations: array(
      'ClusterRecommendation',
      blocked
        .filter(({ host, obstacles }) => obstacles.length === 0 && host.connection === 'connected')
        .map(({ host }) => maintenanceRecommendation(core, host)),
    ),
    fault: faults.length === 0 ? undefined : drsFaults(faults),
  })
}

interface VmObstacle {
  vm: SimVm
  obstacle: MoveObstacle
}

function obstaclesOf(core: LabCore, host: SimHost, leaving: ReadonlySet<string>, admitted: boolean): VmObstacle[] {
  return runningVms(core, host).flatMap((vm) => {
    const obstacle = admitted ? drsObstacle(core, vm, leaving) : NO_ROOM
    return obstacle ? [{ vm, obstacle }] : []
  })
}

const NO_ROOM: MoveObstacle = {
  fault: 'InsufficientFailoverResourcesFault',
  message: 'Insufficient resources to satisfy the configured failover level for vSphere HA.',
}

/** Memory in use of the VMs that would have to move fits into what the staying hosts have free. */
function fits(core: LabCore, cluster: SimCluster, leaving: ReadonlySet<string>): boolean {
  const hosts = core.find.hostsOf(cluster)
  const moving = hosts.filter((host) => leaving.has(host.name)).reduce((sum, host) => sum + usedMemoryMb(core, host), 0)
  const free = hosts
    .filter((host) => isPlacementTarget(host) && !leaving.has(host.name))
    .reduce((sum, host) => sum + host.memory_bytes / 1_048_576 - usedMemoryMb(core, host), 0)
  return moving <= free
}

function drsFaults(faults: VmObstacle[]): VimData {
  return data('ClusterDrsFaults', {
    reason: text('hostMaint'),
    faultsByVm: array(
      'ClusterDrsFaultsFaultsByVm',
      faults.map(({ vm, obstacle }) =>
        data('ClusterDrsFaultsFaultsByVm', {
          vm: reference('VirtualMachine', vm.moid),
          fault: array('LocalizedMethodFault', [
            data('LocalizedMethodFault', localizedFault({ type: obstacle.fault, message: obstacle.message })),
          ]),
        }),
      ),
    ),
  })
}
