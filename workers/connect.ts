import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker'
import type { Logger } from 'pino'
import type { WorkflowFate } from '../activities/deps.js'
import type { WorkerConfig } from './config.js'

const LONGEST_PAUSE_MS = 2_000

/** Connects to Temporal, again and again until the server is there: a worker never dies because Temporal is away. */
export async function connectTemporal(
  config: WorkerConfig,
  log: Logger,
  stopped: () => boolean,
): Promise<NativeConnection> {
  for (let pause = 100; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await NativeConnection.connect(optionsOf(config))
    } catch (thrown) {
      if (stopped()) throw thrown
      log.warn({ reason: String(thrown).split('\n')[0] }, 'Temporal does not answer yet; trying again')
      await sleep(pause)
    }
  }
}

/** A client for what the reconciler asks: lazily connected. */
export function createTemporalClient(config: WorkerConfig, dataConverter: DataConverter): Client {
  return new Client({
    connection: Connection.lazy(optionsOf(config)),
    namespace: config.temporal.namespace,
    dataConverter,
  })
}

function optionsOf(config: WorkerConfig): Pick<NativeConnectionOptions, 'address' | 'tls'> {
  const { address, ca_file, cert_file, key_file } = config.temporal
  if (!ca_file) return { address }
  const pair =
    cert_file && key_file ? { clientCertPair: { crt: readFileSync(cert_file), key: readFileSync(key_file) } } : {}
  return { address, tls: { serverRootCACertificate: readFileSync(ca_file), ...pair } }
}

const FATES: Record<string, WorkflowFate> = {
  RUNNING: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
}

/** What became of a workflow, for the reconciler. */
export async function describeWorkflow(client: Client, workflow_id: string): Promise<WorkflowFate> {
  try {
    const { status } = await client.workflow.getHandle(workflow_id).describe()
    return FATES[status.name] ?? 'failed'
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return 'gone'
    throw thrown
  }
}
