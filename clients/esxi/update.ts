import { DeviceError } from '../errors.js'
import * as commands from './command.js'
import type { CommandOutput, EsxiConnection, RunOptions } from './connection.js'
import { commandFailed } from './errors.js'
import { readUpdateOutcome } from './update-outcome.js'
import type { DryRunResult, UpdateRunState } from './update-state.js'

/** A trial run takes up to a minute and a half on slow storage. */
const DRY_RUN_TIMEOUT_MS = 300_000
/** The running tool, whoever started it; its name as the process list shows it. */
const UPDATE_PROCESS = /esxcli-software|esxcli\b.*\bsoftware\b.*\b(update|install|remove|apply)\b/

/**
 * Lets the tool itself judge an update without changing anything. Needs the depot on the host, not maintenance.
 * @returns The tool's verdict; a refusal is a value.
 * @throws DeviceError when the host could not be asked, or `InvalidRequest`.
 */
export async function dryRun(
  connection: EsxiConnection,
  request: commands.UpdateRequest,
  options: RunOptions = {},
): Promise<DryRunResult> {
  const command = commands.dryRunCommand(request)
  const output = await connection.run(command, { timeout_ms: DRY_RUN_TIMEOUT_MS, ...options })
  return readUpdateOutcome(output.exit_code, `${output.stdout}\n${output.stderr}`)
}

/** Content of a file of the operation; `null` when it does not exist. Any other failure is an error: unknown is not absent. */
async function readFile(
  connection: EsxiConnection,
  operationId: string,
  file: 'output' | 'code',
  options: RunOptions,
): Promise<string | null> {
  const command = commands.readOperationFileCommand(operationId, file)
  const output = await connection.run(command, { max_output_bytes: 1024 * 1024, ...options })
  if (output.exit_code === 0) return output.stdout
  if (/No such file or directory/i.test(`${output.stderr}${output.stdout}`)) return null
  throw commandFailed(command, output)
}

/** Lines of the process list. @throws DeviceError when it could not be read: then nobody may say that nothing runs. */
async function processLines(connection: EsxiConnection, options: RunOptions): Promise<string[]> {
  const output: CommandOutput = await connection.run(commands.PROCESS_LIST, options)
  if (output.exit_code !== 0) throw commandFailed(commands.PROCESS_LIST, output)
  return output.stdout.split('\n').filter((line) => !/\bgrep\b/.test(line))
}

/** The process of an update that runs on the host, ours or another's; `null` when there is none. @throws DeviceError */
export async function findRunningUpdate(connection: EsxiConnection, options: RunOptions = {}): Promise<string | null> {
  const line = (await processLines(connection, options)).find((each) => UPDATE_PROCESS.test(each))
  return line?.trim() ?? null
}

/**
 * Where an update stands, by the files that carry its id. The order matters: a process that ends between the reads has
 * written its code by the time the code is read.
 * @throws DeviceError when any part could not be read.
 */
export async function readUpdateRun(
  connection: EsxiConnection,
  operationId: string,
  options: RunOptions = {},
): Promise<UpdateRunState> {
  const { mark } = commands.operationFiles(operationId)
  const running = (await processLines(connection, options)).some((line) => line.includes(mark))
  const output = await readFile(connection, operationId, 'output', options)
  const code = await readFile(connection, operationId, 'code', options)
  const exitCode = code === null ? null : readExitCode(code)
  if (exitCode !== null) {
    const text = (await readFile(connection, operationId, 'output', options)) ?? ''
    return { state: 'finished', exit_code: exitCode, output: text, outcome: readUpdateOutcome(exitCode, text) }
  }
  if (running) return { state: 'running', output: output ?? '' }
  return output === null && code === null ? { state: 'not_started' } : { state: 'lost', output: output ?? '' }
}

/** `null` while the file is still empty: the shell creates it before it writes the number. */
function readExitCode(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : null
}

/**
 * Starts the update, detached from the connection; never twice under one id: what its files show is returned instead.
 * Another update on the host is never joined by a second one.
 * @returns State before the start: `not_started` = it was started now.
 * @throws DeviceError `UpdateLocked` while another update runs (nothing was started); when `unclear`, read the run.
 */
export async function startUpdate(
  connection: EsxiConnection,
  request: commands.UpdateRequest,
  operationId: string,
  options: RunOptions = {},
): Promise<UpdateRunState> {
  const before = await readUpdateRun(connection, operationId, options)
  if (before.state !== 'not_started') return before
  const other = await findRunningUpdate(connection, options)
  if (other !== null) {
    const facts = { sent: false, answered: true, text: other }
    throw new DeviceError('UpdateLocked', 'Another update runs on the host', facts)
  }
  const command = commands.startUpdateCommand(request, operationId)
  const output = await connection.run(command, options)
  if (output.exit_code === 0) return before
  const status = output.exit_code === null ? {} : { status: output.exit_code }
  const text = `${output.stderr}\n${output.stdout}`.trim().slice(0, 2_000)
  throw new DeviceError('EsxiUpdateFailed', 'The update could not be started', {
    sent: true,
    answered: output.exit_code !== null,
    text,
    ...status,
  })
}
