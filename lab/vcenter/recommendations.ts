import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimVm } from '../model-vsphere.js'
import { drsModeOf, drsObstacle, runningVms, targetsFor } from './placement.js'
import { array, data, dateTime, derived, int, long, reference, text, type VimData } from './values.js'

/** A move that DRS proposes. */
export interface Proposal {
  key: string
  vm: SimVm
  from: SimHost
  to: SimHost
}

const numberOf = (moid: string): number => Number(moid.replace(/^\D+/, ''))

/** Moves that wait for a person: VMs of hosts that enter maintenance while DRS may not act by itself. */
export function waitingProposals(core: LabCore, cluster: SimCluster): Proposal[] {
  const entering = core.find.hostsOf(cluster).filter((host) => host.entering_maintenance !== null)
  const leaving = new Set(entering.map((host) => host.name))
  return entering.flatMap((host) =>
    runningVms(core, host)
      .filter((vm) => ['manual', 'partiallyAutomated'].includes(drsModeOf(cluster, vm)))
      .flatMap((vm) => proposal(core, host, vm, leaving) ?? []),
  )
}

/** Where DRS would put a VM of a host that is to be emptied; undefined where something keeps it. */
export function proposal(core: LabCore, from: SimHost, vm: SimVm, leaving: ReadonlySet<string>): Proposal | undefined {
  if (drsObstacle(core, vm, leaving)) return undefined
  const to = targetsFor(core, vm, leaving)[0]
  return to ? { key: String(numberOf(vm.moid)), vm, from, to } : undefined
}

/** ClusterRecommendation with one migration. */
export function moveRecommendation(core: LabCore, move: Proposal): VimData {
  const now = dateTime(core.clock.now())
  return data('ClusterRecommendation', {
    key: text(move.key),
    type: text('V1'),
    time: now,
    rating: int(1),
    reason: text('hostMaint'),
    reasonText: text('Host is entering maintenance mode'),
    warningText: undefined,
    warningDetails: undefined,
    prerequisite: undefined,
    action: array('ClusterAction', [
      derived('ClusterMigrationAction', {
        type: text('MigrationV1'),
        target: reference('VirtualMachine', move.vm.moid),
        drsMigration: data('ClusterDrsMigration', {
          key: text(move.key),
          time: now,
          vm: reference('VirtualMachine', move.vm.moid),
          cpuLoad: int(move.vm.cpu_demand_mhz),
          memoryLoad: long(move.vm.memory_used_mb * 1_048_576),
          source: reference('HostSystem', move.from.moid),
          sourceCpuLoad: undefined,
          sourceMemoryLoad: undefined,
          destination: reference('HostSystem', move.to.moid),
          destinationCpuLoad: undefined,
          destinationMemoryLoad: undefined,
        }),
      }),
    ]),
    target: reference('HostSystem', move.from.moid),
  })
}

/** ClusterRecommendation that a host may enter maintenance mode, as ClusterEnterMaintenanceMode answers it. */
export function maintenanceRecommendation(core: LabCore, host: SimHost): VimData {
  return data('ClusterRecommendation', {
    key: text(String(numberOf(host.moid))),
    type: text('V1'),
    time: dateTime(core.clock.now()),
    rating: int(5),
    reason: text('hostMaint'),
    reasonText: text('Host is entering maintenance mode'),
    warningText: undefined,
    warningDetails: undefined,
    prerequisite: undefined,
    action: array('ClusterAction', [
      derived('ClusterHostInfraUpdateHaModeAction', {
        type: text('HostInfraUpdateHaV1'),
        target: reference('HostSystem', host.moid),
        operationType: text('enterMaintenance'),
      }),
    ]),
    target: reference('HostSystem', host.moid),
  })
}
