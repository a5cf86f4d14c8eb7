import { canonicalDn } from '../../domain/ldap-roles.js'
import type { DirectoryConfig, DirectoryShape } from './config.js'
import type { LdapConnection } from './connection.js'
import { all, any, equals, inChain, parseFilter } from './filters.js'
import { type DirectoryUser, textsOf } from './people.js'

/** Deeper or wider nests of groups than these are not followed. */
const MOST_LEVELS = 20
const MOST_GROUPS = 2000
/** Groups asked for in one search. */
const AT_ONCE = 50

export interface GroupSource {
  connection: LdapConnection
  config: DirectoryConfig
  shape: DirectoryShape
}

const groupFilter = ({ shape }: GroupSource) => parseFilter(shape.group_filter, 'group filter')

/** Does the entry of a person already name what counts? FreeIPA's `memberOf` holds nested groups, Active Directory's does not. */
const entrySaysAll = ({ vendor, nested_groups }: DirectoryConfig): boolean =>
  (vendor === 'freeipa' && nested_groups) || (vendor === 'active_directory' && !nested_groups)

/** Full names of the groups of one person, nested ones if the settings say so. @throws DeviceError */
export async function groupsOf(source: GroupSource, user: DirectoryUser): Promise<string[]> {
  if (entrySaysAll(source.config)) return user.member_of
  if (source.config.vendor === 'active_directory') {
    const filter = all(groupFilter(source), inChain('member', user.dn))
    const found = await source.connection.search({ base: source.shape.group_base, filter, attributes: ['1.1'] })
    return found.map((entry) => entry.dn)
  }
  return upwards(source, user.dn)
}

/** Level by level; a group that was seen is not asked for again, so a ring ends. */
async function upwards(source: GroupSource, dn: string): Promise<string[]> {
  const found = new Map<string, string>()
  let level = [dn]
  for (let depth = 0; level.length > 0 && depth < MOST_LEVELS && found.size < MOST_GROUPS; depth += 1) {
    const next: string[] = []
    for (let from = 0; from < level.length; from += AT_ONCE) {
      const holds = level
        .slice(from, from + AT_ONCE)
        .flatMap((one) => [equals('member', one), equals('uniqueMember', one)])
      const filter = all(groupFilter(source), any(holds))
      for (const entry of await source.connection.search({
        base: source.shape.group_base,
        filter,
        attributes: ['1.1'],
      })) {
        const key = canonicalDn(entry.dn)
        if (found.has(key)) continue
        found.set(key, entry.dn)
        next.push(entry.dn)
      }
    }
    level = source.config.nested_groups ? next : []
  }
  return [...found.values()]
}

/** Where a group with this unchangeable id is now; null when there is none. @throws DeviceError */
export async function groupOfId(source: GroupSource, id: Buffer | string): Promise<string | null> {
  const { shape, connection } = source
  const filter = all(groupFilter(source), equals(shape.id_attribute, id))
  const [found] = await connection.search({ base: shape.group_base, filter, attributes: ['1.1'], limit: 2 })
  return found?.dn ?? null
}

/**
 * For many people at once: answers a function that says which of `wanted` a person is in. Active Directory is asked once per
 * group; others show their groups once. @throws DeviceError
 */
export async function membership(
  source: GroupSource,
  wanted: readonly string[],
): Promise<(user: DirectoryUser) => string[]> {
  if (entrySaysAll(source.config)) return (user) => user.member_of
  if (source.config.vendor === 'active_directory') return chains(source, wanted)
  const above = await groupGraph(source)
  return (user) => climb(above, user.dn, source.config.nested_groups)
}

async function chains({ connection, shape }: GroupSource, wanted: readonly string[]) {
  const held = new Map<string, string[]>()
  const people = parseFilter(shape.user_filter, 'user filter')
  for (const group of wanted) {
    const filter = all(people, inChain('memberOf', group))
    for (const entry of await connection.search({ base: shape.user_base, filter, attributes: ['1.1'] })) {
      const key = canonicalDn(entry.dn)
      held.set(key, [...(held.get(key) ?? []), group])
    }
  }
  return (user: DirectoryUser) => held.get(canonicalDn(user.dn)) ?? []
}

/** Which groups hold an entry directly. */
async function groupGraph(source: GroupSource): Promise<Map<string, string[]>> {
  const above = new Map<string, string[]>()
  const { connection, shape } = source
  const attributes = ['member', 'uniqueMember']
  const groups = await connection.search({ base: shape.group_base, filter: groupFilter(source), attributes })
  for (const group of groups) {
    for (const member of attributes.flatMap((name) => textsOf(group, name))) {
      const key = canonicalDn(member)
      above.set(key, [...(above.get(key) ?? []), group.dn])
    }
  }
  return above
}

function climb(above: ReadonlyMap<string, string[]>, dn: string, nested: boolean): string[] {
  const found = new Map<string, string>()
  const queue = [...(above.get(canonicalDn(dn)) ?? [])]
  for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
    const key = canonicalDn(group)
    if (found.has(key)) continue
    found.set(key, group)
    if (nested) queue.push(...(above.get(key) ?? []))
  }
  return [...found.values()]
}
