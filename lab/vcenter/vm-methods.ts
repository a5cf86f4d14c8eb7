import type { LabCore } from '../core.js'
import type { SimHost, SimTask, SimVm, VmPower } from '../model-vsphere.js'
import type { CallContext } from './context.js'
import { change, hostArgument, type Method, read, requiredText, taskReference, userOf, vmReceiver } from './method.js'
import { isMoving, startMove } from './migration.js'
import { isPlacementTarget, moveObstacle, targetsFor } from './placement.js'
import { failTask, findTask, startTask, succeedTask } from './task-store.js'
import { array, data, reference } from './values.js'
import { invalidArgument, localizedFault, managedObjectNotFound, VimFault } from './vim-faults.js'
import { child, childrenNamed } from './xml-read.js'

const POWER_ON_MS = 6_000
const POWER_OFF_MS = 3_000
const GUEST_SHUTDOWN_MS = 30_000
const CHECK_MS = 2_000

const relocate = (specified: (context: CallContext, call: Parameters<Method['run']>[1]) => SimHost | undefined) =>
  change((context, call) => {
    const vm = vmReceiver(context, call)
    const host = specified(context, call)
    if (!host) throw invalidArgument('spec.host')
    const fault = relocateFault(context.core, vm, host)
    if (!fault) return taskReference(startMove(context.core, vm, host, 'request', userOf(context)))
    const task = vmTask(context, vm, 'relocate')
    failTask(context.core, task, fault)
    return taskReference(task)
  })

/** Why this VM cannot go to this host; undefined where it can. */
function relocateFault(core: LabCore, vm: SimVm, to: SimHost): VimFault | undefined {
  if (vm.host === to.name) return new VimFault('InvalidArgument', 'A specified parameter was not correct: spec.host')
  if (isMoving(core, vm)) return new VimFault('TaskInProgress', 'Another task is already in progress.')
  if (!isPlacementTarget(to)) {
    return new VimFault('InvalidHostState', 'The operation is not allowed in the current state of the host.')
  }
  if (vm.power === 'poweredOff') return undefined
  const obstacle = moveObstacle(core, vm, new Set())
  if (obstacle) return new VimFault(obstacle.fault, obstacle.message)
  if (targetsFor(core, vm).some((host) => host.name === to.name)) return undefined
  return new VimFault('InsufficientResourcesFault', 'The host does not have enough resources for the virtual machine.')
}

function vmTask(context: CallContext, vm: SimVm, operation: string): SimTask {
  return startTask(context.core, context.vcenter(), {
    description: `VirtualMachine.${operation}`,
    entity: { type: 'VirtualMachine', moid: vm.moid, name: vm.name },
    user: userOf(context),
    data: { vm: vm.moid },
  })
}

const power = (operation: 'powerOn' | 'powerOff', wanted: VmPower, ms: number): Method =>
  change((context, call) => {
    const vm = vmReceiver(context, call)
    const task = vmTask(context, vm, operation)
    const host = context.core.find.host(vm.host)
    if (vm.power === wanted || (wanted === 'poweredOn' && !isPlacementTarget(host))) {
      failTask(context.core, task, powerFault(vm, wanted))
    } else {
      context.core.agenda.after(ms, 'vcenter.vm_power', {
        vcenter: context.name,
        vm: vm.moid,
        power: wanted,
        task: task.id,
      })
    }
    return taskReference(task)
  })

const powerFault = (vm: SimVm, wanted: VmPower): VimFault =>
  vm.power === wanted
    ? new VimFault('InvalidPowerState', 'The attempted operation cannot be performed in the current power state.')
    : new VimFault('InvalidState', 'The operation is not allowed in the current state.')

const shutdownGuest = change((context, call) => {
  const vm = vmReceiver(context, call)
  if (vm.power !== 'poweredOn') throw powerFault(vm, 'poweredOff')
  context.core.agenda.after(GUEST_SHUTDOWN_MS, 'vcenter.vm_power', {
    vcenter: context.name,
    vm: vm.moid,
    power: 'poweredOff',
    task: '',
  })
  return undefined
})

const answer = change((context, call) => {
  const vm = vmReceiver(context, call)
  if (vm.question?.id !== requiredText(call, 'questionId')) throw invalidArgument('questionId')
  if (!vm.question.choices.some((choice) => choice.key === requiredText(call, 'answerChoice'))) {
    throw invalidArgument('answerChoice')
  }
  vm.question = null
  vm.pins = vm.pins.filter((pin) => pin !== 'question')
  return undefined
})

/** CheckMigrate_Task of the provisioning checker: for one VM and one host, or every host of its cluster. */
const checkMigrate = read((context, call) => {
  const id = requiredText(call, 'vm').trim()
  const vm = context.core.find.vmByMoid(context.name, id)
  if (!vm) throw managedObjectNotFound('VirtualMachine', id)
  const wanted = hostArgument(context, call, 'host')
  const cluster = context.core.find.cluster(vm.vcenter, vm.cluster)
  const hosts = wanted ? [wanted] : context.core.find.hostsOf(cluster).filter((host) => host.name !== vm.host)
  const task = vmTask(context, vm, 'checkMigrate')
  const results = hosts.map((host) => {
    const fault = relocateFault(context.core, vm, host)
    return data('CheckResult', {
      vm: reference('VirtualMachine', vm.moid),
      host: reference('HostSystem', host.moid),
      warning: undefined,
      error: fault ? array('LocalizedMethodFault', [data('LocalizedMethodFault', localizedFault(fault))]) : undefined,
    })
  })
  task.data.prepared = JSON.parse(JSON.stringify(array('CheckResult', results)))
  context.core.agenda.after(CHECK_MS, 'vcenter.prepared', { vcenter: context.name, task: task.id })
  return taskReference(task)
})

/** Methods by managed type. */
export const VM_METHODS: Record<string, Record<string, Method>> = {
  VirtualMachine: {
    RelocateVM_Task: relocate((context, call) => {
      const spec = child(call.args, 'spec')
      const host = childrenNamed(spec, 'host')[0]?.text.trim()
      if (host === undefined) return undefined
      const found = context.core.find.hostByMoid(context.name, host)
      if (!found) throw managedObjectNotFound('HostSystem', host)
      return found
    }),
    MigrateVM_Task: relocate((context, call) => hostArgument(context, call, 'host')),
    PowerOnVM_Task: power('powerOn', 'poweredOn', POWER_ON_MS),
    PowerOffVM_Task: power('powerOff', 'poweredOff', POWER_OFF_MS),
    ShutdownGuest: shutdownGuest,
    AnswerVM: answer,
  },
  VirtualMachineProvisioningChecker: { CheckMigrate_Task: checkMigrate },
}

/** Registers what goes on after the answers. */
export function registerVmTasks(core: LabCore): void {
  core.agenda.on('vcenter.vm_power', (item) => {
    const vm = core.find.vmByMoid(String(item.vcenter), String(item.vm))
    if (!vm) return
    vm.power = item.power as VmPower
    const task = findTask(core, core.find.vcenter(String(item.vcenter)), String(item.task))
    if (task?.state === 'running') succeedTask(core, task)
  })
  core.agenda.on('vcenter.prepared', (item) => {
    const task = findTask(core, core.find.vcenter(String(item.vcenter)), String(item.task))
    if (task?.state !== 'running') return
    task.data.result = task.data.prepared ?? null
    delete task.data.prepared
    succeedTask(core, task)
  })
}
