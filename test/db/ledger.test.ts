import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { listUnreturned, markReturned, recordBorrowed } from '../../db/stores/borrowed-settings.js'
import {
  beginOperation,
  casState,
  latestAttempt,
  markSent,
  settleAnswered,
  settleReconciled,
} from '../../db/stores/device-operations.js'
import { closeSession, closeStraySlots, listOrphanSessions } from '../../db/stores/device-sessions.js'
import { noteIdracLogin, reserveIdracLogin } from '../../db/stores/idrac-logins.js'
import { acquireLeases, listLeases, releaseLeases, stopWaiting, verifyToken } from '../../db/stores/leases.js'
import { reserveLogin, settleLogin } from '../../db/stores/login-budget.js'
import { holdWorkerPresence, isWorkerAlive } from '../../db/worker-presence.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  await database.pool.query('truncate device_leases, lease_waiters, device_operations, login_attempts, device_sessions')
})

const owner = () => {
  const job_id = newId()
  return { owner_workflow_id: `job/x/${job_id}`, owner_job_id: job_id }
}

test('of many that want overlapping sets at once exactly the disjoint ones get them, all or nothing', async () => {
  const { db } = database
  const owners = Array.from({ length: 8 }, owner)
  const answers = await Promise.all(
    owners.map((o, i) => acquireLeases(db, { ...o, resources: ['cluster:a', `host:${i}`] })),
  )
  expect(answers.filter((a) => a.held)).toHaveLength(1)
  expect(await listLeases(db)).toHaveLength(2)
})

test('a lease is re-entrant with the same token, told to others with its holder, and newer tokens are greater', async () => {
  const { db } = database
  const [a, b] = [owner(), owner()]
  const first = await acquireLeases(db, { ...a, resources: ['server:1'] })
  expect(await acquireLeases(db, { ...a, resources: ['server:1'] })).toEqual(first)
  expect(await acquireLeases(db, { ...b, resources: ['server:1'] })).toEqual({
    held: false,
    resource: 'server:1',
    holder_job_id: a.owner_job_id,
    holder_workflow_id: a.owner_workflow_id,
  })
  await releaseLeases(db, a)
  const second = await acquireLeases(db, { ...b, resources: ['server:1'] })
  if (!first.held || !second.held) throw new Error('not held')
  expect(second.tokens['server:1']).toBeGreaterThan(first.tokens['server:1'] ?? 0)
  expect(await verifyToken(db, 'server:1', first.tokens['server:1'] ?? 0)).toBe(false)
})

test('the end of one child job frees nothing that another child of the same root works on', async () => {
  const root = { owner_workflow_id: 'job/rolling_update/root' }
  const [one, two] = [newId(), newId()]
  await acquireLeases(database.db, { ...root, owner_job_id: one, resources: ['cluster:one', 'host:one'] })
  await acquireLeases(database.db, { ...root, owner_job_id: two, resources: ['cluster:two', 'host:two'] })
  expect((await releaseLeases(database.db, { ...root, owner_job_id: one })).sort()).toEqual(['cluster:one', 'host:one'])
  expect((await listLeases(database.db, ['cluster:two', 'host:two'])).map((lease) => lease.owner_job_id)).toEqual([
    two,
    two,
  ])
  expect(await releaseLeases(database.db, root)).toHaveLength(2)
})

test('first asked, first served, unless the first has stopped asking', async () => {
  const { db } = database
  const [a, b, c] = [owner(), owner(), owner()]
  await acquireLeases(db, { ...a, resources: ['server:1'] })
  await acquireLeases(db, { ...b, resources: ['server:1'] })
  await acquireLeases(db, { ...c, resources: ['server:1'] })
  await releaseLeases(db, a)
  expect(await acquireLeases(db, { ...c, resources: ['server:1'] })).toMatchObject({
    held: false,
    holder_job_id: b.owner_job_id,
  })
  await stopWaiting(db, b.owner_job_id)
  expect(await acquireLeases(db, { ...c, resources: ['server:1'] })).toMatchObject({ held: true })
})

async function leased() {
  const o = owner()
  const answer = await acquireLeases(database.db, { ...o, resources: ['server:1'] })
  if (!answer.held) throw new Error('not held')
  const lease = { resource: 'server:1', fencing_token: answer.tokens['server:1'] ?? 0 }
  const operation = {
    job_id: o.owner_job_id,
    target_id: 't',
    step: 'reboot',
    device_kind: 'esxi',
    device_id: 'd',
    operation: 'host.reboot',
    lease,
  }
  return { owner: o, lease, operation }
}

