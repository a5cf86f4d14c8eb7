import type { VimValue } from './values.js'
import { invalidProperty } from './vim-faults.js'
import { VIM_TYPES } from './vim-types.js'

/** The properties of one managed object: each is computed when it is asked for. `undefined` means known, but unset. */
export type PropertyTable = Record<string, () => VimValue | undefined>

/**
 * Reads a property path such as `summary.config.product.build` of an object.
 * Returns undefined where the path exists in the type but nothing is set on the way; throws InvalidProperty for a name
 * that no such type has. Indexed access (`a["key"]`) is answered by the key member of the items.
 */
export function readProperty(type: string, table: PropertyTable, path: string): VimValue | undefined {
  const [head, ...rest] = splitPath(path)
  if (head === undefined || !(head.name in table || hasMember(type, head.name))) throw invalidProperty(path)
  let value = pick(table[head.name]?.(), head.key)
  for (const step of rest) {
    // Nothing is set here, so that it cannot be told what the type would have below it.
    if (value === undefined) return undefined
    if (value.kind !== 'data') throw invalidProperty(path)
    if (!(step.name in value.members || hasMember(value.type, step.name))) throw invalidProperty(path)
    value = pick(value.members[step.name], step.key)
  }
  return value
}

/** Does the type have a member of that name in this version, set or not? */
function hasMember(type: string, name: string): boolean {
  return VIM_TYPES[type]?.split(' ').includes(name) ?? false
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
