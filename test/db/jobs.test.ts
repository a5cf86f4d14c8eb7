import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, sqlState } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { acknowledgeAttention, listAttention, openAttention } from '../../db/stores/attention.js'
import { appendEvent, appendLog, readEvents } from '../../db/stores/job-events.js'
import { listSteps } from '../../db/stores/job-steps.js'
import { createTasks, listTasks, meanProgress } from '../../db/stores/job-tasks.js'
import {
  claimJob,
  endJob,
  getJob,
  insertJob,
  markCancelRequested,
  markPauseRequested,
  takeDueJobs,
} from '../../db/stores/jobs.js'
import { moveJobTo, moveStepTo, moveTaskTo } from '../helpers/job-status.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(() => postgres.stop())

const target = (name: string) => ({ kind: 'host' as const, id: newId(), name })
const newJob = (over: object = {}) =>
  insertJob(database.db, {
    job_type: 'rolling_update',
    created_by: null,
    target_scope: {},
    details: {},
    targets: [target('a'), target('b')],
    ...over,
  })
const end = { status: 'completed' as const, result: { summary: {} }, error: null }

test('a job is claimed by one run, and again by the same run', async () => {
  const { db } = database
  const job = await newJob()
  expect(job.workflow_id).toBe(`job/rolling_update/${job.id}`)
  expect((await claimJob(db, job.id, 'run-1')).claimed).toBe(true)
  expect((await claimJob(db, job.id, 'run-1')).claimed).toBe(true)
  expect((await claimJob(db, job.id, 'run-2')).claimed).toBe(false)
})

test('a pending job is cancelled at once and cannot be claimed', async () => {
  const { db } = database
  const job = await newJob()
  expect((await markCancelRequested(db, job.id, 'graceful', null))?.status).toBe('cancelled')
  expect((await claimJob(db, job.id, 'run-1')).claimed).toBe(false)
  expect(await markCancelRequested(db, job.id, 'abort', null)).toBeNull()
})

test('projection only goes forward, and final states stay final', async () => {
  const { db } = database
  const job = await newJob()
  await claimJob(db, job.id, 'r')
  expect(await moveJobTo(db, job.id, 5, { phase: 'esxi', progress: 40 })).toBe(true)
  expect(await moveJobTo(db, job.id, 5, { phase: 'firmware' })).toBe(false)
  expect(await moveJobTo(db, job.id, 4, { phase: 'firmware' })).toBe(false)
  await moveJobTo(db, job.id, 6, { progress: 10 })
  expect(await getJob(db, job.id)).toMatchObject({ phase: 'esxi', progress: 40, state_seq: 6 })
  expect(await endJob(db, job.id, 7, end)).toEqual({ applied: true })
  expect(await endJob(db, job.id, 8, { ...end, status: 'failed' })).toEqual({ applied: false })
  expect(await moveJobTo(db, job.id, 9, { status: 'running' })).toBe(false)
  await expect(database.pool.query(`update jobs set status = 'running' where id = $1`, [job.id])).rejects.toThrow(
    /cannot go/,
  )
  expect(await getJob(db, job.id)).toMatchObject({ status: 'completed', progress: 100, phase: 'done' })
})

test('a reached pause clears the request, abort sharpens graceful', async () => {
  const { db } = database
  const job = await newJob()
  await claimJob(db, job.id, 'r')
  expect((await markPauseRequested(db, job.id, null))?.pause_requested_at).toMatch(/Z$/)
  await moveJobTo(db, job.id, 1, { status: 'paused' })
  expect(await getJob(db, job.id)).toMatchObject({ status: 'paused', pause_requested_at: null })
  await markCancelRequested(db, job.id, 'abort', null)
  expect((await markCancelRequested(db, job.id, 'graceful', null))?.cancel_mode).toBe('abort')
})

