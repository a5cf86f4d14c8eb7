import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startBackgroundWork } from '../../activities/background-work.js'
import type { Deps } from '../../activities/deps.js'
import { createCoreActivities } from '../../activities/jobs.js'
import { withServer } from '../../activities/with-server.js'
import type { Database } from '../../db/connect.js'
import { createTasks, listTasks } from '../../db/stores/job-tasks.js'
import { claimJob, endJob, getJob, insertJob, takeDueJobs } from '../../db/stores/jobs.js'
import { acquireLeases } from '../../db/stores/leases.js'
import { updateServerFacts, upsertServer } from '../../db/stores/servers.js'
import { updateActivitySettings } from '../../db/stores/settings.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import type { TargetResult, WorkContext } from '../../workflows/lib/job-input.js'
import { failureOf, untilDone } from '../helpers/activity-bench.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  const { db, pool } = database
  await pool.query('truncate jobs, servers, vcenters, device_leases, lease_waiters cascade')
  await pool.query('update openmanage_settings set enabled = false')
  await pool.query('update idm_settings set enabled = false')
  await updateActivitySettings(db, { background_paused: false, health_interval_minutes: 60 })
})

const look = async () => (await startBackgroundWork(database.db)).started
const types = async () => (await look()).map(({ job_type }) => job_type).sort()
/** As if everything had happened so many minutes earlier. */
async function pass(minutes: number): Promise<void> {
  const back = `- interval '${minutes} minutes'`
  for (const [table, columns] of [
    ['jobs', ['created_at']],
    ['servers', ['created_at']],
    ['vcenters', ['created_at', 'last_sync_at']],
    ['openmanage_settings', ['updated_at', 'last_sync_at']],
    ['idm_settings', ['updated_at', 'last_sync_at']],
  ] as const)
    await database.pool.query(`update ${table} set ${columns.map((c) => `${c} = ${c} ${back}`).join(', ')}`)
}
const endAll = async () => {
  const { rows } = await database.pool.query("select id from jobs where status = 'pending'")
  for (const { id } of rows) {
    await claimJob(database.db, id, 'run')
    await endJob(database.db, id, 1, { status: 'completed', result: {}, error: null })
  }
}
const server = async (n: number) =>
  (await upsertServer(database.db, { service_tag: `BACKGR${n}`, ip_address: `10.9.0.${n}` })).server
const vcenter = () =>
  insertVcenter(database.db, { name: `vc-${Math.random()}`, host: `10.0.0.${Math.ceil(Math.random() * 250)}` })

test('a fresh system is left in peace for an interval; then each reading has its turn, one of a kind at a time', async () => {
  expect(await types()).toEqual([])
  await server(1)
  await server(2)
  const { id } = await vcenter()
  expect(await types()).toEqual([])
  await pass(29)
  expect(await types()).toEqual([])
  await pass(1)
  const [started] = await look()
  expect(await getJob(database.db, started?.job_id ?? '')).toMatchObject({
    job_type: 'vcenter_sync',
    origin: 'background',
    priority: 5,
    created_by: null,
    status: 'pending',
    targets: [{ kind: 'vcenter', id }],
  })
  await pass(30)
  // The vCenter is still being read.
  const [health] = await look()
  expect((await getJob(database.db, health?.job_id ?? ''))?.targets.map(({ name }) => name)).toEqual([
    'BACKGR1',
    'BACKGR2',
  ])
  expect(await types(), 'a second attempt adds nothing').toEqual([])
  await endAll()
  await pass(300)
  expect(await types()).toEqual(['health_check', 'vcenter_sync'])
  expect(await types(), 'the rest at the next look').toEqual(['fetch_event_logs'])
  const audited = await database.pool.query("select object_label from audit_log where origin = 'background'")
  expect(audited.rows).toHaveLength(5)
})

test('servers are read deeply once a day, never beside the hourly look, and that counts as one', async () => {
  const { db } = database
  await server(1)
  await updateActivitySettings(db, { health_interval_minutes: 0, event_log_interval_minutes: 0 })
  await pass(24 * 60 - 1)
  expect(await types()).toEqual([])
  await pass(1)
  const [deep] = await look()
  expect((await getJob(db, deep?.job_id ?? ''))?.details).toMatchObject({ depth: 'components' })
  await updateActivitySettings(db, { health_interval_minutes: 60 })
  await pass(120)
  expect(await types(), 'not beside it').toEqual([])
  await endAll()
  const [summary] = await look()
  expect((await getJob(db, summary?.job_id ?? ''))?.details).toMatchObject({ depth: 'summary' })
  await endAll()
  await updateActivitySettings(db, { inventory_interval_hours: 0 })
  await pass(24 * 60)
  expect(await types(), '0 is off').toEqual(['health_check'])
  await updateActivitySettings(db, { event_log_interval_minutes: 360, inventory_interval_hours: 24 })
})

