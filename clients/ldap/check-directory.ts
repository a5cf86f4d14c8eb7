import { lookup } from 'node:dns/promises'
import { PresenceFilter } from 'ldapts'
import { DeviceError } from '../errors.js'
import { shapeOf } from './config.js'
import { type DirectoryAccess, type LdapConnection, openConnection } from './connection.js'
import { bindService, type Directory, directoryOn } from './directory.js'
import { parseFilter } from './filters.js'
import { textsOf } from './people.js'
import { type PersonAccess, type RoleRules, readAccess } from './person-access.js'
import { openTcp } from './socket.js'

/** One thing that was looked at. */
export interface DirectoryCheck {
  name: string
  outcome: 'ok' | 'warning' | 'failed'
  ms: number
  message: string
  /** What to do about it. */
  remedy?: string
}

export interface DirectoryReport {
  /** No check failed; warnings are allowed. */
  ok: boolean
  checks: DirectoryCheck[]
  server: { vendor?: string; naming_contexts: string[]; sha256?: string }
  /** How the person asked for would be found and mapped. */
  user_preview?: Omit<PersonAccess, 'user' | 'roles'> & {
    username: string
    dn: string
    display_name: string | null
    state: string
  }
}

const MOST_COUNTED = 1000
const SOON_DAYS = 30
const DAY_MS = 86_400_000

const REMEDIES: Record<string, string> = {
  name: 'Check the name of the server and the name service of this machine.',
  tcp: 'Check that the directory runs, its port, and the firewalls between.',
  starttls: 'Let the directory offer STARTTLS on this port, or use LDAPS.',
  tls: 'Give the CA that signed the certificate, and the name that stands in it.',
  bind: 'Check DN and password of the service account.',
  base_dn: 'Check the base DN; the naming contexts are listed.',
  users: 'Check user base and user filter, and what the service account may read.',
  groups: 'Check group base and group filter.',
  attributes: 'Check the user name attribute and what the service account may read.',
  group_mappings: 'Correct the named groups: full DN, as the directory writes it.',
  user_preview: 'Check the user name and the user filter.',
}

type Saw = { warning?: string; message: string }

/** Looks at a directory step by step; a failed step ends the looking, and is an answer. Only reads, and never another's password. */
export async function checkDirectory(
  access: DirectoryAccess,
  rules: RoleRules,
  username: string | null,
): Promise<DirectoryReport> {
  const checks: DirectoryCheck[] = []
  const step = async (name: string, look: () => Promise<Saw>): Promise<void> => {
    const began = performance.now()
    const ms = () => Math.round(performance.now() - began)
    const remedy = REMEDIES[name] ? { remedy: REMEDIES[name] } : {}
    try {
      const { warning, message } = await look()
      checks.push(
        warning
          ? { name, outcome: 'warning', ms: ms(), message: warning, ...remedy }
          : { name, outcome: 'ok', ms: ms(), message },
      )
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      checks.push({ name, outcome: 'failed', ms: ms(), message, ...remedy })
      throw new Stopped()
    }
  }
  const report: DirectoryReport = { ok: false, checks, server: { naming_contexts: [] } }
  let connection: LdapConnection | undefined
  try {
    connection = await reach(access, step, checks)
    report.server.sha256 = connection.peer.sha256
    const directory = directoryOn(access, connection)
    await readRoot(connection, report.server)
    await lookInside(access, directory, step)
    await checkMappings(directory, rules, step)
    if (username !== null) await preview(directory, rules, username, report, step)
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown
  } finally {
    await connection?.close()
  }
  return { ...report, ok: checks.length > 0 && !checks.some((check) => check.outcome === 'failed') }
}

class Stopped extends Error {}

type Step = (name: string, look: () => Promise<Saw>) => Promise<void>

/** Name, TCP, TLS or STARTTLS and the bind, server by server until one is good; those before it become warnings. */
async function reach(access: DirectoryAccess, step: Step, checks: DirectoryCheck[]): Promise<LdapConnection> {
  const { servers } = access.config
  for (const [index, server] of servers.entries()) {
    try {
      return await reachOne(access, server, step)
    } catch (thrown) {
      const failed = checks.at(-1)
      if (!(thrown instanceof Stopped) || !failed || index === servers.length - 1) throw thrown
      failed.outcome = 'warning'
    }
  }
  await step('name', async () => {
    throw new Error('No server of the directory is named.')
  })
  throw new Stopped()
}

async function reachOne(access: DirectoryAccess, server: string, step: Step): Promise<LdapConnection> {
  const { config } = access
  const { port, ca_pem, connect_timeout_ms } = config
  await step('name', async () => {
    const { address } = await lookup(server)
    return { message: address === server ? `${server} is an address.` : `${server} is ${address}.` }
  })
  await step('tcp', async () => {
    const socket = await openTcp({ server, port, ca_pem, connect_timeout_ms, identity: access.identity(server) })
    socket.destroy()
    return { message: `${server}:${port} takes connections.` }
  })
  const opened = await openEncrypted(access, server, step)
  await step('bind', async () => {
    try {
      await bindService(access, opened)
    } catch (thrown) {
      await opened.close()
      throw thrown
    }
    return { message: `${config.bind_dn} can bind.` }
  })
  return opened
}

