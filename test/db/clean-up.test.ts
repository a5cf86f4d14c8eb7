import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteOldRows, noteCleanUp } from '../../activities/clean-up.js'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { openAttention } from '../../db/stores/attention.js'
import { createTasks } from '../../db/stores/job-tasks.js'
import { endJob, insertJob } from '../../db/stores/jobs.js'
import { upsertServer } from '../../db/stores/servers.js'
import { updateActivitySettings } from '../../db/stores/settings.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
let server_id: string
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
  server_id = (await upsertServer(database.db, { service_tag: 'CLEAN01', ip_address: '10.5.0.1' })).server.id
})
afterAll(() => postgres.stop())

const sql = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows
const left = async (table: string) => (await sql(`select count(*)::int as n from ${table}`))[0].n as number

async function job(age_days: number, more: { parent_job_id?: string; open?: boolean } = {}): Promise<string> {
  const targets = [{ kind: 'server' as const, id: server_id, name: 'CLEAN01' }]
  const asked = { job_type: 'health_check', created_by: null, target_scope: {}, details: {}, targets }
  const { parent_job_id } = more
  const { id } = await insertJob(database.db, { ...asked, ...(parent_job_id ? { parent_job_id } : {}) })
  await createTasks(database.db, id, targets)
  if (!more.open) await endJob(database.db, id, 1, { status: 'failed', result: null, error: null })
  await sql(
    `update jobs set created_at = now() - make_interval(days => $2), completed_at = completed_at - make_interval(days => $2) where id = $1`,
    [id, age_days],
  )
  return id
}

test('jobs go with all that is theirs when they have been kept for their time, but not while something is open', async () => {
  const { db } = database
  await updateActivitySettings(db, { job_retention_days: 100 })
  const parent = await job(101)
  await job(101, { parent_job_id: parent })
  const young = await job(99)
  const running = await job(500, { open: true })
  const attention = await job(500)
  await openAttention(db, attention, [
    {
      target_kind: 'server',
      target_id: server_id,
      target_label: 'CLEAN01',
      state_left: 'off',
      code: 'OutcomeUnknown',
      message: 'm',
      next_action: 'n',
    },
  ])
  const with_running_child = await job(500)
  const child = await job(500, { parent_job_id: with_running_child, open: true })
  expect(await deleteOldRows(db)).toEqual({ deleted: { jobs: 1 }, more: false })
  const kept = (await sql('select id from jobs')).map(({ id }) => id)
  expect(kept.sort()).toEqual([young, running, attention, with_running_child, child].sort())
  expect(await left('job_tasks')).toBe(5)
  await sql('update job_attention set acknowledged_at = now()')
  expect((await deleteOldRows(db)).deleted).toEqual({ jobs: 1 })
})

test('the newest readings and backups of a server stay, and so does what is pinned or was kept before a change', async () => {
  const { db } = database
  for (let age = 1; age <= 14; age += 1) {
    await sql(
      `insert into bios_configurations (id, server_id, reason, attributes, sha256, attribute_count, captured_at)
       values ($1, $2, 'read', '{}', $3, 0, now() - make_interval(days => $4))`,
      [newId(), server_id, `b${age}`, age + 1],
    )
    const kind = age === 12 ? 'before_change' : 'export'
    await sql(
      `insert into scp_backups (id, server_id, name, components, format, content_encrypted, size_bytes, sha256, kind,
         contains_hashes, pinned, created_at)
       values ($1, $2, $3, '{ALL}', 'XML', '\\x00', 1, 'x', $4, false, $5, now() - make_interval(days => $6))`,
      [newId(), server_id, `s${age}`, kind, age === 14, age + 1],
    )
  }
  const [{ id: named }] = await sql("select id from bios_configurations where sha256 = 'b13'")
  const asked = { created_by: null, target_scope: {}, targets: [] }
  await insertJob(db, { job_type: 'bios_config_write', ...asked, details: { from_configuration_id: named } })
  expect((await deleteOldRows(db)).deleted).toEqual({ bios_configurations: 3, scp_backups: 7 })
  const names = (await sql('select name from scp_backups order by created_at desc')).map(({ name }) => name)
  expect(names).toEqual(['s1', 's2', 's3', 's4', 's5', 's12', 's14'])
  const bios = (await sql('select sha256 from bios_configurations order by captured_at desc')).map((row) => row.sha256)
  expect(bios).toEqual([...Array.from({ length: 10 }, (_, i) => `b${i + 1}`), 'b13'])
})

test('calls: reads by one setting, the rest by the other; batch after batch', async () => {
  const { db } = database
  await updateActivitySettings(db, { log_retention_days: 30, mutation_retention_days: 90 })
  const call = (type: string, age: number, success: boolean, count = 1) =>
    sql(
      `insert into idrac_commands (id, endpoint, command_type, operation_type, success, outcome, source, "timestamp")
       select gen_random_uuid(), '/x', $1, 'inventory', $2, 'ok', 'worker', now() - make_interval(days => $3)
       from generate_series(1, $4::int)`,
      [type, success, age, count],
    )
  await call('GET', 31, true, 700)
  await call('GET', 29, true)
  await call('GET', 31, false)
  await call('POST', 31, true)
  await call('POST', 91, true)
  expect(await deleteOldRows(db)).toEqual({ deleted: { idrac_commands: 501 }, more: true })
  expect(await deleteOldRows(db)).toEqual({ deleted: { idrac_commands: 200 }, more: false })
  expect(await left('idrac_commands')).toBe(3)
  await noteCleanUp(db, { idrac_commands: 701 })
  await noteCleanUp(db, {})
  const audited = await sql("select after from audit_log where action = 'cleanup.run'")
  expect(audited).toEqual([{ after: { rows: [{ table: 'idrac_commands', rows: 701 }] } }])
})
