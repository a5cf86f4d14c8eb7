import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { NotYet } from '../../activities/failures.js'
import { once } from '../../activities/once.js'
import { DeviceError } from '../../clients/errors.js'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { latestAttempt, listOperations } from '../../db/stores/device-operations.js'
import { acquireLeases, releaseLeases } from '../../db/stores/leases.js'
import { holdWorkerPresence, isWorkerAlive, type WorkerPresence } from '../../db/worker-presence.js'
import { until } from '../helpers/lab-process.js'
import { effectsOf, makeDevice, onceDeps, RESOURCE, runOnce, uploadSpec } from '../helpers/once-device.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'
import { ROOT } from '../helpers/source-files.js'

/** Far below the time limit of the request, after which even a living sender counts as silent. */
const SOON_MS = 10_000

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

/** Calls it again as Temporal would, for as long as it asks for that. */
function retried<T>(call: () => Promise<T>): Promise<T> {
  let thrown: unknown
  return until('an answer of once', async () => {
    try {
      return { answer: await call() }
    } catch (error) {
      if (error instanceof NotYet) throw error
      thrown = error
      return { failed: true as const }
    }
  }).then((end) => {
    if ('failed' in end) throw thrown
    return end.answer
  })
}

function startVictim({ job_id, token }: Leased, point: string): { child: ChildProcess; ended: Promise<string | null> } {
  const args = ['--import', 'tsx', 'test/helpers/once-victim.ts', database.url, job_id, String(token), point]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  return { child, ended: new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal))) }
}

describe('a worker process that is killed', () => {
  const points: [point: string, state: string | undefined, adopted: boolean, sender: string][] = [
    ['before the intent', undefined, false, 'successor'],
    ['after the intent', 'intent', false, 'successor'],
    ['before the effect', 'sent', false, 'successor'],
    ['after the effect', 'sent', true, 'victim'],
    ['after the answer', 'sent', true, 'victim'],
    ['after the row', 'accepted', false, 'victim'],
  ]
  test.each(points)(
    '%s: the operation happens once all the same',
    { timeout: 60_000 },
    async (point, state, adopted, sender) => {
      const lease = await leased()
      expect(await startVictim(lease, point).ended).toBe('SIGKILL')
      expect((await lastOf(lease))?.state).toBe(state)
      const since = Date.now()
      const answer = await retried(() => runOnce(database.db, successor, specOf(lease)))
      expect(Date.now() - since, 'a dead sender is not waited for').toBeLessThan(SOON_MS)
      expect(answer).toMatchObject({ ref: `JID_${sender}`, adopted })
      expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
      const again = await runOnce(database.db, successor, specOf(lease))
      expect(again.ref).toBe(answer.ref)
      expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
    },
  )
})

describe('several callers', () => {
  test('eight at once send once and get the same reference', async () => {
    const lease = await leased()
    const calls = Array.from({ length: 8 }, () => retried(() => runOnce(database.db, successor, specOf(lease))))
    const refs = (await Promise.all(calls)).map((answer) => answer.ref)
    expect(new Set(refs)).toEqual(new Set(['JID_successor']))
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
  })

  test('a sender that lives is waited for, the device is not read meanwhile, and adopted the moment it is dead', {
    timeout: 60_000,
  }, async () => {
    const lease = await leased()
    const { child, ended } = startVictim(lease, 'never: it hangs after the effect')
    await until('the effect', async () => (await effectsOf(database.db, lease.job_id)).length === 1)
    let reads = 0
    const spec = specOf(lease)
    const { reconcile } = spec
    spec.reconcile = (operation) => {
      reads += 1
      return reconcile(operation)
    }
    await expect(runOnce(database.db, successor, spec)).rejects.toThrow(NotYet)
    expect(reads).toBe(0)
    child.kill('SIGKILL')
    await ended
    const since = Date.now()
    expect(await retried(() => runOnce(database.db, successor, spec))).toMatchObject({
      ref: 'JID_victim',
      adopted: true,
    })
    expect(Date.now() - since).toBeLessThan(SOON_MS)
    expect(reads).toBe(1)
  })
})

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

