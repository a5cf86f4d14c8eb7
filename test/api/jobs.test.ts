import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDispatcher } from '../../api/dispatcher.js'
import { newId } from '../../db/new-id.js'
import { openAttention } from '../../db/stores/attention.js'
import { upsertCluster } from '../../db/stores/clusters.js'
import { upsertHost } from '../../db/stores/hosts.js'
import { createTasks } from '../../db/stores/job-tasks.js'
import { claimJob, endJob, getJob } from '../../db/stores/jobs.js'
import { readJobSecret } from '../../db/stores/sealed-secrets.js'
import { linkHost, upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { type ApiClient, startApi, type TestApi } from '../helpers/api.js'
import { moveJobTo, moveTaskTo } from '../helpers/job-status.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let api: TestApi
let admin: ApiClient
let operator: ApiClient
let viewer: ApiClient
const ids = { servers: [] as string[], hosts: [] as string[], cluster: '', vcenter: '', loose: '' }

beforeAll(async () => {
  postgres = await startPostgres()
  api = await startApi(await postgres.database())
  admin = await api.as('admin')
  operator = await api.as('operator')
  viewer = await api.as('viewer')
  const { db } = api.services.database
  ids.vcenter = (await insertVcenter(db, { name: 'vc', host: '127.0.0.1' })).id
  ids.cluster = (await upsertCluster(db, ids.vcenter, { moid: 'c', name: 'Prod-A' })).id
  for (const n of [1, 2, 3]) {
    const { server } = await upsertServer(db, {
      service_tag: `TAG000${n}`,
      ip_address: `127.1.0.${n}`,
      model: 'PowerEdge R750',
    })
    const { host } = await upsertHost(
      db,
      { vcenter_id: ids.vcenter, moid: `h${n}` },
      { name: `host-${n}`, cluster_id: ids.cluster },
    )
    if (n < 3) await linkHost(db, { host_id: host.id, server_id: server.id, link_source: 'serial' })
    ids.servers.push(server.id)
    ids.hosts.push(host.id)
  }
})
afterAll(async () => {
  await api.close()
  await postgres.stop()
})
beforeEach(() => {
  Object.assign(api.temporal, { away: false, running: true, started: [], signals: [] })
})

const order = (body: object, headers = {}, client = admin) =>
  client.call('POST', '/jobs', { target_scope: {}, details: {}, ...body }, headers)
const refused = async (answer: Promise<{ status: number; body: { code: string; errors?: { pointer: string }[] } }>) => {
  const { status, body } = await answer
  return [status, body.code, body.errors?.[0]?.pointer]
}
const health = (scope: object, details: object = {}) =>
  order({ job_type: 'health_check', target_scope: scope, details })
const rolling = (details: object = {}, scope: object = { cluster_ids: [ids.cluster] }) =>
  order({
    job_type: 'rolling_update',
    target_scope: scope,
    details: { esxi: { depot_path: '/vmfs/volumes/ds/depot.zip' }, ...details },
  })
async function runningRolling() {
  const { body } = await rolling()
  const { db } = api.services.database
  await claimJob(db, body.id, 'run')
  const tasks = await createTasks(db, body.id, body.targets)
  return { id: body.id as string, workflow_id: body.workflow_id as string, tasks }
}

test('schema comes before role, role before targets, and nothing is written by a refusal', async () => {
  const count = async () => Number((await api.services.database.pool.query('select count(*) from jobs')).rows[0].count)
  const before = await count()
  expect(await refused(order({ job_type: 'make_coffee' }))).toEqual([400, 'InvalidRequest', '/job_type'])
  expect(await refused(order({ job_type: 'health_check', odd: 1 }))).toEqual([400, 'InvalidRequest', '/odd'])
  expect(await refused(health({ server_ids: [newId()] }, { nonsense: 1 }))).toEqual([
    400,
    'InvalidRequest',
    '/details/nonsense',
  ])
  expect(await refused(order({ job_type: 'discovery_scan', details: {} }, {}, viewer))).toEqual([
    400,
    'InvalidRequest',
    '/details/ip_ranges',
  ])
  const scan = { job_type: 'discovery_scan', details: { ip_ranges: ['10.0.0.0/30'] } }
  expect((await order(scan, {}, operator)).body).toMatchObject({ code: 'Forbidden', roles_allowed: ['admin'] })
  expect(
    await refused(order({ job_type: 'power_action', target_scope: { server_ids: [] }, details: { action: 'off' } })),
  ).toEqual([422, 'EmptyTarget', '/target_scope'])
  expect(await refused(health({ server_ids: [newId()] }))).toEqual([422, 'UnknownTarget', '/target_scope/server_ids/0'])
  expect(await refused(rolling({}, { cluster_ids: [newId()] }))).toEqual([
    422,
    'UnknownTarget',
    '/target_scope/cluster_ids/0',
  ])
  expect(
    await refused(
      order({ job_type: 'power_action', target_scope: { host_ids: ids.hosts }, details: { action: 'on' } }),
    ),
  ).toEqual([422, 'TargetNotAllowed', '/target_scope/host_ids'])
  expect(await refused(health({ host_ids: ids.hosts }))).toEqual([422, 'HostNotLinked', '/target_scope'])
  expect(await refused(order({ job_type: 'prepare_host', target_scope: { host_ids: ids.hosts } }))).toEqual([
    422,
    'UseRollingUpdate',
    undefined,
  ])
  expect(await refused(order({ job_type: 'vcenter_sync', details: { vcenter_ids: [newId()] } }))).toEqual([
    422,
    'UnknownTarget',
    '/details/vcenter_ids/0',
  ])
  expect(await refused(order({ job_type: 'iso_upload', details: { upload_id: newId() } }))).toEqual([
    422,
    'MediaNotFound',
    '/details/upload_id',
  ])
  expect(
    (await rolling({ firmware: { firmware_source: 'local', package_ids: [newId()] }, order: 'esxi_first' })).body.code,
  ).toBe('PackageNotFound')
  const admin_only = await order(
    {
      job_type: 'rolling_update',
      target_scope: { cluster_ids: [ids.cluster] },
      details: { esxi: { depot_path: '/vmfs/volumes/ds/d.zip' }, ha_admission: 'suspend' },
    },
    {},
    operator,
  )
  expect([admin_only.status, admin_only.body.errors]).toEqual([
    403,
    [{ pointer: '/details/ha_admission', detail: expect.any(String) }],
  ])
  expect(await count()).toBe(before)
})

test.each([
  [
    'order esxi_only with firmware',
    { order: 'esxi_only', firmware: { firmware_source: 'local' } },
    422,
    'OptionConflict',
    '/details/order',
  ],
  ['order without its block', { order: 'firmware_only' }, 422, 'OptionConflict', '/details/order'],
  ['both-order with one block', { order: 'esxi_first' }, 422, 'OptionConflict', '/details/order'],
  [
    'tolerance without continue',
    { failed_hosts_tolerance: 1 },
    422,
    'OptionConflict',
    '/details/failed_hosts_tolerance',
  ],
  ['soak without canaries', { canary_soak_minutes: 5 }, 422, 'OptionConflict', '/details/canary_hosts'],
  ['more than half of the cluster', { max_unavailable: 2 }, 400, 'InvalidRequest', '/details/max_unavailable'],
  [
    'a foreign host in the order',
    { host_order: ['00000000-0000-7000-8000-000000000000'] },
    422,
    'UnknownTarget',
    '/details/host_order/0',
  ],
  [
    'a catalog that nobody imported',
    { order: 'firmware_first', firmware: { firmware_source: 'dell_catalog' } },
    422,
    'CatalogMissing',
    '/details/firmware/firmware_source',
  ],
  [
    'a stepping stone that does not exist',
    {
      esxi: {
        depot_path: '/vmfs/volumes/ds/d.zip',
        stepping_stone_profile_ids: ['00000000-0000-7000-8000-000000000000'],
      },
    },
    422,
    'ProfileNotFound',
    '/details/esxi/stepping_stone_profile_ids/0',
  ],
  [
    'an option that nothing honours',
    { health_gate: { require_green: false } },
    422,
    'Unsupported',
    '/details/health_gate/require_green',
  ],
])('a rolling update is refused: %s', async (_name, details, status, code, pointer) => {
  expect(await refused(rolling(details))).toEqual([status, code, pointer])
})

test('other options that are refused, and a scan of forbidden addresses', async () => {
  const server_ids = [ids.servers[0]]
  const firmware = (details: object) => order({ job_type: 'firmware_update', target_scope: { server_ids }, details })
  const url = { firmware_source: 'url', url: 'ftp://10.0.0.5/x.EXE', sha256: 'a'.repeat(64) }
  expect(await refused(firmware(url))).toEqual([422, 'UrlRefused', '/details/url'])
  const catalog = { firmware_source: 'dell_catalog', component: 'bios', catalog_id: newId() }
  expect(await refused(firmware(catalog))).toEqual([422, 'CatalogMissing', '/details/catalog_id'])
  expect(await refused(firmware({ package_id: newId() }))).toEqual([422, 'PackageNotFound', '/details/package_id'])
  const scan = { ip_ranges: ['10.0.0.1', '169.254.0.0/24'] }
  expect(await refused(order({ job_type: 'discovery_scan', details: scan }))).toEqual([
    422,
    'EmptyTarget',
    '/details/ip_ranges/1',
  ])
  const force = { action: 'reset', force_after_minutes: 5 }
  expect(await refused(order({ job_type: 'power_action', target_scope: { server_ids }, details: force }))).toEqual([
    422,
    'OptionConflict',
    '/details/force_after_minutes',
  ])
})

test('targets are resolved to an explicit list: clusters, hosts to servers, filters with exclusions, groups', async () => {
  const roll = await rolling()
  expect(roll.status).toBe(202)
  expect(roll.headers.get('location')).toBe(`/api/v1/jobs/${roll.body.id}`)
  expect(roll.body.workflow_id).toBe(`job/rolling_update/${roll.body.id}`)
  expect(roll.body.targets).toEqual(
    ids.hosts.map((id, i) => ({
      kind: 'host',
      id,
      name: `host-${i + 1}`,
      host_id: id,
      cluster_id: ids.cluster,
      server_id: i < 2 ? ids.servers[i] : null,
    })),
  )
  const firmware = await rolling({ esxi: undefined, firmware: { firmware_source: 'local' } })
  expect(firmware.body.code).toBe('HostNotLinked')
  const via = await health({ host_ids: ids.hosts.slice(0, 2), server_ids: [ids.servers[0]] })
  expect(via.body.targets.map((t: { id: string }) => t.id)).toEqual(ids.servers.slice(0, 2))
  const filtered = await health({
    filter: { servers: 'model=R750&linked=true' },
    exclude: { server_ids: [ids.servers[0]] },
  })
  expect(filtered.body).toMatchObject({
    target_count: 1,
    targets: [{ id: ids.servers[1], cluster_id: ids.cluster, host_id: ids.hosts[1] }],
  })
  expect((await health({ filter: { servers: 'colour=blue' } })).status).toBe(400)
  expect((await health({ filter: { servers: 'model=none-such' } })).body.code).toBe('EmptyTarget')
  const may = await order({ job_type: 'cluster_safety_check', target_scope: { host_ids: ids.hosts.slice(0, 2) } })
  expect(may.body.targets).toEqual([
    { kind: 'cluster', id: ids.cluster, name: 'Prod-A', cluster_id: ids.cluster, host_ids: ids.hosts.slice(0, 2) },
  ])
  const group = await operator.call('POST', '/server-groups', { name: 'g', server_ids: ids.servers.slice(0, 2) })
  expect((await health({ server_group_ids: [group.body.id] })).body.target_count).toBe(2)
  const dynamic = await operator.call('POST', '/server-groups', {
    name: 'd',
    kind: 'dynamic',
    filter: { servers: 'service_tag=tag0003' },
  })
  expect((await health({ server_group_ids: [dynamic.body.id] })).body.targets[0].id).toBe(ids.servers[2])
  const scan = await order({ job_type: 'discovery_scan', details: { ip_ranges: ['10.0.0.5/30', '10.0.0.4/30'] } })
  expect(scan.body.targets).toEqual([{ kind: 'range', id: '10.0.0.4/30', name: '10.0.0.4/30' }])
  expect((await order({ job_type: 'discovery_scan', details: { ip_ranges: ['10.0.0.0/8'] } })).body).toMatchObject({
    code: 'ConfirmationRequired',
    count: 2 ** 24 - 2,
  })
})

test('large disruptive orders want their count confirmed', async () => {
  await admin.call('PATCH', '/settings/activity', { confirm_over_targets: 1 })
  const scope = { server_ids: ids.servers }
  const asked = await order({ job_type: 'power_action', target_scope: scope, details: { action: 'on' } })
  expect(asked.body).toMatchObject({ code: 'ConfirmationRequired', count: 3 })
  expect(
    (await order({ job_type: 'power_action', target_scope: scope, details: { action: 'on', confirm_target_count: 3 } }))
      .status,
  ).toBe(202)
  await admin.call('PATCH', '/settings/activity', { confirm_over_targets: 50 })
})

test('a secret in an order is sealed and only its id goes on', async () => {
  const details = {
    ip_ranges: ['10.0.0.1'],
    try_factory_account: true,
    factory_username: 'root',
    factory_password: 'Geheim#1',
  }
  const { body } = await order({ job_type: 'discovery_scan', details })
  expect(JSON.stringify(body)).not.toContain('Geheim')
  const secret = await readJobSecret(api.services.database.db, api.keys, body.details.factory_secret_id)
  expect(JSON.parse(secret ?? '{}')).toEqual({ username: 'root', password: 'Geheim#1' })
  const { rows } = await api.services.database.pool.query('select jobs::text as raw from jobs')
  expect(JSON.stringify(rows)).not.toContain('Geheim')
})

test('the same key and body make one job, also at once; another body is a conflict', async () => {
  const key = { 'idempotency-key': newId() }
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      order({ job_type: 'health_check', target_scope: { server_ids: [ids.servers[0]] } }, key),
    ),
  )
  expect(new Set(answers.map((a) => `${a.status} ${a.body.id}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(202)
  const other = await order({ job_type: 'health_check', target_scope: { server_ids: [ids.servers[1]] } }, key)
  expect([other.status, other.body.code]).toEqual([409, 'IdempotencyConflict'])
  const refused = { 'idempotency-key': newId() }
  expect((await order({ job_type: 'health_check' }, refused)).status).toBe(422)
  expect((await order({ job_type: 'health_check' }, refused)).status).toBe(422)
})

test('jobs stay pending while Temporal is away and start once it is back', async () => {
  const { database, feed, log } = api.services
  await database.pool.query(`update jobs set status = 'cancelled' where status = 'pending'`)
  api.temporal.away = true
  const { body } = await health({ server_ids: [ids.servers[0]] })
  const later = await order({
    job_type: 'health_check',
    target_scope: { server_ids: [ids.servers[0]] },
    schedule_at: '2999-01-01T00:00:00Z',
  })
  const dispatcher = startDispatcher({ db: database.db, temporal: api.temporal, feed, log, hold: () => null })
  await dispatcher.pass()
  expect((await admin.call('GET', `/jobs/${body.id}`)).body.status).toBe('pending')
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503)
  api.temporal.away = false
  await dispatcher.pass()
  expect(api.temporal.started).toEqual([body.workflow_id])
  const next = await health({ server_ids: [ids.servers[1]] })
  await expect.poll(() => api.temporal.started, { timeout: 5000 }).toContain(next.body.workflow_id)
  expect(api.temporal.started).not.toContain(later.body.workflow_id)
  await dispatcher.stop()
})

test('a job that nobody takes up says that no worker lives', async () => {
  const { database, feed, log } = api.services
  const { body } = await health({ server_ids: [ids.servers[0]] })
  await database.pool.query(`update jobs set created_at = now() - interval '1 minute' where id = $1`, [body.id])
  const dispatcher = startDispatcher({ db: database.db, temporal: api.temporal, feed, log, hold: () => null })
  await dispatcher.pass()
  await dispatcher.stop()
  expect((await viewer.call('GET', `/jobs/${body.id}`)).body.waiting_for).toMatchObject([{ code: 'WorkerMissing' }])
  expect((await claimJob(database.db, body.id, 'r')).job?.waiting_for).toEqual([])
})

test('without the key no job starts, but reads go on', async () => {
  api.setKey(false)
  expect((await health({ server_ids: [ids.servers[0]] })).body.code).toBe('KeyUnavailable')
  expect((await admin.call('GET', '/jobs')).status).toBe(200)
  expect(await (await fetch(`${api.url}/readyz`)).json()).toMatchObject({ key: expect.stringContaining('missing') })
  api.setKey(true)
})

test('controls: signals go out, the row says so, and a final job refuses them', async () => {
  const { db } = api.services.database
  const { id, workflow_id } = await runningRolling()
  const press = (control: string, body: object = {}, client = operator) =>
    client.call('POST', `/jobs/${id}/${control}`, body)
  expect((await press('pause', {}, viewer)).status).toBe(403)
  expect((await press('resume')).body.code).toBe('StateConflict')
  const paused = await press('pause')
  expect([paused.status, paused.body.status]).toEqual([200, 'running'])
  expect(paused.body.pause_requested_at).toBeTruthy()
  await moveJobTo(db, id, 1, { status: 'paused' })
  expect((await press('pause')).body.code).toBe('StateConflict')
  expect((await press('resume')).status).toBe(200)
  api.temporal.away = true
  expect((await press('resume')).body.code).toBe('ServiceUnavailable')
  const cancelled = await press('cancel', { mode: 'abort' })
  expect(cancelled.body).toMatchObject({ cancel_mode: 'abort' })
  api.temporal.away = false
  expect(api.temporal.signals).toEqual([
    { workflow_id, signal: { name: 'pause', args: [] } },
    { workflow_id, signal: { name: 'resume', args: [] } },
  ])
  await endJob(db, id, 9, { status: 'cancelled', result: {}, error: null })
  const late = await press('pause')
  expect([late.status, late.body.code]).toEqual([409, 'JobFinal'])
  const { rows } = await api.services.database.pool.query(
    `select action from audit_log where object_id = $1 order by at`,
    [id],
  )
  expect(rows.map((row) => row.action)).toEqual(['job.create', 'job.pause', 'job.resume', 'job.cancel'])
})

test('a cancel that could not be delivered is repeated by the dispatcher', async () => {
  const { database, feed, log } = api.services
  const { id, workflow_id } = await runningRolling()
  api.temporal.away = true
  await operator.call('POST', `/jobs/${id}/cancel`, {})
  await database.pool.query(`update jobs set updated_at = now() - interval '1 minute' where id = $1`, [id])
  api.temporal.away = false
  const dispatcher = startDispatcher({ db: database.db, temporal: api.temporal, feed, log, hold: () => null })
  await dispatcher.pass()
  await dispatcher.stop()
  expect(api.temporal.signals).toContainEqual({ workflow_id, signal: { name: 'cancel', args: [{ mode: 'graceful' }] } })
})

test('a pending job is cancelled at once without a workflow', async () => {
  const { body } = await rolling()
  const answer = await operator.call('POST', `/jobs/${body.id}/cancel`, {})
  expect(answer.body).toMatchObject({ status: 'cancelled', error: { code: 'Cancelled', hint: expect.any(String) } })
  expect(api.temporal.signals).toEqual([])
})

test('skip and retry look at the target; retry of a final job offers the failed ones anew', async () => {
  const { db } = api.services.database
  const { id, tasks } = await runningRolling()
  const press = (control: string, body: object) => operator.call('POST', `/jobs/${id}/${control}`, body)
  expect((await press('skip', { target_id: newId() })).body.code).toBe('UnknownTarget')
  expect((await press('skip', { target_id: tasks[0]?.id })).status).toBe(200)
  await moveTaskTo(db, tasks[1], 1, { status: 'running' })
  expect((await press('skip', { target_id: ids.hosts[1] })).body.code).toBe('StateConflict')
  expect((await press('retry', { target_id: ids.hosts[1] })).body.code).toBe('StateConflict')
  await moveTaskTo(db, tasks[1], 2, { status: 'failed' })
  expect((await press('retry', { target_id: ids.hosts[1] })).status).toBe(200)
  expect(api.temporal.signals.map((s) => s.signal)).toEqual([
    { name: 'skip', args: [{ target_id: ids.hosts[0] }] },
    { name: 'retry', args: [{ target_id: ids.hosts[1] }] },
  ])
  const targets = [{ target: { kind: 'host', id: ids.hosts[1], name: 'host-2' }, outcome: 'failed' }]
  await endJob(db, id, 9, { status: 'failed', result: { targets }, error: { code: 'VerifyFailed', message: 'x' } })
  const final = await press('retry', {})
  expect(final.body).toMatchObject({
    code: 'JobFinal',
    new_job: { job_type: 'rolling_update', target_scope: { host_ids: [ids.hosts[1]] } },
  })
  expect((await order(final.body.new_job)).status).toBe(202)
})

test('attention is shown and acknowledged', async () => {
  const { id } = await runningRolling()
  await openAttention(api.services.database.db, id, [
    {
      target_kind: 'host',
      target_id: 'x',
      target_label: 'x',
      state_left: 's',
      code: 'VerifyFailed',
      message: 'm',
      next_action: 'n',
    },
  ])
  const shown = await viewer.call('GET', `/jobs/${id}`)
  expect(shown.body).toMatchObject({
    needs_attention: true,
    attention: [{ code: 'VerifyFailed', target: { kind: 'host', name: 'x' } }],
  })
  expect((await operator.call('POST', `/jobs/${id}/acknowledge`, {})).body).toMatchObject({ needs_attention: false })
})

test('lists page without gap or repeat, filter, and refuse unknown parameters', async () => {
  const seen: string[] = []
  const times: string[] = []
  let cursor = ''
  do {
    const { body } = await viewer.call('GET', `/jobs?limit=3&count=true${cursor}`)
    seen.push(...body.items.map((job: { id: string }) => job.id))
    times.push(...body.items.map((job: { created_at: string }) => job.created_at))
    cursor = body.next_cursor ? `&cursor=${body.next_cursor}` : ''
    if (!body.next_cursor) expect(body.total).toBe(seen.length)
  } while (cursor)
  expect(new Set(seen).size).toBe(seen.length)
  expect([...times].sort().reverse()).toEqual(times)
  const of = await viewer.call(
    'GET',
    `/jobs?cluster_id=${ids.cluster}&job_type=rolling_update&status=pending,cancelled`,
  )
  expect(of.body.items.length).toBeGreaterThan(0)
  const mine = await viewer.call('GET', `/jobs?server_id=${ids.servers[2]}&limit=200`)
  for (const job of mine.body.items)
    expect(JSON.stringify((await getJob(api.services.database.db, job.id))?.targets)).toContain(ids.servers[2])
  for (const query of ['colour=blue', 'limit=0', 'limit=201', 'status=odd', 'cursor=nonsense', 'sort=odd']) {
    const { status, body } = await viewer.call('GET', `/jobs?${query}`)
    expect([query, status, body.code]).toEqual([query, 400, 'InvalidRequest'])
    expect(body.errors[0].pointer).toMatch(/^\?/)
  }
  expect((await viewer.call('GET', `/jobs/${newId()}`)).status).toBe(404)
  expect((await viewer.call('GET', '/jobs/no-uuid')).status).toBe(404)
})

test('tasks, plan and commands of a job', async () => {
  const { id } = await runningRolling()
  expect((await viewer.call('GET', `/jobs/${id}/tasks`)).body.items).toMatchObject([
    { target: { name: 'host-1' }, status: 'pending' },
    {},
    {},
  ])
  await moveJobTo(api.services.database.db, id, 3, { plan: { hosts: ['a'] } })
  expect((await viewer.call('GET', `/jobs/${id}/plan`)).body).toEqual({
    plan: { hosts: ['a'] },
    plan_version: 1,
    steps: [],
  })
  expect((await viewer.call('GET', `/jobs/${id}/commands`)).body).toEqual({ items: [], next_cursor: null })
})
