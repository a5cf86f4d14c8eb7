import type { FailureCode } from '../../domain/failures.js'
import { normalKey } from './text.js'
import type { UpdateFailure, UpdateResult } from './update-state.js'

const MAX_TEXT = 2_000
/** Labels of a result. Their order differs between versions, so nothing is read by position. */
const LABELS = new Map([
  ['message', 'message'],
  ['rebootrequired', 'reboot'],
  ['vibsinstalled', 'installed'],
  ['vibsremoved', 'removed'],
  ['vibsskipped', 'skipped'],
  ['dpuresults', 'dpu'],
])

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/** Collects the lines after the header by label; a line without a known label continues the one before it. */
function collect(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  let current: string | null = null
  for (const line of lines) {
    const match = /^\s*([A-Za-z ]+?)\s*:\s*(.*)$/.exec(line)
    const label = match === null ? undefined : LABELS.get(normalKey(match[1] ?? ''))
    if (label !== undefined) {
      current = label
      found.set(label, (match?.[2] ?? '').trim())
    } else if (current !== null && line.trim() !== '') {
      found.set(current, `${found.get(current) ?? ''} ${line.trim()}`.trim())
    }
  }
  return found
}

/**
 * Reads the result that `profile update` or `profile install` prints on success (also of a trial run).
 * @returns `null` when there is no result header, whatever the exit code said.
 */
export function readUpdateResult(text: string): UpdateResult | null {
  const lines = text.split('\n')
  const header = lines.findIndex((line) => /^\s*(Update|Installation) Result\s*$/.test(line))
  if (header === -1) return null
  const found = collect(lines.slice(header + 1))
  const message = found.get('message') ?? ''
  const reboot = found.get('reboot')?.toLowerCase()
  return {
    message,
    // "Dryrun only, host not changed" is another sentence: it says nothing about what an update would do.
    unchanged: /^host is not changed/i.test(message),
    reboot_required: reboot === 'true' ? true : reboot === 'false' ? false : null,
    vibs_installed: list(found.get('installed')),
    vibs_removed: list(found.get('removed')),
    vibs_skipped: list(found.get('skipped')),
  }
}

type Rule = readonly [errorClass: RegExp, text: RegExp, code: FailureCode]

const ANY = /^/
/** Error classes of the tool and what they mean; the first row that fits decides. */
const RULES: readonly Rule[] = [
  [/^HardwareError$/, /failed with errors/i, 'HardwareUnsupported'],
  [/^HardwareError$/, /failed with warnings/i, 'HardwareWarning'],
  [/^HardwareError$/, ANY, 'HardwareUnsupported'],
  [/^NoMatchError$/, ANY, 'ProfileNotFound'],
  [/^MetadataDownloadError$/, /no item named/i, 'DepotInvalid'],
  [/^MetadataDownloadError$/, /No such file or directory/i, 'DepotNotFound'],
  [/^MetadataDownloadError$/, ANY, 'DepotInvalid'],
  [/^ValueError$/, /Only server local file path/i, 'DepotNotFound'],
  [/^DependencyError$/, ANY, 'VibConflict'],
  [/^ProfileVibRemoval$/, ANY, 'VibsWouldBeRemoved'],
  [/^AcceptanceConfigError$/, ANY, 'AcceptanceLevel'],
  [/^ProfileValidationError$/, ANY, 'VibConflict'],
  [/^MaintenanceModeError$/, ANY, 'HostNotInMaintenance'],
  [/^InstallationError$/, /No space left on device/i, 'NotEnoughSpace'],
  [/^LockingError$/, ANY, 'UpdateLocked'],
  [ANY, /another process/i, 'UpdateLocked'],
  [ANY, /No space left on device/i, 'NotEnoughSpace'],
  [ANY, /conflicts with/i, 'VibConflict'],
  [ANY, /Connect to localhost failed/i, 'DeviceBusy'],
]

function codeOf(errorClass: string, text: string): FailureCode {
  return RULES.find(([wanted, words]) => wanted.test(errorClass) && words.test(text))?.[2] ?? 'EsxiUpdateFailed'
}

/** Texts in angle brackets, which may hold brackets themselves: `<CPU_SUPPORT WARNING: …>`. */
function bracketed(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '<') {
      if (depth === 0) start = at + 1
      depth += 1
    } else if (text[at] === '>' && depth > 0) {
      depth -= 1
      if (depth === 0) found.push(text.slice(start, at).trim())
    }
  }
  return found
}

/** `key = value` lines after the text. */
function readData(lines: readonly string[]): Record<string, string> {
  const data: Record<string, string> = {}
  for (const line of lines) {
    const match = /^\s*([a-z][a-z0-9_ ]*?) = (.*)$/i.exec(line)
    if (match !== null) data[(match[1] ?? '').trim()] = (match[2] ?? '').trim()
  }
  return data
}

/**
 * Reads a refusal of the update tool: `[ErrorClass]`, lines of text, `key = value` lines. It may stand on either stream, so
 * both are given together.
 */
export function readUpdateFailure(text: string): UpdateFailure {
  const errorClass = /^\s*\[([A-Za-z]+(?:Error|Removal|Exception)?)\]/m.exec(text)?.[1] ?? 'unknown'
  const lines = text.split('\n').map((line) => line.trim())
  const verdicts = errorClass === 'HardwareError' ? bracketed(text) : []
  const code = codeOf(errorClass, text)
  const conflicts = code === 'VibConflict' ? lines.filter((line) => /\bVIB\b|conflicts with/i.test(line)) : []
  return {
    error_class: errorClass,
    code,
    text: text.trim().slice(0, MAX_TEXT),
    data: readData(lines),
    hardware_warning: code === 'HardwareWarning',
    hardware_errors: verdicts.filter((each) => /^\S+ ERROR\b/.test(each)),
    hardware_warnings: verdicts.filter((each) => /^\S+ \w*WARNING\b/.test(each)),
    vib_conflicts: conflicts,
  }
}
