import { decodeName } from './host-reading.js'
import { listOf, type ObjectContent, property, refList, unreadablePaths } from './object-content.js'
import type { PropertySet } from './property-spec.js'
import { readDevices } from './vm-devices.js'
import type { VmFacts, VmPowerState, VmQuestion } from './vm-facts.js'
import { booleanAt, child, children, numberAt, refAt, type SoapNode, textAt } from './xml-node.js'

export const VM_PROPERTIES: PropertySet = {
  type: 'VirtualMachine',
  paths: [
    'name',
    'runtime.host',
    'runtime.powerState',
    'runtime.connectionState',
    'runtime.question',
    'runtime.faultToleranceState',
    'runtime.toolsInstallerMounted',
    'config.template',
    'config.hardware.device',
    'config.hardware.memoryMB',
    'config.hardware.numCPU',
    'config.cpuAllocation.reservation',
    'config.memoryAllocation.reservation',
    'config.managedBy',
    'config.extraConfig',
    'summary.quickStats',
    'guest.toolsRunningStatus',
    'datastore',
    'recentTask',
  ],
}

const POWER_STATES: readonly VmPowerState[] = ['poweredOn', 'poweredOff', 'suspended']

function readQuestion(node: SoapNode | null): VmQuestion | null {
  if (node === null) return null
  return {
    id: textAt(node, 'id') ?? '',
    text: textAt(node, 'text') ?? '',
    choices: children(child(node, 'choice'), 'choiceInfo').map((each) => ({
      key: textAt(each, 'key') ?? '',
      label: textAt(each, 'label') ?? '',
    })),
  }
}

/**
 * Agent VMs of DRS (vCLS), which vCenter removes by itself. They carry the mark `HDCS.agent`; the name alone is taken only
 * together with the agent manager's ownership, so that nobody hides a VM from the rules by naming it so.
 */
function isServiceVm(content: ObjectContent, name: string): boolean {
  const options = property(content, 'config.extraConfig')?.children ?? []
  const marked = options.some(
    (each) => textAt(each, 'key') === 'HDCS.agent' && textAt(each, 'value')?.toLowerCase() === 'true',
  )
  const owner = textAt(property(content, 'config.managedBy'), 'extensionKey') ?? ''
  return marked || (/^vCLS\b/.test(name) && owner.startsWith('com.vmware.vim.eam'))
}

function readRuntime(content: ObjectContent) {
  const tools = textAt(property(content, 'guest.toolsRunningStatus'))
  return {
    host_moid: refAt(property(content, 'runtime.host'))?.value ?? null,
    power_state: POWER_STATES.find((each) => each === textAt(property(content, 'runtime.powerState'))) ?? 'unknown',
    connection_state: textAt(property(content, 'runtime.connectionState')),
    question: readQuestion(property(content, 'runtime.question')),
    fault_tolerance_state: textAt(property(content, 'runtime.faultToleranceState')),
    tools_installer_mounted: booleanAt(property(content, 'runtime.toolsInstallerMounted')),
    tools_running: tools === null ? null : tools === 'guestToolsRunning',
  }
}

function readSizes(content: ObjectContent) {
  const stats = property(content, 'summary.quickStats')
  return {
    cpu_reservation_mhz: numberAt(property(content, 'config.cpuAllocation.reservation')),
    memory_reservation_mb: numberAt(property(content, 'config.memoryAllocation.reservation')),
    cpu_used_mhz: numberAt(stats, 'overallCpuUsage'),
    memory_used_mb: numberAt(stats, 'hostMemoryUsage'),
    memory_mb: numberAt(property(content, 'config.hardware.memoryMB')),
    num_cpu: numberAt(property(content, 'config.hardware.numCPU')),
  }
}

/** The facts of a VM. */
export function readVmContent(content: ObjectContent, factsAt: string): VmFacts {
  const name = decodeName(textAt(property(content, 'name')) ?? content.moid)
  const devices = property(content, 'config.hardware.device')
  return {
    moid: content.moid,
    name,
    ...readRuntime(content),
    ...readSizes(content),
    template: booleanAt(property(content, 'config.template')),
    is_service_vm: isServiceVm(content, name),
    devices: devices === null ? null : readDevices(devices.children),
    datastore_moids: refList(content, 'datastore'),
    recent_task_moids: listOf(content, 'recentTask')?.map((each) => each.text.trim()) ?? [],
    unreadable: unreadablePaths(content),
    facts_at: factsAt,
  }
}
