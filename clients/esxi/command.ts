import type { EsxiCommand } from './connection.js'
import { depotArgument, operationIdPart, profileArgument, quote, reasonArgument } from './quote.js'

const read = (line: string): EsxiCommand => ({ line, mutation: false })
/** The formatter stands before the namespace. */
const json = (namespace: string): EsxiCommand => read(`esxcli --formatter=json ${namespace}`)

export const VERSION_GET = json('system version get')
export const PROFILE_GET = read('esxcli software profile get')
export const VIB_LIST = json('software vib list')
export const ACCEPTANCE_GET = read('esxcli software acceptance get')
export const PLATFORM_GET = json('hardware platform get')
export const FILESYSTEM_LIST = json('storage filesystem list')
export const BOOT_BANKS = read('ls -l /bootbank /altbootbank; cat /altbootbank/boot.cfg')
export const ENCRYPTION_GET = read('esxcli system settings encryption get')
export const MAINTENANCE_GET = read('esxcli system maintenanceMode get')
export const HOST_SUMMARY = read('vim-cmd hostsvc/hostsummary')
export const VM_PROCESS_LIST = json('vm process list')
export const PROCESS_LIST = read('ps -c')
export const CONFIG_SYNC: EsxiCommand = { line: 'vim-cmd hostsvc/firmware/sync_config', mutation: false }
export const CONFIG_BACKUP: EsxiCommand = { line: 'vim-cmd hostsvc/firmware/backup_config', mutation: false }

/** Prints the recovery key of a sealed configuration: a secret, never recorded. */
export const RECOVERY_KEY_LIST: EsxiCommand = {
  line: 'esxcli system settings encryption recovery list',
  mutation: false,
  secret_output: true,
}

/** Lists the image profiles of a depot. @throws DeviceError `InvalidRequest` */
export function profileListCommand(depotPath: string): EsxiCommand {
  return read(`esxcli software sources profile list -d ${depotArgument(depotPath)}`)
}

/** Size in bytes and time of a file, and its SHA-256. @throws DeviceError `InvalidRequest` */
export function fileSizeCommand(depotPath: string): EsxiCommand {
  return read(`stat -c %s ${depotArgument(depotPath)}`)
}

/** @throws DeviceError `InvalidRequest` */
export function fileHashCommand(depotPath: string): EsxiCommand {
  return read(`sha256sum ${depotArgument(depotPath)}`)
}

export interface UpdateRequest {
  /** `update` keeps foreign packages; `install` makes the host exactly the image and removes the rest. */
  method: 'update' | 'install'
  depot_path: string
  profile_name: string
  /** Accepts the warnings (never the errors) of the hardware check. */
  allow_hardware_warnings: boolean
}

/** Flags that skip signatures, force, or lower the acceptance level do not exist here. */
function updateLine(request: UpdateRequest, dryRun: boolean): string {
  const parts = [
    'esxcli software profile',
    request.method,
    '-d',
    depotArgument(request.depot_path),
    '-p',
    profileArgument(request.profile_name),
  ]
  if (request.method === 'install') parts.push('--ok-to-remove')
  if (request.allow_hardware_warnings) parts.push('--no-hardware-warning')
  if (dryRun) parts.push('--dry-run')
  return parts.join(' ')
}

/** The tool's own trial run; changes nothing, needs no maintenance. @throws DeviceError `InvalidRequest` */
export function dryRunCommand(request: UpdateRequest): EsxiCommand {
  return read(updateLine(request, true))
}

/** Files on the host (a RAM disk that lives until the reboot) that belong to one operation. */
export function operationFiles(operationId: string): { output: string; code: string; mark: string } {
  const mark = `dsm-${operationIdPart(operationId)}`
  return { output: `/tmp/${mark}.out`, code: `/tmp/${mark}.rc`, mark }
}

/**
 * Starts the update detached from the channel: it must not depend on our connection, and goes on without it anyway.
 * Output and exit code land in files named by the operation. @throws DeviceError `InvalidRequest`
 */
export function startUpdateCommand(request: UpdateRequest, operationId: string): EsxiCommand {
  const { output, code } = operationFiles(operationId)
  const inner = `${updateLine(request, false)} >${output} 2>&1; echo $? >${code}`
  return { line: `nohup sh -c ${quote(inner)} >/dev/null 2>&1 &`, mutation: true }
}

/** Prints a file of an operation. @throws DeviceError `InvalidRequest` */
export function readOperationFileCommand(operationId: string, file: 'output' | 'code'): EsxiCommand {
  return read(`cat ${operationFiles(operationId)[file]}`)
}

/** The end of the update tool's log, for the record of a failure. */
export const UPDATE_LOG_TAIL = read('tail -n 200 /var/log/esxupdate.log')

/** Host-local maintenance; it moves no VM. Only for hosts without vCenter. */
export function setMaintenanceCommand(enable: boolean, timeoutSeconds: number): EsxiCommand {
  const timeout = Math.max(1, Math.ceil(timeoutSeconds))
  return { line: `esxcli system maintenanceMode set --enable ${enable} --timeout ${timeout}`, mutation: true }
}

/** Reboots; the host itself refuses outside maintenance. @throws DeviceError `InvalidRequest` */
export function rebootCommand(reason: string): EsxiCommand {
  return { line: `esxcli system shutdown reboot -r ${reasonArgument(reason)}`, mutation: true }
}
