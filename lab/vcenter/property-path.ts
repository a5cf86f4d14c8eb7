import type { VimValue } from './values.js'
import { invalidProperty } from './vim-faults.js'

/** The properties of one managed object: each is computed when it is asked for. `undefined` means known, but unset. */
export type PropertyTable = Record<string, () => VimValue | undefined>

/**
 * Reads a property path such as `summary.config.product.build` of an object.
 * Returns undefined where the path exists in the type but nothing is set on the way; throws InvalidProperty for a name
 * that no such type has. Indexed access (`a["key"]`) is answered by the key member of the items.
 */
export function readProperty(table: PropertyTable, path: string): VimValue | undefined {
  const [head, ...rest] = splitPath(path)
  const start = head === undefined ? undefined : table[head.name]
  if (head === undefined || start === undefined) throw invalidProperty(path)
  let value = pick(start(), head.key)
  for (const step of rest) {
    if (value === undefined) return undefined
    if (value.kind !== 'data' || !(step.name in value.members)) throw invalidProperty(path)
    value = pick(value.members[step.name], step.key)
  }
  return value
}

interface Step {
  name: string
  key?: string
}

function splitPath(path: string): Step[] {
  const steps: Step[] = []
  for (const match of path.matchAll(/([A-Za-z_][A-Za-z0-9_]*)(?:\["([^"]*)"\])?(?:\.|$)/g)) {
    const step: Step = { name: match[1] ?? '' }
    if (match[2] !== undefined) step.key = match[2]
    steps.push(step)
  }
  return steps
}

function pick(value: VimValue | undefined, key: string | undefined): VimValue | undefined {
  if (key === undefined || value?.kind !== 'array') return value
  return value.items.find((item) => {
    if (item.kind === 'reference') return item.id === key
    const member = item.kind === 'data' ? item.members.key : undefined
    return member?.kind === 'scalar' ? member.text === key : member?.kind === 'reference' && member.id === key
  })
}