test('what people start comes first', async () => {
  await server(1)
  await pass(60)
  await look()
  const asked = { created_by: null, target_scope: {}, details: {}, targets: [] }
  const mine = await insertJob(database.db, { job_type: 'health_check', ...asked })
  const order = await database.db.transaction((tx) => takeDueJobs(tx, 10))
  expect(order.map(({ id }) => id)[0]).toBe(mine.id)
})

test('0 is off, and all of it can be paused', async () => {
  const { db } = database
  await server(1)
  await pass(90)
  await updateActivitySettings(db, { health_interval_minutes: 0 })
  expect(await types()).toEqual([])
  await updateActivitySettings(db, { health_interval_minutes: 60, background_paused: true })
  expect(await types()).toEqual([])
  await updateActivitySettings(db, { background_paused: false })
  expect(await types()).toEqual(['health_check'])
})

test('OpenManage and the directory are read only where both are switched on; a sync by hand counts', async () => {
  const { pool } = database
  await pool.query("update openmanage_settings set host = 'ome', sync_enabled = true, updated_at = now()")
  await pass(2000)
  expect(await types()).toEqual([])
  await pool.query('update openmanage_settings set enabled = true')
  await pool.query('update idm_settings set enabled = true, sync_enabled = true, last_sync_at = now()')
  expect(await types()).toEqual(['openmanage_sync'])
  await endAll()
  await pass(359)
  expect(await types()).toEqual([])
  await pass(1)
  expect(await types()).toEqual(['idm_sync_users', 'openmanage_sync'])
})

test('a vCenter that a job holds, one that is switched off and servers that refuse us are left alone', async () => {
  const { db, pool } = database
  const held = await vcenter()
  const off = await vcenter()
  await pool.query('update vcenters set sync_enabled = false where id = $1', [off.id])
  const refusing = await server(1)
  await updateServerFacts(db, refusing.id, { credential_state: 'rejected' })
  const asked = { created_by: null, target_scope: {}, details: {}, targets: [] }
  const { id: owner_job_id } = await insertJob(db, { job_type: 'vcenter_sync', ...asked })
  const owner = { owner_job_id, owner_workflow_id: 'somebody' }
  await acquireLeases(db, { ...owner, resources: [`vcenter:${held.id}`] })
  await pass(1000)
  expect(await types()).toEqual([])
})

test('a server that a job holds is not asked in the background', async () => {
  const { db } = database
  const { id } = await server(1)
  const asked = { created_by: null, target_scope: {}, details: {}, targets: [] }
  const { id: owner_job_id } = await insertJob(db, { job_type: 'firmware_update', ...asked })
  await acquireLeases(db, { owner_job_id, owner_workflow_id: 'somebody', resources: [`server:${id}`] })
  let sent = 0
  const idracs = { use: async () => (sent += 1) }
  const deps = { db, idracs, worker_id: 'w' } as unknown as Deps
  const context = {
    job_id: 'j',
    task_id: null,
    target_id: id,
    credential_set_ids: [],
    scale: 1,
  } as unknown as WorkContext
  const ask = (more: object) =>
    untilDone(() => withServer(deps, { ...context, ...more }, id, 'inventory', async () => undefined))
  expect((await failureOf(ask({ background: true }))).type).toBe('LeaseHeld')
  expect(sent).toBe(0)
  await ask({})
  expect(sent).toBe(1)
})

test('a background job over many servers keeps rows only for those where something was wrong', async () => {
  const { db } = database
  const targets = await Promise.all(
    [1, 2, 3].map(async (n) => ({ kind: 'server' as const, id: (await server(n)).id, name: `s${n}` })),
  )
  const finish = async (origin: 'background' | 'user') => {
    const wanted = { job_type: 'health_check', created_by: null, target_scope: {}, details: {}, targets, origin }
    const job = await insertJob(db, wanted)
    await claimJob(db, job.id, 'run')
    await createTasks(db, job.id, targets)
    const outcomes = ['answered', 'failed', 'answered'] as const
    for (const [at, target] of targets.entries())
      await database.pool.query('update job_tasks set outcome = $3 where job_id = $1 and target_id = $2', [
        job.id,
        target.id,
        outcomes[at],
      ])
    const answered: TargetResult[] = targets.map((target, at) => ({ target, outcome: outcomes[at] ?? 'failed' }))
    const end = { job_id: job.id, state_seq: 9, owner_workflow_id: job.workflow_id, status: 'failed' as const }
    const core = createCoreActivities({ db } as unknown as Deps)
    for (let attempt = 0; attempt < 2; attempt += 1)
      await untilDone(() => core.finishJob({ ...end, result: { targets: answered }, error: null }))
    return { job: await getJob(db, job.id), tasks: await listTasks(db, job.id) }
  }
  const kept = await finish('background')
  expect(kept.tasks.map(({ target_label }) => target_label)).toEqual(['s2'])
  expect(kept.job?.targets.map(({ name }) => name)).toEqual(['s2'])
  expect(kept.job?.result).toMatchObject({ summary: { total: 3, failed: 1 }, targets: [{ outcome: 'failed' }] })
  expect((await finish('user')).tasks).toHaveLength(3)
})
