import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimTask, SimVm } from '../model-vsphere.js'
import { failoverHolds } from './capacity.js'
import { hostServesAgain, stopAgent } from './host-availability.js'
import { isMoving, moveSlots, movesOf, startMove } from './migration.js'
import { drsModeOf, runningVms } from './placement.js'
import { proposal } from './recommendations.js'
import { failTask, findTask, startTask, succeedTask } from './task-store.js'
import { reference } from './values.js'
import { hostNotConnected, invalidState, requestCanceled, timedOut, VimFault } from './vim-faults.js'

const FIRST_LOOK_MS = 4_000
const LOOK_EVERY_MS = 10_000
const EXIT_MS = 8_000

export interface EnterOptions {
  /** seconds; 0 or less waits for ever */
  timeout: number
  evacuatePoweredOff: boolean
  user: string
}

const entityOf = (host: SimHost): SimTask['entity'] => ({ type: 'HostSystem', moid: host.moid, name: host.name })

/**
 * Begins to enter maintenance mode. The call itself moves nothing: it waits until no powered-on VM is left, and DRS
 * moves VMs by itself only where it is fully automated. Throws InvalidState (already there), TaskInProgress (already
 * on the way), HostNotConnected.
 */
export function enterMaintenance(core: LabCore, host: SimHost, options: EnterOptions): SimTask {
  if (host.connection !== 'connected') throw hostNotConnected()
  if (host.in_maintenance) throw invalidState()
  if (host.entering_maintenance) {
    throw new VimFault('TaskInProgress', 'The operation is not allowed since another task is in progress.', {
      task: reference('Task', host.entering_maintenance),
    })
  }
  const now = core.clock.now()
  const task = startTask(core, core.find.vcenter(host.vcenter), {
    description: 'HostSystem.enterMaintenanceMode',
    entity: entityOf(host),
    user: options.user,
    cancelable: true,
    data: {
      host: host.name,
      deadline: options.timeout > 0 ? now + options.timeout * 1000 : 0,
      evacuate_powered_off: options.evacuatePoweredOff,
      vms_at_start: runningVms(core, host).length,
    },
  })
  task.progress = 2
  host.entering_maintenance = task.id
  core.agenda.after(FIRST_LOOK_MS, 'vcenter.enter_step', { vcenter: host.vcenter, task: task.id })
  return task
}

/** One look at a host that enters: moves on, ends, or waits. */
function enterStep(core: LabCore, vcenterName: string, taskId: string): void {
  const task = findTask(core, core.find.vcenter(vcenterName), taskId)
  if (task?.state !== 'running') return
  const host = core.find.host(String(task.data.host))
  if (host.entering_maintenance !== taskId) return
  const deadline = Number(task.data.deadline)
  if (host.connection !== 'connected') {
    stopEntering(core, host, task, hostNotConnected())
    return
  }
  if (isEmpty(core, host, task)) {
    arrive(core, host, task)
    return
  }
  if (deadline > 0 && core.clock.now() >= deadline) {
    stopEntering(core, host, task, timedOut())
    return
  }
  if (!core.flags(host.name).evacuation_hangs) {
    evacuate(core, host, task)
    task.progress = progressOf(core, host, task)
  }
  const next = core.clock.now() + LOOK_EVERY_MS
  const due = deadline > 0 ? Math.min(next, deadline) : next
  core.agenda.at(due, 'vcenter.enter_step', { vcenter: vcenterName, task: taskId })
}

/** Is nothing left that must leave? Powered-off VMs count only where the caller asked for it. */
function isEmpty(core: LabCore, host: SimHost, task: SimTask): boolean {
  if (core.flags(host.name).evacuation_hangs || runningVms(core, host).length > 0) return false
  return task.data.evacuate_powered_off !== true || core.find.vmsOn(host).length === 0
}

function progressOf(core: LabCore, host: SimHost, task: SimTask): number {
  const start = Number(task.data.vms_at_start)
  const left = runningVms(core, host).length
  return start === 0 ? 50 : Math.max(2, Math.min(98, Math.round(2 + (96 * (start - left)) / start)))
}

