import type { LabCore } from '../core.js'
import type { SimDatastore } from '../model-vsphere.js'
import * as ids from './object-ids.js'
import type { PropertyTable } from './property-path.js'
import { array, bool, data, dateTime, int, long, named, reference, references, text, type VimData } from './values.js'

/** Properties of a Datastore. */
export function datastoreProperties(core: LabCore, datastore: SimDatastore): PropertyTable {
  const type = datastore.type === 'vsan' ? 'vsan' : datastore.type
  return {
    name: () => text(datastore.name),
    parent: () => reference('Folder', ids.DATASTORE_FOLDER),
    summary: () =>
      data('DatastoreSummary', {
        datastore: reference('Datastore', datastore.moid),
        name: text(datastore.name),
        url: text(url(datastore)),
        capacity: long(datastore.capacity_bytes),
        freeSpace: long(datastore.free_bytes),
        uncommitted: undefined,
        accessible: bool(isAccessible(core, datastore)),
        multipleHostAccess: bool(datastore.hosts.length > 1),
        type: text(type),
        maintenanceMode: text('normal'),
      }),
    info: () => datastoreInfo(core, datastore),
    host: () =>
      array(
        'DatastoreHostMount',
        datastore.hosts.map((name) => hostMount(core, datastore, name)),
      ),
    vm: () =>
      references(
        'VirtualMachine',
        core.state.vms
          .filter((vm) => vm.vcenter === datastore.vcenter && vm.datastore === datastore.name)
          .map((vm) => vm.moid),
      ),
    browser: () => reference('HostDatastoreBrowser', ids.browserId(datastore.moid)),
    capability: () => undefined,
    iormConfiguration: () => undefined,
    overallStatus: () => named('ManagedEntityStatus', 'green'),
    configStatus: () => named('ManagedEntityStatus', 'green'),
    configIssue: () => array('Event', []),
    triggeredAlarmState: () => array('AlarmState', []),
    recentTask: () => references('Task', []),
    alarmActionsEnabled: () => bool(true),
    tag: () => array('Tag', []),
    customValue: () => undefined,
    effectiveRole: () => array('Int', [int(-1)]),
  }
}

const url = (datastore: SimDatastore): string => `ds:///vmfs/volumes/${datastore.uuid}/`

/** A datastore is accessible while a connected host mounts it. */
export function isAccessible(core: LabCore, datastore: SimDatastore): boolean {
  return datastore.hosts.some((name) => core.find.host(name).connection === 'connected')
}

function hostMount(core: LabCore, datastore: SimDatastore, hostName: string): VimData {
  const host = core.find.host(hostName)
  return data('DatastoreHostMount', {
    key: reference('HostSystem', host.moid),
    mountInfo: data('HostMountInfo', {
      path: text(`/vmfs/volumes/${datastore.uuid}`),
      accessMode: text('readWrite'),
      mounted: bool(true),
      accessible: bool(host.connection === 'connected'),
      inaccessibleReason: undefined,
      vmknicName: undefined,
      mountFailedReason: undefined,
    }),
  })
}

function datastoreInfo(core: LabCore, datastore: SimDatastore): VimData {
  const common = {
    name: text(datastore.name),
    url: text(url(datastore)),
    freeSpace: long(datastore.free_bytes),
    maxFileSize: long(70_368_744_177_664),
    maxVirtualDiskCapacity: undefined,
    maxMemoryFileSize: long(70_368_744_177_664),
    timestamp: dateTime(core.clock.now()),
    containerId: undefined,
  }
  if (datastore.type === 'NFS') {
    return derived('NasDatastoreInfo', common)
  }
  return derived('VmfsDatastoreInfo', {
    ...common,
    maxPhysicalRDMFileSize: undefined,
    maxVirtualRDMFileSize: undefined,
    vmfs: undefined,
  })
}

function derived(type: string, members: VimData['members']): VimData {
  return { kind: 'data', type, members, polymorphic: true }
}
