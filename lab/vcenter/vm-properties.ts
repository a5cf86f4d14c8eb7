import type { LabCore } from '../core.js'
import type { SimHost, SimVm } from '../model-vsphere.js'
import * as ids from './object-ids.js'
import type { PropertyTable } from './property-path.js'
import { recentTasksOf } from './task-list.js'
import { array, bool, data, dateTime, int, long, named, reference, references, text, type VimData } from './values.js'
import { vmDevices } from './vm-devices.js'

/** Properties of a VirtualMachine. */
export function vmProperties(core: LabCore, vm: SimVm): PropertyTable {
  const host = () => core.find.host(vm.host)
  return {
    name: () => text(vm.name),
    parent: () => reference('Folder', ids.VM_FOLDER),
    runtime: () => vmRuntime(core, vm, host()),
    config: () => vmConfig(core, vm),
    summary: () => vmSummary(core, vm, host()),
    guest: () => guestInfo(vm),
    datastore: () => references('Datastore', [core.find.datastore(vm.vcenter, vm.datastore).moid]),
    network: () => references('Network', [ids.VM_NETWORK]),
    resourcePool: () =>
      vm.template ? undefined : reference('ResourcePool', core.find.cluster(vm.vcenter, vm.cluster).resource_pool_moid),
    overallStatus: () => named('ManagedEntityStatus', 'green'),
    guestHeartbeatStatus: () => named('ManagedEntityStatus', vm.power === 'poweredOn' ? 'green' : 'gray'),
    recentTask: () => references('Task', recentTasksOf(core, core.find.vcenter(vm.vcenter), vm.moid)),
    triggeredAlarmState: () => array('AlarmState', []),
    disabledMethod: () => array('String', []),
    snapshot: () => undefined,
    rootSnapshot: () => undefined,
    layoutEx: () => undefined,
    storage: () => undefined,
    capability: () => undefined,
    environmentBrowser: () => undefined,
    resourceConfig: () => undefined,
    parentVApp: () => undefined,
    configIssue: () => array('Event', []),
    configStatus: () => named('ManagedEntityStatus', 'green'),
    alarmActionsEnabled: () => bool(true),
    tag: () => array('Tag', []),
    customValue: () => undefined,
    availableField: () => undefined,
    value: () => undefined,
    permission: () => undefined,
    effectiveRole: () => array('Int', [int(-1)]),
  }
}

/** A VM on a host that does not answer is `disconnected` for vCenter. */
function vmConnection(host: SimHost): string {
  return host.connection === 'connected' ? 'connected' : 'disconnected'
}

function vmRuntime(core: LabCore, vm: SimVm, host: SimHost): VimData {
  return data('VirtualMachineRuntimeInfo', {
    device: undefined,
    host: reference('HostSystem', host.moid),
    connectionState: named('VirtualMachineConnectionState', vmConnection(host)),
    powerState: named('VirtualMachinePowerState', vm.power),
    vmFailoverInProgress: bool(false),
    faultToleranceState: named('VirtualMachineFaultToleranceState', 'notConfigured'),
    dasVmProtection: core.find.clusterOf(host).ha.enabled
      ? data('VirtualMachineRuntimeInfoDasProtectionState', { dasProtected: bool(vm.power === 'poweredOn') })
      : undefined,
    toolsInstallerMounted: bool(false),
    suspendTime: undefined,
    bootTime: undefined,
    suspendInterval: undefined,
    question: question(vm),
    memoryOverhead: undefined,
    maxCpuUsage: int(vm.cpus * host.cpu.mhz),
    maxMemoryUsage: int(vm.memory_mb),
    numMksConnections: int(0),
    recordReplayState: undefined,
    cleanPowerOff: undefined,
    needSecondaryReason: undefined,
    onlineStandby: bool(false),
    minRequiredEVCModeKey: undefined,
    consolidationNeeded: bool(false),
    offlineFeatureRequirement: undefined,
    featureRequirement: undefined,
    featureMask: undefined,
    vFlashCacheAllocation: undefined,
    paused: bool(false),
    snapshotInBackground: bool(false),
    quiescedForkParent: undefined,
    instantCloneFrozen: bool(false),
    cryptoState: undefined,
    suspendedToMemory: undefined,
    opNotificationTimeout: undefined,
    iommuActive: undefined,
  })
}

