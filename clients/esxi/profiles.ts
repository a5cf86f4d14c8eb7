import { DeviceError } from '../errors.js'
import { profileListCommand } from './command.js'
import type { EsxiConnection, RunOptions } from './connection.js'
import { readRows } from './esxcli-output.js'
import { field } from './text.js'
import type { ImageProfile } from './update-state.js'
import { readUpdateFailure } from './update-text.js'

/** Reads the table of `sources profile list`; `null` when the text is no such list. */
export function readProfileList(text: string): ImageProfile[] | null {
  const rows = readRows(text)
  if (rows === null) return null
  const profiles = rows.flatMap((row) => {
    const name = field(row, 'name')
    if (name === null) return []
    return {
      name,
      vendor: row.vendor ?? '',
      acceptance_level: row.acceptancelevel ?? '',
      created_at: field(row, 'creationtime'),
      modified_at: field(row, 'modificationtime'),
    }
  })
  return profiles.length > 0 ? profiles : null
}

/**
 * The image profiles of a depot, as the host sees it. Their names are exact and case-sensitive; nothing is guessed.
 * @throws DeviceError `DepotNotFound`, `DepotInvalid` (unreadable or empty), `InvalidRequest` (path).
 */
export async function listProfiles(
  connection: EsxiConnection,
  depotPath: string,
  options: RunOptions = {},
): Promise<ImageProfile[]> {
  const command = profileListCommand(depotPath)
  const output = await connection.run(command, { timeout_ms: 180_000, ...options })
  const profiles = output.exit_code === 0 ? readProfileList(output.stdout) : null
  if (profiles !== null) return profiles
  const failure = readUpdateFailure(`${output.stdout}\n${output.stderr}`)
  const code = failure.code === 'EsxiUpdateFailed' ? 'DepotInvalid' : failure.code
  const status = output.exit_code === null ? {} : { status: output.exit_code }
  throw new DeviceError(code, `The depot ${depotPath} could not be read: ${failure.error_class}`, {
    sent: true,
    answered: output.exit_code !== null,
    message_id: failure.error_class,
    text: failure.text,
    ...status,
  })
}