test('an operation is sent by one worker only, however many try', async () => {
  const { db } = database
  const { lease, operation } = await leased()
  const begun = await beginOperation(db, { ...operation, attempt: 1, before: { boot: 'x' } })
  if (!begun.ok) throw new Error(begun.reason)
  expect(begun).toMatchObject({ created: true, operation: { state: 'intent' } })
  expect(await beginOperation(db, { ...operation, attempt: 1 })).toMatchObject({ ok: true, created: false })
  const senders = await Promise.all(
    ['w1', 'w2', 'w3'].map((worker_id) => markSent(db, begun.operation.id, { worker_id, lease })),
  )
  expect(senders.filter((row) => row !== null)).toHaveLength(1)
})

test('a further attempt needs the last one proved absent, and a stale token writes nothing', async () => {
  const { db } = database
  const { owner: o, lease, operation } = await leased()
  const begun = await beginOperation(db, { ...operation, attempt: 1 })
  if (!begun.ok) throw new Error(begun.reason)
  await markSent(db, begun.operation.id, { worker_id: 'w', lease })
  expect(await beginOperation(db, { ...operation, attempt: 2 })).toMatchObject({
    ok: false,
    reason: 'previous_unsettled',
  })
  await settleReconciled(db, begun.operation.id, 'failed')
  expect(await beginOperation(db, { ...operation, attempt: 2 })).toMatchObject({ ok: true, created: true })
  expect(await latestAttempt(db, operation)).toMatchObject({ attempt: 2 })
  await releaseLeases(db, o)
  expect(await beginOperation(db, { ...operation, step: 'other', attempt: 1 })).toEqual({
    ok: false,
    reason: 'lease_lost',
  })
  expect(await markSent(db, `${operation.job_id}/t/reboot/2`, { worker_id: 'w', lease })).toBeNull()
})

test('states move forward only, also by hand', async () => {
  const { db } = database
  const { lease, operation } = await leased()
  const begun = await beginOperation(db, { ...operation, attempt: 1 })
  if (!begun.ok) throw new Error(begun.reason)
  await markSent(db, begun.operation.id, { worker_id: 'w', lease })
  expect(await settleAnswered(db, begun.operation.id, 'accepted', 'JID_1')).toMatchObject({ device_ref: 'JID_1' })
  expect(await settleReconciled(db, begun.operation.id, 'failed')).toBeNull()
  await expect(casState(db, begun.operation.id, ['accepted'], 'sent')).rejects.toThrow()
  await expect(database.pool.query(`update device_operations set device_ref = 'JID_2'`)).rejects.toThrow(
    /cannot change/,
  )
})

test('the first original of a borrowed setting is kept', async () => {
  const { db } = database
  const key = { job_id: newId(), kind: 'dpm' as const, device_kind: 'cluster' as const, device_id: 'c' }
  const first = await recordBorrowed(db, { ...key, original: { enabled: true }, wanted: { enabled: false } })
  const again = await recordBorrowed(db, { ...key, original: { enabled: false }, wanted: { enabled: false } })
  expect(again).toMatchObject({ id: first.id, original: { enabled: true } })
  await markReturned(db, first.id)
  expect(await listUnreturned(db, { job_id: key.job_id })).toEqual([])
})

test('a worker lives exactly as long as its connection', async () => {
  const { db, url } = database
  const presence = await holdWorkerPresence(url, 'worker-1')
  expect(await isWorkerAlive(db, 'worker-1', 0)).toBe(true)
  expect(await isWorkerAlive(db, 'worker-2', 0)).toBe(false)
  expect(await isWorkerAlive(db, 'worker-2', 3600)).toBe(true)
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dsm-presence worker-1'`,
  )
  await expect.poll(() => presence.isHeld() && isWorkerAlive(db, 'worker-1', 0), { timeout: 5000 }).toBe(true)
  await presence.close()
  await expect.poll(() => isWorkerAlive(db, 'worker-1', 0), { timeout: 5000 }).toBe(false)
})

test('who holds a lease is not kept waiting by one who waits for that very lease', async () => {
  const { db } = database
  const [first, second, third] = [owner(), owner(), owner()]
  const [cluster, host] = [`cluster:${newId()}`, `host:${newId()}`]
  expect(await acquireLeases(db, { ...first, resources: [cluster] })).toMatchObject({ held: true })
  expect(await acquireLeases(db, { ...second, resources: [cluster, host] })).toMatchObject({ held: false })
  // The second has waited longer for the host, but gets nothing before the first has ended; the third holds nothing.
  expect(await acquireLeases(db, { ...third, resources: [host] })).toMatchObject({ held: false, resource: host })
  expect(await acquireLeases(db, { ...first, resources: [host] })).toMatchObject({ held: true })
  await releaseLeases(db, first)
  expect(await acquireLeases(db, { ...second, resources: [cluster, host] })).toMatchObject({ held: true })
  await releaseLeases(db, second)
})

