import { DeviceError } from '../errors.js'
import * as commands from './command.js'
import type { EsxiCommand, EsxiConnection, RunOptions } from './connection.js'
import { commandFailed } from './errors.js'
import { readRow, readRows } from './esxcli-output.js'
import * as readers from './fact-readers.js'
import type { EsxiFacts } from './facts.js'
import { field } from './text.js'

const PLACEHOLDERS = new Set([
  'NONE',
  'UNKNOWN',
  'NOT SPECIFIED',
  'N/A',
  'TO BE FILLED BY O.E.M.',
  'DEFAULT STRING',
  '0',
])

/**
 * Runs a command that must succeed and reads its output.
 * @throws DeviceError `ProtocolError` when it failed or the reader gives `null`.
 */
export async function runAndRead<T>(
  connection: EsxiConnection,
  command: EsxiCommand,
  read: (text: string) => T | null,
  options: RunOptions = {},
): Promise<T> {
  const output = await connection.run(command, options)
  if (output.exit_code !== 0) throw commandFailed(command, output)
  const value = read(output.stdout)
  if (value !== null) return value
  throw new DeviceError('ProtocolError', `The output could not be understood: ${command.line}`, {
    sent: true,
    answered: true,
    ...(command.secret_output ? {} : { text: output.stdout.slice(0, 2_000) }),
  })
}

/** The platform's names; on Dell hardware the serial number is the service tag. */
function readPlatform(text: string) {
  const row = readRow(text)
  if (row === null) return null
  const serial = field(row, 'serialnumber')?.toUpperCase() ?? null
  return {
    serial_number: serial === null || PLACEHOLDERS.has(serial) ? null : serial,
    vendor: field(row, 'vendorname'),
    model: field(row, 'productname'),
    system_uuid: readers.readUuid(field(row, 'uuid')),
  }
}

/** Version and build, asked alone: cheap, for the verdict after a reboot. @throws DeviceError */
export async function readEsxiVersion(
  connection: EsxiConnection,
  options: RunOptions = {},
): Promise<readers.VersionFacts> {
  return await runAndRead(connection, commands.VERSION_GET, readers.readVersion, options)
}

/** Name and vendor of the installed image profile. @throws DeviceError */
export async function readEsxiProfile(
  connection: EsxiConnection,
  options: RunOptions = {},
): Promise<{ name: string; vendor: string | null }> {
  return await runAndRead(connection, commands.PROFILE_GET, readers.readProfile, options)
}

/** Seconds since the host started and its maintenance flag, from the management agent. @throws DeviceError */
export async function readEsxiSummary(
  connection: EsxiConnection,
  options: RunOptions = {},
): Promise<readers.HostSummaryFacts> {
  return await runAndRead(connection, commands.HOST_SUMMARY, readers.readHostSummary, options)
}

/** Names of the VMs that run on the host now. @throws DeviceError */
export async function readRunningVms(connection: EsxiConnection, options: RunOptions = {}): Promise<string[]> {
  return await runAndRead(connection, commands.VM_PROCESS_LIST, readVmNames, options)
}

/** An empty output or an empty list means that no VM runs. */
function readVmNames(text: string): string[] | null {
  if (text.trim() === '') return []
  return readRows(text)?.map((row) => field(row, 'displayname') ?? field(row, 'worldid') ?? 'unnamed') ?? null
}

/** Recovery keys of a sealed configuration: secret, to be sealed at once. The output is not on record. @throws DeviceError */
export async function readRecoveryKeys(
  connection: EsxiConnection,
  options: RunOptions = {},
): Promise<readers.RecoveryKey[]> {
  return await runAndRead(connection, commands.RECOVERY_KEY_LIST, readers.readRecoveryKeys, options)
}

type Fact = readonly [name: string, command: EsxiCommand, take: (text: string) => Partial<EsxiFacts> | null]

const wrap =
  <T>(read: (text: string) => T | null, use: (value: T) => Partial<EsxiFacts>) =>
  (text: string): Partial<EsxiFacts> | null => {
    const value = read(text)
    return value === null ? null : use(value)
  }

const FACTS: readonly Fact[] = [
  ['version', commands.VERSION_GET, wrap(readers.readVersion, (each) => each)],
  [
    'profile',
    commands.PROFILE_GET,
    wrap(readers.readProfile, (each) => ({ profile_name: each.name, profile_vendor: each.vendor })),
  ],
  ['vibs', commands.VIB_LIST, wrap(readers.readVibs, (vibs) => ({ vibs }))],
  ['acceptance', commands.ACCEPTANCE_GET, wrap(readers.readAcceptance, (acceptance_level) => ({ acceptance_level }))],
  ['filesystems', commands.FILESYSTEM_LIST, wrap(readers.readFilesystems, (filesystems) => ({ filesystems }))],
  ['boot_banks', commands.BOOT_BANKS, wrap(readers.readBootBanks, (boot_banks) => ({ boot_banks }))],
  ['platform', commands.PLATFORM_GET, wrap(readPlatform, (each) => each)],
  ['encryption', commands.ENCRYPTION_GET, wrap(readers.readEncryption, (encryption) => ({ encryption }))],
  [
    'maintenance',
    commands.MAINTENANCE_GET,
    wrap(readers.readMaintenance, (in_maintenance_mode) => ({ in_maintenance_mode })),
  ],
  [
    'summary',
    commands.HOST_SUMMARY,
    wrap(readers.readHostSummary, ({ uptime_seconds, boot_time }) => ({ uptime_seconds, boot_time })),
  ],
]

const NOTHING: EsxiFacts = {
  product: null,
  version: null,
  build: null,
  update: null,
  patch: null,
  profile_name: null,
  profile_vendor: null,
  acceptance_level: null,
  vibs: null,
  filesystems: null,
  boot_banks: [],
  serial_number: null,
  vendor: null,
  model: null,
  system_uuid: null,
  encryption: null,
  in_maintenance_mode: null,
  uptime_seconds: null,
  boot_time: null,
  unreadable: [],
}

/** Exit code 0 is not asked for: the bank command ends with that of its last part, which may be missing on some hosts. */
async function readFact(connection: EsxiConnection, fact: Fact, options: RunOptions): Promise<Partial<EsxiFacts>> {
  const [name, command, take] = fact
  const output = await connection.run(command, options)
  const lenient = name === 'boot_banks'
  const taken = output.exit_code === 0 || lenient ? take(output.stdout) : null
  if (taken !== null) return taken
  const reason = `${output.stderr} ${output.stdout}`.trim().slice(0, 300) || `exit code ${output.exit_code}`
  return { unreadable: [{ fact: name, reason }] }
}

/**
 * Reads everything that the preflight and the verdict need, one command after the other. What a host cannot tell becomes
 * `null` and is named in `unreadable`; a lost connection is an error.
 * @throws DeviceError
 */
export async function readEsxiFacts(connection: EsxiConnection, options: RunOptions = {}): Promise<EsxiFacts> {
  const facts: EsxiFacts = { ...NOTHING, unreadable: [] }
  for (const fact of FACTS) {
    const { unreadable, ...found } = await readFact(connection, fact, options)
    Object.assign(facts, found)
    facts.unreadable.push(...(unreadable ?? []))
  }
  return facts
}