describe('what the device says', () => {
  const refusal = (facts: { sent: boolean; answered: boolean }) =>
    new DeviceError('DeviceBusy', 'no', { ...facts, status: 503 })

  test('an unclear end is settled by reading, not by sending again', async () => {
    const lease = await leased()
    const spec = uploadSpec(database.db, lease.job_id, lease.token, 'successor', {
      afterEffect: () => {
        throw refusal({ sent: true, answered: false })
      },
    })
    expect(await runOnce(database.db, successor, spec)).toMatchObject({ adopted: true })
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
  })

  test('a definite refusal is thrown, and the next call is a new attempt', async () => {
    const lease = await leased()
    const spec = uploadSpec(database.db, lease.job_id, lease.token, 'successor', {
      beforeEffect: () => {
        throw refusal({ sent: true, answered: true })
      },
    })
    await expect(runOnce(database.db, successor, spec)).rejects.toThrow(DeviceError)
    expect(await runOnce(database.db, successor, specOf(lease))).toMatchObject({ adopted: false })
    const rows = await listOperations(database.db, lease.job_id)
    expect(rows.map(({ attempt, state }) => [attempt, state])).toEqual([
      [1, 'refused'],
      [2, 'accepted'],
    ])
  })

  test('what never left counts as not sent', async () => {
    const lease = await leased()
    const spec = uploadSpec(database.db, lease.job_id, lease.token, 'successor', {
      beforeEffect: () => {
        throw refusal({ sent: false, answered: false })
      },
    })
    await expect(runOnce(database.db, successor, spec)).rejects.toThrow(DeviceError)
    expect((await lastOf(lease))?.state).toBe('failed')
    expect(await runOnce(database.db, successor, specOf(lease))).toMatchObject({ adopted: false })
  })

  test('neither proved nor disproved: OutcomeUnknown, now and at every later call, and nothing is sent again', async () => {
    const lease = await leased()
    const spec = {
      ...uploadSpec(database.db, lease.job_id, lease.token, 'successor', {
        afterEffect: () => {
          throw refusal({ sent: true, answered: false })
        },
      }),
      reconcile: async () => ({ verdict: 'unknown' as const, why: 'the queue was cleared' }),
    }
    await expect(runOnce(database.db, successor, spec)).rejects.toMatchObject({ code: 'OutcomeUnknown' })
    await expect(runOnce(database.db, successor, specOf(lease))).rejects.toMatchObject({ code: 'OutcomeUnknown' })
    expect(await effectsOf(database.db, lease.job_id)).toHaveLength(1)
  })

  test('an operation that never arrives is sent three times at most', async () => {
    const lease = await leased()
    let sends = 0
    const spec = {
      ...specOf(lease),
      send: async () => {
        sends += 1
        throw refusal({ sent: true, answered: false })
      },
    }
    await expect(retried(() => runOnce(database.db, successor, spec))).rejects.toMatchObject({ code: 'OutcomeUnknown' })
    expect(sends).toBe(3)
  })

  test('a device that cannot be read leaves the row as it is, and a later call settles it', async () => {
    const lease = await leased()
    const lost = uploadSpec(database.db, lease.job_id, lease.token, 'successor', {
      afterEffect: () => {
        throw refusal({ sent: true, answered: false })
      },
    })
    const away = { ...lost, reconcile: () => Promise.reject(refusal({ sent: false, answered: false })) }
    await expect(runOnce(database.db, successor, away)).rejects.toThrow(DeviceError)
    expect((await lastOf(lease))?.state).toBe('sent')
    expect(await runOnce(database.db, successor, specOf(lease))).toMatchObject({ adopted: true })
  })
})

describe('without the lease', () => {
  test('nothing is sent when it was never held', async () => {
    const lease = await leased()
    const spec = specOf(lease)
    spec.context = { ...spec.context, tokens: {} }
    await expect(runOnce(database.db, successor, spec)).rejects.toMatchObject({ code: 'LeaseHeld' })
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
  })

  test('nothing is sent when another job has it now', async () => {
    const lease = await leased()
    await releaseLeases(database.db, lease.owner)
    await leased()
    await expect(runOnce(database.db, successor, specOf(lease))).rejects.toMatchObject({ code: 'LeaseHeld' })
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
  })

  test('nothing is sent when it is lost between the intent and the send', async () => {
    const lease = await leased()
    const deps = onceDeps(losing(database, lease), successor)
    await expect(once(deps, specOf(lease))).rejects.toMatchObject({ code: 'LeaseHeld' })
    expect((await lastOf(lease))?.state).toBe('intent')
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
  })

  test('nothing is sent while this worker has no sign of life in the database', async () => {
    const lease = await leased()
    const silent = { ...successor, isHeld: () => false }
    await expect(runOnce(database.db, silent, specOf(lease))).rejects.toThrow(NotYet)
    expect(await effectsOf(database.db, lease.job_id)).toEqual([])
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

/** A database whose second transaction (the one that marks "sent") finds the lease gone. */
function losing({ db }: Database, lease: Leased): Database['db'] {
  let transactions = 0
  return new Proxy(db, {
    get(target, key, receiver) {
      if (key !== 'transaction') return Reflect.get(target, key, receiver)
      return async (body: Parameters<typeof db.transaction>[0]) => {
        transactions += 1
        if (transactions === 2) await releaseLeases(target, lease.owner)
        return target.transaction(body)
      }
    },
  })
}
