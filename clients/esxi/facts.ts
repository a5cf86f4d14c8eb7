export interface VibFacts {
  name: string
  version: string
  vendor: string
  acceptance_level: string
  id: string | null
  install_date: string | null
}

export interface FilesystemFacts {
  mount_point: string
  volume_name: string | null
  uuid: string | null
  mounted: boolean | null
  type: string | null
  size_bytes: number | null
  free_bytes: number | null
}

/** `in_memory` = the path points into the RAM disk: the boot device is lost and an update would vanish. */
export interface BootBankFacts {
  name: 'bootbank' | 'altbootbank'
  target: string | null
  in_memory: boolean | null
  build: string | null
  boot_state: number | null
  updated: number | null
}

export interface EncryptionFacts {
  /** `TPM` or `NONE`, upper case. */
  mode: string | null
  require_secure_boot: boolean | null
  require_executables_only_from_installed_vibs: boolean | null
}

/** What a host says about itself over SSH. `null` = could not be read; never "no". */
export interface EsxiFacts {
  product: string | null
  version: string | null
  build: number | null
  update: string | null
  patch: string | null
  profile_name: string | null
  profile_vendor: string | null
  /** `VMwareCertified`, `VMwareAccepted`, `PartnerSupported`, `CommunitySupported`. */
  acceptance_level: string | null
  vibs: VibFacts[] | null
  filesystems: FilesystemFacts[] | null
  boot_banks: BootBankFacts[]
  /** Service tag on Dell hardware; trimmed, upper case, placeholders dropped. */
  serial_number: string | null
  vendor: string | null
  model: string | null
  system_uuid: string | null
  encryption: EncryptionFacts | null
  in_maintenance_mode: boolean | null
  uptime_seconds: number | null
  boot_time: string | null
  /** Facts that could not be read, with the reason. */
  unreadable: { fact: string; reason: string }[]
}
