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
    await expect
      .poll(() => [...new Set(asked)].sort(), { timeout: 20_000 })
      .toEqual(['reconcileJobs', 'startBackgroundWork'])
    for (const worker of workers) worker.shutdown()
    await Promise.all(running)
  } finally {
    await env.teardown()
  }
})
