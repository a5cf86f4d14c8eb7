import { DeviceError } from '../errors.js'
import type { MoRef } from './mo-ref.js'
import { property } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { booleanAt, children, textAt } from './xml-node.js'

/** What the product's jobs need of the vCenter account, and which of them. */
export const NEEDED_PRIVILEGES: readonly string[] = [
  'System.View',
  'System.Read',
  'Host.Config.Maintenance',
  'Host.Config.Connection',
  'Host.Config.NetService',
  'Global.CancelTask',
  'Resource.HotMigrate',
  'Resource.ColdMigrate',
  'Resource.AssignVMToPool',
  'Host.Inventory.EditCluster',
  'Datastore.Browse',
  'Datastore.FileManagement',
]

/** Key of our own session; `null` = vCenter says that nobody is logged in. */
export async function readSessionKey(session: VsphereSession, options: CallOptions = {}): Promise<string | null> {
  const manager = session.service.session_manager
  const sets = [{ type: manager.type, paths: ['currentSession'] }]
  const [content] = await retrieveAll(session, sets, { objects: [manager] }, options)
  return content === undefined ? null : textAt(property(content, 'currentSession'), 'key')
}

/**
 * Which of the privileges the account lacks on an object (default: the root folder).
 * @returns Names, in the order asked.
 * @throws DeviceError `Unsupported` on a server without authorization checks.
 */
export async function readMissingPrivileges(
  session: VsphereSession,
  privileges: readonly string[] = NEEDED_PRIVILEGES,
  entity: MoRef = session.service.root_folder,
  options: CallOptions = {},
): Promise<string[]> {
  const manager = session.service.authorization_manager
  const key = await readSessionKey(session, options)
  if (manager === null || key === null) {
    throw new DeviceError('Unsupported', 'The privileges of the account cannot be asked', {
      sent: false,
      answered: true,
    })
  }
  const fields = [
    ['entity', [entity]],
    ['sessionId', key],
    ['privId', privileges],
  ] as const
  const response = await session.call(manager, 'HasPrivilegeOnEntities', fields, options)
  const granted = new Set<string>()
  for (const each of children(response, 'returnval').flatMap((found) => children(found, 'privAvailability'))) {
    const id = textAt(each, 'privId')
    if (id !== null && booleanAt(each, 'isGranted') === true) granted.add(id)
  }
  return privileges.filter((each) => !granted.has(each))
}
