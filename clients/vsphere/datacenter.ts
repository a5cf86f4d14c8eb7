import { withContainerView } from './container-view.js'
import { decodeName } from './host-reading.js'
import { type ObjectContent, property, refList } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { refAt, textAt } from './xml-node.js'

const nameOf = (content: ObjectContent): string => decodeName(textAt(property(content, 'name')) ?? content.moid)

/** Path of a datacenter below the root folder: `DC`, or `folder/DC`. */
function pathOf(datacenter: ObjectContent, folders: ReadonlyMap<string, ObjectContent>): string {
  const names = [nameOf(datacenter)]
  const seen = new Set<string>()
  for (let parent = refAt(property(datacenter, 'parent')); parent !== null; ) {
    const folder = folders.get(parent.value)
    if (folder === undefined || seen.has(parent.value)) break
    seen.add(parent.value)
    names.unshift(nameOf(folder))
    parent = refAt(property(folder, 'parent'))
  }
  return names.join('/')
}

export interface DatacenterFacts {
  moid: string
  /** As file transfers need it (`dcPath`): `DC`, or `folder/DC`. */
  path: string
}

/**
 * The datacenter that holds a datastore.
 * @returns `null` when no datacenter lists the datastore.
 * @throws DeviceError
 */
export async function readDatacenter(
  session: VsphereSession,
  datastoreMoid: string,
  options: CallOptions = {},
): Promise<DatacenterFacts | null> {
  const sets = [
    { type: 'Datacenter', paths: ['name', 'parent', 'datastore'] },
    { type: 'Folder', paths: ['name', 'parent'] },
  ]
  const contents = await withContainerView(session, ['Datacenter', 'Folder'], (view) =>
    retrieveAll(session, sets, { view }, options),
  )
  const folders = new Map(contents.filter((each) => each.type === 'Folder').map((each) => [each.moid, each]))
  const found = contents.find(
    (each) => each.type === 'Datacenter' && refList(each, 'datastore')?.includes(datastoreMoid),
  )
  return found === undefined ? null : { moid: found.moid, path: pathOf(found, folders) }
}
