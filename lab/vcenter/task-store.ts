import type { LabCore } from '../core.js'
import type { FaceState, JsonValue } from '../model.js'
import type { SimTask, SimVcenter } from '../model-vsphere.js'
import { purgeTasks } from './task-list.js'
import type { VimValue } from './values.js'
import type { VimFault } from './vim-faults.js'

export interface NewTask {
  /** `HostSystem.enterMaintenanceMode` */
  description: string
  entity: SimTask['entity']
  user: string
  cancelable?: boolean
  data?: FaceState
}

/** Adds a running task and answers it. */
export function startTask(core: LabCore, vcenter: SimVcenter, wanted: NewTask): SimTask {
  purgeTasks(core, vcenter)
  const now = core.clock.now()
  const task: SimTask = {
    id: `task-${vcenter.next_task}`,
    description_id: wanted.description,
    entity: wanted.entity,
    state: 'running',
    progress: null,
    cancelable: wanted.cancelable ?? false,
    cancelled: false,
    queued_at: now,
    started_at: now,
    completed_at: null,
    user: wanted.user,
    error: null,
    data: wanted.data ?? {},
  }
  vcenter.next_task += 1
  vcenter.tasks.push(task)
  return task
}

/** Ends a task well; a result is kept as JSON, since it must survive a restart of the lab. */
export function succeedTask(core: LabCore, task: SimTask, result?: VimValue): void {
  task.state = 'success'
  task.progress = 100
  task.completed_at = core.clock.now()
  if (result) task.data.result = JSON.parse(JSON.stringify(result)) as JsonValue
}

/** Ends a task with a fault. */
export function failTask(core: LabCore, task: SimTask, fault: VimFault): void {
  task.state = 'error'
  task.completed_at = core.clock.now()
  task.error = { type: fault.type, message: fault.message, detail: {} }
}

/** The task of that id, while its object still exists. */
export function findTask(core: LabCore, vcenter: SimVcenter, id: string): SimTask | undefined {
  purgeTasks(core, vcenter)
  return vcenter.tasks.find((task) => task.id === id)
}

/** The stored result of a finished task. */
export function taskResult(task: SimTask): VimValue | undefined {
  return task.data.result as unknown as VimValue | undefined
}
