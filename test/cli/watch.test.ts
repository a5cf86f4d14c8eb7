import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../db/connect.js'
import type { Job } from '../../db/schema/jobs.js'
import { openAttention } from '../../db/stores/attention.js'
import { createTasks, listTasks } from '../../db/stores/job-tasks.js'
import { claimJob, endJob, insertJob } from '../../db/stores/jobs.js'
import { startApi, type TestApi } from '../helpers/api.js'
import { type DsmClient, dsmClient } from '../helpers/dsm.js'
import { moveJobTo, moveTaskTo } from '../helpers/job-status.js'
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
  await moveJobTo(db, job.id, 1, { phase: 'apply', progress: 10 })
  return job
}

async function phase(job: Job, at: number, name: string): Promise<void> {
  const [task] = await listTasks(db, job.id)
  await moveTaskTo(db, task, at, { status: 'running', phase: name, progress: at })
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

test('a refusal that the events bring first is an error like any other, whatever comes first', async () => {
  const refusing = createHttpServer(async (asked, answer) => {
    if (!asked.url?.endsWith('/events')) await pause(300)
    answer.writeHead(401, { 'content-type': 'application/problem+json' })
    answer.end(JSON.stringify({ code: 'Unauthenticated', status: 401, detail: 'Sign in, or send a valid token.' }))
  })
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
  const { port } = refusing.address() as { port: number }
  const refused = dsmClient({ server: `http://127.0.0.1:${port}`, token: 'dsm_old' })
  const watched = await refused.run(['jobs', 'watch', '00000000-0000-4000-8000-000000000000'])
  refusing.close()
  const stderr = 'dsm: Sign in, or send a valid token. (Unauthenticated)\n  Sign in with: dsm login\n'
  expect(watched).toEqual({ code: 5, stdout: '', stderr })
})

test('Ctrl-C ends the watching and says that the job goes on', async () => {
  const job = await running()
  const watching = dsm.begin(['jobs', 'watch', job.id])
  await watching.printed(/running {2}apply/)
  watching.interrupt()
  const stderr = `The job goes on. Follow it again: dsm jobs watch ${job.id}\n`
  expect(await watching.ended).toMatchObject({ code: 130, stderr })
})

test('the page of a job says how it stands, each target with its reason, what went wrong, and what to do next', async () => {
  const job = await running()
  const [task] = await listTasks(db, job.id)
  const waiting_for = [{ code: 'DeviceBusy', message: 'The device is busy.', since: new Date().toISOString() }]
  await moveTaskTo(db, task, 5, { status: 'running', phase: 'reboot', progress: 40, waiting_for })
  const now = (await dsm.run(['jobs', 'show', job.id])).stdout
  expect(now).toMatch(
    /^job +health_check {2}[-0-9a-f]{36}\nstatus +running, 10 %, apply\nwaits_for +DeviceBusy: The device is busy\.\ntargets +1\n/,
  )
  expect(now).toMatch(/\nABC1234 +running +40 +reboot .*The device is busy\.\n/)
  expect(now).toMatch(/Next: dsm jobs watch [-0-9a-f]{36} follows it\.\n$/)
  expect(now).not.toMatch(/[{}]|workflow_id/)
  const attention = {
    code: 'OutcomeUnknown',
    state_left: 'powered off',
    message: 'Unclear.',
    next_action: 'Look at it.',
  }
  await openAttention(db, job.id, [{ ...attention, target_label: 'ABC1234' }])
  await end(job, 'failed')
  const then = (await dsm.run(['jobs', 'show', job.id])).stdout
  expect(then).toContain('Problems:\n  VerifyFailed: It is still off.')
  expect(then).toContain('ABC1234: Unclear. Left as: powered off')
  expect(then).toMatch(/Next: ABC1234: Look at it\. Then: dsm jobs ack [-0-9a-f]{36}\n$/)
  expect(await dsm.json(['jobs', 'show', job.id])).toMatchObject({ id: job.id, workflow_id: expect.any(String) })
})

test('a job is named by its id and nothing else', async () => {
  for (const verb of ['show', 'watch', 'pause', 'plan']) {
    expect(await dsm.run(['jobs', verb, 'nightly'])).toMatchObject({
      code: 2,
      stderr: 'dsm: nightly is no id of a job; dsm jobs list shows them.\n',
    })
  }
})

test.each([
  [{ plan: { would_start: false, blockers: [] } }, true],
  [{ safe: false }, false],
  [{ targets: [{ target: TARGET, outcome: 'answered', verdict: 'blocked' }] }, false],
])('a job that went well and whose answer is no gives exit code 8: %j', async (result, dry_run) => {
  const order = { created_by: null, target_scope: {}, details: {}, targets: [TARGET] }
  const job = await insertJob(db, { job_type: 'health_check', dry_run, ...order })
  await claimJob(db, job.id, 'run')
  await endJob(db, job.id, 99, { status: 'completed', error: null, result })
  expect((await dsm.run(['jobs', 'watch', job.id])).code).toBe(8)
})

test('a target that was left out is named with its reason, and one that changed with what it was', async () => {
  const job = await running()
  const targets = [
    { target: TARGET, outcome: 'changed', components: [{ component: 'bios', from: ['2.1.5'], to: '2.2.8' }] },
    { target: { ...TARGET, name: 'DEF5678' }, outcome: 'skipped', message: 'The package is not for it.' },
  ]
  await endJob(db, job.id, 99, { status: 'completed', error: null, result: { summary: { total: 2 }, targets } })
  const { stdout } = await dsm.run(['jobs', 'watch', job.id])
  expect(stdout).toContain('  DEF5678: skipped: The package is not for it.\n')
  expect(stdout).toContain('  ABC1234: bios 2.1.5 -> 2.2.8\n')
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
