import { derived, escapeXml, reference, text, texts, type VimData, type VimValue, writeMembers } from './values.js'

/** A fault that a method raises, or that a task ends with. `type` is the name of the vim25 type. */
export class VimFault extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly members: Record<string, VimValue | undefined> = {},
  ) {
    super(message)
  }
}

export const notAuthenticated = (objectType: string, objectId: string): VimFault =>
  new VimFault('NotAuthenticated', 'The session is not authenticated.', {
    object: reference(objectType, objectId),
    privilegeId: text('System.View'),
  })

export const noPermission = (objectType: string, objectId: string, privileges: string[]): VimFault =>
  new VimFault('NoPermission', 'Permission to perform this operation was denied.', {
    object: reference(objectType, objectId),
    privilegeId: text(privileges[0] ?? 'System.View'),
    missingPrivileges: derived('NoPermissionEntityPrivileges', {
      entity: reference(objectType, objectId),
      privilegeIds: texts(privileges),
    }),
  })

export const managedObjectNotFound = (type: string, id: string): VimFault =>
  new VimFault(
    'ManagedObjectNotFound',
    `The object 'vim.${type}:${id}' has already been deleted or has not been completely created`,
    { obj: reference(type, id) },
  )

export const invalidState = (): VimFault =>
  new VimFault('InvalidState', 'The operation is not allowed in the current state.')

export const invalidArgument = (property: string): VimFault =>
  new VimFault('InvalidArgument', `A specified parameter was not correct: ${property}`, {
    invalidProperty: text(property),
  })

export const invalidProperty = (name: string): VimFault =>
  new VimFault('InvalidProperty', `The property ${name} is not valid for this type.`, { name: text(name) })

export const methodNotFound = (receiverType: string, receiverId: string, method: string): VimFault =>
  new VimFault('MethodNotFound', `Method ${method} is not known to ${receiverType}.`, {
    receiver: reference(receiverType, receiverId),
    method: text(method),
  })

export const hostNotConnected = (): VimFault =>
  new VimFault('HostNotConnected', 'Unable to communicate with the remote host, since it is disconnected.')

export const hostUnreachable = (): VimFault =>
  new VimFault('HostCommunication', 'Unable to communicate with the remote host.')

export const requestCanceled = (): VimFault => new VimFault('RequestCanceled', 'The task was canceled by a user.')

export const timedOut = (): VimFault => new VimFault('Timedout', 'Operation timed out.')

/** The fault as LocalizedMethodFault, e.g. the `error` of a TaskInfo. */
export function localizedFault(fault: {
  type: string
  message: string
  members?: VimData['members']
}): VimData['members'] {
  return { fault: derived(fault.type, fault.members ?? {}), localizedMessage: text(fault.message) }
}

/** Body of an HTTP 500 answer: the SOAP fault with the typed detail. */
export function writeSoapFault(fault: VimFault): string {
  const detail = `<${fault.type}Fault xmlns="urn:vim25" xsi:type="${fault.type}">${writeMembers({
    kind: 'data',
    type: fault.type,
    members: fault.members,
    polymorphic: false,
  })}</${fault.type}Fault>`
  return `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${escapeXml(fault.message)}</faultstring><detail>${detail}</detail></soapenv:Fault>`
}