const loginAt = (address: string) => ({
  device_kind: 'idrac' as const,
  address,
  account: 'root',
  limit: 100,
  window_seconds: 60,
})

test('at most two sessions of living workers per device', async () => {
  const { db, url } = database
  const presence = await holdWorkerPresence(url, 'alive')
  const wanted = { server_id: newId(), sessions: 2, grace_seconds: 0, login: loginAt('127.0.0.1:1') }
  await reserveIdracLogin(db, { ...wanted, worker_id: 'dead' })
  const answers = await Promise.all([1, 2, 3, 4].map(() => reserveIdracLogin(db, { ...wanted, worker_id: 'alive' })))
  const got = answers.filter((a) => a.reserved)
  expect(got).toHaveLength(2)
  expect(await listOrphanSessions(db, { grace_seconds: 0 })).toMatchObject([{ worker_id: 'dead' }])
  if (got[0]?.reserved) await closeSession(db, got[0].slot_id)
  expect(await reserveIdracLogin(db, { ...wanted, worker_id: 'alive' })).toMatchObject({ reserved: true })
  await presence.close()
})

test('a row that its own living worker does not know is closed, but not while its answer may be on the way', async () => {
  const worker = await holdWorkerPresence(database.url, 'w-stray')
  const address = '127.0.0.1:443'
  const slot = { server_id: null, worker_id: 'w-stray', sessions: 2, login: loginAt(address) }
  const [known, stray] = [await reserveIdracLogin(database.db, slot), await reserveIdracLogin(database.db, slot)]
  if (!known.reserved || !stray.reserved) throw new Error('no slots')
  const of = { address, worker_id: 'w-stray', known: [known.slot_id] }
  expect(await closeStraySlots(database.db, of)).toBe(0)
  await database.pool.query("update device_sessions set opened_at = now() - interval '1 minute'")
  expect(await closeStraySlots(database.db, of)).toBe(1)
  expect(await reserveIdracLogin(database.db, slot)).toMatchObject({ reserved: true })
  expect(await reserveIdracLogin(database.db, slot)).toMatchObject({ reserved: false })
  await worker.close()
})

test('a session and a login are taken together or not at all, and given back together', async () => {
  const worker = await holdWorkerPresence(database.url, 'w-both')
  const at = '127.0.0.1:2443'
  const wanted = { server_id: null, worker_id: 'w-both', sessions: 8, login: { ...loginAt(at), limit: 2 } }
  const ask = () => reserveIdracLogin(database.db, wanted)
  const answers = await Promise.all([1, 2, 3, 4].map(ask))
  const got = answers.filter((answer) => answer.reserved)
  expect(got).toHaveLength(2)
  expect(answers.filter((answer) => !answer.reserved)).toMatchObject([{ why: 'budget' }, { why: 'budget' }])
  const open = () => database.pool.query('select session_uri from device_sessions where address = $1', [at])
  expect((await open()).rows).toEqual([{ session_uri: null }, { session_uri: null }])
  const session_uri = '/redfish/v1/SessionService/Sessions/7'
  for (const one of got) await noteIdracLogin(database.db, { ...one, session_uri })
  expect((await open()).rows).toEqual([{ session_uri }, { session_uri }])
  const [third, fourth] = [await ask(), await ask()]
  expect([third.reserved, fourth.reserved]).toEqual([true, true])
  if (third.reserved) await settleLogin(database.db, third.attempt_id, 'refused')
  expect(await reserveIdracLogin(database.db, { ...wanted, sessions: 4 })).toMatchObject({ why: 'sessions', open: 4 })
  expect((await open()).rows).toHaveLength(4)
  await worker.close()
})

test('logins in flight count as wrong until they prove right', async () => {
  const { db } = database
  const wanted = {
    device_kind: 'idrac' as const,
    address: '127.0.0.1:443',
    account: 'root',
    limit: 2,
    window_seconds: 60,
  }
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => reserveLogin(db, wanted)))
  const reserved = answers.flatMap((a) => (a.reserved ? [a.attempt_id] : []))
  expect(reserved).toHaveLength(2)
  await settleLogin(db, reserved[0] ?? 0, 'ok')
  await settleLogin(db, reserved[1] ?? 0, 'refused')
  const next = await reserveLogin(db, wanted)
  if (!next.reserved) throw new Error('no budget')
  await settleLogin(db, next.attempt_id, 'refused')
  const full = await reserveLogin(db, wanted)
  if (full.reserved) throw new Error('three wrong ones')
  expect(Date.parse(full.retry_at) - Date.now()).toBeGreaterThan(50_000)
  // A dead process's reservation counts for the window only.
  await database.pool.query(
    `update login_attempts set reserved_at = now() - interval '1 day', settled_at = null, outcome = 'reserved'`,
  )
  expect(await reserveLogin(db, wanted)).toMatchObject({ reserved: true })
})
