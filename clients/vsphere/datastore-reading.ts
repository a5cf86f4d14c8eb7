import type { DatastoreFacts, DatastoreMount } from './datastore-facts.js'
import { decodeName } from './host-reading.js'
import { moRef } from './mo-ref.js'
import { listOf, type ObjectContent, property } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { PropertySet } from './property-spec.js'
import type { CallOptions, VsphereSession } from './session.js'
import { booleanAt, numberAt, refAt, type SoapNode, textAt } from './xml-node.js'

export const DATASTORE_PROPERTIES: PropertySet = {
  type: 'Datastore',
  paths: ['name', 'summary', 'host', 'browser'],
}

function readMount(node: SoapNode): DatastoreMount {
  return {
    host_moid: refAt(node, 'key')?.value ?? '',
    path: textAt(node, 'mountInfo', 'path'),
    mounted: booleanAt(node, 'mountInfo', 'mounted'),
    accessible: booleanAt(node, 'mountInfo', 'accessible'),
    access_mode: textAt(node, 'mountInfo', 'accessMode'),
  }
}

/** The facts of a datastore; sizes in bytes, as vSphere gives them. */
export function readDatastoreContent(content: ObjectContent, factsAt: string): DatastoreFacts {
  const summary = property(content, 'summary')
  return {
    moid: content.moid,
    name: decodeName(textAt(property(content, 'name')) ?? textAt(summary, 'name') ?? content.moid),
    type: textAt(summary, 'type'),
    url: textAt(summary, 'url'),
    capacity_bytes: numberAt(summary, 'capacity'),
    free_bytes: numberAt(summary, 'freeSpace'),
    accessible: booleanAt(summary, 'accessible'),
    shared: booleanAt(summary, 'multipleHostAccess'),
    maintenance_mode: textAt(summary, 'maintenanceMode'),
    mounts: listOf(content, 'host')?.map(readMount) ?? null,
    browser_moid: textAt(property(content, 'browser')),
    facts_at: factsAt,
  }
}

/** Reads several datastores in one request. Those that are gone are missing in the answer. @throws DeviceError */
export async function readDatastores(
  session: VsphereSession,
  moids: readonly string[],
  options: CallOptions = {},
): Promise<DatastoreFacts[]> {
  const objects = [...new Set(moids)].map((moid) => moRef('Datastore', moid))
  const contents = await retrieveAll(session, [DATASTORE_PROPERTIES], { objects }, options)
  const factsAt = new Date().toISOString()
  return contents.map((each) => readDatastoreContent(each, factsAt))
}
