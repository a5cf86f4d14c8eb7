import type { LabCore } from '../core.js'
import type { AgendaItem } from '../model.js'
import type { SimHost, SimTask, SimVm } from '../model-vsphere.js'
import { isPlacementTarget } from './placement.js'
import { failTask, findTask, startTask, succeedTask } from './task-store.js'
import { VimFault } from './vim-faults.js'

/** Why a VM moves; moves back home clear the note of where the VM came from. */
export type MoveReason = 'evacuation' | 'rebalance' | 'request'

const BASE_MS = 8_000
const MS_PER_GB = 2_500

const movesInFlight = (core: LabCore): AgendaItem[] => core.agenda.pending('vcenter.migration')

/** Is this VM on its way? */
export const isMoving = (core: LabCore, vm: SimVm): boolean =>
  movesInFlight(core).some((item) => item.data.vcenter === vm.vcenter && item.data.vm === vm.moid)

/** Moves that leave from or come to a host now. */
export const movesOf = (core: LabCore, host: SimHost): number =>
  movesInFlight(core).filter((item) => item.data.from === host.name || item.data.to === host.name).length

/** vMotions that a host carries at once: 2 at 1 GbE, 4 at 10 GbE, 8 from 25 GbE on. */
export function moveSlots(host: SimHost): number {
  const speed = Math.max(0, ...host.vmnics.filter((nic) => nic.link_up).map((nic) => nic.speed_mbps))
  return speed >= 25_000 ? 8 : speed >= 10_000 ? 4 : 2
}

/** Simulated ms that a move takes: memory over the wire, or next to nothing for a VM that is off. */
export function moveDuration(core: LabCore, vm: SimVm): number {
  if (vm.power !== 'poweredOn') return 1_000
  const factor = Math.max(1, core.flags(vm.host).vmotion_factor || 1)
  return (BASE_MS + (vm.memory_used_mb / 1024) * MS_PER_GB) * factor
}

const DESCRIPTIONS: Record<MoveReason, string> = {
  evacuation: 'Drm.ExecuteVMotionLRO',
  rebalance: 'Drm.ExecuteVMotionLRO',
  request: 'VirtualMachine.relocate',
}

/** Starts a move; it is done after its time, whatever happens to the client. Answers the task. */
export function startMove(core: LabCore, vm: SimVm, to: SimHost, reason: MoveReason, user: string): SimTask {
  const vcenter = core.find.vcenter(vm.vcenter)
  const entity = { type: 'VirtualMachine', moid: vm.moid, name: vm.name }
  const task = startTask(core, vcenter, { description: DESCRIPTIONS[reason], entity, user })
  core.agenda.after(moveDuration(core, vm), 'vcenter.migration', {
    vcenter: vm.vcenter,
    vm: vm.moid,
    from: vm.host,
    to: to.name,
    task: task.id,
    reason,
  })
  return task
}

/** Registers the end of moves. `afterMove` is told which host a VM left. */
export function registerMigrations(core: LabCore, afterMove: (from: SimHost) => void): void {
  core.agenda.on('vcenter.migration', (data) => {
    const vm = core.find.vmByMoid(String(data.vcenter), String(data.vm))
    const task = findTask(core, core.find.vcenter(String(data.vcenter)), String(data.task))
    if (!vm || vm.host !== data.from) return
    const from = core.find.host(vm.host)
    const to = core.find.host(String(data.to))
    const fault = moveFault(core, vm, from, to)
    if (fault) {
      if (task) failTask(core, task, fault)
    } else {
      if (data.reason === 'evacuation') vm.home ??= from.name
      core.moveVm(vm, to.name)
      if (vm.home === to.name) vm.home = null
      if (task) succeedTask(core, task)
    }
    afterMove(from)
  })
}

/** The move fails if, at its end, one of the two hosts is no longer fit for it. */
function moveFault(core: LabCore, vm: SimVm, from: SimHost, to: SimHost): VimFault | undefined {
  if (!core.lifecycle.hostIsUp(from) && vm.power === 'poweredOn') {
    return new VimFault('MigrationFault', 'The source host does not answer.')
  }
  return isPlacementTarget(to) ? undefined : new VimFault('MigrationFault', 'The target host is not available.')
}
