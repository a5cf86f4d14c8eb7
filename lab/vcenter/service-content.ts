import type { SimVcenter } from '../model-vsphere.js'
import * as ids from './object-ids.js'
import { vcenterAbout } from './product-names.js'
import { data, reference, type VimData } from './values.js'

/** Singletons of a vCenter: member of the service content -> type and id. Those of an ESXi host are named otherwise. */
export const SINGLETONS: Record<string, { type: string; id: string }> = {
  propertyCollector: { type: 'PropertyCollector', id: 'propertyCollector' },
  viewManager: { type: 'ViewManager', id: 'ViewManager' },
  setting: { type: 'OptionManager', id: 'VpxSettings' },
  userDirectory: { type: 'UserDirectory', id: 'UserDirectory' },
  sessionManager: { type: 'SessionManager', id: 'SessionManager' },
  authorizationManager: { type: 'AuthorizationManager', id: 'AuthorizationManager' },
  perfManager: { type: 'PerformanceManager', id: 'PerfMgr' },
  scheduledTaskManager: { type: 'ScheduledTaskManager', id: 'ScheduledTaskManager' },
  alarmManager: { type: 'AlarmManager', id: 'AlarmManager' },
  eventManager: { type: 'EventManager', id: 'EventManager' },
  taskManager: { type: 'TaskManager', id: 'TaskManager' },
  extensionManager: { type: 'ExtensionManager', id: 'ExtensionManager' },
  licenseManager: { type: 'LicenseManager', id: 'LicenseManager' },
  searchIndex: { type: 'SearchIndex', id: 'SearchIndex' },
  fileManager: { type: 'FileManager', id: 'FileManager' },
  vmProvisioningChecker: { type: 'VirtualMachineProvisioningChecker', id: 'ProvChecker' },
}

/** ServiceContent: the one answer that needs no login. */
export function serviceContent(vcenter: SimVcenter): VimData {
  const managers = Object.entries(SINGLETONS).map(([name, { type, id }]) => [name, reference(type, id)] as const)
  return data('ServiceContent', {
    rootFolder: reference('Folder', ids.ROOT_FOLDER),
    propertyCollector: undefined,
    viewManager: undefined,
    about: vcenterAbout(vcenter),
    ...Object.fromEntries(managers),
  })
}
