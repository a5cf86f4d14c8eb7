import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StatusChange } from '../../activities/contracts/jobs.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'
import { broken, prefixesOf, type StoredHistory } from './histories.js'

const SERVERS = 40
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
console.log(`SEED=${SEED}`)

let bench: Bench
beforeAll(async () => {
  bench = await startBench('real')
})
afterAll(() => bench.close())

/** Waits of 0 to `most` ms, the same for the same seed. */
function waits(most: number): () => Promise<unknown> {
  let at = SEED
  return () => {
    at = (at * 1_103_515_245 + 12_345) % 2 ** 31
    return sleep(Math.floor((at / 2 ** 31) * most))
  }
}

/** Reads 40 servers at once; gives what was written of them and the history. */
async function play(write: (nth: number) => Promise<unknown>, read: () => Promise<unknown>) {
  const world = makeWorld(SERVERS)
  const written: StatusChange[] = []
  let writes = 0
  const running = await bench.start('health_check', {
    world,
    targets: [...world.servers.keys()].map((id) => serverTarget(world, id)),
    details: { concurrency: SERVERS },
    answers: {
      writeStatus: async ({ changes }) => {
        writes += 1
        await write(writes)
        written.push(...changes)
      },
      checkHealth: async () => {
        await read()
        return { health_status: 'OK', power_state: 'On', faults: [] }
      },
    },
  })
  const job = await running.end()
  expect(job.end.status).toBe('completed')
  const history = (await running.handle.fetchHistory()) as StoredHistory['history']
  return { written, writes, one: { name: 'wide', history } }
}

/** Each server: begun, its step begun and ended, done; and no counter came twice or too late. */
function expectAllWritten(written: StatusChange[]): void {
  const steps = written.flatMap((change) => (change.kind === 'step' ? change.step.status : []))
  expect(steps.filter((status) => status === 'running')).toHaveLength(SERVERS)
  expect(steps.filter((status) => status === 'completed')).toHaveLength(SERVERS)
  const seen = new Map<string, number>()
  for (const change of written) {
    if (change.kind !== 'task') continue
    expect(change.state_seq).toBe((seen.get(change.task_id) ?? 0) + 1)
    seen.set(change.task_id, change.state_seq)
  }
  expect(seen.size).toBe(SERVERS)
}

describe.concurrent('a job over many targets at once replays from every point where a worker may have died', () => {
  test('whatever the order in which status rows and answers come', { timeout: 60_000 }, async () => {
    const { written, writes, one } = await play(waits(60), waits(60))
    expectAllWritten(written)
    expect(writes).toBeLessThan(3 * SERVERS)
    expect(await broken([one, ...prefixesOf(one)])).toEqual([])
  })

  test('when a status row takes longer than a workflow task, and answers come meanwhile', {
    timeout: 90_000,
  }, async () => {
    const slow = waits(20_000)
    const { written, one } = await play((nth) => sleep(nth % 2 === 0 ? 9_000 : 20), slow)
    expectAllWritten(written)
    expect(await broken([one, ...prefixesOf(one)])).toEqual([])
  })

  test('when the database is away for longer than a local activity may last', { timeout: 90_000 }, async () => {
    let away_since = 0
    const { written, one } = await play(async (nth) => {
      if (nth === 2) away_since = performance.now()
      const away = away_since > 0 && performance.now() - away_since < 25_000
      if (away) throw Object.assign(new Error('The database is away.'), { code: 'ECONNREFUSED' })
    }, waits(20_000))
    expectAllWritten(written)
    expect(await broken([one, ...prefixesOf(one)])).toEqual([])
  })
})
