import type { GroupMapping, IdentifiedMapping } from '../../domain/ldap-roles.js'
import { DeviceError } from '../errors.js'
import { type DirectoryShape, shapeOf } from './config.js'
import { type DirectoryAccess, type LdapConnection, openConnection } from './connection.js'
import { all, equals, parseFilter } from './filters.js'
import { groupOfId, groupsOf, membership } from './groups.js'
import { type DirectoryUser, guidBytes, readUser, userAttributes } from './people.js'
import { misconfigured } from './refusals.js'

export interface UserPages {
  base_dn?: string | null
  filter?: string | null
  page_size: number
}

/** The company directory, asked by its service account. */
export interface Directory {
  /** The server that answered. */
  readonly server: string
  readonly connection: LdapConnection
  readonly shape: DirectoryShape
  /** The person of this user name; null when there is none. @throws DeviceError */
  findUser(username: string): Promise<DirectoryUser | null>
  /** One bind as this person, on a connection of its own. @throws DeviceError `InvalidCredentials`, `AccountDisabled`, … */
  checkPassword(user: DirectoryUser, password: string): Promise<void>
  groupsOf(user: DirectoryUser): Promise<string[]>
  /** Which of these groups a person is in, for many people. */
  membership(wanted: readonly string[]): Promise<(user: DirectoryUser) => string[]>
  /** Mappings with the names that their groups have now: one with an id follows its group, and is lost with it. */
  locate(mappings: readonly IdentifiedMapping[]): Promise<GroupMapping[]>
  people(options: UserPages): AsyncGenerator<DirectoryUser[]>
  close(): Promise<void>
}

/**
 * Opens the directory: the servers in their order until one answers, then a bind as the service account.
 * @throws DeviceError `DirectoryUnavailable` when none answers, `DirectoryMisconfigured`
 */
export async function openDirectory(access: DirectoryAccess): Promise<Directory> {
  const { servers, bind_dn, bind_password, base_dn } = access.config
  if (servers.length === 0) throw misconfigured('No server of the directory is named.')
  if (!base_dn) throw misconfigured('The directory has no base DN.')
  if (!bind_dn || !bind_password) throw misconfigured('The directory has no service account.')
  let last: unknown
  for (const server of servers) {
    try {
      return await openAt(access, server)
    } catch (thrown) {
      if (!(thrown instanceof DeviceError) || thrown.code !== 'DirectoryUnavailable') throw thrown
      last = thrown
    }
  }
  throw last
}

async function openAt(access: DirectoryAccess, server: string): Promise<Directory> {
  const connection = await openConnection(access, server)
  try {
    await bindService(access, connection)
  } catch (thrown) {
    await connection.close()
    throw thrown
  }
  return directoryOn(access, connection)
}

/** A service account that is refused is a matter of the settings, not of the person who signs in. @throws DeviceError */
export async function bindService({ config }: DirectoryAccess, connection: LdapConnection): Promise<void> {
  try {
    await connection.bind(config.bind_dn, config.bind_password)
  } catch (thrown) {
    if (!(thrown instanceof DeviceError) || (thrown.code !== 'InvalidCredentials' && thrown.code !== 'AccountDisabled'))
      throw thrown
    throw misconfigured(`The service account ${config.bind_dn} cannot bind: ${thrown.message}`, thrown.facts.data)
  }
}

/** The directory on a connection that is bound as the service account. */
export function directoryOn(access: DirectoryAccess, connection: LdapConnection): Directory {
  const { config } = access
  const shape = shapeOf(config)
  const source = { connection, config, shape }
  const binary = shape.id_is_binary ? { binary: [shape.id_attribute] } : {}
  const read = { attributes: userAttributes(shape), ...binary }
  const person = (entry: Parameters<typeof readUser>[0]) => readUser(entry, shape, config.vendor, new Date())
  return {
    server: connection.server,
    connection,
    shape,
    async findUser(username) {
      const named = equals(nameAttribute(access, shape, username), username)
      const filter = all(parseFilter(shape.user_filter, 'user filter'), named)
      const found = await connection.search({ base: shape.user_base, filter, ...read, limit: 2 })
      if (found.length > 1)
        throw misconfigured('Two entries of the directory have this user name; narrow the user filter.')
      return found[0] ? person(found[0]) : null
    },
    async checkPassword(user, password) {
      const own = await openConnection(access, connection.server)
      try {
        await own.bind(user.dn, password)
      } finally {
        await own.close()
      }
    },
    groupsOf: (user) => groupsOf(source, user),
    membership: (wanted) => membership(source, wanted),
    async locate(mappings) {
      const found = await Promise.all(mappings.map((mapping) => locateOne(source, mapping)))
      return found.flatMap((one) => (one ? [one] : []))
    },
    async *people({ base_dn, filter, page_size }) {
      const question = parseFilter(filter || shape.user_filter, 'user filter')
      const search = { base: base_dn || shape.user_base, filter: question, ...read }
      for await (const page of connection.pages(search, page_size)) {
        yield page.flatMap((entry) => person(entry) ?? [])
      }
    },
    close: () => connection.close(),
  }
}

/** In Active Directory people also sign in as `user@domain`. */
function nameAttribute({ config }: DirectoryAccess, shape: DirectoryShape, username: string): string {
  return config.vendor === 'active_directory' && username.includes('@') ? 'userPrincipalName' : shape.username_attribute
}

async function locateOne(
  source: Parameters<typeof groupOfId>[0],
  { group_dn, group_id, role }: IdentifiedMapping,
): Promise<GroupMapping | null> {
  if (!group_id) return { group_dn, role }
  const id = source.shape.id_is_binary ? guidBytes(group_id) : group_id
  const now_at = id === null ? null : await groupOfId(source, id)
  return now_at === null ? null : { group_dn: now_at, role }
}
