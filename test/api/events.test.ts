import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../db/new-id.js'
import { appendLog } from '../../db/stores/job-events.js'
import { claimJob, insertJob } from '../../db/stores/jobs.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { moveJobTo } from '../helpers/job-status.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let viewer: ApiClient
beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  viewer = await api.as('viewer')
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})

interface Seen {
  id: number
  event: string
  data: Record<string, unknown>
}

/** Opens a stream and collects its events until `done` holds or the time is over. */
async function collect(
  path: string,
  done: (seen: Seen[]) => boolean,
  lastId?: number,
  onOpen?: () => Promise<void>,
): Promise<Seen[]> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), 8_000)
  const answer = await fetch(`${api.url}/api/v1${path}`, {
    signal: abort.signal,
    headers: {
      authorization: `Bearer ${viewer.token}`,
      ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }),
    },
  })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  await onOpen?.()
  const seen: Seen[] = []
  let text = ''
  try {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        if (field('id'))
          seen.push({ id: Number(field('id')), event: field('event') ?? '', data: JSON.parse(field('data') ?? '{}') })
      }
      if (done(seen)) break
    }
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
  return seen
}

const newJob = () =>
  insertJob(api.services.database.db, {
    job_type: 'health_check',
    created_by: null,
    target_scope: {},
    details: {},
    targets: [],
  })

test("a job's stream begins with its first event and goes on live, without those of others", async () => {
  const { db } = api.services.database
  const [job, other] = [await newJob(), await newJob()]
  const seen = await collect(
    `/jobs/${job.id}/events`,
    (s) => s.length >= 4,
    undefined,
    async () => {
      await claimJob(db, job.id, 'r')
      await appendLog(db, { job_id: other.id, message: 'not yours' })
      await moveJobTo(db, job.id, 1, { phase: 'precheck', progress: 5 })
      await appendLog(db, { job_id: job.id, message: 'hello' })
    },
  )
  expect(seen.map((e) => [e.event, e.data.status ?? e.data.message])).toEqual([
    ['job.changed', 'pending'],
    ['job.changed', 'running'],
    ['job.changed', 'running'],
    ['log', 'hello'],
  ])
  for (const { data } of seen) expect(data).toMatchObject({ job_id: job.id, at: expect.stringMatching(/Z$/) })
  expect(seen[2]?.data).toMatchObject({ phase: 'precheck', progress: 5 })
})

test('Last-Event-ID resumes without gap or repeat, whatever is written meanwhile', async () => {
  const { db } = api.services.database
  const job = await newJob()
  const write = Promise.all(
    Array.from({ length: 60 }, (_, i) => appendLog(db, { job_id: job.id, message: `line ${i}` })),
  )
  const all: Seen[] = []
  while (all.filter((e) => e.event === 'log').length < 60) {
    const last = all.at(-1)?.id
    all.push(...(await collect(`/jobs/${job.id}/events`, (s) => s.length >= 7 || all.length + s.length >= 61, last)))
  }
  await write
  expect(new Set(all.map((e) => e.id)).size).toBe(61)
  expect(all.map((e) => e.id)).toEqual([...all.map((e) => e.id)].sort((a, b) => a - b))
})

test('the common stream begins with the next event', async () => {
  const { db } = api.services.database
  await newJob()
  const job_id = newId()
  const seen = await collect(
    '/events',
    (s) => s.length >= 1,
    undefined,
    async () => {
      await appendLog(db, { job_id, message: 'now' })
    },
  )
  expect(seen).toMatchObject([{ event: 'log', data: { job_id, message: 'now' } }])
  expect((await viewer.call('GET', '/events', undefined, { 'last-event-id': 'x' })).status).toBe(400)
  expect((await viewer.call('GET', `/jobs/${newId()}/events`)).status).toBe(404)
})
