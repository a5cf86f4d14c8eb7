import { readIdentifiers, serialNumberOf } from './hardware-identity.js'
import type {
  ConnectionState,
  HostFacts,
  HostPowerState,
  HostService,
  LockdownMode,
  NicLink,
  OverallStatus,
  TriggeredAlarm,
} from './host-facts.js'
import { listOf, type ObjectContent, property, refList, unreadablePaths } from './object-content.js'
import type { PropertySet } from './property-spec.js'
import { booleanAt, child, children, numberAt, refAt, type SoapNode, textAt } from './xml-node.js'

/** What is read of a host. Whole `config`, `hardware` or `summary` would be hundreds of kB per host. */
export const HOST_PROPERTIES: PropertySet = {
  type: 'HostSystem',
  paths: [
    'name',
    'parent',
    'overallStatus',
    'runtime.connectionState',
    'runtime.powerState',
    'runtime.inMaintenanceMode',
    'runtime.bootTime',
    'runtime.dasHostState',
    'summary.config.product',
    'summary.hardware',
    'summary.quickStats',
    'summary.rebootRequired',
    'hardware.systemInfo',
    'config.virtualNicManagerInfo.netConfig',
    'config.service.service',
    'config.network.pnic',
    'configManager.serviceSystem',
    'triggeredAlarmState',
    'recentTask',
    'vm',
    'datastore',
  ],
  optional_paths: [
    'config.lockdownMode',
    'config.vsanHostConfig.clusterInfo.nodeUuid',
    'capability.quickBootSupported',
    'runtime.inQuarantineMode',
    'runtime.cryptoState',
    'runtime.stateEncryption',
    'summary.tpmAttestation',
    'summary.config.sslThumbprint',
  ],
}

const BYTES_PER_MB = 1_048_576

const oneOf = <T extends string>(allowed: readonly T[], text: string | null): T | null =>
  allowed.find((each) => each === text) ?? null

/** Bytes to whole MB. */
export function toMegabytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.floor(bytes / BYTES_PER_MB)
}

/** Wire value of a health colour; `null` for anything unknown. */
export function readStatus(node: SoapNode | null): OverallStatus | null {
  return oneOf(['green', 'yellow', 'red', 'gray'], textAt(node))
}

/** Alarms from a list of `AlarmState`. */
export function readAlarms(list: readonly SoapNode[] | null): TriggeredAlarm[] | null {
  if (list === null) return null
  return list.map((each) => ({
    key: textAt(each, 'key') ?? '',
    alarm_moid: refAt(each, 'alarm')?.value ?? '',
    entity_moid: refAt(each, 'entity')?.value ?? '',
    status: readStatus(child(each, 'overallStatus')) ?? 'gray',
    time: textAt(each, 'time'),
    acknowledged: booleanAt(each, 'acknowledged'),
  }))
}

/** Address of the selected management interface: the candidate whose key is listed as selected. */
function readManagementIp(netConfig: SoapNode | null): string | null {
  const management = netConfig?.children.find((each) => textAt(each, 'nicType') === 'management')
  const selected = children(management, 'selectedVnic').map((each) => each.text.trim())
  const candidate = children(management, 'candidateVnic').find((each) => selected.includes(textAt(each, 'key') ?? ''))
  return textAt(candidate, 'spec', 'ip', 'ipAddress')
}

/** A port without link has no `linkSpeed`. */
function readNics(value: SoapNode | null): NicLink[] | null {
  if (value === null) return null
  return value.children.map((each) => ({
    device: textAt(each, 'device') ?? '',
    mac: textAt(each, 'mac'),
    link_up: child(each, 'linkSpeed') !== null,
    speed_mbps: numberAt(each, 'linkSpeed', 'speedMb'),
  }))
}

function readServices(value: SoapNode | null): HostService[] | null {
  if (value === null) return null
  return value.children.map((each) => ({
    key: textAt(each, 'key') ?? '',
    running: booleanAt(each, 'running'),
    policy: textAt(each, 'policy'),
  }))
}

