import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'

const QUEUE = 'bench-hello'
/** A health_check job of one server: claim, tasks, read, projection, end. */
const ACTIVITIES = 5

/** Workflows per second that do nothing but call empty activities, on the same server and machine. */
export async function helloWorldRate(address: string, count: number, inFlight: number): Promise<number> {
  const logger = new DefaultLogger('ERROR')
  Runtime.install({ logger, shutdownSignals: [] })
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./hello-workflow.ts', import.meta.url)),
    logger,
  })
  const native = await NativeConnection.connect({ address })
  const worker = await Worker.create({
    connection: native,
    taskQueue: QUEUE,
    workflowBundle,
    activities: { nothing: async () => {} },
  })
  const connection = await Connection.connect({ address })
  const client = new Client({ connection })
  try {
    return await worker.runUntil(async () => {
      const since = Date.now()
      let next = 0
      const lane = async () => {
        while (next < count) {
          const workflowId = `bench-hello-${next++}`
          await client.workflow.execute('helloWorld', { taskQueue: QUEUE, workflowId, args: [ACTIVITIES] })
        }
      }
      await Promise.all(Array.from({ length: inFlight }, lane))
      return count / ((Date.now() - since) / 1000)
    })
  } finally {
    await connection.close()
    await native.close()
  }
}
