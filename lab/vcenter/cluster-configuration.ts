import type { LabCore } from '../core.js'
import type { SimCluster, SimRule } from '../model-vsphere.js'
import { vmsOf } from './capacity.js'
import { array, bool, data, derived, int, named, reference, references, text, type VimData } from './values.js'

/** `configurationEx` of a cluster. */
export function clusterConfiguration(core: LabCore, cluster: SimCluster): VimData {
  return derived('ClusterConfigInfoEx', {
    systemVMsConfig: undefined,
    dasConfig: dasConfig(core, cluster),
    dasVmConfig: array('ClusterDasVmConfigInfo', []),
    drsConfig: data('ClusterDrsConfigInfo', {
      enabled: bool(cluster.drs.enabled),
      enableVmBehaviorOverrides: bool(cluster.drs.overrides_enabled),
      defaultVmBehavior: named('DrsBehavior', cluster.drs.mode),
      vmotionRate: int(cluster.drs.vmotion_rate),
      scaleDescendantsShares: undefined,
      option: array('OptionValue', []),
    }),
    drsVmConfig: array('ClusterDrsVmConfigInfo', overrides(core, cluster)),
    rule: array(
      'ClusterRuleInfo',
      cluster.rules.map((rule) => ruleInfo(core, cluster, rule)),
    ),
    orchestration: undefined,
    vmOrchestration: undefined,
    dpmConfigInfo: data('ClusterDpmConfigInfo', {
      enabled: bool(cluster.dpm.enabled),
      defaultDpmBehavior: named('DpmBehavior', cluster.dpm.behavior),
      hostPowerActionRate: int(3),
      option: array('OptionValue', []),
    }),
    dpmHostConfig: array('ClusterDpmHostConfigInfo', []),
    vsanConfigInfo: data('VsanClusterConfigInfo', {
      enabled: bool(cluster.vsan.enabled),
      defaultConfig: undefined,
      vsanEsaEnabled: bool(false),
    }),
    vsanHostConfig: array('VsanHostConfigInfo', []),
    group: array('ClusterGroupInfo', groups(core, cluster)),
    infraUpdateHaConfig: data('ClusterInfraUpdateHaConfigInfo', {
      enabled: bool(false),
      behavior: undefined,
      moderateRemediation: undefined,
      severeRemediation: undefined,
      providers: undefined,
    }),
    proactiveDrsConfig: undefined,
    cryptoConfig: undefined,
  })
}

function dasConfig(core: LabCore, cluster: SimCluster): VimData {
  return data('ClusterDasConfigInfo', {
    enabled: bool(cluster.ha.enabled),
    vmMonitoring: text('vmMonitoringDisabled'),
    hostMonitoring: text(cluster.ha.host_monitoring ? 'enabled' : 'disabled'),
    vmComponentProtecting: text('disabled'),
    failoverLevel: int(cluster.ha.admission_control.failover_level),
    admissionControlPolicy: admissionPolicy(core, cluster),
    admissionControlEnabled: bool(cluster.ha.admission_control.enabled),
    defaultVmSettings: undefined,
    option: array('OptionValue', []),
    heartbeatDatastore: undefined,
    hBDatastoreCandidatePolicy: text('allFeasibleDsWithUserPreference'),
  })
}

function admissionPolicy(core: LabCore, cluster: SimCluster): VimData {
  const control = cluster.ha.admission_control
  if (control.policy === 'ClusterFailoverResources') {
    return derived('ClusterFailoverResourcesAdmissionControlPolicy', {
      resourceReductionToToleratePercent: undefined,
      cpuFailoverResourcesPercent: int(control.cpu_percent),
      memoryFailoverResourcesPercent: int(control.memory_percent),
      failoverLevel: int(control.failover_level),
      autoComputePercentages: bool(false),
    })
  }
  if (control.policy === 'ClusterFailoverHost') {
    const dedicated = core.find.hostsOf(cluster).slice(0, control.failover_level)
    return derived('ClusterFailoverHostAdmissionControlPolicy', {
      resourceReductionToToleratePercent: undefined,
      failoverHosts: references(
        'HostSystem',
        dedicated.map((host) => host.moid),
      ),
      failoverLevel: int(control.failover_level),
    })
  }
  return derived('ClusterFailoverLevelAdmissionControlPolicy', {
    resourceReductionToToleratePercent: undefined,
    failoverLevel: int(control.failover_level),
    slotPolicy: undefined,
  })
}

function overrides(core: LabCore, cluster: SimCluster): VimData[] {
  return vmsOf(core, cluster)
    .filter((vm) => vm.drs_override !== null)
    .map((vm) =>
      data('ClusterDrsVmConfigInfo', {
        key: reference('VirtualMachine', vm.moid),
        enabled: bool(vm.drs_override !== 'disabled'),
        behavior:
          vm.drs_override === 'disabled' || vm.drs_override === null
            ? undefined
            : named('DrsBehavior', vm.drs_override),
      }),
    )
}

function ruleInfo(core: LabCore, cluster: SimCluster, rule: SimRule): VimData {
  const common = {
    key: int(rule.key),
    status: named('ManagedEntityStatus', 'green'),
    enabled: bool(rule.enabled),
    name: text(rule.name),
    mandatory: bool(rule.mandatory),
    userCreated: bool(true),
    inCompliance: bool(true),
    ruleUuid: text(`00000000-0000-4000-8000-${String(rule.key).padStart(12, '0')}`),
  }
  if (rule.type === 'vm_host') {
    return derived('ClusterVmHostRuleInfo', {
      ...common,
      vmGroupName: text(`${rule.name} VMs`),
      affineHostGroupName: text(`${rule.name} hosts`),
      antiAffineHostGroupName: undefined,
    })
  }
  const type = rule.type === 'affinity' ? 'ClusterAffinityRuleSpec' : 'ClusterAntiAffinityRuleSpec'
  const members = vmsOf(core, cluster).filter((vm) => rule.vms.includes(vm.name))
  return derived(type, {
    ...common,
    vm: references(
      'VirtualMachine',
      members.map((vm) => vm.moid),
    ),
  })
}

/** A VM/Host rule names two groups, which therefore must be there. */
function groups(core: LabCore, cluster: SimCluster): VimData[] {
  return cluster.rules
    .filter((rule) => rule.type === 'vm_host')
    .flatMap((rule) => [
      derived('ClusterVmGroup', {
        name: text(`${rule.name} VMs`),
        userCreated: bool(true),
        uniqueID: undefined,
        vm: references(
          'VirtualMachine',
          vmsOf(core, cluster)
            .filter((vm) => rule.vms.includes(vm.name))
            .map((vm) => vm.moid),
        ),
      }),
      derived('ClusterHostGroup', {
        name: text(`${rule.name} hosts`),
        userCreated: bool(true),
        uniqueID: undefined,
        host: references(
          'HostSystem',
          core.find
            .hostsOf(cluster)
            .filter((host) => rule.hosts.includes(host.name))
            .map((host) => host.moid),
        ),
      }),
    ])
}
