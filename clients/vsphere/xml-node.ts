import type { MoRef } from './mo-ref.js'

/** An element of an answer: local name, type, text, children in order. Texts stay texts until a reader converts them. */
export interface SoapNode {
  readonly name: string
  /** Local name of `xsi:type` (`ArrayOfManagedObjectReference`, `string`), whatever prefix the server chose. */
  readonly xsi_type: string | null
  /** The plain `type` attribute: type of a managed object reference. */
  readonly ref_type: string | null
  readonly text: string
  readonly children: readonly SoapNode[]
}

/** First child of this name, following a path of names; `null` when a step is missing. */
export function child(node: SoapNode | null | undefined, ...path: string[]): SoapNode | null {
  let current: SoapNode | null = node ?? null
  for (const name of path) current = current?.children.find((each) => each.name === name) ?? null
  return current
}

/** All children of this name, in order. */
export function children(node: SoapNode | null | undefined, name: string): SoapNode[] {
  return node?.children.filter((each) => each.name === name) ?? []
}

/** Text at a path, trimmed; `null` when absent or empty. */
export function textAt(node: SoapNode | null | undefined, ...path: string[]): string | null {
  const text = child(node, ...path)?.text.trim()
  return text === undefined || text === '' ? null : text
}

/** Number at a path; `null` when absent or not a finite number. */
export function numberAt(node: SoapNode | null | undefined, ...path: string[]): number | null {
  const text = textAt(node, ...path)
  if (text === null) return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/** xsd:boolean at a path (`true`, `false`, `1`, `0`); `null` for anything else. */
export function booleanAt(node: SoapNode | null | undefined, ...path: string[]): boolean | null {
  const text = textAt(node, ...path)
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return null
}

/** Managed object reference at a path; `null` when absent or empty. */
export function refAt(node: SoapNode | null | undefined, ...path: string[]): MoRef | null {
  const found = child(node, ...path)
  const value = found?.text.trim() ?? ''
  return found === null || value === '' ? null : { type: found.ref_type ?? '', value }
}

/** Ids of all references of this name below a node (`vm`, `ManagedObjectReference`, …). */
export function refValues(node: SoapNode | null | undefined, name: string): string[] {
  return children(node, name)
    .map((each) => each.text.trim())
    .filter((value) => value !== '')
}