test('due jobs are handed to one dispatcher only', async () => {
  const { db } = database
  await database.pool.query(`update jobs set schedule_at = now() + interval '1 day' where status = 'pending'`)
  const job = await newJob()
  await newJob({ schedule_at: new Date(Date.now() + 3_600_000).toISOString() })
  await db.transaction(async (first) => {
    expect((await takeDueJobs(first, 50)).map((row) => row.id)).toEqual([job.id])
    await db.transaction(async (second) => expect(await takeDueJobs(second, 50)).toEqual([]))
  })
})

test('tasks are made once, project forward, and can fail and begin again', async () => {
  const { db } = database
  const job = await newJob()
  const targets = job.targets
  const [first] = await createTasks(db, job.id, targets)
  await createTasks(db, job.id, targets)
  expect(await listTasks(db, job.id)).toHaveLength(2)
  if (!first) throw new Error('no task')
  await moveTaskTo(db, first, 1, { status: 'running', progress: 50, phase: 'esxi', log: 'one' })
  await moveTaskTo(db, first, 1, { status: 'completed' })
  await moveTaskTo(db, first, 2, { status: 'failed', log: 'two' })
  expect((await listTasks(db, job.id))[0]).toMatchObject({ status: 'failed', progress: 50, log: 'one\ntwo\n' })
  expect((await meanProgress(db, job.id)).mean).toBe(50)
  await moveTaskTo(db, first, 3, { status: 'pending', progress: 0, attempt: 2, error: null })
  expect((await listTasks(db, job.id))[0]).toMatchObject({ status: 'pending', progress: 0, attempt: 2 })
})

test('a step that ended is not opened again', async () => {
  const { db } = database
  const job = await newJob()
  const step = { task_id: null, seq: 1, phase: 'reboot', kind: 'reboot' }
  await moveStepTo(db, job.id, { ...step, status: 'running' })
  await moveStepTo(db, job.id, { ...step, status: 'completed' })
  await moveStepTo(db, job.id, { ...step, status: 'running' })
  expect(await listSteps(db, job.id)).toMatchObject([{ status: 'completed' }])
})

test('events of parallel writers become visible in order, children included', async () => {
  const { db } = database
  const parent = await newJob()
  const child = await newJob({ parent_job_id: parent.id })
  let seen = 0
  const order: number[] = []
  let writing = true
  const reader = (async () => {
    while (writing) {
      for (const event of await readEvents(db, { after_id: seen, job_id: parent.id })) {
        order.push(event.id)
        seen = event.id
      }
    }
  })()
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => appendLog(db, { job_id: i % 2 ? parent.id : child.id, message: `line ${i}` })),
  )
  writing = false
  await reader
  const all = await readEvents(db, { after_id: 0, job_id: parent.id })
  const rest = all.filter((event) => event.id > seen).map((event) => event.id)
  expect([...order, ...rest]).toEqual(all.map((event) => event.id))
  expect(all.filter((event) => event.type === 'log')).toHaveLength(40)
})

test('an event with a higher number cannot become visible before one with a lower', async () => {
  const { db } = database
  await db.transaction(async (first) => {
    await appendLog(first, { job_id: (await newJob()).id, message: 'not committed yet' })
    const second = db.transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '100ms'`)
      await appendEvent(tx, { job_id: null, type: 'log', message: 'overtakes' })
    })
    expect(sqlState(await second.catch((error: unknown) => error))).toBe('55P03')
  })
})

test('attention marks the job and its parent until somebody acknowledges', async () => {
  const { db } = database
  const parent = await newJob()
  const child = await newJob({ parent_job_id: parent.id })
  const entry = {
    target_kind: 'host',
    target_id: 'h',
    target_label: 'h',
    state_left: 'in maintenance',
    code: 'VerifyFailed',
    message: 'm',
    next_action: 'n',
  }
  await openAttention(db, child.id, [entry])
  await openAttention(db, child.id, [entry])
  expect(await listAttention(db, parent.id)).toHaveLength(1)
  expect((await getJob(db, parent.id))?.needs_attention).toBe(true)
  expect(await acknowledgeAttention(db, parent.id, newId())).toBe(1)
  expect((await getJob(db, parent.id))?.needs_attention).toBe(false)
  expect((await getJob(db, child.id))?.needs_attention).toBe(false)
})
