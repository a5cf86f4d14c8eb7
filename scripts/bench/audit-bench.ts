import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { createCommandLog } from '../../db/command-log.js'
import { openDatabase } from '../../db/connect.js'
import { endBenchSystem, startBenchSystem } from './bench-system.js'
import { databaseUrl } from './product-database.js'

const ROWS = Number(process.argv.find((argument) => argument.startsWith('--rows='))?.slice(7) ?? 1_000_000)
const LIMITS = { max_request_body_bytes: 8_192, max_response_body_bytes: 16_384, keep_read_bodies: false }
/** Calls that end before the writer is waited for: what a busy worker has in flight. */
const BURST = 5_000
/** Answers of devices that come in at one turn of the event loop. */
const ANSWERS = 50

/** Audit rows of reads through the product's writer, against PostgreSQL's own COPY of as many rows into an equal table. */
export async function benchAudit(): Promise<Record<string, unknown>> {
  const system = await startBenchSystem('small', 100, false)
  const file = join(tmpdir(), `dsm-bench-audit-${process.pid}.csv`)
  const url = await databaseUrl(system.product)
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await writeCsv(file)
    await client.query('create table bench_copy (like idrac_commands including all)')
    const copy_ms = await timed(() =>
      client.query(
        `copy bench_copy (id, server_id, job_id, endpoint, command_type, operation_type, full_url, success, status_code,
           response_time_ms, source, timestamp, device_kind, outcome, worker_id, completed_at, bytes_sent, bytes_received)
         from '${file}' with (format csv)`,
      ),
    )
    const cpu = process.cpuUsage()
    const writer_ms = await timed(() => throughWriter(url))
    const used = process.cpuUsage(cpu)
    const { rows } = await client.query('select count(*)::int as rows from idrac_commands')
    return {
      rows: ROWS,
      stored: rows[0]?.rows,
      writer_seconds: Math.round(writer_ms / 100) / 10,
      copy_seconds: Math.round(copy_ms / 100) / 10,
      rows_per_second: Math.round((ROWS / writer_ms) * 1000),
      ratio: Math.round((copy_ms / writer_ms) * 1000) / 1000,
      writer_cpu_seconds: Math.round((used.user + used.system) / 10_000) / 100,
    }
  } finally {
    await client.end()
    await rm(file, { force: true })
    await endBenchSystem(system)
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await act()
  return performance.now() - since
}

const path = (row: number) => `/redfish/v1/Systems/System.Embedded.1/Memory/DIMM.Socket.A${row % 1000}`

async function throughWriter(url: string): Promise<void> {
  const database = openDatabase({ url, application_name: 'bench' })
  const log = createCommandLog(database, { source: 'worker', limits: () => LIMITS })
  const context = {
    operation_type: 'inventory' as const,
    device_kind: 'idrac' as const,
    server_id: randomUUID(),
    job_id: randomUUID(),
    worker_id: 'bench',
  }
  const recorder = log.recorder(context)
  for (let row = 0; row < ROWS; row += 1) {
    const call = await recorder.begin({
      protocol: 'redfish',
      command_type: 'GET',
      endpoint: '/redfish/v1/Systems/System.Embedded.1/Bios',
      full_url: `https://10.1.2.3${path(row)}`,
      mutation: false,
    })
    await call.end({ success: true, outcome: 'ok', status_code: 200, response_time_ms: 41, bytes_received: 5_312 })
    if (row % BURST === 0) await log.flush()
    else if (row % ANSWERS === 0) await setImmediate()
  }
  await log.flush()
  await log.close()
  await database.close()
}

async function writeCsv(file: string): Promise<void> {
  const out = createWriteStream(file)
  const [server, job] = [randomUUID(), randomUUID()]
  for (let row = 0; row < ROWS; row += 1) {
    const now = new Date().toISOString()
    const line = `${randomUUID()},${server},${job},/redfish/v1/Systems/System.Embedded.1/Bios,GET,inventory,https://10.1.2.3${path(row)},t,200,41,worker,${now},idrac,ok,bench,${now},0,5312\n`
    if (!out.write(line)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  chmodSync(file, 0o644)
}
