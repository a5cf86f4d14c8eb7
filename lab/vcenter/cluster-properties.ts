import type { LabCore } from '../core.js'
import type { SimCluster } from '../model-vsphere.js'
import { clusterFigures, currentFailoverLevel, isEffective } from './capacity.js'
import { clusterConfiguration } from './cluster-configuration.js'
import * as ids from './object-ids.js'
import type { PropertyTable } from './property-path.js'
import { moveRecommendation, waitingProposals } from './recommendations.js'
import { recentTasksOf } from './task-list.js'
import {
  array,
  bool,
  data,
  derived,
  int,
  long,
  named,
  reference,
  references,
  short,
  text,
  type VimData,
} from './values.js'

/** Properties of a ClusterComputeResource. */
export function clusterProperties(core: LabCore, cluster: SimCluster): PropertyTable {
  const hosts = () => core.find.hostsOf(cluster)
  return {
    name: () => text(cluster.name),
    parent: () => reference('Folder', ids.HOST_FOLDER),
    host: () =>
      references(
        'HostSystem',
        hosts().map((host) => host.moid),
      ),
    datastore: () =>
      references(
        'Datastore',
        [...new Set(hosts().flatMap((host) => host.datastores))].map(
          (name) => core.find.datastore(cluster.vcenter, name).moid,
        ),
      ),
    network: () => references('Network', [ids.VM_NETWORK]),
    resourcePool: () => reference('ResourcePool', cluster.resource_pool_moid),
    overallStatus: () => named('ManagedEntityStatus', clusterStatus(core, cluster)),
    configStatus: () => named('ManagedEntityStatus', 'green'),
    configIssue: () => array('Event', []),
    lifecycleManaged: () => bool(cluster.image_managed),
    configurationEx: () => clusterConfiguration(core, cluster),
    configuration: () => undefined,
    summary: () => clusterSummary(core, cluster),
    summaryEx: () => clusterSummary(core, cluster),
    recommendation: () =>
      array(
        'ClusterRecommendation',
        waitingProposals(core, cluster).map((move) => moveRecommendation(core, move)),
      ),
    drsRecommendation: () => undefined,
    drsFault: () => array('ClusterDrsFaults', []),
    migrationHistory: () => undefined,
    actionHistory: () => undefined,
    hciConfig: () => undefined,
    recentTask: () => references('Task', recentTasksOf(core, core.find.vcenter(cluster.vcenter), cluster.moid)),
    triggeredAlarmState: () => array('AlarmState', []),
    declaredAlarmState: () => array('AlarmState', []),
    alarmActionsEnabled: () => bool(true),
    disabledMethod: () => array('String', []),
    environmentBrowser: () => undefined,
    tag: () => array('Tag', []),
    customValue: () => undefined,
    availableField: () => undefined,
    value: () => undefined,
    permission: () => undefined,
    effectiveRole: () => array('Int', [int(-1)]),
  }
}

function clusterStatus(core: LabCore, cluster: SimCluster): string {
  return core.find.hostsOf(cluster).some((host) => host.connection === 'notResponding') ? 'yellow' : 'green'
}

function clusterSummary(core: LabCore, cluster: SimCluster): VimData {
  const figures = clusterFigures(core, cluster)
  const hosts = core.find.hostsOf(cluster)
  const cores = hosts.reduce((sum, host) => sum + host.cpu.sockets * host.cpu.cores, 0)
  return data('ClusterComputeResourceSummary', {
    totalCpu: int(figures.totalCpuMhz),
    // Two units in one summary: total memory is bytes, effective memory is MB.
    totalMemory: long(figures.totalMemoryBytes),
    numCpuCores: short(cores),
    numCpuThreads: short(cores * 2),
    effectiveCpu: int(figures.effectiveCpuMhz),
    effectiveMemory: long(figures.effectiveMemoryMb),
    numHosts: int(figures.hosts),
    numEffectiveHosts: int(figures.effectiveHosts),
    overallStatus: named('ManagedEntityStatus', clusterStatus(core, cluster)),
    currentFailoverLevel: int(cluster.ha.enabled ? currentFailoverLevel(core, cluster) : -1),
    admissionControlInfo: admissionControlInfo(core, cluster),
    numVmotions: int(core.agenda.pending('vcenter.migration').length),
    targetBalance: undefined,
    currentBalance: undefined,
    drsScore: int(90),
    numVmsPerDrsScoreBucket: undefined,
    usageSummary: data('ClusterUsageSummary', {
      totalCpuCapacityMhz: int(figures.effectiveCpuMhz),
      totalMemCapacityMB: int(figures.effectiveMemoryMb),
      cpuReservationMhz: int(figures.reservedCpuMhz),
      memReservationMB: int(figures.reservedMemoryMb),
      poweredOffCpuReservationMhz: int(0),
      poweredOffMemReservationMB: int(0),
      cpuDemandMhz: int(figures.demandCpuMhz),
      memDemandMB: int(figures.demandMemoryMb),
      statsGenNumber: long(core.clock.now() / 20_000),
      cpuEntitledMhz: int(figures.demandCpuMhz),
      memEntitledMB: int(figures.demandMemoryMb),
      poweredOffVmCount: int(figures.vms - runningCount(core, cluster)),
      totalVmCount: int(figures.vms),
    }),
    currentEVCModeKey: cluster.evc_mode ? text(cluster.evc_mode) : undefined,
    currentEVCGraphicsModeKey: undefined,
    dasData: undefined,
    clusterMaintenanceModeStatus: text('notInMaintenanceMode'),
    vcsHealthStatus: named('ClusterComputeResourceVcsHealthStatus', 'healthy'),
    vcsSlots: undefined,
  })
}

function runningCount(core: LabCore, cluster: SimCluster): number {
  return core.find
    .hostsOf(cluster)
    .flatMap((host) => core.find.vmsOn(host))
    .filter((vm) => vm.power === 'poweredOn').length
}

function admissionControlInfo(core: LabCore, cluster: SimCluster): VimData | undefined {
  const { enabled, admission_control: control } = cluster.ha
  if (!enabled || !control.enabled) return undefined
  if (control.policy === 'ClusterFailoverResources') {
    const figures = clusterFigures(core, cluster)
    const free = (reserved: number, capacity: number) =>
      capacity > 0 ? Math.round((1 - reserved / capacity) * 100) : 0
    return derived('ClusterFailoverResourcesAdmissionControlInfo', {
      currentCpuFailoverResourcesPercent: int(free(figures.reservedCpuMhz, figures.effectiveCpuMhz)),
      currentMemoryFailoverResourcesPercent: int(free(figures.reservedMemoryMb, figures.effectiveMemoryMb)),
      currentPMemFailoverResourcesPercent: undefined,
    })
  }
  if (control.policy === 'ClusterFailoverHost') {
    return derived('ClusterFailoverHostAdmissionControlInfo', { hostStatus: array('HostStatus', []) })
  }
  const effective = core.find.hostsOf(cluster).filter(isEffective).length
  return derived('ClusterFailoverLevelAdmissionControlInfo', {
    currentFailoverLevel: int(Math.min(currentFailoverLevel(core, cluster), effective)),
  })
}
