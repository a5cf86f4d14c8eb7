import { readRow, readRows } from './esxcli-output.js'
import type { BootBankFacts, EncryptionFacts, FilesystemFacts, VibFacts } from './facts.js'
import { field, labelled, numberField, trailingNumber, truth } from './text.js'

export interface VersionFacts {
  product: string | null
  version: string | null
  build: number | null
  update: string | null
  patch: string | null
}

/** `system version get`, JSON or text; `Releasebuild-` before the number is dropped. */
export function readVersion(text: string): VersionFacts | null {
  const row = readRow(text)
  if (row === null || field(row, 'version') === null) return null
  return {
    product: field(row, 'product'),
    version: field(row, 'version'),
    build: trailingNumber(row.build),
    update: field(row, 'update'),
    patch: field(row, 'patch'),
  }
}

/**
 * `software profile get`: the first line is the name (with `(Updated) ` before it after changes of single packages), then
 * labels follow.
 */
export function readProfile(text: string): { name: string; vendor: string | null } | null {
  const row = labelled(text)
  const first = text.split('\n').find((line) => line.trim() !== '')
  const heading = first !== undefined && !/^\s/.test(first) && !first.trim().endsWith(':') ? first : null
  const name = (heading ?? row.name ?? '').trim().replace(/^\(Updated\)\s*/, '')
  return name === '' ? null : { name, vendor: field(row, 'vendor') }
}

/** `software vib list`. */
export function readVibs(text: string): VibFacts[] | null {
  const rows = readRows(text)?.filter((row) => field(row, 'name') !== null)
  if (rows === undefined) return null
  return rows.map((row) => ({
    name: row.name ?? '',
    version: row.version ?? '',
    vendor: row.vendor ?? '',
    acceptance_level: row.acceptancelevel ?? '',
    id: field(row, 'id'),
    install_date: field(row, 'installdate'),
  }))
}

/** `software acceptance get`: one line with one word. */
export function readAcceptance(text: string): string | null {
  const word = text.trim().replaceAll(/^"|"$/g, '')
  return /^[A-Za-z]+$/.test(word) ? word : null
}

/** `storage filesystem list`; sizes in bytes. */
export function readFilesystems(text: string): FilesystemFacts[] | null {
  const rows = readRows(text)?.filter((row) => field(row, 'mountpoint') !== null)
  if (rows === undefined) return null
  return rows.map((row) => ({
    mount_point: row.mountpoint ?? '',
    volume_name: field(row, 'volumename'),
    uuid: field(row, 'uuid'),
    mounted: truth(row.mounted),
    type: field(row, 'type'),
    size_bytes: numberField(row, 'size'),
    free_bytes: numberField(row, 'free'),
  }))
}

/** Only a target on a volume of a real device counts as real; `/tmp` means that the boot device is lost. */
function inMemory(target: string | null): boolean | null {
  return target === null ? null : !target.startsWith('/vmfs/volumes/')
}

/** `ls -l` of both bank links, followed by the `boot.cfg` of the alternate bank. */
export function readBootBanks(text: string): BootBankFacts[] {
  const setting = (name: string): string | null => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? null
  return (['bootbank', 'altbootbank'] as const).map((name) => {
    const target = new RegExp(`/${name} -> (\\S+)`).exec(text)?.[1] ?? null
    const alternate = name === 'altbootbank'
    return {
      name,
      target,
      in_memory: inMemory(target),
      build: alternate ? setting('build') : null,
      boot_state: alternate ? toNumber(setting('bootstate')) : null,
      updated: alternate ? toNumber(setting('updated')) : null,
    }
  })
}

function toNumber(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}

/** `system settings encryption get`. */
export function readEncryption(text: string): EncryptionFacts | null {
  const row = readRow(text)
  if (row === null || field(row, 'mode') === null) return null
  return {
    mode: field(row, 'mode')?.toUpperCase() ?? null,
    require_secure_boot: truth(row.requiresecureboot),
    require_executables_only_from_installed_vibs: truth(row.requireexecutablesonlyfrominstalledvibs),
  }
}

/** `system maintenanceMode get`: the word `Enabled` or `Disabled`. */
export function readMaintenance(text: string): boolean | null {
  return truth(text.trim().replaceAll(/^"|"$/g, ''))
}

export interface HostSummaryFacts {
  in_maintenance_mode: boolean | null
  /** Seconds since the start of the host. */
  uptime_seconds: number | null
  /** When the host started, by its own clock. */
  boot_time: string | null
  /** Of this host and its hardware, as the management agent prints them. */
  vendor: string | null
  model: string | null
}

/** `vim-cmd hostsvc/hostsummary`: `name = value,` lines; values that are not set print `<unset>`. */
export function readHostSummary(text: string): HostSummaryFacts {
  const value = (name: string): string | undefined =>
    new RegExp(`^\\s*${name} = "?([^"\\n]*?)"?,?\\s*$`, 'm').exec(text)?.[1]?.trim()
  const known = (name: string): string | null => {
    const found = value(name)
    return found === undefined || found === '' || found === '<unset>' ? null : found
  }
  return {
    in_maintenance_mode: truth(value('inMaintenanceMode')),
    uptime_seconds: toNumber(known('uptime')),
    boot_time: known('bootTime'),
    vendor: known('vendor'),
    model: known('model'),
  }
}

/**
 * The UUID of the system in its usual form. esxcli prints its sixteen bytes one by one (`0x4c 0x4c …`); other forms are kept.
 */
export function readUuid(text: string | null): string | null {
  const bytes = text?.match(/\b0x[0-9a-f]{1,2}\b/gi)
  if (bytes?.length !== 16) return text?.toLowerCase() ?? null
  const hex = bytes.map((each) => each.slice(2).padStart(2, '0').toLowerCase()).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export interface RecoveryKey {
  recovery_id: string
  /** Secret. */
  key: string
}

/** `system settings encryption recovery list`: a table of id and key. The result is secret. */
export function readRecoveryKeys(text: string): RecoveryKey[] | null {
  const rows = readRows(text)
  if (rows === null) return null
  return rows.flatMap((row) => {
    const id = field(row, 'recoveryid')
    const key = field(row, 'key') ?? field(row, 'recoverykey')
    return id === null || key === null ? [] : [{ recovery_id: id, key }]
  })
}
