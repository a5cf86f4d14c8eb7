import type { LabCore } from '../core.js'
import { lockdownMode } from '../esxi/lockdown.js'
import type { SimHost } from '../model-vsphere.js'
import { hardwareSummary, hostHardware } from './host-hardware.js'
import {
  hostNetwork,
  hostOverallStatus,
  hostRuntime,
  hostServices,
  nicManagerInfo,
  triggeredAlarms,
} from './host-runtime.js'
import * as ids from './object-ids.js'
import { hostProduct } from './product-names.js'
import type { PropertyTable } from './property-path.js'
import { recentTasksOf } from './task-list.js'
import { array, bool, data, dateTime, int, named, reference, references, text, type VimData } from './values.js'

/** Properties of a HostSystem. Of a host that does not answer, vCenter serves what it had, but no `config`. */
export function hostProperties(core: LabCore, host: SimHost): PropertyTable {
  const server = () => core.find.serverOf(host)
  const vcenter = () => core.find.vcenter(host.vcenter)
  return {
    name: () => text(host.name),
    parent: () => reference('ClusterComputeResource', core.find.clusterOf(host).moid),
    overallStatus: () => named('ManagedEntityStatus', hostOverallStatus(host)),
    configStatus: () => named('ManagedEntityStatus', 'green'),
    configIssue: () => array('Event', host.ssh.enabled ? [sshEnabledIssue(core, host)] : []),
    summary: () => hostSummary(core, host),
    runtime: () => hostRuntime(core, host),
    hardware: () => hostHardware(host, server()),
    config: () => (host.connection === 'connected' ? hostConfig(core, host) : undefined),
    configManager: () => hostConfigManager(host),
    capability: () => hostCapability(host),
    vm: () =>
      references(
        'VirtualMachine',
        core.find.vmsOn(host).map((vm) => vm.moid),
      ),
    datastore: () =>
      references(
        'Datastore',
        host.datastores.map((name) => core.find.datastore(host.vcenter, name).moid),
      ),
    network: () => references('Network', [ids.VM_NETWORK]),
    recentTask: () => references('Task', recentTasksOf(core, vcenter(), host.moid)),
    triggeredAlarmState: () => array('AlarmState', triggeredAlarms(host)),
    declaredAlarmState: () => array('AlarmState', []),
    alarmActionsEnabled: () => bool(true),
    disabledMethod: () =>
      array(
        'String',
        (host.in_maintenance ? ['EnterMaintenanceMode_Task'] : ['ExitMaintenanceMode_Task']).map((name) => text(name)),
      ),
    effectiveRole: () => array('Int', [int(-1)]),
    permission: () => undefined,
    tag: () => array('Tag', []),
    customValue: () => undefined,
    availableField: () => undefined,
    value: () => undefined,
    datastoreBrowser: () => undefined,
    systemResources: () => undefined,
    licensableResource: () => undefined,
    remediationState: () => undefined,
    precheckRemediationResult: () => undefined,
    remediationResult: () => undefined,
    complianceCheckState: () => undefined,
    complianceCheckResult: () => undefined,
    answerFileValidationState: () => undefined,
  }
}

/** A running SSH service raises a warning of its own; it must not count as a fault of the host. */
function sshEnabledIssue(core: LabCore, host: SimHost): VimData {
  return data('RemoteTSMEnabledEvent', {
    key: int(Number(ids.hostNumber(host))),
    chainId: int(Number(ids.hostNumber(host))),
    createdTime: dateTime(core.clock.now()),
    userName: text(''),
    fullFormattedMessage: text(`SSH for the host ${host.name} has been enabled`),
  })
}

function hostSummary(core: LabCore, host: SimHost): VimData {
  const running = core.find.vmsOn(host).filter((vm) => vm.power === 'poweredOn')
  const vcenter = core.find.vcenter(host.vcenter)
  const cluster = core.find.clusterOf(host)
  return data('HostListSummary', {
    host: reference('HostSystem', host.moid),
    hardware: hardwareSummary(host, core.find.serverOf(host)),
    runtime: hostRuntime(core, host),
    config: data('HostConfigSummary', {
      name: text(host.name),
      port: int(443),
      sslThumbprint: undefined,
      product: hostProduct(host.seen_by_vcenter),
      vmotionEnabled: bool(true),
      faultToleranceEnabled: bool(false),
      featureVersion: undefined,
      agentVmDatastore: undefined,
      agentVmNetwork: undefined,
    }),
    quickStats: data('HostListSummaryQuickStats', {
      overallCpuUsage: int(running.reduce((sum, vm) => sum + vm.cpu_demand_mhz, 0)),
      overallMemoryUsage: int(running.reduce((sum, vm) => sum + vm.memory_used_mb, 2048)),
      distributedCpuFairness: undefined,
      distributedMemoryFairness: undefined,
      availablePMemCapacity: undefined,
      uptime: int(Math.max(0, (core.clock.now() - host.boot_time) / 1000)),
    }),
    overallStatus: named('ManagedEntityStatus', hostOverallStatus(host)),
    rebootRequired: bool(host.pending_image !== null),
    customValue: undefined,
    managementServerIp: text(vcenter.address),
    maxEVCModeKey: cluster.evc_mode ? text(cluster.evc_mode) : undefined,
    currentEVCModeKey: cluster.evc_mode ? text(cluster.evc_mode) : undefined,
    currentEVCGraphicsModeKey: undefined,
    gateway: undefined,
    tpmAttestation: host.tpm.present
      ? data('HostTpmAttestationInfo', {
          time: dateTime(host.boot_time),
          status: named('HostTpmAttestationInfoAcceptanceStatus', 'accepted'),
          message: undefined,
        })
      : undefined,
    trustAuthorityAttestationInfos: undefined,
  })
}

