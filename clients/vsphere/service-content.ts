import { DeviceError } from '../errors.js'
import type { MoRef } from './mo-ref.js'
import { child, refAt, type SoapNode, textAt } from './xml-node.js'

export interface AboutInfo {
  name: string | null
  /** `VirtualCenter` or `HostAgent` (an ESXi host by itself). */
  api_type: string | null
  api_version: string | null
  version: string | null
  build: string | null
  /** Makes the ids of this vCenter unique in the world. */
  instance_uuid: string | null
}

/**
 * The singletons of a server. Their ids differ between vCenter and ESXi, so they are always asked for.
 * `null` where the server has no such object (an ESXi host has no authorization checks of vCenter, for example).
 */
export interface ServiceContent {
  about: AboutInfo
  root_folder: MoRef
  property_collector: MoRef
  view_manager: MoRef | null
  session_manager: MoRef
  authorization_manager: MoRef | null
  task_manager: MoRef | null
  event_manager: MoRef | null
  file_manager: MoRef | null
  vm_provisioning_checker: MoRef | null
}

export const SERVICE_INSTANCE: MoRef = { type: 'ServiceInstance', value: 'ServiceInstance' }

function required(node: SoapNode | null, name: string): MoRef {
  const ref = refAt(node, name)
  if (ref !== null) return ref
  throw new DeviceError('ProtocolError', `The service content has no ${name}`, { sent: true, answered: true })
}

/**
 * Reads the answer of `RetrieveServiceContent`.
 * @throws DeviceError `ProtocolError` when a singleton is missing without which nothing works.
 */
export function readServiceContent(response: SoapNode): ServiceContent {
  const content = child(response, 'returnval')
  const about = child(content, 'about')
  return {
    about: {
      name: textAt(about, 'name'),
      api_type: textAt(about, 'apiType'),
      api_version: textAt(about, 'apiVersion'),
      version: textAt(about, 'version'),
      build: textAt(about, 'build'),
      instance_uuid: textAt(about, 'instanceUuid'),
    },
    root_folder: required(content, 'rootFolder'),
    property_collector: required(content, 'propertyCollector'),
    view_manager: refAt(content, 'viewManager'),
    session_manager: required(content, 'sessionManager'),
    authorization_manager: refAt(content, 'authorizationManager'),
    task_manager: refAt(content, 'taskManager'),
    event_manager: refAt(content, 'eventManager'),
    file_manager: refAt(content, 'fileManager'),
    vm_provisioning_checker: refAt(content, 'vmProvisioningChecker'),
  }
}
