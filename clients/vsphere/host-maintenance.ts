import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { startTask } from './task-call.js'

export type VsanMode = 'ensure_accessibility' | 'evacuate_all' | 'no_action'

const VSAN_ACTIONS: Record<VsanMode, string> = {
  ensure_accessibility: 'ensureObjectAccessibility',
  evacuate_all: 'evacuateAllData',
  no_action: 'noAction',
}

export interface EnterMaintenanceOptions extends CallOptions {
  /** Sent unscaled: vCenter has its own clock. 0 or less would wait for ever and is refused here. */
  timeout_seconds: number
  /** `true` hangs in a cluster without automatic DRS. */
  evacuate_powered_off: boolean
  /** Only for members of a vSAN cluster; left out elsewhere. */
  vsan_mode?: VsanMode
}

/**
 * Begins to put a host into maintenance. It does **not** move VMs: DRS does that, when it is fully automatic; the task ends
 * when no powered-on VM is left, or with `Timedout` (the host is then not in maintenance). While it runs no VM can be
 * powered on there. Privilege `Host.Config.Maintenance`.
 * Before calling: read the host; adopt `entering_task_moid`, and do nothing when `in_maintenance_mode` is true.
 * @returns Id of the task.
 * @throws DeviceError `StateConflict` when the host is in maintenance already.
 */
export async function enterMaintenance(
  session: VsphereSession,
  hostMoid: string,
  options: EnterMaintenanceOptions,
): Promise<string> {
  const { timeout_seconds, evacuate_powered_off, vsan_mode, ...callOptions } = options
  if (!(timeout_seconds > 0)) throw new RangeError('A maintenance without time limit would wait for ever')
  const spec = vsan_mode === undefined ? undefined : data(['vsanMode', data(['objectAction', VSAN_ACTIONS[vsan_mode]])])
  return await startTask(
    session,
    moRef('HostSystem', hostMoid),
    'EnterMaintenanceMode_Task',
    [
      ['timeout', Math.ceil(timeout_seconds)],
      ['evacuatePoweredOffVms', evacuate_powered_off],
      ['maintenanceSpec', spec],
    ],
    callOptions,
  )
}

/**
 * Begins to leave maintenance. Privilege `Host.Config.Maintenance`.
 * @returns Id of the task.
 * @throws DeviceError `StateConflict` when the host is not in maintenance.
 */
export async function exitMaintenance(
  session: VsphereSession,
  hostMoid: string,
  options: CallOptions & { timeout_seconds: number },
): Promise<string> {
  const { timeout_seconds, ...callOptions } = options
  const fields = [['timeout', Math.ceil(timeout_seconds)]] as const
  return await startTask(session, moRef('HostSystem', hostMoid), 'ExitMaintenanceMode_Task', fields, callOptions)
}