function readHardware(content: ObjectContent) {
  const summary = property(content, 'summary.hardware')
  const system = property(content, 'hardware.systemInfo')
  const identifiers = readIdentifiers(system, children(summary, 'otherIdentifyingInfo'))
  const mhz = numberAt(summary, 'cpuMhz')
  const cores = numberAt(summary, 'numCpuCores')
  return {
    host_uuid: (textAt(system, 'uuid') ?? textAt(summary, 'uuid'))?.toLowerCase() ?? null,
    vendor: textAt(system, 'vendor') ?? textAt(summary, 'vendor'),
    model: textAt(system, 'model') ?? textAt(summary, 'model'),
    identifiers,
    serial_number: serialNumberOf(identifiers),
    cpu_mhz: mhz === null || cores === null ? null : mhz * cores,
    memory_mb: toMegabytes(numberAt(summary, 'memorySize')),
  }
}

function readRuntime(content: ObjectContent) {
  const value = (path: string) => property(content, `runtime.${path}`)
  const sealing = textAt(value('stateEncryption'), 'protectionMode')
  return {
    connection_state: oneOf<ConnectionState>(
      ['connected', 'notResponding', 'disconnected'],
      textAt(value('connectionState')),
    ),
    power_state: oneOf<HostPowerState>(['poweredOn', 'poweredOff', 'standBy', 'unknown'], textAt(value('powerState'))),
    in_maintenance_mode: booleanAt(value('inMaintenanceMode')),
    in_quarantine: booleanAt(value('inQuarantineMode')),
    boot_time: textAt(value('bootTime')),
    ha_state: textAt(value('dasHostState'), 'state'),
    crypto_state: textAt(value('cryptoState')),
    state_encryption: sealing,
    tpm_sealed: sealing === null ? null : sealing.toLowerCase() === 'tpm',
  }
}

function readSoftware(content: ObjectContent) {
  const product = property(content, 'summary.config.product')
  const stats = property(content, 'summary.quickStats')
  const services = readServices(property(content, 'config.service.service'))
  return {
    esxi_version: textAt(product, 'version'),
    build: numberAt(product, 'build'),
    reboot_required: booleanAt(property(content, 'summary.rebootRequired')),
    cpu_used_mhz: numberAt(stats, 'overallCpuUsage'),
    memory_used_mb: numberAt(stats, 'overallMemoryUsage'),
    lockdown_mode: oneOf<LockdownMode>(
      ['lockdownDisabled', 'lockdownNormal', 'lockdownStrict'],
      textAt(property(content, 'config.lockdownMode')),
    ),
    services,
    ssh_running: services?.find((each) => each.key === 'TSM-SSH')?.running ?? null,
    tpm_attestation: textAt(property(content, 'summary.tpmAttestation'), 'status'),
    certificate_sha1: textAt(property(content, 'summary.config.sslThumbprint')),
    quick_boot_supported: booleanAt(property(content, 'capability.quickBootSupported')),
  }
}

/** Ids of the tasks that ran on the host lately; `null` = not told. */
export function recentTasks(content: ObjectContent): string[] | null {
  return refList(content, 'recentTask')
}

/** The facts of a host, but for the question whether it is entering maintenance, which its tasks answer. */
export function readHostContent(content: ObjectContent, factsAt: string): HostFacts {
  const parent = refAt(property(content, 'parent'))
  const runtime = readRuntime(content)
  return {
    moid: content.moid,
    name: decodeName(textAt(property(content, 'name')) ?? content.moid),
    cluster_moid: parent?.type === 'ClusterComputeResource' ? parent.value : null,
    ...readHardware(content),
    ...runtime,
    connection_state: runtime.connection_state ?? 'unknown',
    power_state: runtime.power_state ?? 'unknown',
    entering_maintenance: null,
    entering_task_moid: null,
    overall_status: readStatus(property(content, 'overallStatus')),
    management_ip: readManagementIp(property(content, 'config.virtualNicManagerInfo.netConfig')),
    ...readSoftware(content),
    alarms: readAlarms(listOf(content, 'triggeredAlarmState')),
    nics: readNics(property(content, 'config.network.pnic')),
    vm_moids: refList(content, 'vm'),
    datastore_moids: refList(content, 'datastore'),
    vsan_node_uuid: textAt(property(content, 'config.vsanHostConfig.clusterInfo.nodeUuid')),
    service_system_moid: textAt(property(content, 'configManager.serviceSystem')),
    unreadable: unreadablePaths(content),
    facts_at: factsAt,
  }
}

/** vSphere escapes `/`, `\` and `%` in names as `%2f`, `%5c`, `%25`. */
export function decodeName(name: string): string {
  return name.replaceAll(/%(2f|5c|25)/gi, (each) => decodeURIComponent(each))
}
