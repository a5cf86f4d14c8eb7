import type { CallContext } from './context.js'
import type {
  ObjectSpec,
  PropertyFilterSpec,
  PropertySpec,
  SelectedObject,
  Selection,
  TraversalSpec,
} from './filter-spec.js'
import { propertiesOf } from './inventory.js'
import { readProperty } from './property-path.js'
import { isOfType } from './type-tree.js'
import { escapeXml, type VimValue, writeAny } from './values.js'
import { invalidArgument, managedObjectNotFound } from './vim-faults.js'

/**
 * The objects that a filter selects, in the order of the walk, each once.
 * An object that is named directly and does not exist is ManagedObjectNotFound, unless the filter asks for missing
 * objects to be reported: then it is left out.
 */
export function selectObjects(context: CallContext, spec: PropertyFilterSpec): SelectedObject[] {
  const selected = new Map<string, SelectedObject>()
  for (const objectSpec of spec.objects) {
    const { type, id } = objectSpec.object
    if (!propertiesOf(context, type, id)) {
      if (spec.reportMissing) continue
      throw managedObjectNotFound(type, id)
    }
    const walk = new Walk(context, traversalsByName(objectSpec), selected, spec.properties)
    walk.visit(objectSpec.object, objectSpec.skip, objectSpec.selections)
  }
  return [...selected.values()]
}

class Walk {
  private readonly visited = new Set<string>()

  constructor(
    private readonly context: CallContext,
    private readonly named: ReadonlyMap<string, TraversalSpec>,
    private readonly selected: Map<string, SelectedObject>,
    private readonly properties: PropertySpec[],
  ) {}

  visit(object: SelectedObject, skip: boolean, selections: Selection[]): void {
    const key = `${object.type}:${object.id}`
    if (!skip && this.properties.some((property) => isOfType(object.type, property.type))) {
      this.selected.set(key, object)
    }
    const table = propertiesOf(this.context, object.type, object.id)
    if (!table) return
    for (const spec of selections.map((selection) => this.resolve(selection))) {
      const step = `${key} ${spec.type} ${spec.path}`
      if (!isOfType(object.type, spec.type) || this.visited.has(step)) continue
      this.visited.add(step)
      for (const next of referencesIn(readProperty(object.type, table, spec.path)))
        this.visit(next, spec.skip, spec.selections)
    }
  }

  private resolve(selection: Selection): TraversalSpec {
    if (selection.kind === 'traversal') return selection.spec
    const spec = this.named.get(selection.name)
    if (!spec) throw invalidArgument('specSet.objectSet.selectSet.name')
    return spec
  }
}

function traversalsByName(objectSpec: ObjectSpec): Map<string, TraversalSpec> {
  const named = new Map<string, TraversalSpec>()
  const collect = (selections: Selection[]): void => {
    for (const selection of selections) {
      if (selection.kind !== 'traversal') continue
      if (selection.spec.name) named.set(selection.spec.name, selection.spec)
      collect(selection.spec.selections)
    }
  }
  collect(objectSpec.selections)
  return named
}

function referencesIn(value: VimValue | undefined): SelectedObject[] {
  if (value?.kind === 'reference') return [{ type: value.type, id: value.id }]
  if (value?.kind !== 'array') return []
  return value.items.flatMap((item) => (item.kind === 'reference' ? [{ type: item.type, id: item.id }] : []))
}

/**
 * The properties of one object that a filter asks for: path -> XML of its `val`; unset ones are left out.
 * Throws InvalidProperty for a path that the type does not have; undefined where the object is gone.
 */
export function readObject(
  context: CallContext,
  spec: PropertyFilterSpec,
  object: SelectedObject,
): Map<string, string> | undefined {
  const table = propertiesOf(context, object.type, object.id)
  if (!table) return undefined
  const values = new Map<string, string>()
  for (const property of spec.properties) {
    if (!isOfType(object.type, property.type)) continue
    for (const path of property.all ? Object.keys(table) : property.paths) {
      const value = readProperty(object.type, table, path)
      if (value) values.set(path, writeAny('val', value))
    }
  }
  return values
}

/** `<obj>` of an object. */
export const writeObject = (object: SelectedObject): string =>
  `<obj type="${object.type}">${escapeXml(object.id)}</obj>`

/** ObjectContent of objects; those that went away meanwhile are left out. */
export function writeObjectContents(
  context: CallContext,
  spec: PropertyFilterSpec,
  objects: readonly SelectedObject[],
  element: string,
): string {
  return objects
    .map((object) => {
      const values = readObject(context, spec, object)
      if (!values) return ''
      const properties = [...values].map(([name, val]) => `<propSet><name>${escapeXml(name)}</name>${val}</propSet>`)
      return `<${element}>${writeObject(object)}${properties.join('')}</${element}>`
    })
    .join('')
}
