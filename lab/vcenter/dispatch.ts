import { CLUSTER_METHODS } from './cluster-methods.js'
import type { CallContext } from './context.js'
import { BROWSER_METHODS } from './datastore-browser.js'
import type { MethodResult, SoapCall } from './envelope.js'
import { HOST_METHODS } from './host-methods.js'
import { objectExists, propertiesOf } from './inventory.js'
import { type Method, read, requiredText } from './method.js'
import * as collector from './property-collector.js'
import { readProperty } from './property-path.js'
import { OPEN_METHODS, SESSION_METHODS } from './session-methods.js'
import { writeAny } from './values.js'
import { managedObjectNotFound, methodNotFound, notAuthenticated } from './vim-faults.js'
import { VM_METHODS } from './vm-methods.js'
import { cancelWaitForUpdates, checkForUpdates, waitForUpdates } from './wait-for-updates.js'

const METHODS: Record<string, Record<string, Method>> = {
  ...SESSION_METHODS,
  ...HOST_METHODS,
  ...VM_METHODS,
  ClusterComputeResource: CLUSTER_METHODS,
  HostDatastoreBrowser: BROWSER_METHODS,
  PropertyCollector: {
    RetrievePropertiesEx: read((context, call) => collector.retrieveProperties(context, call, true)),
    RetrieveProperties: read((context, call) => collector.retrieveProperties(context, call, false)),
    ContinueRetrievePropertiesEx: read(collector.continueRetrieve),
    CancelRetrievePropertiesEx: read(collector.cancelRetrieve),
    CreateFilter: read(collector.createFilter),
    CreatePropertyCollector: read(collector.createCollector),
    DestroyPropertyCollector: read(collector.destroyCollector),
    WaitForUpdatesEx: read(waitForUpdates),
    WaitForUpdates: read(waitForUpdates),
    CheckForUpdates: read(checkForUpdates),
    CancelWaitForUpdates: read(cancelWaitForUpdates),
  },
  PropertyFilter: { DestroyPropertyFilter: read(collector.destroyFilter) },
}

/** Types whose objects the inventory does not list, but that a call may be addressed to. */
const WITHOUT_PROPERTIES = new Set([
  'PropertyCollector',
  'PropertyFilter',
  'HostImageConfigManager',
  'HostAccessManager',
])

/** Does this call change a device or the vCenter? Unknown methods change nothing. */
export function isMutation(call: SoapCall): boolean {
  return METHODS[call.receiver.type]?.[call.method]?.mutation ?? false
}

/**
 * Runs a call. Everything but the service content and the login needs a session, property reads too.
 * Throws VimFault.
 */
export async function dispatch(context: CallContext, call: SoapCall): Promise<MethodResult> {
  const { type, id } = call.receiver
  const anonymous = OPEN_METHODS.has(call.method) || (type === 'ServiceInstance' && call.method !== 'CurrentTime')
  if (!context.session && !anonymous) throw notAuthenticated(type, id)
  const method = METHODS[type]?.[call.method] ?? (call.method === 'Fetch' ? read(fetchProperty) : undefined)
  if (!WITHOUT_PROPERTIES.has(type) && !objectExists(context, type, id)) throw managedObjectNotFound(type, id)
  if (!method) throw methodNotFound(type, id, call.method)
  return method.run(context, call)
}

/** Fetch: one property of any object; older clients and pyVmomi read this way. */
function fetchProperty(context: CallContext, call: SoapCall): MethodResult {
  const { type, id } = call.receiver
  const table = propertiesOf(context, type, id)
  if (!table) throw managedObjectNotFound(type, id)
  const value = readProperty(type, table, requiredText(call, 'prop').trim())
  return value && { xml: writeAny('returnval', value) }
}
