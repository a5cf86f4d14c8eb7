import type { Api } from './api/client.js'
import { type ListPath, listAll, type Query } from './api/lists.js'
import { EXIT, Refusal, usage } from './exit-codes.js'

interface Kind {
  path: ListPath
  what: string
  /** Columns that a person may use instead of the id. */
  columns: readonly string[]
  /** Narrows the list where the API can. */
  query?: (text: string) => Query
}

const KINDS = {
  server: {
    path: '/api/v1/servers',
    what: 'server',
    columns: ['service_tag', 'hostname', 'ip_address'],
    query: (text) => ({ q: text }),
  },
  host: { path: '/api/v1/hosts', what: 'host', columns: ['name', 'ip_address'], query: (text) => ({ q: text }) },
  cluster: { path: '/api/v1/clusters', what: 'cluster', columns: ['name'] },
  group: { path: '/api/v1/server-groups', what: 'group', columns: ['name'] },
  vcenter: { path: '/api/v1/vcenters', what: 'vCenter', columns: ['name', 'host'] },
  credential: { path: '/api/v1/credential-sets', what: 'credential set', columns: ['name'] },
  package: { path: '/api/v1/firmware-packages', what: 'firmware package', columns: ['filename', 'name'] },
  image: { path: '/api/v1/iso-images', what: 'image', columns: ['name', 'filename'] },
  profile: { path: '/api/v1/esxi-upgrade-profiles', what: 'ESXi profile', columns: ['name', 'profile_name'] },
  catalog: { path: '/api/v1/firmware-catalogs', what: 'catalog', columns: ['name', 'release_id'] },
  token: { path: '/api/v1/tokens', what: 'token', columns: ['name', 'prefix'] },
  user: { path: '/api/v1/users', what: 'user', columns: ['username'] },
} as const satisfies Record<string, Kind>

export type NamedKind = keyof typeof KINDS

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isId = (text: string) => UUID.test(text)

/**
 * The id of what a person named: an id as it is, else the one row with this name, tag or address, letter case aside.
 * @throws {Refusal} when there is none, or more than one
 */
export async function idOf(api: Api, kind: NamedKind, text: string): Promise<string> {
  if (isId(text)) return text.toLowerCase()
  if (text === '') throw usage(`A ${KINDS[kind].what} must be named.`)
  const { path, what, columns, query }: Kind = KINDS[kind]
  const rows = (await listAll(api, path, query?.(text))) as unknown as Record<string, unknown>[]
  const wanted = text.toLowerCase()
  const found = rows.filter((row) => columns.some((column) => String(row[column] ?? '').toLowerCase() === wanted))
  const [first, ...more] = found
  if (!first) throw new Refusal(`There is no ${what} ${text}.`)
  if (more.length > 0) {
    const ids = found.map((row) => String(row.id)).join(', ')
    throw new Refusal(`${text} is the name of ${found.length} ${what}s; give one of these ids: ${ids}`, EXIT.usage)
  }
  return String(first.id)
}

/** The ids of several, in order. */
export async function idsOf(api: Api, kind: NamedKind, texts: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const text of texts) ids.push(await idOf(api, kind, text))
  return ids
}