/** Lets DRS move what it may move by itself, as many at once as the network carries. */
function evacuate(core: LabCore, host: SimHost, task: SimTask): void {
  const cluster = core.find.clusterOf(host)
  const leaving = new Set(
    core.find
      .hostsOf(cluster)
      .filter((one) => one.entering_maintenance !== null)
      .map((one) => one.name),
  )
  if (!failoverHolds(core, cluster, leaving)) return
  for (const vm of movableVms(core, host, cluster, task)) {
    if (movesOf(core, host) >= moveSlots(host)) return
    const move = proposal(core, host, vm, leaving)
    if (move && movesOf(core, move.to) < moveSlots(move.to)) startMove(core, vm, move.to, 'evacuation', 'vpxd')
  }
}

function movableVms(core: LabCore, host: SimHost, cluster: SimCluster, task: SimTask): SimVm[] {
  const running = runningVms(core, host)
  const off = task.data.evacuate_powered_off === true ? core.find.vmsOn(host).filter((vm) => !running.includes(vm)) : []
  return [...running, ...off].filter((vm) => drsModeOf(cluster, vm) === 'fullyAutomated' && !isMoving(core, vm))
}

function arrive(core: LabCore, host: SimHost, task: SimTask): void {
  host.entering_maintenance = null
  stopAgent(core, host)
  core.setMaintenance(host, true)
  succeedTask(core, task)
}

function stopEntering(core: LabCore, host: SimHost, task: SimTask, fault: VimFault): void {
  host.entering_maintenance = null
  failTask(core, task, fault)
}

/** CancelTask on a task that enters maintenance: moves that run are finished, moves done stay done. */
export function cancelEntering(core: LabCore, task: SimTask): void {
  const host = core.find.host(String(task.data.host))
  task.cancelled = true
  stopEntering(core, host, task, requestCanceled())
}

/** Begins to leave maintenance mode. Throws InvalidState where the host is not in it. */
export function exitMaintenance(core: LabCore, host: SimHost, timeout: number, user: string): SimTask {
  if (host.connection !== 'connected') throw hostNotConnected()
  if (!host.in_maintenance) throw invalidState()
  const task = startTask(core, core.find.vcenter(host.vcenter), {
    description: 'HostSystem.exitMaintenanceMode',
    entity: entityOf(host),
    user,
    cancelable: true,
    data: { host: host.name, deadline: timeout > 0 ? core.clock.now() + timeout * 1000 : 0 },
  })
  core.agenda.after(EXIT_MS, 'vcenter.exit_step', { vcenter: host.vcenter, task: task.id })
  return task
}

function exitStep(core: LabCore, vcenterName: string, taskId: string): void {
  const task = findTask(core, core.find.vcenter(vcenterName), taskId)
  if (task?.state !== 'running') return
  const host = core.find.host(String(task.data.host))
  const deadline = Number(task.data.deadline)
  if (host.connection !== 'connected') {
    failTask(core, task, hostNotConnected())
    return
  }
  if (!host.in_maintenance) {
    failTask(core, task, invalidState())
    return
  }
  // Leaving waits while an operation runs that may only run in maintenance mode, such as an image update.
  if (host.update_running_until !== null && host.update_running_until > core.clock.now()) {
    if (deadline > 0 && core.clock.now() >= deadline) {
      failTask(core, task, timedOut())
      return
    }
    core.agenda.after(LOOK_EVERY_MS, 'vcenter.exit_step', { vcenter: vcenterName, task: taskId })
    return
  }
  core.setMaintenance(host, false)
  hostServesAgain(core, host)
  succeedTask(core, task)
}

/** Registers what goes on by itself. */
export function registerMaintenance(core: LabCore): void {
  core.agenda.on('vcenter.enter_step', (data) => enterStep(core, String(data.vcenter), String(data.task)))
  core.agenda.on('vcenter.exit_step', (data) => exitStep(core, String(data.vcenter), String(data.task)))
}

/** A VM left a host: where the host enters maintenance, look at once instead of at the next round. */
export function lookAgain(core: LabCore, host: SimHost): void {
  if (host.entering_maintenance === null) return
  const { vcenter, entering_maintenance: task } = host
  core.agenda.cancelWhere('vcenter.enter_step', (data) => data.task === task && data.vcenter === vcenter)
  core.agenda.after(500, 'vcenter.enter_step', { vcenter, task })
}
