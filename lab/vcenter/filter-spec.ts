import { invalidArgument } from './vim-faults.js'
import { child, childBoolean, childrenNamed, childText, type XmlElement } from './xml-read.js'

/** Which properties of which types. An empty `paths` with `all` false selects the object without properties. */
export interface PropertySpec {
  type: string
  all: boolean
  paths: string[]
}

/** From an object of a type along a property to further objects; `selections` names or holds the next steps. */
export interface TraversalSpec {
  name?: string
  type: string
  path: string
  skip: boolean
  selections: Selection[]
}

export type Selection = { kind: 'traversal'; spec: TraversalSpec } | { kind: 'name'; name: string }

export interface ObjectSpec {
  object: { type: string; id: string }
  skip: boolean
  selections: Selection[]
}

export interface PropertyFilterSpec {
  properties: PropertySpec[]
  objects: ObjectSpec[]
  reportMissing: boolean
}

/** An object that a filter selects. */
export interface SelectedObject {
  type: string
  id: string
}

/** Reads a PropertyFilterSpec; throws InvalidArgument where a needed member is absent. */
export function readFilterSpec(element: XmlElement): PropertyFilterSpec {
  return {
    properties: childrenNamed(element, 'propSet').map(readPropertySpec),
    objects: childrenNamed(element, 'objectSet').map(readObjectSpec),
    reportMissing: childBoolean(element, 'reportMissingObjectsInResults') ?? false,
  }
}

function readPropertySpec(element: XmlElement): PropertySpec {
  const type = childText(element, 'type')?.trim()
  if (!type) throw invalidArgument('specSet.propSet.type')
  return {
    type,
    all: childBoolean(element, 'all') ?? false,
    paths: childrenNamed(element, 'pathSet').map((path) => path.text.trim()),
  }
}

function readObjectSpec(element: XmlElement): ObjectSpec {
  const object = child(element, 'obj')
  if (!object) throw invalidArgument('specSet.objectSet.obj')
  return {
    object: { type: object.attributes.type ?? '', id: object.text.trim() },
    skip: childBoolean(element, 'skip') ?? false,
    selections: childrenNamed(element, 'selectSet').map(readSelection),
  }
}

function readSelection(element: XmlElement): Selection {
  const name = childText(element, 'name')?.trim()
  const path = childText(element, 'path')?.trim()
  if (element.xsiType !== 'TraversalSpec' && path === undefined) {
    if (!name) throw invalidArgument('specSet.objectSet.selectSet.name')
    return { kind: 'name', name }
  }
  const type = childText(element, 'type')?.trim()
  // The base type carries a name only: without xsi:type the server does not know that it is a traversal.
  if (element.xsiType !== 'TraversalSpec' || !type || !path) throw invalidArgument('specSet.objectSet.selectSet')
  return {
    kind: 'traversal',
    spec: {
      ...(name ? { name } : {}),
      type,
      path,
      skip: childBoolean(element, 'skip') ?? false,
      selections: childrenNamed(element, 'selectSet').map(readSelection),
    },
  }
}
