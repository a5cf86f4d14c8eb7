/** Wire values of `runtime.connectionState`; `unknown` when vCenter did not say. */
export type ConnectionState = 'connected' | 'notResponding' | 'disconnected' | 'unknown'
/** Wire values of `runtime.powerState`. */
export type HostPowerState = 'poweredOn' | 'poweredOff' | 'standBy' | 'unknown'
export type OverallStatus = 'green' | 'yellow' | 'red' | 'gray'
export type LockdownMode = 'lockdownDisabled' | 'lockdownNormal' | 'lockdownStrict'

/** One identifying text of the hardware, trimmed, upper case, placeholders dropped. `kind` is vSphere's own key. */
export interface HardwareIdentifier {
  kind:
    | 'SerialNumber'
    | 'SerialNumberTag'
    | 'ServiceTag'
    | 'EnclosureSerialNumberTag'
    | 'AssetTag'
    | 'OemSpecificString'
  value: string
}

export interface TriggeredAlarm {
  key: string
  alarm_moid: string
  entity_moid: string
  status: OverallStatus
  time: string | null
  acknowledged: boolean | null
}

/** A physical network port. `link_up` is false when vCenter reports the port without a link speed. */
export interface NicLink {
  device: string
  mac: string | null
  link_up: boolean
  speed_mbps: number | null
}

/** A service of the host, e.g. `TSM-SSH`. */
export interface HostService {
  key: string
  running: boolean | null
  policy: string | null
}

/**
 * What vCenter says about a host, in MHz and MB. `null` = vCenter did not tell (old version, missing privilege,
 * disconnected host); it never stands for "no" or 0.
 */
export interface HostFacts {
  moid: string
  name: string
  /** `null` for a standalone host. */
  cluster_moid: string | null
  host_uuid: string | null
  vendor: string | null
  model: string | null
  /** Service tag on Dell hardware: serial number, else the tags; never the chassis tag or the asset tag. */
  serial_number: string | null
  identifiers: HardwareIdentifier[]
  /** Address of the management interface; never vCenter's own. */
  management_ip: string | null
  connection_state: ConnectionState
  power_state: HostPowerState
  /** Stays false while the host is still entering. */
  in_maintenance_mode: boolean | null
  /** A running or queued enter-maintenance task exists. `null` when the host's tasks could not be read. */
  entering_maintenance: boolean | null
  /** The running enter-maintenance task, to adopt it. */
  entering_task_moid: string | null
  in_quarantine: boolean | null
  boot_time: string | null
  overall_status: OverallStatus | null
  /** `runtime.dasHostState.state`; good are `master` and `connectedToMaster`. */
  ha_state: string | null
  esxi_version: string | null
  build: number | null
  reboot_required: boolean | null
  cpu_mhz: number | null
  cpu_used_mhz: number | null
  memory_mb: number | null
  memory_used_mb: number | null
  lockdown_mode: LockdownMode | null
  /** `null` when the services could not be read. */
  services: HostService[] | null
  ssh_running: boolean | null
  /** `runtime.cryptoState`. */
  crypto_state: string | null
  /** `runtime.stateEncryption.protectionMode`: `tpm` or `none`; `null` when not told (before 7.0.3). */
  state_encryption: string | null
  /** The configuration is sealed to the TPM, so that a board or Secure Boot change needs the recovery key. */
  tpm_sealed: boolean | null
  tpm_attestation: string | null
  /** SHA-1 of the host's TLS certificate as vCenter knows it. */
  certificate_sha1: string | null
  /** `null` when alarms could not be read. */
  alarms: TriggeredAlarm[] | null
  nics: NicLink[] | null
  vm_moids: string[] | null
  datastore_moids: string[] | null
  vsan_node_uuid: string | null
  quick_boot_supported: boolean | null
  /** Managed object of the host's services; needed for start and stop of SSH. */
  service_system_moid: string | null
  /** Property paths that vCenter refused to tell (privilege, version). */
  unreadable: string[]
  /** When these facts were read (our clock). */
  facts_at: string
}
