import type { Socket } from 'node:net'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { Client, type Entry, type Filter, ResultCodeError, type SearchOptions } from 'ldapts'
import { DeviceError } from '../errors.js'
import type { IdentityCheck, SeenIdentity } from '../identity.js'
import type { CallRecorder } from '../recorder.js'
import type { DirectoryConfig } from './config.js'
import { refusalError, refusalOf, toDirectoryError } from './refusals.js'
import { checkPeer, type DirectoryPlace, openTcp, openTls, settled, tlsOptions } from './socket.js'

export interface DirectoryAccess {
  config: DirectoryConfig
  /** Who answers at this server? Asked only when no CA is configured. */
  identity: (server: string) => IdentityCheck
  recorder: CallRecorder
}

export interface Search {
  base: string
  scope?: 'base' | 'one' | 'sub'
  filter: Filter | string
  attributes: string[]
  /** Attributes whose values are bytes. */
  binary?: string[]
  /** At most so many entries; the search then answers without pages. */
  limit?: number
}

/** One encrypted connection to one server of the directory. */
export interface LdapConnection {
  readonly server: string
  readonly peer: SeenIdentity
  /** Binds; an empty password never leaves the process. @throws DeviceError */
  bind(dn: string, password: string): Promise<void>
  /** All entries found, without following referrals. @throws DeviceError */
  search(search: Search): Promise<Entry[]>
  /** The same page by page. @throws DeviceError */
  pages(search: Search, page_size: number): AsyncGenerator<Entry[]>
  close(): Promise<void>
}

const PAGE = 500

/**
 * Opens an encrypted connection to one server and judges who answered. With STARTTLS nothing but the request for it goes out in
 * clear, and a refusal of it is an error: there is no way back to a plain connection. @throws DeviceError
 */
export async function openConnection(access: DirectoryAccess, server: string): Promise<LdapConnection> {
  const { port, ca_pem, connect_timeout_ms, operation_timeout_ms, tls_mode } = access.config
  const place = { server, port, ca_pem, connect_timeout_ms, identity: access.identity(server) }
  const timeout = operation_timeout_ms
  const open = tls_mode === 'ldaps' ? openLdaps : openStartTls
  const { client, peer } = await recorded(access, server, `connect ${tls_mode}`, () => open(place, timeout))
  return {
    server,
    peer,
    async bind(dn, password) {
      if (password.length === 0) {
        throw new DeviceError(
          'InvalidCredentials',
          'A bind without a password would be an anonymous one; nothing was sent.',
          {
            sent: false,
            answered: false,
          },
        )
      }
      await recorded(access, server, `bind ${dn}`, () => client.bind(dn, password).catch(throwRefusal))
    },
    search: (search) =>
      recorded(
        access,
        server,
        textOf(search),
        async () => (await client.search(search.base, optionsOf(search))).searchEntries,
      ),
    async *pages(search, page_size) {
      const options = { ...optionsOf(search), paged: { pageSize: page_size } }
      const pages = client.searchPaginated(search.base, options)
      for (;;) {
        const page = await recorded(access, server, textOf(search), () => pages.next())
        if (page.done) return
        yield page.value.searchEntries
      }
    },
    async close() {
      await client.unbind().catch(() => undefined)
    },
  }
}

function throwRefusal(thrown: unknown): never {
  const refusal = thrown instanceof ResultCodeError ? refusalOf(thrown.code, thrown.message) : null
  throw refusal && thrown instanceof ResultCodeError ? refusalError(refusal, thrown.code) : thrown
}

/**
 * The library would connect again by itself when a connection is lost, unbound and, with STARTTLS, in clear. Here a client has
 * exactly the one connection that was judged.
 */
function onlyOnce<S extends Socket>(socket: S): () => S {
  let given = false
  return () => {
    if (given) throw new Error('the connection was lost')
    given = true
    return socket
  }
}

async function openLdaps(place: DirectoryPlace, timeout: number) {
  const socket = await openTls(place)
  const peer = await judged(place, socket, socket)
  const give = onlyOnce(socket)
  const url = `ldaps://${bracketed(place.server)}:${place.port}`
  return { client: new Client({ url, timeout, createSecureConnection: (() => give()) as typeof tlsConnect }), peer }
}

async function openStartTls(place: DirectoryPlace, timeout: number) {
  const plain = await openTcp(place)
  const give = onlyOnce(plain)
  let secure: TLSSocket | undefined
  const client = new Client({
    url: `ldap://${bracketed(place.server)}:${place.port}`,
    timeout,
    createConnection: give as unknown as NonNullable<ConstructorParameters<typeof Client>[0]['createConnection']>,
    createSecureConnection: ((options: ConnectionOptions) => {
      secure = tlsConnect({ ...options, ...tlsOptions(place) })
      // Ends a handshake that gets stuck; the library itself would wait for ever.
      settled(place, secure, 'secureConnect').catch(() => undefined)
      return secure
    }) as typeof tlsConnect,
  })
  try {
    await client.startTLS({})
  } catch (thrown) {
    plain.destroy()
    throw toDirectoryError(thrown, 'STARTTLS')
  }
  if (!secure) throw toDirectoryError(new Error('there is no TLS'), 'STARTTLS')
  return { client, peer: await judged(place, secure, plain) }
}

async function judged(place: DirectoryPlace, socket: TLSSocket, below: Socket): Promise<SeenIdentity> {
  try {
    return await checkPeer(place, socket)
  } catch (thrown) {
    socket.on('error', () => undefined)
    socket.destroy()
    below.destroy()
    throw thrown
  }
}

const bracketed = (server: string): string => (server.includes(':') ? `[${server}]` : server)

function optionsOf({ scope, filter, attributes, binary, limit }: Search): SearchOptions {
  return {
    scope: scope ?? 'sub',
    derefAliases: 'never',
    filter,
    attributes,
    ...(binary ? { explicitBufferAttributes: binary } : {}),
    ...(limit === undefined ? { paged: { pageSize: PAGE } } : { sizeLimit: limit }),
  }
}

const textOf = ({ base, scope, filter }: Search): string => `search ${base} ${scope ?? 'sub'} ${String(filter)}`

/** Puts one operation on record and turns what it throws into one of our errors. */
async function recorded<T>(
  access: DirectoryAccess,
  server: string,
  endpoint: string,
  operation: () => Promise<T>,
): Promise<T> {
  const began = Date.now()
  const full_url = `${access.config.tls_mode === 'ldaps' ? 'ldaps' : 'ldap'}://${bracketed(server)}:${access.config.port}`
  const call = await access.recorder.begin({
    protocol: 'ldap',
    command_type: 'LDAP',
    endpoint,
    full_url,
    mutation: false,
  })
  const took = () => ({ response_time_ms: Date.now() - began })
  try {
    const answer = await operation()
    await call.end({ success: true, outcome: 'ok', status_code: 0, ...took() })
    return answer
  } catch (thrown) {
    const error = toDirectoryError(thrown, endpoint.split(' ')[0] ?? '')
    const outcome = error.facts.answered ? 'refused' : error.facts.sent ? 'unknown' : 'failed'
    const { status } = error.facts
    const code = status === undefined ? {} : { status_code: status }
    await call.end({ success: false, outcome, error_message: error.message.slice(0, 500), ...code, ...took() })
    throw error
  }
}