async function openEncrypted(access: DirectoryAccess, server: string, step: Step): Promise<LdapConnection> {
  let opened: LdapConnection | undefined
  let refused: unknown
  const open = async (): Promise<void> => {
    opened = await openConnection(access, server).catch((thrown: unknown) => {
      refused = thrown
      return undefined
    })
  }
  if (access.config.tls_mode === 'starttls') {
    await step('starttls', async () => {
      await open()
      if (refused && !isAboutCertificate(refused)) throw refused
      return { message: 'The connection was encrypted by STARTTLS.' }
    })
  }
  await step('tls', async () => {
    if (!opened && !refused) await open()
    if (!opened) throw refused
    return certificateSaw(opened)
  })
  if (!opened) throw new Stopped()
  return opened
}

function isAboutCertificate(thrown: unknown): boolean {
  return thrown instanceof DeviceError && (thrown.facts.data?.check === 'tls' || thrown.code.startsWith('TlsIdentity'))
}

function certificateSaw({ peer }: LdapConnection): Saw {
  const by = peer.trusted_by_ca ? 'signed by the CA given' : 'pinned'
  const message = `${peer.subject?.split('\n').at(-1) ?? 'A certificate'}, ${by}, until ${peer.not_after ?? 'unknown'}, SHA-256 ${peer.sha256}.`
  const left = peer.not_after ? Date.parse(peer.not_after) - Date.now() : Number.POSITIVE_INFINITY
  return left < SOON_DAYS * DAY_MS ? { warning: `The certificate ends ${peer.not_after}.`, message } : { message }
}

/** What the server says of itself; a server that hides it is none the worse. */
async function readRoot(connection: LdapConnection, server: DirectoryReport['server']): Promise<void> {
  const attributes = ['namingContexts', 'vendorName', 'vendorVersion', 'supportedCapabilities']
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const [root] = await connection.search({ base: '', scope: 'base', filter, attributes, limit: 1 }).catch(() => [])
  if (!root) return
  server.naming_contexts = textsOf(root, 'namingContexts')
  const vendor = textsOf(root, 'vendorVersion')[0] ?? textsOf(root, 'vendorName')[0]
  const is_ad = textsOf(root, 'supportedCapabilities').includes('1.2.840.113556.1.4.800')
  if (is_ad) server.vendor = 'Active Directory'
  else if (vendor) server.vendor = vendor
}

async function lookInside({ config }: DirectoryAccess, { connection }: Directory, step: Step): Promise<void> {
  const shape = shapeOf(config)
  await step('base_dn', async () => {
    const filter = new PresenceFilter({ attribute: 'objectClass' })
    await connection.search({ base: config.base_dn, scope: 'base', filter, attributes: ['1.1'], limit: 1 })
    return { message: `${config.base_dn} is there.` }
  })
  const count = async (base: string, filter: string, what: string) => {
    const search = { base, filter: parseFilter(filter, `${what} filter`), attributes: ['1.1'], limit: MOST_COUNTED }
    const { length } = await connection.search(search)
    return { length, text: `${length === MOST_COUNTED ? 'at least ' : ''}${length} ${what}s below ${base}` }
  }
  await step('users', async () => {
    const { length, text } = await count(shape.user_base, shape.user_filter, 'user')
    if (length === 0) throw new Error(`No user fits ${shape.user_filter} below ${shape.user_base}.`)
    return { message: `${text}.` }
  })
  await step('groups', async () => {
    const { length, text } = await count(shape.group_base, shape.group_filter, 'group')
    return length === 0 ? { warning: `No group fits ${shape.group_filter}.`, message: text } : { message: `${text}.` }
  })
  await step('attributes', async () => {
    const { username_attribute, id_attribute } = shape
    const filter = parseFilter(shape.user_filter, 'user filter')
    const search = { base: shape.user_base, filter, attributes: [username_attribute, id_attribute], limit: 1 }
    const [one] = await connection.search({ ...search, binary: [id_attribute] })
    const has = (attribute: string) => one !== undefined && (one[attribute]?.length ?? 0) > 0
    if (!has(username_attribute)) throw new Error(`Users show no ${username_attribute}.`)
    const message = `Users show ${username_attribute} and ${id_attribute}.`
    return has(id_attribute)
      ? { message }
      : { warning: `Users show no ${id_attribute}; they are known by their DN only.`, message }
  })
}

async function checkMappings(directory: Directory, { mappings }: RoleRules, step: Step): Promise<void> {
  await step('group_mappings', async () => {
    if (mappings.length === 0) return { warning: 'No group is mapped to a role: nobody can sign in.', message: '' }
    const lost: string[] = []
    for (const mapping of mappings) {
      const [now] = await directory.locate([mapping])
      if (!now || !(await isThere(directory.connection, now.group_dn))) lost.push(mapping.group_dn)
    }
    const message = `${mappings.length} mapped groups are there.`
    return lost.length > 0 ? { warning: `Not found: ${lost.join('; ')}.`, message } : { message }
  })
}

async function isThere(connection: LdapConnection, dn: string): Promise<boolean> {
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const found = await connection
    .search({ base: dn, scope: 'base', filter, attributes: ['1.1'], limit: 1 })
    .catch(() => [])
  return found.length > 0
}

async function preview(
  directory: Directory,
  rules: RoleRules,
  username: string,
  report: DirectoryReport,
  step: Step,
): Promise<void> {
  await step('user_preview', async () => {
    const user = await directory.findUser(username)
    if (!user) return { warning: `Nobody has the user name ${username}.`, message: '' }
    const { role, groups } = await readAccess(directory, user, rules)
    const { dn, display_name, state } = user
    report.user_preview = { username: user.username, dn, display_name, state, role, groups }
    const message = role ? `${username} would be ${role}.` : ''
    return role ? { message } : { warning: `No group of ${username} is mapped to a role.`, message }
  })
}
