import { children, refAt, type SoapNode, textAt } from './xml-node.js'

/** Properties of one object as read. A property that is not in `values` was not told: unset, refused, or unknown. */
export interface ObjectContent {
  type: string
  moid: string
  values: ReadonlyMap<string, SoapNode>
  /** Paths that the server refused, with the name of the fault (`NoPermission`, `InvalidProperty`). */
  missing: ReadonlyMap<string, string>
}

/** Reads one `ObjectContent` element (`obj`, `propSet*`, `missingSet*`). */
export function readObjectContent(node: SoapNode): ObjectContent | null {
  const obj = refAt(node, 'obj')
  if (obj === null) return null
  const values = new Map<string, SoapNode>()
  for (const each of children(node, 'propSet')) {
    const name = textAt(each, 'name')
    const value = each.children.find((inner) => inner.name === 'val')
    if (name !== null && value !== undefined) values.set(name, value)
  }
  const missing = new Map<string, string>()
  for (const each of children(node, 'missingSet')) {
    const fault = children(children(each, 'fault')[0], 'fault')[0]
    missing.set(textAt(each, 'path') ?? '', fault?.xsi_type ?? 'unknown')
  }
  return { type: obj.type, moid: obj.value, values, missing }
}

/** The value of a property; `null` when it was not told. */
export function property(content: ObjectContent, path: string): SoapNode | null {
  return content.values.get(path) ?? null
}

/** Entries of a list property. An unset list is an empty one; `null` = the server refused to tell it. */
export function listOf(content: ObjectContent, path: string): readonly SoapNode[] | null {
  const value = property(content, path)
  if (value !== null) return value.children
  return content.missing.has(path) || content.missing.has('') ? null : []
}

/** Ids in a property that lists references; see {@link listOf}. */
export function refList(content: ObjectContent, path: string): string[] | null {
  return listOf(content, path)?.flatMap((each) => each.text.trim() || []) ?? null
}

/** Paths that could not be read for want of a privilege or because the server does not know them. */
export function unreadablePaths(content: ObjectContent): string[] {
  return [...content.missing.keys()].sort()
}
