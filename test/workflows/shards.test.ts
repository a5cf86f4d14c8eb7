import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StepFailed } from '../../activities/failures.js'
import type { Target } from '../../workflows/lib/job-input.js'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const FLEET = 1_001

/** The `at`th question waits until it is let go. */
function play(at: number) {
  const targets = Array.from(
    { length: FLEET },
    (_, at): Target => ({ kind: 'server', id: `server-${at}`, name: `TAG${at}` }),
  )
  const asked: string[] = []
  let fails = true
  let reach = () => {}
  let release = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    asked,
    reached,
    release,
    heal: () => {
      fails = false
    },
    world: makeWorld(0),
    targets,
    details: { depth: 'summary', concurrency: 200 },
    answers: {
      checkHealth: async ({ server_id }: { server_id: string }) => {
        asked.push(server_id)
        if (asked.length === at) {
          reach()
          await open
        }
        if (server_id === 'server-7' && fails) throw new StepFailed('ProtocolError', 'It said something odd.')
        return { health_status: 'OK' as const, power_state: 'On' as const, faults: [] }
      },
    },
  }
}

describe('a job over more targets than one history bears', () => {
  test('asks each target once, gives one result each in order, and takes a failed one up again on request', async () => {
    const fleet = play(700)
    const running = await bench.start('health_check', fleet)
    await fleet.reached
    fleet.heal()
    await running.retry('server-7')
    fleet.release()
    const { end } = await running.end()
    expect(end.status).toBe('completed')
    expect(end.result.targets.map(({ target }) => target.id)).toEqual(fleet.targets.map(({ id }) => id))
    expect(end.result).toMatchObject({ health: { OK: FLEET } })
    expect(fleet.asked.filter((id) => id === 'server-7')).toHaveLength(2)
    expect(fleet.asked).toHaveLength(FLEET + 1)
  })

  test('a cancel begins no other shard, and says so of each target', async () => {
    const fleet = play(10)
    fleet.heal()
    const running = await bench.start('health_check', fleet)
    await fleet.reached
    await running.cancel('graceful')
    fleet.release()
    const { end } = await running.end()
    expect(end.status).toBe('cancelled')
    expect(end.result.targets).toHaveLength(FLEET)
    expect(fleet.asked.length).toBeLessThanOrEqual(500)
    expect(end.result.targets.at(-1)).toMatchObject({ outcome: 'not_started', code: 'Cancelled' })
  })
})
