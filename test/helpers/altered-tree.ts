import type { Json, Tree } from './redfish-recording.js'

/** Turns every part of a name into another one that says nothing, and back: `Sel` is `Z~Fry~Z`. */
const turned = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first)
  })

const strange = (name: string) => `Z~${turned(name)}~Z`

/** Gives the strange names of any text their own ones again. */
export function familiar(text: string): string {
  return text.replace(/Z~(.*?)~Z/g, (_whole, name: string) => turned(name))
}

const ROOT = '/redfish/v1'

/** A path with other parts: all but the root, job ids (the protocol's own) and what follows `Actions`. Decoded. */
function strangePath(path: string): string {
  let own = true
  return path
    .split('/')
    .map((part) => {
      own &&= part !== 'Actions'
      return part === '' || !own || /^[JR]ID_/.test(part) ? part : strange(part)
    })
    .join('/')
}

/** A link with other parts; query, fragment and escapes stay in place. */
function strangeLink(link: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(link.slice(ROOT.length)) ?? []
  const coded = strangePath(decodeURIComponent(path)).replace(/[%#|?]/g, (sign) => encodeURIComponent(sign))
  return `${ROOT}${coded}${rest}`
}

const isLink = (value: string) => value === ROOT || value.startsWith(`${ROOT}/`)

function walk(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map((entry) => walk(entry, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry, text)]))
}

/** Ids that say something by themselves stay: the kind of a firmware row, a job, a line of a log. */
const TELLING = /SoftwareInventory|Job|LogEntry|AttributeRegistry/

function strangeId(body: Json): Json {
  const { Id: id, '@odata.type': type } = body
  if (typeof id !== 'string' || id === '' || TELLING.test(String(type))) return body
  return {
    ...body,
    Id: id
      .split(/(\|\||#)/)
      .map((part) => (/^(\|\||#)?$/.test(part) ? part : strange(part)))
      .join(''),
  }
}

/** The same machine with every path and id renamed and every link rewritten to fit. */
export function renamed(tree: Tree): Tree {
  const other = new Map<string, Json>()
  for (const [path, body] of tree) {
    const linked = walk(body, (value) => (isLink(value) ? strangeLink(value) : value)) as Json
    const [bare = '', query] = path.split('?', 2)
    const place = `${ROOT}${strangePath(bare.slice(ROOT.length))}${query === undefined ? '' : `?${query}`}`
    other.set(bare === '/redfish' ? bare : place, strangeId(linked))
  }
  return other
}

/** A copy of a tree in which some bodies are others; `undefined` takes one away. */
export function withBodies(tree: Tree, bodies: Record<string, ((body: Json) => Json | undefined) | Json>): Tree {
  const copy = new Map(tree)
  for (const [path, other] of Object.entries(bodies)) {
    const body = typeof other === 'function' ? other(tree.get(path) ?? {}) : other
    if (body === undefined) copy.delete(path)
    else copy.set(path, body)
  }
  return copy
}

/** The body without these fields. */
export function without(...fields: string[]): (body: Json) => Json {
  return (body) => Object.fromEntries(Object.entries(body).filter(([key]) => !fields.includes(key)))
}

export type Damage = 'dropped' | 'null' | 'empty' | 'empty list' | 'a number' | 'as text' | 'another word'

/** Damages one field somewhere inside a body: `at` picks it among all fields. */
export function damaged(body: Json, at: number, damage: Damage): Json {
  const fields: (string | number)[][] = []
  const collect = (value: unknown, path: (string | number)[]): void => {
    if (typeof value !== 'object' || value === null || path.length > 6) return
    for (const [key, entry] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      fields.push([...path, key])
      collect(entry, [...path, key])
    }
  }
  collect(body, [])
  const chosen = fields[at % Math.max(1, fields.length)]
  return chosen ? (changedAt(body, chosen, damage) as Json) : body
}

function changedAt(value: unknown, path: (string | number)[], damage: Damage): unknown {
  const [key, ...rest] = path as [string | number, ...(string | number)[]]
  if (Array.isArray(value)) {
    if (rest.length === 0 && damage === 'dropped') return value.filter((_entry, index) => index !== key)
    return value.map((entry, index) => (index === key ? next(entry, rest, damage) : entry))
  }
  const copy = { ...(value as Json) }
  if (rest.length === 0 && damage === 'dropped') delete copy[key]
  else copy[key] = next(copy[key], rest, damage)
  return copy
}

function next(value: unknown, rest: (string | number)[], damage: Damage): unknown {
  if (rest.length > 0) return changedAt(value, rest, damage)
  if (damage === 'as text') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  const others: Record<Exclude<Damage, 'as text' | 'dropped'>, unknown> = {
    null: null,
    empty: '',
    'empty list': [],
    'a number': 7,
    'another word': 'Splendid',
  }
  return damage === 'dropped' ? undefined : others[damage]
}
