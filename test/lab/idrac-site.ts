import { type Agent, type RequestOptions, request } from 'node:https'
import { connect } from 'node:net'
import { createLab, firstSettingsOf, type Lab } from '../../lab/create-core.js'
import { startIdracFace } from '../../lab/idrac/face.js'
import type { SimSite } from '../../lab/model.js'
import type { SimServer } from '../../lab/model-server.js'
import { applyPersonality } from '../../lab/presets.js'
import { buildSite } from '../../lab/site/build-site.js'

export const SEED = 7

export type Reply = {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: the body of a foreign service, walked freely by the tests
  json: any
}

export type CallOptions = {
  body?: unknown
  token?: string
  basic?: [string, string]
  headers?: Record<string, string>
  raw?: Buffer | Buffer[]
  agent?: Agent
}

/** A site with nothing but its iDRACs listening, and a bare HTTPS client for them. */
export type IdracSite = {
  lab: Lab
  server: (generation: string) => SimServer
  call: (server: SimServer, method: string, path: string, options?: CallOptions) => Promise<Reply>
  login: (server: SimServer) => Promise<string>
  /** lets simulated time pass quickly until the condition holds; fails after 20 s of real time */
  until: (what: string, condition: () => boolean) => Promise<void>
  /** waits until the iDRAC takes TCP connections */
  listens: (server: SimServer) => Promise<void>
  close: () => Promise<void>
}

function accepts({ idrac }: SimServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(idrac.port, idrac.address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function send(
  server: SimServer,
  method: string,
  path: string,
  { body, token, basic, headers = {}, raw, agent }: CallOptions,
): Promise<Reply> {
  const all: Record<string, string> = { ...headers }
  if (token) all['X-Auth-Token'] = token
  if (basic) all.Authorization = `Basic ${Buffer.from(basic.join(':')).toString('base64')}`
  const payload = body === undefined ? raw : Buffer.from(JSON.stringify(body))
  if (body !== undefined) all['Content-Type'] ??= 'application/json'
  if (Buffer.isBuffer(payload)) all['Content-Length'] = String(payload.length)
  const options: RequestOptions = {
    host: server.idrac.address,
    port: server.idrac.port,
    method,
    path,
    headers: all,
    rejectUnauthorized: false,
    agent: agent ?? false,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: text.startsWith('{') ? JSON.parse(text) : {},
        })
      })
    })
    outgoing.on('error', reject)
    if (Array.isArray(payload)) for (const piece of payload) outgoing.write(piece)
    outgoing.end(Buffer.isBuffer(payload) ? payload : undefined)
  })
}

/** The state of a lab that was stopped, as it is read back from disk. */
async function resume(kept: string, speed: number): Promise<{ lab: Lab; close: () => Promise<void> }> {
  const state = JSON.parse(kept) as SimSite
  const lab = createLab({ state, firstSettings: firstSettingsOf(state), speed, files: { keys: null, ledger: null } })
  const face = await startIdracFace(lab)
  lab.agenda.start()
  return { lab, close: () => face.close().then(() => lab.clock.stop()) }
}

async function boot(
  personality: Record<string, string>,
  speed: number,
): Promise<{ lab: Lab; close: () => Promise<void> }> {
  for (let shift = 9; shift >= 0; shift--) {
    const state = buildSite('small', SEED, shift, Date.parse('2026-03-02T08:00:00Z'))
    for (const server of state.servers) {
      server.personality = personality[server.generation] ?? null
      server.idrac.lockdown = false
      applyPersonality(server, undefined, [])
    }
    const lab = createLab({ state, firstSettings: firstSettingsOf(state), speed, files: { keys: null, ledger: null } })
    try {
      const face = await startIdracFace(lab)
      lab.agenda.start()
      return { lab, close: () => face.close().then(() => lab.clock.stop()) }
    } catch (error) {
      lab.clock.stop()
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
  throw new Error('no free loopback addresses for a simulated site')
}

/** Starts the iDRACs of the site `small`; `personality` gives every server of a generation a personality; `kept` goes on from a state. */
export async function startIdracSite(
  personality: Record<string, string> = {},
  speed = 600,
  kept?: string,
): Promise<IdracSite> {
  console.log(`simulated site small, seed ${SEED}, speed ${speed}`)
  const { lab, close } = kept === undefined ? await boot(personality, speed) : await resume(kept, speed)
  const call: IdracSite['call'] = (server, method, path, options = {}) => send(server, method, path, options)
  return {
    lab,
    close,
    call,
    server: (generation) => {
      const found = lab.state.servers.find((one) => one.generation === generation)
      if (!found) throw new Error(`no server of ${generation}`)
      return found
    },
    login: async (server) => {
      const reply = await call(server, 'POST', '/redfish/v1/SessionService/Sessions', {
        body: { UserName: server.idrac.username, Password: server.idrac.password },
      })
      if (reply.status !== 201) throw new Error(`login: ${reply.status} ${reply.text}`)
      return String(reply.headers['x-auth-token'])
    },
    listens: async (server) => {
      for (let tries = 0; !(await accepts(server)); tries++) {
        if (tries > 2000) throw new Error(`${server.name} does not listen`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    until: async (what, condition) => {
      const started = Date.now()
      while (!condition()) {
        if (Date.now() - started > 20_000) throw new Error(`not reached: ${what}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

/** A multipart body of an update: parameters first, then the file. */
export function uploadBody(
  parameters: unknown,
  fileName: string,
  file: Buffer,
  order: 'right' | 'wrong' = 'right',
): { raw: Buffer; headers: Record<string, string> } {
  const boundary = 'simulated-boundary-4711'
  const json = `--${boundary}\r\nContent-Disposition: form-data; name="UpdateParameters"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(parameters)}\r\n`
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="UpdateFile"; filename="${fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const binary = Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n')])
  const parts = order === 'right' ? [Buffer.from(json), binary] : [binary, Buffer.from(json)]
  return {
    raw: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  }
}