function question(vm: SimVm): VimData | undefined {
  if (!vm.question) return undefined
  return data('VirtualMachineQuestionInfo', {
    id: text(vm.question.id),
    text: text(vm.question.text),
    choice: data('ChoiceOption', {
      valueIsReadonly: undefined,
      choiceInfo: array(
        'ElementDescription',
        vm.question.choices.map((choice) =>
          data('ElementDescription', { label: text(choice.label), summary: text(choice.label), key: text(choice.key) }),
        ),
      ),
      defaultIndex: int(0),
    }),
    message: undefined,
  })
}

function vmConfig(core: LabCore, vm: SimVm): VimData {
  return data('VirtualMachineConfigInfo', {
    changeVersion: text(new Date(0).toISOString()),
    modified: dateTime(0),
    name: text(vm.name),
    guestFullName: text(vm.guest_os),
    version: text('vmx-19'),
    uuid: text(vm.uuid),
    createDate: undefined,
    instanceUuid: text(vm.uuid),
    template: bool(vm.template),
    guestId: text('otherLinux64Guest'),
    annotation: text(''),
    files: undefined,
    hardware: data('VirtualHardware', {
      numCPU: int(vm.cpus),
      numCoresPerSocket: int(1),
      memoryMB: int(vm.memory_mb),
      device: array('VirtualDevice', vmDevices(core, vm)),
    }),
    managedBy: undefined,
    cpuAllocation: undefined,
    memoryAllocation: data('ResourceAllocationInfo', {
      reservation: long(vm.memory_reservation_mb),
      expandableReservation: bool(false),
      limit: long(-1),
    }),
    extraConfig: array('OptionValue', []),
    datastoreUrl: array('VirtualMachineConfigInfoDatastoreUrlPair', [
      data('VirtualMachineConfigInfoDatastoreUrlPair', {
        name: text(vm.datastore),
        url: text(`/vmfs/volumes/${core.find.datastore(vm.vcenter, vm.datastore).uuid}`),
      }),
    ]),
  })
}

function vmSummary(core: LabCore, vm: SimVm, host: SimHost): VimData {
  const on = vm.power === 'poweredOn'
  return data('VirtualMachineSummary', {
    vm: reference('VirtualMachine', vm.moid),
    runtime: vmRuntime(core, vm, host),
    guest: undefined,
    config: data('VirtualMachineConfigSummary', {
      name: text(vm.name),
      template: bool(vm.template),
      vmPathName: text(`[${vm.datastore}] ${vm.name}/${vm.name}.vmx`),
      memorySizeMB: int(vm.memory_mb),
      cpuReservation: int(vm.cpu_reservation_mhz),
      memoryReservation: int(vm.memory_reservation_mb),
      numCpu: int(vm.cpus),
      uuid: text(vm.uuid),
      instanceUuid: text(vm.uuid),
      guestFullName: text(vm.guest_os),
    }),
    storage: undefined,
    quickStats: data('VirtualMachineQuickStats', {
      overallCpuUsage: int(on ? vm.cpu_demand_mhz : 0),
      overallCpuDemand: int(on ? vm.cpu_demand_mhz : 0),
      guestMemoryUsage: int(on ? vm.memory_used_mb : 0),
      hostMemoryUsage: int(on ? vm.memory_used_mb : 0),
      guestHeartbeatStatus: named('ManagedEntityStatus', on ? 'green' : 'gray'),
      uptimeSeconds: undefined,
    }),
    overallStatus: named('ManagedEntityStatus', 'green'),
  })
}

function guestInfo(vm: SimVm): VimData {
  const on = vm.power === 'poweredOn'
  return data('GuestInfo', {
    toolsStatus: named('VirtualMachineToolsStatus', on ? 'toolsOk' : 'toolsNotRunning'),
    toolsRunningStatus: text(on ? 'guestToolsRunning' : 'guestToolsNotRunning'),
    guestFullName: text(vm.guest_os),
    hostName: on ? text(vm.name) : undefined,
    ipAddress: on && vm.ip_address ? text(vm.ip_address) : undefined,
    guestState: text(on ? 'running' : 'notRunning'),
    net: undefined,
    disk: undefined,
  })
}
