import type { VmPin } from '../../domain/cluster-facts.js'
import type { DatastoreFacts } from './datastore-facts.js'
import type { VmDevice, VmFacts } from './vm-facts.js'

/** Where a connected medium comes from, by the backing of its drive. */
function mediaPin(device: VmDevice, datastores: ReadonlyMap<string, DatastoreFacts>): VmPin | null {
  if (device.connected !== true) return null
  const backing = device.backing ?? ''
  const detail = device.file === null ? device.label : `${device.label}: ${device.file}`
  if (backing.includes('Remote')) return { cause: 'client_media', detail }
  if (!backing.includes('Iso') && !backing.includes('Image')) return { cause: 'host_media', detail }
  const datastore = device.datastore_moid === null ? undefined : datastores.get(device.datastore_moid)
  return datastore !== undefined && isShared(datastore) ? null : { cause: 'local_datastore_media', detail }
}

/** Only a datastore that is said to be shared, and is mounted on more than one host, counts as shared. */
function isShared(datastore: DatastoreFacts): boolean {
  return datastore.shared === true && (datastore.mounts === null || datastore.mounts.length !== 1)
}

function devicePin(device: VmDevice, datastores: ReadonlyMap<string, DatastoreFacts>): VmPin | null {
  if (device.kind === 'media') return mediaPin(device, datastores)
  return { cause: device.kind, detail: device.label }
}

/**
 * What ties a VM to its host: passthrough, vGPU, SR-IOV, local storage, connected media, shared bus, fault tolerance,
 * pending question. A datastore that is not among `datastores` counts as local: unknown is never fine.
 * @returns `null` when hardware or datastores of the VM could not be read.
 */
export function findPins(vm: VmFacts, datastores: ReadonlyMap<string, DatastoreFacts>): VmPin[] | null {
  if (vm.devices === null || vm.datastore_moids === null) return null
  const pins = vm.devices.flatMap((each) => devicePin(each, datastores) ?? [])
  for (const moid of vm.datastore_moids) {
    const datastore = datastores.get(moid)
    if (datastore === undefined || !isShared(datastore)) {
      pins.push({ cause: 'local_storage', detail: datastore?.name ?? moid })
    }
  }
  if (vm.tools_installer_mounted === true) pins.push({ cause: 'tools_installer', detail: 'VMware Tools installer' })
  if (vm.fault_tolerance_state !== null && vm.fault_tolerance_state !== 'notConfigured') {
    pins.push({ cause: 'fault_tolerance', detail: vm.fault_tolerance_state })
  }
  if (vm.question !== null) pins.push({ cause: 'question_pending', detail: vm.question.text })
  return pins
}
