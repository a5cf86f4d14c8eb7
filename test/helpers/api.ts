import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../../api/app.js'
import { hashPassword } from '../../api/auth/passwords.js'
import { loadApiConfig } from '../../api/config.js'
import { createEventFeed } from '../../api/event-feed.js'
import type { Route } from '../../api/route.js'
import type { Services } from '../../api/services.js'
import type { JobSignal, TemporalGateway } from '../../api/temporal.js'
import type { Database } from '../../db/connect.js'
import { type KeyRing, openKeyRing } from '../../db/crypto.js'
import { parseKek } from '../../db/key-file.js'
import { createLocalAccount } from '../../db/stores/accounts.js'
import type { Role } from '../../domain/permissions.js'

export const PASSWORD = 'a long test password'

/** A gateway that remembers what it was asked; `away` makes every call fail as an unreachable server does. */
export interface RecordedGateway extends TemporalGateway {
  away: boolean
  running: boolean
  started: string[]
  signals: { workflow_id: string; signal: JobSignal }[]
}

export function recordedGateway(): RecordedGateway {
  const gone = () => {
    if (gateway.away) throw new Error('14 UNAVAILABLE: no connection')
  }
  const gateway: RecordedGateway = {
    away: false,
    running: true,
    started: [],
    signals: [],
    start: async (job) => {
      gone()
      gateway.started.push(job.workflow_id)
    },
    signal: async (workflow_id, signal) => {
      gone()
      gateway.signals.push({ workflow_id, signal })
      return gateway.running
    },
    check: async () => (gateway.away ? 'no connection' : null),
    checkPollers: async () => null,
    close: async () => {},
  }
  return gateway
}

export interface ApiClient {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
  token: string | null
}

export interface ApiAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of every route pass through here
  body: any
  headers: Headers
}

export interface TestApi {
  url: string
  routes: Route[]
  services: Services
  temporal: RecordedGateway
  keys: KeyRing
  /** Makes the key vanish or come back. */
  setKey(there: boolean): void
  as(role: Role | null): Promise<ApiClient>
  close(): Promise<void>
}

/** The real application over a real Postgres on a real socket; only Temporal is played. */
export async function startApi(database: Database, limits = { requests: 100_000, sign_ins: 1_000 }): Promise<TestApi> {
  const data_dir = mkdtempSync(join(tmpdir(), 'dsm-api-'))
  const config = loadApiConfig({
    DATA_DIR: data_dir,
    DATABASE_URL: database.url,
    DEVICE_TIME_SCALE: '300',
    TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
  })
  const keys = await openKeyRing(database.db, parseKek(randomBytes(32).toString('base64'), 'test'))
  const temporal = recordedGateway()
  const feed = createEventFeed(database.url)
  let there = true
  const key = () => {
    if (!there) throw Object.assign(new Error('the key file is missing'), { code: 'KeyUnavailable' })
    return keys
  }
  const services: Services = { config, database, keys: key, temporal, feed, log: pino({ level: 'silent' }) }
  const { app, routes } = createApp(services, { limits })
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const password_hash = await hashPassword(PASSWORD)
  for (const role of ['admin', 'operator', 'viewer', 'auditor'] as const) {
    await createLocalAccount(database.db, { username: role, password_hash, role })
  }
  return {
    url,
    routes,
    services,
    temporal,
    keys,
    setKey: (now) => {
      there = now
    },
    as: (role) => signIn(url, role),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await feed.close()
      rmSync(data_dir, { recursive: true, force: true })
    },
  }
}

async function signIn(url: string, role: Role | null): Promise<ApiClient> {
  const client: ApiClient = {
    token: null,
    call: async (method, path, body, headers = {}) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(client.token ? { authorization: `Bearer ${client.token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: parsed(text) }
    },
  }
  if (role) {
    const { status, body } = await client.call('POST', '/sessions', { username: role, password: PASSWORD })
    if (status !== 201) throw new Error(`sign-in as ${role}: ${status} ${JSON.stringify(body)}`)
    client.token = body.token
  }
  return client
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return text
  }
}
