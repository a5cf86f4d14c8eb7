import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Deps, WorkflowFate } from '../../activities/deps.js'
import { listLeftMedia, nameLeftMedia, reconcileJobs } from '../../activities/reconcile.js'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { listAttention } from '../../db/stores/attention.js'
import { recordBorrowed } from '../../db/stores/borrowed-settings.js'
import { claimJob, endJob, getJob, insertJob, listIdleJobs } from '../../db/stores/jobs.js'
import { acquireLeases, listLeases } from '../../db/stores/leases.js'
import { upsertServer } from '../../db/stores/servers.js'
import { ejectWorkflowId, hostWorkflowId } from '../../domain/ids.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
const fates = new Map<string, WorkflowFate>()
const broken = new Set<string>()

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  fates.clear()
  broken.clear()
  await database.pool.query('truncate jobs, device_leases, lease_waiters, borrowed_settings cascade')
})

const HOST = newId()

/** Only what the reconciler uses of a worker; Temporal says what the test says. */
const deps = () =>
  ({
    db: database.db,
    log: { info() {}, warn() {}, error() {} },
    describeWorkflow: async (id: string) => {
      if (broken.has(id)) throw new Error('Temporal does not answer')
      return fates.get(id) ?? 'gone'
    },
  }) as unknown as Deps

async function aJob(more: { parent_job_id?: string; claimed?: boolean } = {}) {
  const { claimed = true, parent_job_id } = more
  const job = await insertJob(database.db, {
    job_type: 'rolling_update',
    created_by: null,
    target_scope: {},
    details: {},
    targets: [{ kind: 'host', id: HOST, name: 'esx-1' }],
    ...(parent_job_id ? { parent_job_id, origin: 'child' as const } : {}),
  })
  if (claimed) await claimJob(database.db, job.id, 'run')
  await database.pool.query(
    "update jobs set created_at = now() - interval '1 hour', last_progress_at = case when last_progress_at is null then null else now() - interval '1 hour' end where id = $1",
    [job.id],
  )
  return job
}

const statusOf = async (id: string) => (await getJob(database.db, id))?.status

test('a lost job keeps its leases and stays open while a host of it is in work, then ends with both', async () => {
  const job = await aJob()
  const host = hostWorkflowId(job.job_type, job.id, HOST)
  const owner = { owner_workflow_id: job.workflow_id, owner_job_id: job.id }
  await acquireLeases(database.db, { ...owner, resources: ['cluster:c', `host:${HOST}`] })
  const borrowed = { job_id: job.id, kind: 'maintenance', device_kind: 'host', device_id: HOST } as const
  await recordBorrowed(database.db, { ...borrowed, original: {}, wanted: {} })
  fates.set(job.workflow_id, 'terminated').set(host, 'running')
  expect(await reconcileJobs(deps())).toMatchObject({ ended: 0, leases_freed: 0 })
  expect((await listAttention(database.db, job.id)).map((entry) => entry.code)).toEqual(['WorkerLost'])
  expect(await statusOf(job.id)).toBe('running')
  fates.set(host, 'completed')
  expect(await reconcileJobs(deps())).toMatchObject({ ended: 1, leases_freed: 2 })
  expect(await statusOf(job.id)).toBe('failed')
  const codes = (await listAttention(database.db, job.id)).map((entry) => entry.code)
  expect(codes).toEqual(['WorkerLost', 'OutcomeUnknown'])
})

test('a job whose cancel is repeated for ever is no sign of life', async () => {
  const job = await aJob()
  await database.pool.query('update jobs set updated_at = now(), cancel_requested_at = now() where id = $1', [job.id])
  fates.set(job.workflow_id, 'terminated')
  expect(await reconcileJobs(deps())).toMatchObject({ ended: 1 })
})

test('a due row whose workflow ended before it was claimed ends; one that Temporal does not know is the dispatcher s', async () => {
  const [ended, unknown] = [await aJob({ claimed: false }), await aJob({ claimed: false })]
  fates.set(ended.workflow_id, 'failed')
  expect(await reconcileJobs(deps())).toMatchObject({ looked_at: 2, ended: 1 })
  expect(await statusOf(ended.id)).toBe('failed')
  expect(await statusOf(unknown.id)).toBe('pending')
})

test('child jobs that were never begun end with their parent', async () => {
  const parent = await aJob()
  const child = await aJob({ parent_job_id: parent.id, claimed: false })
  fates.set(parent.workflow_id, 'running')
  await reconcileJobs(deps())
  expect(await statusOf(child.id)).toBe('pending')
  await endJob(database.db, parent.id, 9, { status: 'failed', result: null, error: null })
  await reconcileJobs(deps())
  expect(await statusOf(child.id)).toBe('cancelled')
})

test('what cannot be asked now keeps nothing else from being repaired', async () => {
  const [stuck, lost] = [await aJob(), await aJob()]
  broken.add(stuck.workflow_id)
  fates.set(lost.workflow_id, 'terminated')
  expect(await reconcileJobs(deps())).toMatchObject({ ended: 1 })
  expect(await statusOf(stuck.id)).toBe('running')
  expect((await listIdleJobs(database.db, 60)).map((job) => job.id)).toEqual([stuck.id])
})

test('the leases of a child job that outlives its root stay', async () => {
  const root = await aJob()
  const child = await aJob({ parent_job_id: root.id })
  await acquireLeases(database.db, {
    owner_workflow_id: root.workflow_id,
    owner_job_id: child.id,
    resources: ['cluster:c'],
  })
  fates.set(root.workflow_id, 'terminated').set(child.workflow_id, 'running')
  expect(await reconcileJobs(deps())).toMatchObject({ ended: 1, leases_freed: 0 })
  expect(await listLeases(database.db)).toHaveLength(1)
})

test('media that a closed job left inserted is given back, named only when that fails, and its lease is left alone', async () => {
  const { server } = await upsertServer(database.db, { service_tag: 'LEFT001', model: 'R750', ip_address: '127.0.0.9' })
  const job = await aJob()
  const iso_image_id = newId()
  const borrowed = await recordBorrowed(database.db, {
    job_id: job.id,
    kind: 'virtual_media',
    device_kind: 'server',
    device_id: server.id,
    original: { inserted: false },
    wanted: { inserted: true, iso_image_id },
  })
  fates.set(job.workflow_id, 'running')
  expect(await listLeftMedia(deps())).toEqual([])
  await endJob(database.db, job.id, 99, { status: 'failed', result: null, error: null })
  fates.set(job.workflow_id, 'terminated')
  expect(await listLeftMedia(deps())).toMatchObject([{ borrowed_id: borrowed.id, server_id: server.id, iso_image_id }])
  const owner = { owner_workflow_id: ejectWorkflowId(borrowed.id), owner_job_id: job.id }
  await acquireLeases(database.db, { resources: [`server:${server.id}`], ...owner })
  fates.set(owner.owner_workflow_id, 'running')
  await reconcileJobs(deps())
  expect(await listLeases(database.db)).toHaveLength(1)
  expect(await listAttention(database.db, job.id)).toEqual([])
  fates.set(owner.owner_workflow_id, 'completed')
  await reconcileJobs(deps())
  expect(await listLeases(database.db)).toEqual([])
  await nameLeftMedia(deps(), borrowed.id, 'DeviceUnreachable: no connection')
  expect(await listAttention(database.db, job.id)).toMatchObject([{ target_id: server.id }])
  expect(await listLeftMedia(deps())).toEqual([])
})
