import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { cpuBetween, figuresOf, quantile } from './measure.js'
import { databaseUrl } from './product-database.js'

const SERVERS = 10_000
const CLIENTS = 50
const REQUESTS = 4_000
const QUERY = 'limit=50&model=PowerEdge%20R750&health_status=OK&sort=-service_tag'

/** Pages of 50 of 10,000 servers with filter and sort, asked for by 50 clients; beside it bare Express with the same SQL. */
export async function benchList(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem('small', 100, false)
  const { api, product } = system
  const url = await databaseUrl(product)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const bare = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./bare-list.ts', import.meta.url)), url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    await client.query(FILL, [SERVERS])
    await client.query('analyze servers')
    const [port] = (await once(bare.stdout, 'data')) as [Buffer]
    const reference = await ask(`http://127.0.0.1:${port.toString().trim()}/servers`, {})
    const before = await figuresOf(product)
    const token = await api.send<{ token: string }>('POST', '/tokens', { name: 'bench', expires_in_days: 1 })
    const ours = await ask(`${product.endpoints.api}/api/v1/servers?${QUERY}`, {
      authorization: `Bearer ${token.token}`,
    })
    return {
      servers: SERVERS,
      requests: REQUESTS,
      per_second: Math.round(ours.per_second),
      bare_per_second: Math.round(reference.per_second),
      ratio: Math.round((ours.per_second / reference.per_second) * 1000) / 1000,
      p50_ms: ours.p50_ms,
      p99_ms: ours.p99_ms,
      bare_p99_ms: reference.p99_ms,
      cpu_seconds: cpuBetween(before, await figuresOf(product)),
    }
  } finally {
    bare.kill()
    await client.end()
    await endBenchSystem(system)
  }
}

const FILL = `insert into servers (id, service_tag, ip_address, idrac_port, model, generation, health_status, power_state, source, last_seen_at)
  select gen_random_uuid(), 'B' || lpad(upper(to_hex(n)), 6, '0'), '10.' || n / 65536 || '.' || (n / 256) % 256 || '.' || n % 256, 443,
    case n % 3 when 0 then 'PowerEdge R750' when 1 then 'PowerEdge R640' else 'PowerEdge R770' end, 'idrac9',
    case n % 10 when 0 then 'Warning' else 'OK' end, 'On', 'discovery', now() - make_interval(secs => n)
  from generate_series(1, $1::int) as n`

async function ask(url: string, headers: Record<string, string>) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const times: number[] = []
  let next = 0
  const lane = async () => {
    while (next < REQUESTS) {
      next += 1
      const since = performance.now()
      await get(url, headers, agent)
      times.push(performance.now() - since)
    }
  }
  await get(url, headers, agent)
  const since = performance.now()
  await Promise.all(Array.from({ length: CLIENTS }, lane))
  const per_second = (REQUESTS * 1000) / (performance.now() - since)
  agent.destroy()
  const round = (value: number | undefined) => Math.round((value ?? 0) * 10) / 10
  return { per_second, p50_ms: round(quantile(times, 0.5)), p99_ms: round(quantile(times, 0.99)) }
}

function get(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.resume()
      response.once('end', resolve)
    })
      .once('error', reject)
      .end()
  })
}
