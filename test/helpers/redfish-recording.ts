import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { makeCertificate, type TestCertificate } from './certificate.js'
import { readTarball } from './tar.js'

export const RECORDINGS = {
  r630: 'r630-idrac8-2.81.81.81',
  r750: 'r750-idrac9-6.00.30.00',
} as const

export type RecordingName = keyof typeof RECORDINGS
export type Json = Record<string, unknown>
/** Bodies by path: decoded, without a slash at the end. */
export type Tree = ReadonlyMap<string, Json>

export interface LedgerLine {
  method: string
  path: string
  user: string | null
}

export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

export interface ServedRecording {
  port: number
  certificate: TestCertificate
  ledger: LedgerLine[]
  /** Live tokens. */
  sessions: Set<string>
  /** Answers this method and path (without query) differently from now on; undefined lets the recording answer. */
  override(method: string, path: string, reply: (body: string, request: IncomingMessage) => Reply | undefined): void
  /** Serves another tree from now on. */
  serve(tree: Tree): void
  close(): Promise<void>
}

export const TEST_LOGIN = { username: 'root', password: 'c4n4ry-P@ss"w0rd' }

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Folder names keep percent escapes; requests may or may not: both are decoded to one key. Pages keep their query. */
function keyOf(path: string): string {
  const [bare = '', query] = path.split('?', 2)
  const clean = decoded((bare.split('#', 1)[0] ?? '').replace(/\/{2,}/g, '/').replace(/\/$/, ''))
  return query?.startsWith('$skip=') ? `${clean}?${query}` : clean
}

const loaded = new Map<RecordingName, Tree>()

/** The bodies of a recording by path; read once per process. */
export function loadRecording(name: RecordingName): Tree {
  const known = loaded.get(name)
  if (known) return known
  const folder = RECORDINGS[name]
  const path = fileURLToPath(new URL(`../clients/samples/${folder}.tar.gz`, import.meta.url))
  const bodies = new Map<string, Json>()
  for (const [file, bytes] of readTarball(path)) {
    if (!file.endsWith('/index.json')) continue
    bodies.set(keyOf(file.slice(folder.length, -'/index.json'.length)), JSON.parse(bytes.toString('utf8')) as Json)
  }
  loaded.set(name, bodies)
  return bodies
}

const problem = (status: number, id: string, message: string): Reply => ({
  status,
  body: {
    error: {
      code: 'Base.1.12.GeneralError',
      message: 'A general error has occurred.',
      '@Message.ExtendedInfo': [
        { MessageId: `IDRAC.2.7.${id}`, Message: message, MessageArgs: [], Severity: 'Critical' },
      ],
    },
  },
})

/** Serves a recorded tree over HTTPS on loopback: sessions, paging, `$expand`; nothing changes state. */
export function serveRecording(name: RecordingName): Promise<ServedRecording> {
  return serveTree(loadRecording(name))
}

/** Serves any tree of bodies by path the same way. */
export async function serveTree(tree: Tree): Promise<ServedRecording> {
  let bodies = tree
  const certificate = await makeCertificate()
  const ledger: LedgerLine[] = []
  const sessions = new Set<string>()
  const overrides = new Map<string, (body: string, request: IncomingMessage) => Reply | undefined>()
  const answer = (request: IncomingMessage, text: string): Reply => {
    const method = request.method ?? 'GET'
    const url = request.url ?? '/'
    const token = request.headers['x-auth-token']
    const user = typeof token === 'string' && sessions.has(token) ? TEST_LOGIN.username : null
    ledger.push({ method, path: url, user })
    const other = overrides.get(`${method} ${keyOf(url.split('?', 1)[0] ?? url)}`)?.(text, request)
    if (other) return other
    return replay(bodies, { method, url, text, user, sessions })
  }
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => send(response, answer(request, Buffer.concat(chunks).toString('utf8'))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    ledger,
    sessions,
    serve: (other) => {
      bodies = other
    },
    override: (method, path, reply) => void overrides.set(`${method} ${keyOf(path)}`, reply),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { ...(text ? { 'content-type': 'application/json' } : {}), ...headers })
  response.end(text)
}

interface Asked {
  method: string
  url: string
  text: string
  user: string | null
  sessions: Set<string>
}

function replay(bodies: Tree, asked: Asked): Reply {
  const root = bodies.get('/redfish/v1') as Json & { Links?: { Sessions?: { '@odata.id'?: string } } }
  const place = root.Links?.Sessions?.['@odata.id'] ?? '/redfish/v1/Sessions'
  const key = keyOf(asked.url)
  if (asked.method === 'POST' && key === place) return login(place, asked)
  const open = key === '/redfish' || key === '/redfish/v1'
  if (!open && asked.user === null) return problem(401, 'SYS416', 'Unable to complete the operation, no credentials.')
  if (asked.method === 'DELETE' && key.startsWith(`${place}/`)) return logout(key, asked.sessions)
  if (asked.method !== 'GET') return problem(405, 'SYS402', 'The HTTP method is not supported.')
  const body = bodies.get(key)
  if (!body) return problem(404, 'SYS403', 'The resource is not found.')
  if (Object.keys(body).join() === 'error') return { status: JSON.stringify(body).includes('SYS403') ? 404 : 400, body }
  if (!asked.url.includes('$expand=')) return { status: 200, body }
  if (root.ProtocolFeaturesSupported === undefined) return problem(501, 'SYS451', 'The query is not supported.')
  return { status: 200, body: expand(bodies, body) }
}

function login(place: string, asked: Asked): Reply {
  const given = JSON.parse(asked.text) as { UserName?: string; Password?: string }
  if (given.UserName !== TEST_LOGIN.username || given.Password !== TEST_LOGIN.password) {
    return problem(401, 'SYS415', `Unable to log in with ${given.Password}.`)
  }
  const token = `token-canary-${asked.sessions.size + 1}-${Math.random().toString(36).slice(2)}`
  asked.sessions.add(token)
  const location = `${place}/${token.slice(-6)}`
  return {
    status: 201,
    headers: { 'x-auth-token': token, location },
    body: { '@odata.id': location, Id: token.slice(-6) },
  }
}

function logout(key: string, sessions: Set<string>): Reply {
  const token = [...sessions].find((one) => key.endsWith(`/${one.slice(-6)}`))
  if (!token) return problem(404, 'SYS403', 'The resource is not found.')
  sessions.delete(token)
  return { status: 204 }
}

function expand(bodies: Tree, body: Json): Json {
  if (!Array.isArray(body.Members)) return body
  const members = (body.Members as (Json | null)[]).map((member) => {
    const full = bodies.get(keyOf(String(member?.['@odata.id'] ?? '')))
    return full && !('error' in full) ? full : member
  })
  return { ...body, Members: members }
}
