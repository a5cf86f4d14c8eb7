import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import { array, bool, data, dateTime, int, named, reference, text, type VimData } from './values.js'

const POWER: Record<string, string> = {
  On: 'poweredOn',
  PoweringOn: 'poweredOn',
  PoweringOff: 'poweredOn',
  Off: 'poweredOff',
}

/** Wire form of a host's power as vCenter knows it: of a host that does not answer it knows nothing. */
export function hostPowerState(core: LabCore, host: SimHost): string {
  if (host.connection !== 'connected') return 'unknown'
  return POWER[core.find.serverOf(host).power] ?? 'unknown'
}

/** Colour of a host: a host that does not answer is red, whatever its alarms say. */
export function hostOverallStatus(host: SimHost): string {
  if (host.connection === 'notResponding') return 'red'
  if (host.connection === 'disconnected') return 'gray'
  return host.overall_status
}

/** `runtime` of a host. `inMaintenanceMode` stays false while the host is still entering. */
export function hostRuntime(core: LabCore, host: SimHost): VimData {
  const connected = host.connection === 'connected'
  return data('HostRuntimeInfo', {
    connectionState: named('HostSystemConnectionState', host.connection),
    powerState: named('HostSystemPowerState', hostPowerState(core, host)),
    standbyMode: named('HostStandbyMode', 'none'),
    inMaintenanceMode: bool(host.in_maintenance),
    inQuarantineMode: bool(host.quarantine),
    bootTime: host.boot_time > 0 ? dateTime(host.boot_time) : undefined,
    healthSystemRuntime: undefined,
    dasHostState: dasHostState(core, host),
    tpmPcrValues: undefined,
    vsanRuntimeInfo: undefined,
    networkRuntimeInfo: undefined,
    vFlashResourceRuntimeInfo: undefined,
    hostMaxVirtualDiskCapacity: undefined,
    cryptoState: named('HostCryptoState', 'incapable'),
    cryptoKeyId: undefined,
    statelessNvdsMigrationReady: named('HostRuntimeInfoStatelessNvdsMigrationState', 'unknown'),
    partialMaintenanceMode: undefined,
    stateEncryption: connected ? stateEncryption(host) : undefined,
  })
}

function stateEncryption(host: SimHost): VimData {
  return data('HostRuntimeInfoStateEncryptionInfo', {
    protectionMode: named(
      'HostRuntimeInfoStateEncryptionInfoProtectionMode',
      host.tpm.encryption_mode === 'TPM' ? 'tpm' : 'none',
    ),
    requireSecureBoot: bool(host.secure_boot && host.tpm.encryption_mode === 'TPM'),
    requireExecInstalledOnly: bool(false),
  })
}

function dasHostState(core: LabCore, host: SimHost): VimData | undefined {
  if (!core.find.clusterOf(host).ha.enabled) return undefined
  return data('ClusterDasFdmHostState', {
    state: text(host.connection === 'connected' ? host.ha_state : 'hostDown'),
    stateReporter: undefined,
  })
}

/** `triggeredAlarmState` of a host. */
export function triggeredAlarms(host: SimHost): VimData[] {
  return host.alarms.map((alarm) =>
    data('AlarmState', {
      key: text(`${alarm.moid}.${host.moid}`),
      entity: reference('HostSystem', host.moid),
      alarm: reference('Alarm', alarm.moid),
      overallStatus: named('ManagedEntityStatus', alarm.status),
      time: dateTime(alarm.since),
      acknowledged: bool(false),
      acknowledgedByUser: undefined,
      acknowledgedTime: undefined,
      eventKey: undefined,
      disabled: bool(false),
    }),
  )
}

/** `config.service.service`: the services that a host lists, SSH among them. */
export function hostServices(host: SimHost): VimData[] {
  const service = (key: string, label: string, running: boolean, policy: string, required = false): VimData =>
    data('HostService', {
      key: text(key),
      label: text(label),
      required: bool(required),
      uninstallable: bool(false),
      running: bool(running),
      ruleset: undefined,
      policy: text(policy),
      sourcePackage: data('HostServiceSourcePackage', { sourcePackageName: text('esx-base'), description: text('') }),
    })
  return [
    service('DCUI', 'Direct Console UI', true, 'on'),
    service('TSM', 'ESXi Shell', false, 'off'),
    service('TSM-SSH', 'SSH', host.ssh.enabled, host.ssh.policy),
    service('ntpd', 'NTP Daemon', true, 'on'),
    service('vpxa', 'VMware vCenter Agent', true, 'on'),
    ...(host.ha_state === 'uninitialized'
      ? []
      : [service('vmware-fdm', 'vSphere High Availability Agent', true, 'on')]),
  ]
}

/** `config.network`: physical adapters, the management adapter and the vMotion one. */
export function hostNetwork(host: SimHost): VimData {
  const linkSpeed = (nic: SimHost['vmnics'][number]): VimData | undefined =>
    nic.link_up ? data('PhysicalNicLinkInfo', { speedMb: int(nic.speed_mbps), duplex: bool(true) }) : undefined
  return data('HostNetworkInfo', {
    vswitch: undefined,
    proxySwitch: undefined,
    portgroup: undefined,
    pnic: array(
      'PhysicalNic',
      host.vmnics.map((nic, index) =>
        data('PhysicalNic', {
          key: text(`key-vim.host.PhysicalNic-${nic.name}`),
          device: text(nic.name),
          pci: text(`0000:${(0x31 + index).toString(16)}:00.0`),
          driver: text(nic.driver),
          driverVersion: undefined,
          firmwareVersion: undefined,
          linkSpeed: linkSpeed(nic),
          validLinkSpecification: undefined,
          spec: data('PhysicalNicSpec', { ip: undefined, linkSpeed: linkSpeed(nic) }),
          wakeOnLanSupported: bool(false),
          mac: text(nic.mac_address),
        }),
      ),
    ),
    vnic: array('HostVirtualNic', [managementNic(host)]),
    consoleVnic: undefined,
    dnsConfig: undefined,
    ipRouteConfig: undefined,
    netStackInstance: undefined,
  })
}

/** The vmkernel adapter that carries management and vMotion. */
export function managementNic(host: SimHost): VimData {
  return data('HostVirtualNic', {
    device: text('vmk0'),
    key: text('key-vim.host.VirtualNic-vmk0'),
    portgroup: text('Management Network'),
    spec: data('HostVirtualNicSpec', {
      ip: data('HostIpConfig', {
        dhcp: bool(false),
        ipAddress: text(host.address),
        subnetMask: text('255.0.0.0'),
        ipV6Config: undefined,
      }),
      mac: text(host.vmnics[0]?.mac_address ?? '00:00:00:00:00:00'),
      mtu: int(1500),
      tsoEnabled: bool(true),
    }),
    port: undefined,
  })
}

/** `config.virtualNicManagerInfo.netConfig`: which adapter serves management and vMotion. */
export function nicManagerInfo(host: SimHost): VimData {
  const config = (nicType: string): VimData =>
    data('VirtualNicManagerNetConfig', {
      nicType: text(nicType),
      multiSelectAllowed: bool(true),
      candidateVnic: array('HostVirtualNic', [managementNic(host)]),
      selectedVnic: array('String', [text('key-vim.host.VirtualNic-vmk0')]),
    })
  return data('HostVirtualNicManagerInfo', {
    netConfig: array('VirtualNicManagerNetConfig', [config('management'), config('vmotion')]),
  })
}
