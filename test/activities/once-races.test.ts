import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { NotYet } from '../../activities/failures.js'
import { once } from '../../activities/once.js'
import { DeviceError } from '../../clients/errors.js'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { latestAttempt } from '../../db/stores/device-operations.js'
import { acquireLeases } from '../../db/stores/leases.js'
import { holdWorkerPresence, isWorkerAlive, type WorkerPresence } from '../../db/worker-presence.js'
import { until } from '../helpers/lab-process.js'
import { effectsOf, makeDevice, onceDeps, RESOURCE, runOnce, uploadSpec } from '../helpers/once-device.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
let successor: WorkerPresence

beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
  await makeDevice(database.db)
  successor = await holdWorkerPresence(database.url, 'successor')
  // Directly after a start of Postgres nobody counts as dead.
  await until('the end of the grace time', async () => !(await isWorkerAlive(database.db, 'nobody')), 30_000)
})
afterAll(async () => {
  await successor.close()
  await postgres.stop()
})
afterEach(async () => {
  await database.pool.query('truncate device_leases, lease_waiters')
})

interface Leased {
  job_id: string
  token: number
  owner: { owner_workflow_id: string; owner_job_id: string }
}

async function leased(): Promise<Leased> {
  const job_id = newId()
  const owner = { owner_workflow_id: `job/x/${job_id}`, owner_job_id: job_id }
  const answer = await acquireLeases(database.db, { ...owner, resources: [RESOURCE] })
  if (!answer.held) throw new Error('the lease is not free')
  return { job_id, owner, token: answer.tokens[RESOURCE] ?? 0 }
}

const specOf = ({ job_id, token }: Leased, sender = 'successor') => uploadSpec(database.db, job_id, token, sender)
const lastOf = ({ job_id }: Leased) => latestAttempt(database.db, { job_id, target_id: 's1', step: 'firmware:bios' })

describe('two attempts in one process', () => {
  test('the one that loses the race neither reads the device nor lets others think that nobody sends', async () => {
    const lease = await leased()
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let answerNow = () => {}
    const answered = new Promise<void>((resolve) => {
      answerNow = resolve
    })
    let read = 0
    const reconcile = async () => {
      read += 1
      return { verdict: 'absent' as const }
    }
    const sender = { afterEffect: () => answered }
    const spec = { ...uploadSpec(database.db, lease.job_id, lease.token, 'successor', sender), reconcile }
    // It has read the row in `intent` and is late with its mark.
    const late = once(onceDeps(slow(database, 2, held), successor), spec).catch((thrown: unknown) => thrown)
    await until('the intent', async () => (await lastOf(lease))?.state === 'intent')
    const other = runOnce(database.db, successor, spec).catch((thrown: unknown) => thrown)
    await new Promise((resolve) => setImmediate(resolve))
    goOn()
    await until('the effect', async () => (await effectsOf(database.db, lease.job_id)).length > 0)
    answerNow()
    const ends = await Promise.all([late, other])
    expect(read).toBe(0)
    expect(ends.filter((end) => !(end instanceof NotYet))).toHaveLength(1)
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
  })
})

describe('directly before the send', () => {
  test('what the guard says no to was not sent, and is tried again as a new attempt', async () => {
    const lease = await leased()
    const guard = async () => {
      throw new DeviceError('DeviceTimeout', 'no answer to a read', { sent: true, answered: false })
    }
    await expect(runOnce(database.db, successor, { ...specOf(lease), guard })).rejects.toThrow('no answer to a read')
    expect((await lastOf(lease))?.state).toBe('failed')
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
    expect(await runOnce(database.db, successor, specOf(lease))).toMatchObject({ adopted: false })
  })

  test('a worker that stood still after its mark sends nothing', async () => {
    const lease = await leased()
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now')
    const guard = async () => void clock.mockReturnValue(now + 10 * 60_000)
    await expect(runOnce(database.db, successor, { ...specOf(lease), guard })).rejects.toThrow(NotYet)
    clock.mockRestore()
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
    expect(await runOnce(database.db, successor, specOf(lease))).toMatchObject({ adopted: false })
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
  })

  test('a clock of ours that runs ahead does not cut a living sender short', async () => {
    const lease = await leased()
    const other = await holdWorkerPresence(database.url, `ahead-${lease.job_id}`)
    let answerNow = () => {}
    const held = new Promise<void>((resolve) => {
      answerNow = resolve
    })
    const first = runOnce(
      database.db,
      other,
      uploadSpec(database.db, lease.job_id, lease.token, 'other', { beforeEffect: () => held }),
    )
    await until('the row in sent', async () => (await lastOf(lease))?.state === 'sent')
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 3_600_000)
    await expect(runOnce(database.db, successor, specOf(lease))).rejects.toThrow(NotYet)
    clock.mockRestore()
    answerNow()
    await first
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
    await other.close()
  })
})

/** A database whose nth transaction waits for something. */
function slow({ db }: Database, nth: number, held: Promise<void>): Database['db'] {
  let transactions = 0
  return new Proxy(db, {
    get(target, key, receiver) {
      if (key !== 'transaction') return Reflect.get(target, key, receiver)
      return async (body: Parameters<typeof db.transaction>[0]) => {
        transactions += 1
        if (transactions === nth) await held
        return target.transaction(body)
      }
    },
  })
}
