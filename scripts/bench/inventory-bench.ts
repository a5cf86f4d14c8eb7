import { Agent, request } from 'undici'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { cpuBetween, figuresOf } from './measure.js'
import type { ServerView } from './types.js'

const SERVERS = 200
const LATENCY_MS = 300
const LIMIT_MS = 10 * 60_000

interface Command {
  command_type: string
  full_url: string
  server_id: string | null
}

/**
 * 200 iDRACs that take 300 ms for each answer: one health_check of all of them, audit on, from the POST to the last row,
 * against bare undici doing the very same requests of each device, one after the other, all devices at once.
 */
export async function benchInventory(): Promise<Record<string, unknown>> {
  const fleet = await startBenchSystem(`fleet:${Math.round(SERVERS * 1.1)}`, 1000, true)
  const { api, site, product } = fleet
  try {
    const special = new Set(site.idracs.filter(({ personality }) => personality).map(({ service_tag }) => service_tag))
    const all = await api.list<ServerView>('/servers')
    const servers = all.filter(({ service_tag }) => !special.has(service_tag)).slice(0, SERVERS)
    await fetch(`${product.endpoints.lab}/lab/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ selector: { kind: 'redfish' }, action: 'latency', ms: LATENCY_MS }),
    })
    const before = await figuresOf(product)
    const since = Date.now()
    const { id } = await api.createJob(
      'health_check',
      { server_ids: servers.map((server) => server.id) },
      { depth: 'summary', concurrency: 200 },
    )
    const job = await api.waitForEnd(id, LIMIT_MS)
    const ours_ms = Date.now() - since
    const cpu_seconds = cpuBetween(before, await figuresOf(product))
    const commands = await api.list<Command>(`/jobs/${id}/commands`)
    const gets = commands.filter(({ command_type }) => command_type === 'GET')
    const bare_ms = await bare(gets, site.idracs[0] as { username: string; password: string })
    return {
      status: job.status,
      servers: servers.length,
      gets: gets.length,
      seconds: Math.round(ours_ms / 100) / 10,
      bare_seconds: Math.round(bare_ms / 100) / 10,
      ratio: Math.round((ours_ms / bare_ms) * 100) / 100,
      cpu_seconds,
    }
  } finally {
    await endBenchSystem(fleet)
  }
}

/** The same paths of the same devices, Basic instead of a session, a connection each. */
async function bare(gets: Command[], { username, password }: { username: string; password: string }): Promise<number> {
  const byOrigin = new Map<string, string[]>()
  for (const { full_url } of gets) {
    const { origin } = new URL(full_url)
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), full_url])
  }
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const since = Date.now()
  await Promise.all(
    [...byOrigin.values()].map(async (urls) => {
      for (const url of urls) {
        const { body } = await request(url, { headers: { authorization }, dispatcher })
        await body.json().catch(() => null)
      }
    }),
  )
  const ms = Date.now() - since
  await dispatcher.destroy()
  return ms
}