function hostConfig(core: LabCore, host: SimHost): VimData {
  return data('HostConfigInfo', {
    host: reference('HostSystem', host.moid),
    product: hostProduct(host.seen_by_vcenter),
    deploymentInfo: undefined,
    hyperThread: undefined,
    storageDevice: undefined,
    fileSystemVolume: undefined,
    network: hostNetwork(host),
    vmotion: data('HostVMotionInfo', { netConfig: undefined, ipConfig: undefined }),
    virtualNicManagerInfo: nicManagerInfo(host),
    capabilities: undefined,
    datastoreCapabilities: undefined,
    service: data('HostServiceInfo', { service: array('HostService', hostServices(host)) }),
    firewall: undefined,
    autoStart: undefined,
    activeDiagnosticPartition: undefined,
    option: undefined,
    optionDef: undefined,
    dateTimeInfo: data('HostDateTimeInfo', {
      timeZone: data('HostDateTimeSystemTimeZone', {
        key: text('UTC'),
        name: text('UTC'),
        description: text('UTC'),
        gmtOffset: int(0),
      }),
      systemClockProtocol: text('ntp'),
      ntpConfig: data('HostNtpConfig', { server: array('String', [text(core.find.vcenter(host.vcenter).address)]) }),
    }),
    adminDisabled: bool(lockdownMode(core, host) !== 'lockdownDisabled'),
    lockdownMode: named('HostLockdownMode', lockdownMode(core, host)),
    certificate: undefined,
    vsanHostConfig: vsanHostConfig(core, host),
    powerSystemInfo: undefined,
    multipathState: undefined,
  })
}

/** The id by which vSAN knows a host, for its what-if; unset outside a vSAN cluster. */
function vsanHostConfig(core: LabCore, host: SimHost): VimData | undefined {
  const cluster = core.find.clusterOf(host)
  if (!cluster.vsan.enabled) return undefined
  return data('VsanHostConfigInfo', {
    enabled: bool(true),
    hostSystem: reference('HostSystem', host.moid),
    clusterInfo: data('VsanHostConfigInfoClusterInfo', {
      uuid: undefined,
      nodeUuid: text(core.find.serverOf(host).uuid.toLowerCase()),
    }),
  })
}

function hostConfigManager(host: SimHost): VimData {
  return data('HostConfigManager', {
    cpuScheduler: undefined,
    datastoreSystem: undefined,
    memoryManager: undefined,
    storageSystem: reference('HostStorageSystem', ids.storageSystemId(host)),
    networkSystem: reference('HostNetworkSystem', ids.networkSystemId(host)),
    vmotionSystem: undefined,
    virtualNicManager: undefined,
    serviceSystem: reference('HostServiceSystem', ids.serviceSystemId(host)),
    firewallSystem: undefined,
    advancedOption: reference('OptionManager', ids.advancedOptionId(host)),
    diagnosticSystem: undefined,
    autoStartManager: undefined,
    dateTimeSystem: reference('HostDateTimeSystem', ids.dateTimeSystemId(host)),
    firmwareSystem: undefined,
    imageConfigManager: reference('HostImageConfigManager', ids.imageConfigId(host)),
    hostAccessManager: reference('HostAccessManager', ids.hostAccessId(host)),
    vsanSystem: undefined,
  })
}

function hostCapability(host: SimHost): VimData {
  const connected = host.connection === 'connected'
  return data('HostCapability', {
    recursiveResourcePoolsSupported: bool(true),
    rebootSupported: bool(connected),
    shutdownSupported: bool(connected),
    vmotionSupported: bool(true),
    standbySupported: bool(false),
    ipmiSupported: bool(true),
    maintenanceModeSupported: bool(true),
    quickBootSupported: bool(false),
    storageVMotionSupported: bool(true),
    vsanSupported: bool(true),
    tpmSupported: bool(host.tpm.present),
    tpmVersion: host.tpm.present ? text('2.0') : undefined,
  })
}
