import { Agent, request } from 'undici'
import { createRedfishClient } from '../../clients/redfish/client.js'
import { closeSession, openSession } from '../../clients/redfish/session.js'
import { createCommandLog } from '../../db/command-log.js'
import { openDatabase } from '../../db/connect.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { databaseUrl } from './product-database.js'

const GETS = 20_000
const LIMITS = { max_request_body_bytes: 8_192, max_response_body_bytes: 16_384, keep_read_bodies: false }

/**
 * Processor time of one GET of a ComputerSystem through the product's client, with session, identity check and audit row,
 * against bare undici with a session's token; both over one kept connection to the same device, bodies parsed.
 */
export async function benchCpu(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem('small', 100, false)
  const { site, product } = system
  const device = site.idracs.find(({ personality }) => !personality)
  if (!device) throw new Error('the site has no ordinary iDRAC')
  const database = openDatabase({ url: await databaseUrl(product), application_name: 'bench' })
  const commands = createCommandLog(database, { source: 'worker', limits: () => LIMITS })
  try {
    const base = createRedfishClient({
      address: device.address,
      port: device.port,
      identity: async () => undefined,
      recorder: commands.recorder({ operation_type: 'inventory', device_kind: 'idrac' }),
    })
    const { token, session_uri } = await openSession(base, device)
    const client = base.withTokens({ current: async () => token, renew: async () => token })
    const root = await client.send({ method: 'GET', path: '/redfish/v1/Systems' })
    const path = String((root.body as { Members: { '@odata.id': string }[] }).Members[0]?.['@odata.id'])
    const ours = await cpuOf(async () => {
      await client.send({ method: 'GET', path })
    })
    await commands.flush()
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
    const bare = await cpuOf(async () => {
      const headers = { 'x-auth-token': token, accept: 'application/json' }
      const { body } = await request(`https://${device.address}:${device.port}${path}`, { headers, dispatcher })
      await body.json()
    })
    await dispatcher.destroy()
    await closeSession(client, { session_uri, token })
    await base.close()
    return {
      gets: GETS,
      cpu_ms_per_audited_get: ours,
      cpu_ms_per_bare_get: bare,
      ratio: Math.round((ours / bare) * 100) / 100,
    }
  } finally {
    await commands.close()
    await database.close()
    await endBenchSystem(system)
  }
}

/** Processor milliseconds of this process per call, user and system, after a warm-up. */
async function cpuOf(call: () => Promise<void>): Promise<number> {
  for (let at = 0; at < GETS / 20; at += 1) await call()
  const before = process.cpuUsage()
  for (let at = 0; at < GETS; at += 1) await call()
  const { user, system } = process.cpuUsage(before)
  return Math.round((user + system) / GETS) / 1000
}
