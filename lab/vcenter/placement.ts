import type { LabCore } from '../core.js'
import type { SimCluster, SimHost, SimRule, SimVm, VmPin } from '../model-vsphere.js'

/** What keeps a VM on its host, as a fault of vCenter's what-if. */
export interface MoveObstacle {
  /** vim25 fault type */
  fault: string
  message: string
}

const PIN_FAULTS: Record<VmPin, MoveObstacle> = {
  passthrough: {
    fault: 'DisallowedMigrationDeviceAttached',
    message: "The virtual machine uses device 'PCI device 0', which does not allow migration.",
  },
  vgpu: {
    fault: 'DisallowedMigrationDeviceAttached',
    message: "The virtual machine uses vGPU device 'PCI device 0', which does not allow automatic migration.",
  },
  local_storage: {
    fault: 'CannotAccessVmDisk',
    message: "Unable to access the virtual disk 'Hard disk 1': it lies on a datastore that the target does not mount.",
  },
  connected_iso: {
    fault: 'CannotAccessVmDevice',
    message: "Unable to access the virtual machine device 'CD/DVD drive 1': its backing is on a local datastore.",
  },
  question: { fault: 'QuestionPending', message: 'The virtual machine is waiting for an answer to a question.' },
  host_rule: {
    fault: 'VmHostAffinityRuleViolation',
    message: 'The virtual machine must run on its present host by a VM/Host rule.',
  },
}

/** May new VMs come to this host? */
export function isPlacementTarget(host: SimHost): boolean {
  return (
    host.connection === 'connected' && !host.in_maintenance && host.entering_maintenance === null && !host.quarantine
  )
}

/** Causes that pin a VM now: those of the VM, and the one that the personality of its host gives to its first VM. */
export function pinsOf(core: LabCore, vm: SimVm): VmPin[] {
  if (!core.flags(vm.host).vm_cannot_move) return vm.pins
  const first = runningVms(core, core.find.host(vm.host))[0]
  return first?.moid === vm.moid && !vm.pins.includes('passthrough') ? [...vm.pins, 'passthrough'] : vm.pins
}

/** Powered-on VMs of a host, by name. */
export function runningVms(core: LabCore, host: SimHost): SimVm[] {
  return core.find
    .vmsOn(host)
    .filter((vm) => vm.power === 'poweredOn')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** How DRS treats a VM: the override counts where the cluster allows overrides. */
export function drsModeOf(cluster: SimCluster, vm: SimVm): SimCluster['drs']['mode'] | 'disabled' {
  if (!cluster.drs.enabled) return 'disabled'
  return cluster.drs.overrides_enabled && vm.drs_override ? vm.drs_override : cluster.drs.mode
}

/** Where a VM could go, best (least memory in use) first; `leaving` are hosts that are to be emptied too. */
export function targetsFor(core: LabCore, vm: SimVm, leaving: ReadonlySet<string> = new Set()): SimHost[] {
  const cluster = core.find.cluster(vm.vcenter, vm.cluster)
  return core.find
    .hostsOf(cluster)
    .filter((host) => host.name !== vm.host && isPlacementTarget(host) && !leaving.has(host.name))
    .filter((host) => host.datastores.includes(vm.datastore))
    .filter((host) => usedMemoryMb(core, host) + vm.memory_used_mb <= host.memory_bytes / 1_048_576)
    .filter((host) => cluster.rules.every((rule) => ruleAllows(core, rule, vm, host)))
    .sort((a, b) => usedMemoryMb(core, a) - usedMemoryMb(core, b) || (a.name < b.name ? -1 : 1))
}

/** Memory of the VMs that run on a host or are on their way to it, MB. */
export function usedMemoryMb(core: LabCore, host: SimHost): number {
  const coming = core.agenda
    .pending('vcenter.migration')
    .filter((item) => item.data.vcenter === host.vcenter && item.data.to === host.name)
    .flatMap((item) => core.find.vmByMoid(host.vcenter, String(item.data.vm)) ?? [])
  return [...runningVms(core, host), ...coming].reduce((sum, vm) => sum + vm.memory_used_mb, 0)
}

/** Why vMotion cannot take this VM off its host, whoever asks; undefined where it can. */
export function moveObstacle(core: LabCore, vm: SimVm, leaving: ReadonlySet<string>): MoveObstacle | undefined {
  const pin = pinsOf(core, vm)[0] ?? (vm.question ? 'question' : undefined)
  if (pin) return PIN_FAULTS[pin]
  if (targetsFor(core, vm, leaving).length > 0) return undefined
  const cluster = core.find.cluster(vm.vcenter, vm.cluster)
  const rule = cluster.rules.find((candidate) => candidate.enabled && candidate.vms.includes(vm.name))
  if (rule?.type === 'vm_host') return PIN_FAULTS.host_rule
  if (rule) return { fault: 'RuleViolation', message: `The move would violate the rule '${rule.name}'.` }
  return { fault: 'NoCompatibleHost', message: 'No host is compatible with the virtual machine.' }
}

/** Why DRS will not take this VM off its host by itself; undefined where it will. */
export function drsObstacle(core: LabCore, vm: SimVm, leaving: ReadonlySet<string>): MoveObstacle | undefined {
  const mode = drsModeOf(core.find.cluster(vm.vcenter, vm.cluster), vm)
  if (mode === 'disabled') {
    return { fault: 'DrsDisabledOnVm', message: 'DRS is disabled on the virtual machine.' }
  }
  return moveObstacle(core, vm, leaving)
}

function ruleAllows(core: LabCore, rule: SimRule, vm: SimVm, host: SimHost): boolean {
  if (!rule.enabled || !rule.vms.includes(vm.name)) return true
  if (rule.type === 'vm_host') return !rule.mandatory || rule.hosts.includes(host.name)
  const others = core.find.vmsOn(host).filter((other) => other.name !== vm.name && rule.vms.includes(other.name))
  if (rule.type === 'anti_affinity') return others.length === 0
  // VMs that belong together may follow each other one after the other.
  return true
}
