import type { LabCore } from '../core.js'
import type { SimTask, SimVcenter } from '../model-vsphere.js'
import {
  anything,
  bool,
  data,
  dateTime,
  derived,
  int,
  named,
  reference,
  text,
  type VimData,
  type VimValue,
} from './values.js'
import { localizedFault } from './vim-faults.js'

/** A finished task's object is gone after about ten minutes. */
const PURGE_AFTER_MS = 10 * 60_000
/** …but at high speed never before a person's client could have polled once: real time. */
const PURGE_FLOOR_REAL_MS = 15_000

/** Removes finished tasks that are old enough. */
export function purgeTasks(core: LabCore, vcenter: SimVcenter): void {
  const keep = Math.max(PURGE_AFTER_MS, PURGE_FLOOR_REAL_MS * core.clock.speed)
  const before = core.clock.now() - keep
  if (vcenter.tasks.some((task) => task.completed_at !== null && task.completed_at < before)) {
    vcenter.tasks = vcenter.tasks.filter((task) => task.completed_at === null || task.completed_at >= before)
  }
}

/** Ids of the tasks of an object that run or ended lately, newest first. */
export function recentTasksOf(core: LabCore, vcenter: SimVcenter, moid: string): string[] {
  purgeTasks(core, vcenter)
  return vcenter.tasks
    .filter((task) => task.entity.moid === moid)
    .slice(-10)
    .reverse()
    .map((task) => task.id)
}

const ERROR_TEXT = new Map([['RequestCanceled', 'The task was canceled by a user.']])

/** The method that began a task; tasks that vCenter begins by itself have none. */
const METHOD_NAMES: Record<string, string> = {
  'HostSystem.enterMaintenanceMode': 'EnterMaintenanceMode_Task',
  'HostSystem.exitMaintenanceMode': 'ExitMaintenanceMode_Task',
  'HostSystem.reboot': 'RebootHost_Task',
  'HostSystem.shutdown': 'ShutdownHost_Task',
  'HostSystem.disconnect': 'DisconnectHost_Task',
  'HostSystem.reconnect': 'ReconnectHost_Task',
  'HostSystem.reconfigureHostForDAS': 'ReconfigureHostForDAS_Task',
  'ComputeResource.reconfigureEx': 'ReconfigureComputeResource_Task',
  'HostDatastoreBrowser.search': 'SearchDatastore_Task',
  'HostDatastoreBrowser.searchSubFolders': 'SearchDatastoreSubFolders_Task',
  'VirtualMachine.relocate': 'RelocateVM_Task',
  'VirtualMachine.powerOn': 'PowerOnVM_Task',
  'VirtualMachine.powerOff': 'PowerOffVM_Task',
}

/** TaskInfo of a task. */
export function taskInfo(task: SimTask, result: VimValue | undefined): VimData {
  return data('TaskInfo', {
    key: text(task.id),
    task: reference('Task', task.id),
    description: undefined,
    name: METHOD_NAMES[task.description_id] ? text(METHOD_NAMES[task.description_id] ?? '') : undefined,
    descriptionId: text(task.description_id),
    entity: reference(task.entity.type, task.entity.moid),
    entityName: text(task.entity.name),
    locked: undefined,
    state: named('TaskInfoState', task.state),
    cancelled: bool(task.cancelled),
    cancelable: bool(task.cancelable && task.state === 'running'),
    error: task.error
      ? data(
          'LocalizedMethodFault',
          localizedFault({
            type: task.error.type,
            message: task.error.message || (ERROR_TEXT.get(task.error.type) ?? ''),
          }),
        )
      : undefined,
    result: result && anything(result),
    progress: task.progress === null || task.state !== 'running' ? undefined : int(task.progress),
    progressDetails: undefined,
    reason: derived('TaskReasonUser', { userName: text(task.user) }),
    queueTime: dateTime(task.queued_at),
    startTime: task.started_at === null ? undefined : dateTime(task.started_at),
    completeTime: task.completed_at === null ? undefined : dateTime(task.completed_at),
    eventChainId: int(Number(task.id.replace(/\D/g, '')) * 7),
    changeTag: undefined,
    parentTaskKey: undefined,
    rootTaskKey: undefined,
    activationId: undefined,
  })
}
