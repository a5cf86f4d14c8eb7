import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../db/connect.js'
import type { Job } from '../../db/schema/jobs.js'
import { openAttention } from '../../db/stores/attention.js'
import { createTasks, listTasks, projectTask } from '../../db/stores/job-tasks.js'
import { claimJob, endJob, insertJob, projectJob } from '../../db/stores/jobs.js'
import { startApi, type TestApi } from '../helpers/api.js'
import { type DsmClient, dsmClient } from '../helpers/dsm.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let db: Db
let token: string | null
let dsm: DsmClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  db = api.services.database.db
  token = (await api.as('operator')).token
  dsm = dsmClient({ server: api.url, token })
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

const TARGET = { kind: 'range' as const, id: 'ABC1234', name: 'ABC1234' }

/** A job in work with one target, as a worker leaves it in the rows. */
async function running(): Promise<Job> {
  const order = { created_by: null, target_scope: {}, details: {}, targets: [TARGET] }
  const job = await insertJob(db, { job_type: 'health_check', ...order })
  await createTasks(db, job.id, [TARGET])
  await claimJob(db, job.id, 'run')
  await projectJob(db, job.id, 1, { phase: 'apply', progress: 10 })
  return job
}

async function phase(job: Job, at: number, name: string): Promise<void> {
  const [task] = await listTasks(db, job.id)
  await projectTask(db, task?.id ?? '', at, { status: 'running', phase: name, progress: at })
}

async function end(job: Job, status: 'completed' | 'failed' | 'cancelled'): Promise<void> {
  const error = status === 'failed' ? { code: 'VerifyFailed', message: 'It is still off.' } : null
  const targets = [{ target: TARGET, outcome: status === 'failed' ? 'failed' : 'answered', code: error?.code }]
  await endJob(db, job.id, 99, { status, error, result: { summary: { total: 1 }, targets } })
}

test.each([
  ['completed', 0],
  ['failed', 3],
  ['cancelled', 4],
] as const)('a job that ends %s gives exit code %i', async (status, code) => {
  const job = await running()
  await end(job, status)
  const watched = await dsm.run(['jobs', 'watch', job.id])
  expect([watched.code, watched.stdout]).toEqual([code, expect.stringContaining(`health_check ${status}`)])
  if (status === 'failed') expect(watched.stdout).toContain('VerifyFailed: It is still off.')
})

test('a job that is done with attention open gives exit code 7', async () => {
  const job = await running()
  const attention = { code: 'OutcomeUnknown', state_left: 'on', message: 'Unclear.', next_action: 'Look at it.' }
  await openAttention(db, job.id, [attention])
  await end(job, 'completed')
  const watched = await dsm.run(['jobs', 'watch', job.id])
  expect([watched.code, watched.stdout]).toEqual([7, expect.stringContaining('Unclear. Next: Look at it.')])
})

test('phases are told as they come; --json ends with the job as the API gives it', async () => {
  const job = await running()
  const told = dsm.begin(['jobs', 'watch', job.id])
  const asJson = dsm.run(['jobs', 'watch', job.id, '--json'])
  await told.printed(/running {2}apply/)
  await phase(job, 20, 'precheck')
  await told.printed(/ABC1234 {2}running {2}20 % {2}precheck/)
  await phase(job, 60, 'reboot')
  await told.printed(/ABC1234 {2}running {2}60 % {2}reboot/)
  await end(job, 'completed')
  expect(await told.ended).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse((await asJson).stdout)).toMatchObject({ id: job.id, status: 'completed' })
})

test('following ends with exit code 6 when the time is over; the job goes on', async () => {
  const job = await running()
  const watched = await dsm.run(['jobs', 'watch', job.id, '--timeout', '1'])
  expect(watched).toMatchObject({ code: 6, stderr: expect.stringContaining('still running') })
})

test('a job that is not there is an error at once', async () => {
  const watched = await dsm.run(['jobs', 'watch', '00000000-0000-4000-8000-000000000000'])
  expect(watched).toMatchObject({ code: 1, stderr: expect.stringContaining('no such job') })
})

test('watching outlasts an API that goes away and comes back', async () => {
  const target = Number(new URL(api.url).port)
  const way = await openWay(target)
  const away = dsmClient({ server: `http://127.0.0.1:${way.port}`, token })
  const job = await running()
  const watching = away.begin(['jobs', 'watch', job.id])
  await watching.printed(/running {2}apply/)
  await way.cut()
  await watching.printed(/The API is away/)
  await phase(job, 30, 'verify')
  await end(job, 'completed')
  await way.open()
  const watched = await watching.ended
  await way.cut()
  expect([watched.code, watched.stdout]).toEqual([0, expect.stringContaining('health_check completed')])
})

/** A port in front of the API that can be shut and opened again. */
async function openWay(target: number) {
  const sockets = new Set<Socket>()
  let server: Server
  let port = 0
  const open = async () => {
    server = createServer((client) => {
      const through = connect(target, '127.0.0.1')
      for (const socket of [client, through]) sockets.add(socket.on('error', () => socket.destroy()))
      client.pipe(through).pipe(client)
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
  }
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()
  return { port, open, cut }
}
