import type { VmDevice } from './vm-facts.js'
import { booleanAt, child, refAt, type SoapNode, textAt } from './xml-node.js'

/** Media of a CD drive or floppy that depend on the host, on a client, or on a file. */
function readMedia(node: SoapNode, common: VmDevice): VmDevice {
  const backing = child(node, 'backing')
  return {
    ...common,
    kind: 'media',
    connected: booleanAt(node, 'connectable', 'connected'),
    file: textAt(backing, 'fileName'),
    datastore_moid: refAt(backing, 'datastore')?.value ?? null,
  }
}

function readDevice(node: SoapNode): VmDevice | null {
  const type = node.xsi_type ?? ''
  const backing = child(node, 'backing')?.xsi_type ?? null
  const label = textAt(node, 'deviceInfo', 'label') ?? type
  const common: VmDevice = { kind: 'media', label, backing, file: null, connected: null, datastore_moid: null }
  if (type === 'VirtualPCIPassthrough') {
    return { ...common, kind: backing?.includes('Vmiop') ? 'vgpu' : 'passthrough' }
  }
  if (type === 'VirtualSriovEthernetCard') return { ...common, kind: 'sriov' }
  if (type === 'VirtualCdrom' || type === 'VirtualFloppy' || type === 'VirtualUSB') return readMedia(node, common)
  const sharing = textAt(node, 'sharedBus')
  return sharing === null || sharing === 'noSharing' ? null : { ...common, kind: 'shared_bus', backing: sharing }
}

/** The devices of a VM that matter for moving it; all others are left out. */
export function readDevices(devices: readonly SoapNode[]): VmDevice[] {
  return devices.flatMap((each) => readDevice(each) ?? [])
}
