import { Worker } from '@temporalio/worker'
import { expect, test } from 'vitest'
import { taskQueue } from '../../domain/task-queues.js'
import { failureConverterPath, workflowBundle } from '../../workers/bundle.js'
import { ensureSchedules } from '../../workers/schedules.js'
import { realTemporal } from '../helpers/temporal.js'

test('the schedules are made once and what they start runs', async () => {
  const env = await realTemporal()
  try {
    await ensureSchedules(env.client)
    await ensureSchedules(env.client)
    const common = { connection: env.nativeConnection, dataConverter: { failureConverterPath } }
    const asked: string[] = []
    const activities = {
      reconcileJobs: async () => asked.push('reconcileJobs'),
      listLeftMedia: async () => [],
      startBackgroundWork: async () => asked.push('startBackgroundWork'),
      deleteOldRows: async () => ({ deleted: { jobs: asked.push('deleteOldRows') }, more: asked.length < 4 }),
      noteCleanUp: async () => asked.push('noteCleanUp'),
    }
    const workers = [
      await Worker.create({ ...common, taskQueue: taskQueue('wf'), workflowBundle: await workflowBundle() }),
      await Worker.create({ ...common, taskQueue: taskQueue('core'), activities }),
    ]
    const running = workers.map((worker) => worker.run())
    for (const name of ['reconcile_jobs', 'background_work']) {
      const schedule = env.client.schedule.getHandle(name)
      const { spec, policies } = await schedule.describe()
      expect(spec.intervals).toMatchObject([{ every: 60_000 }])
      expect(policies.overlap).toBe('SKIP')
      await schedule.trigger()
    }
    const daily = env.client.schedule.getHandle('clean_up')
    expect((await daily.describe()).spec.calendars).toMatchObject([{ hour: [{ start: 3 }], minute: [{ start: 15 }] }])
    await daily.trigger()
    await expect
      .poll(() => [...new Set(asked)].sort(), { timeout: 20_000 })
      .toEqual(['deleteOldRows', 'noteCleanUp', 'reconcileJobs', 'startBackgroundWork'])
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  } finally {
    await env.teardown()
  }
})
