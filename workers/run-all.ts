import type { Worker } from '@temporalio/worker'

type Runnable = Pick<Worker, 'run' | 'shutdown' | 'getState'>

/**
 * Runs the workers of a process until `stop` says so, also when it said so before they ran. One that ends by itself ends the
 * others too: half a process would look alive while its queues stand still. Then throws, so that the process ends with an
 * error and is started again.
 */
export async function runAll(workers: readonly Runnable[], stop: AbortSignal): Promise<void> {
  const end = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  let died: unknown = null
  const runs = workers.map(async (worker) => {
    try {
      await worker.run()
      if (!stop.aborted) died ??= new Error('a worker ended by itself')
    } catch (thrown) {
      if (!stop.aborted) died ??= thrown
    }
    end()
  })
  stop.addEventListener('abort', end, { once: true })
  if (stop.aborted) end()
  await Promise.all(runs)
  if (died !== null) throw died
}
