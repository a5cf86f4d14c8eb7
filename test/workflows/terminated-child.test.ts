import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { hostTarget, makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench('real')
})
afterAll(() => bench.close())

const ESXI = { depot_path: '/vmfs/volumes/ds1/new.zip', profile_name: 'new-profile' }
const DETAILS = { esxi_upgrade: ESXI, rolling_update: { order: 'esxi_only', esxi: ESXI } }

test.each(['esxi_upgrade', 'rolling_update'] as const)(
  'a %s whose work on a host is terminated by force ends and says so',
  async (job_type) => {
    const world = makeWorld(4)
    const running = await bench.start(job_type, {
      world,
      targets: ['h1'].map((id) => hostTarget(world, id)),
      details: DETAILS[job_type],
    })
    const held = running.job.hold('startUpdate')
    await held.reached
    await bench.env.client.workflow.getHandle(`${running.handle.workflowId}/host/h1`).terminate('by hand')
    held.release()
    const job = await running.end()
    expect(job.end).toMatchObject({ status: 'failed', error: { code: 'WorkerLost' } })
    expect(job.rows.stale, 'the row of the host can still be written').toEqual([])
    expect(job.rows.tasks.get('task-h1')).toMatchObject({ status: 'failed' })
    expect([...world.leases]).toEqual([])
  },
)
