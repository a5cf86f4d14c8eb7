import type { ClusterFacts, ClusterHostFacts, ClusterRule, PinCause, VmFacts } from './cluster-facts.js'
import type { Blocker } from './failures.js'
import type { SafetyPolicy } from './safety-types.js'
import { splitServing, vmsToMove } from './serving.js'
import { blocker } from './verdict.js'

const CAUSES: Record<PinCause, { text: string; remedy: string }> = {
  passthrough: { text: 'uses a passed-through device', remedy: 'Shut the VM down, or remove the device.' },
  vgpu: { text: 'uses a virtual GPU', remedy: 'Migrate it by hand, or shut it down.' },
  sriov: { text: 'uses an SR-IOV network function', remedy: 'Shut the VM down, or use another adapter.' },
  local_storage: {
    text: 'has a disk that only this host can reach',
    remedy: 'Move its storage first, or shut it down.',
  },
  host_media: { text: 'has a device of the host connected', remedy: 'Disconnect the medium.' },
  client_media: { text: 'has a medium of a client connected', remedy: 'Disconnect the medium.' },
  local_datastore_media: { text: 'has an image of a local datastore connected', remedy: 'Disconnect the image.' },
  tools_installer: { text: 'has the tools installer mounted', remedy: 'Unmount the tools installer.' },
  shared_bus: { text: 'shares a SCSI bus with another VM', remedy: 'Shut this cluster node down.' },
  fault_tolerance: {
    text: 'is fault tolerant without another place',
    remedy: 'Turn fault tolerance off, or add a host.',
  },
  question_pending: { text: 'waits for an answer', remedy: 'Answer the question of the VM.' },
}

/** Why one VM cannot leave its host, whatever moves it; empty = it can. Unread facts tie it. */
export function pinsOf(vm: VmFacts): Blocker[] {
  const target = vm.name
  const said = (text: string, remedy: string, data: Record<string, unknown>) =>
    blocker('PinnedVm', `${vm.name} ${text}.`, { target, remedy, data: { vm_id: vm.id, ...data } })
  if (vm.connection_state !== 'connected') {
    const state = vm.connection_state ?? 'unknown'
    return [said(`is ${state} in vCenter`, 'Cure the state of the VM in vCenter.', { cause: 'connection_state' })]
  }
  if (vm.pins === null) {
    return [said('could not be examined', 'Read it again; check the privileges.', { cause: 'unknown' })]
  }
  return vm.pins.map((pin) => {
    const known = CAUSES[pin.cause]
    return said(`${known.text} (${pin.detail})`, known.remedy, { cause: pin.cause, detail: pin.detail })
  })
}

/** Behaviour of DRS for one VM: its override, else that of the cluster. null = not known. */
function drsOf(vm: VmFacts, facts: ClusterFacts): string | null {
  return vm.drs_behavior === 'default' ? facts.drs_mode : vm.drs_behavior
}

function drsOfVms(facts: ClusterFacts, vms: readonly VmFacts[]): Blocker[] {
  return vms
    .filter((vm) => drsOf(vm, facts) !== 'fullyAutomated')
    .map((vm) => {
      const mode = drsOf(vm, facts) ?? 'unknown'
      return blocker('DrsNotAutomatic', `DRS does not move ${vm.name} by itself (${mode}).`, {
        target: vm.name,
        data: { vm_id: vm.id, drs_behavior: mode },
      })
    })
}

/**
 * Row 6: will the VMs move by themselves? Not asked where nothing has to move or where the job migrates them itself.
 * `none` demands that nothing has to move.
 */
