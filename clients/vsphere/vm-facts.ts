export type VmPowerState = 'poweredOn' | 'poweredOff' | 'suspended' | 'unknown'

/** A device of a VM that matters for moving it. */
export interface VmDevice {
  kind: 'passthrough' | 'vgpu' | 'sriov' | 'media' | 'shared_bus'
  label: string
  /** Type name of the backing on the wire. */
  backing: string | null
  /** `[datastore] path` of an ISO file. */
  file: string | null
  /** Only for media. */
  connected: boolean | null
  datastore_moid: string | null
}

export interface VmQuestion {
  id: string
  text: string
  choices: { key: string; label: string }[]
}

/** What vCenter says about a VM, in MHz and MB; `null` = not told. */
export interface VmFacts {
  moid: string
  name: string
  host_moid: string | null
  power_state: VmPowerState
  connection_state: string | null
  template: boolean | null
  /** A service VM of vCenter (vCLS) that vCenter removes by itself. */
  is_service_vm: boolean
  cpu_reservation_mhz: number | null
  memory_reservation_mb: number | null
  cpu_used_mhz: number | null
  /** Host memory that the VM holds now. */
  memory_used_mb: number | null
  memory_mb: number | null
  num_cpu: number | null
  question: VmQuestion | null
  /** `notConfigured` is the normal value. */
  fault_tolerance_state: string | null
  tools_installer_mounted: boolean | null
  tools_running: boolean | null
  /** `null` when the hardware could not be read. */
  devices: VmDevice[] | null
  datastore_moids: string[] | null
  recent_task_moids: string[]
  unreadable: string[]
  facts_at: string
}