export function checkDrs(facts: ClusterFacts, policy: SafetyPolicy, vms: readonly VmFacts[]): Blocker[] {
  if (vms.length === 0) return []
  if (policy.evacuation === 'none') {
    const names = vms.map((vm) => vm.name)
    return [blocker('EvacuationBlocked', 'VMs run on the host, and evacuation is none.', { data: { vms: names } })]
  }
  if (policy.evacuation === 'migrate' || !policy.require_drs) return []
  const mode = facts.drs_mode ?? 'unknown'
  if (facts.drs_enabled !== true) {
    const state = facts.drs_enabled === null ? 'could not be read' : 'is off'
    return [blocker('DrsNotAutomatic', `DRS ${state}.`, { data: { drs_enabled: facts.drs_enabled, drs_mode: mode } })]
  }
  if (facts.drs_mode !== 'fullyAutomated') {
    return [blocker('DrsNotAutomatic', `DRS is not fully automated (${mode}).`, { data: { drs_mode: mode } })]
  }
  if (facts.drs_service_vms_healthy !== true) {
    return [blocker('DrsNotAutomatic', 'The service VMs of DRS do not run, so it moves nothing.', {})]
  }
  return drsOfVms(facts, vms)
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((entry) => b.includes(entry))

/** Row 7: does vCenter's own what-if call every host evacuable? Only DRS clusters have it. */
export function checkWhatIf(
  facts: ClusterFacts,
  leaving: readonly ClusterHostFacts[],
): { blockers: Blocker[]; warnings: Blocker[] } {
  const asked = leaving.filter((host) => host.in_maintenance_mode !== true)
  if (asked.length === 0) return { blockers: [], warnings: [] }
  const checks = facts.evacuation_checks
  if (facts.drs_enabled === false || checks === 'unsupported') {
    const text = "vCenter has no what-if for this cluster; its place is taken by the product's own rules."
    return { blockers: [], warnings: [blocker('EvacuationBlocked', text)] }
  }
  const ids = asked.map((host) => host.id)
  const answer = checks?.find((check) => sameSet(check.host_ids, ids))
  if (!answer) {
    const text = 'vCenter could not be asked whether the hosts can be evacuated.'
    return { blockers: [blocker('EvacuationBlocked', text, { data: { host_ids: ids } })], warnings: [] }
  }
  const stuck = asked.filter((host) => !answer.evacuable_host_ids.includes(host.id))
  const blockers = stuck.map((host) =>
    blocker('EvacuationBlocked', `vCenter says that ${host.name} cannot be evacuated.`, {
      target: host.name,
      data: { vms: answer.faults },
    }),
  )
  return { blockers, warnings: [] }
}

function vmHostRule(rule: ClusterRule & { kind: 'vm_host' }, after: readonly string[], vms: readonly VmFacts[]) {
  const bound = vms.filter((vm) => rule.vm_ids.includes(vm.id))
  const places = after.filter((id) => rule.host_ids.includes(id) === rule.affine)
  if (!rule.mandatory || bound.length === 0 || places.length > 0) return []
  const names = bound.map((vm) => vm.name)
  const text = `The rule ${rule.name} leaves no host for ${names.join(', ')}.`
  return [blocker('AffinityRule', text, { target: rule.name, data: { rule: rule.name, vms: names } })]
}

function antiAffinity(
  rule: ClusterRule & { kind: 'anti_affinity' },
  after: readonly string[],
  vms: readonly VmFacts[],
) {
  if (!vms.some((vm) => rule.vm_ids.includes(vm.id)) || rule.vm_ids.length < after.length) return []
  const text = `The rule ${rule.name} keeps ${rule.vm_ids.length} VMs apart, but only ${after.length} hosts would stay.`
  return [blocker('AffinityRule', text, { target: rule.name, data: { rule: rule.name, hosts_after: after.length } })]
}

/** Row 8: must rules that the hosts that stay cannot satisfy for the VMs that have to move. */
export function checkRules(
  facts: ClusterFacts,
  after: readonly ClusterHostFacts[],
  vms: readonly VmFacts[],
): Blocker[] {
  if (vms.length === 0) return []
  if (facts.rules === null) return [blocker('AffinityRule', 'The rules of the cluster could not be read.')]
  const ids = after.map((host) => host.id)
  return facts.rules.flatMap((rule) => {
    if (rule.kind === 'vm_host') return vmHostRule(rule, ids, vms)
    return rule.kind === 'anti_affinity' ? antiAffinity(rule, ids, vms) : []
  })
}

/** One VM on a host that is to be emptied, and everything that keeps it there. */
export interface EvacuationRow {
  vm_id: string
  vm: string
  can_move: boolean
  causes: Blocker[]
}

/**
 * The table of causes for every VM that has to leave a host: ties of the VM, behaviour of DRS (when DRS moves), running
 * tasks. null: the VMs of the host are not known.
 */
export function evacuationTable(
  facts: ClusterFacts,
  host: ClusterHostFacts,
  policy: SafetyPolicy,
): EvacuationRow[] | null {
  const vms = vmsToMove(host, policy.powered_off_vm_ids)
  if (vms === null) return null
  const after = splitServing(facts).serving.filter((other) => other.id !== host.id)
  return vms.map((vm) => {
    const causes = [...pinsOf(vm), ...checkDrs(facts, policy, [vm]), ...checkRules(facts, after, [vm])]
    if (vm.running_task) {
      causes.push(blocker('EvacuationBlocked', `${vm.name} is at work (${vm.running_task}).`, { target: vm.name }))
    }
    return { vm_id: vm.id, vm: vm.name, can_move: causes.length === 0, causes }
  })
}

export interface EvacuationWatch {
  /** Simulated or real milliseconds, already scaled by the caller: only differences count. */
  now_ms: number
  entered_ms: number
  /** When the number of VMs on the host last fell. */
  last_progress_ms: number
  vms_left: number
  /** Limits as they count for this device (scaled). */
  timeout_ms: number
  stall_ms: number
}

/** What to do while a host empties: `empty` (all gone), `go_on`, `stalled` (no VM left for too long), `timeout`. */
export function judgeEvacuation(watch: EvacuationWatch): 'empty' | 'go_on' | 'stalled' | 'timeout' {
  if (watch.vms_left === 0) return 'empty'
  if (watch.now_ms - watch.entered_ms >= watch.timeout_ms) return 'timeout'
  return watch.now_ms - watch.last_progress_ms >= watch.stall_ms ? 'stalled' : 'go_on'
}
