import { readFileSync } from 'node:fs'
import { Client, Connection, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import {
  defineSearchAttributeKey,
  type PayloadCodec,
  type SearchAttributePair,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common'
import type { Job } from '../db/schema/jobs.js'
import { taskQueue } from '../domain/task-queues.js'
import type { ApiConfig } from './config.js'

export interface JobSignal {
  name: 'pause' | 'resume' | 'cancel' | 'skip' | 'retry'
  args: unknown[]
}

export interface TemporalGateway {
  /** Starts the workflow of a job row; starting twice is harmless. Throws when Temporal is away. */
  start(job: Job): Promise<void>
  /** Sends a control; false = there is no such running workflow. Throws when Temporal is away. */
  signal(workflow_id: string, signal: JobSignal): Promise<boolean>
  /** Does the server answer? The reason when not. */
  check(): Promise<string | null>
  /** Is somebody polling for workflows? The reason when not. */
  checkPollers(): Promise<string | null>
  close(): Promise<void>
}

const CALL_MS = 5_000
const WORKFLOW_QUEUE_TYPE = 1
const keys = Object.fromEntries(
  ['JobId', 'JobType', 'ClusterId', 'Site', 'RequestedBy'].map((name) => [
    name,
    defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  ]),
)

/** Talks to Temporal on a lazy connection: the API starts and answers while the server is away. */
export function createTemporalGateway(config: Readonly<ApiConfig>, codec: () => PayloadCodec): TemporalGateway {
  const { address, namespace, ca_file, cert_file, key_file } = config.temporal
  const tls = ca_file
    ? {
        serverRootCACertificate: readFileSync(ca_file),
        ...(cert_file && key_file
          ? { clientCertPair: { crt: readFileSync(cert_file), key: readFileSync(key_file) } }
          : {}),
      }
    : undefined
  const connection = Connection.lazy({ address, ...(tls ? { tls } : {}), connectTimeout: CALL_MS })
  let client: Client | undefined
  const get = (): Client => {
    client ??= new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec()] } })
    return client
  }
  const within = <T>(call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + CALL_MS, call)
  return {
    start: (job) => startJob(get(), job, config, within),
    signal: async (workflow_id, { name, args }) => {
      try {
        await within(() =>
          get()
            .workflow.getHandle(workflow_id)
            .signal(name, ...args),
        )
        return true
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    },
    check: () => reasonOf(within(() => connection.workflowService.describeNamespace({ namespace }))),
    checkPollers: async () => {
      const request = { namespace, taskQueue: { name: taskQueue('wf') }, taskQueueType: WORKFLOW_QUEUE_TYPE }
      try {
        const answer = await within(() => connection.workflowService.describeTaskQueue(request))
        return (answer.pollers ?? []).length > 0 ? null : 'no worker polls for workflows'
      } catch (error) {
        return text(error)
      }
    },
    close: () => connection.close(),
  }
}

async function startJob(
  client: Client,
  job: Job,
  config: Readonly<ApiConfig>,
  within: <T>(call: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const attributes = searchAttributes(job, config.site)
  const start = (typedSearchAttributes: TypedSearchAttributes | undefined) =>
    within(() =>
      client.workflow.start(job.job_type, {
        workflowId: job.workflow_id,
        taskQueue: taskQueue('wf'),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [jobInput(job, config)],
        staticSummary: `${job.job_type} on ${job.targets.length} target(s)`,
        priority: { priorityKey: job.priority },
        ...(typedSearchAttributes ? { typedSearchAttributes } : {}),
      }),
    )
  try {
    await start(attributes)
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return
    // A namespace whose search attributes are not registered yet must not keep jobs from starting.
    if (!/search attribute/i.test(deepText(error))) throw error
    await start(undefined)
  }
}

/** The one argument of a job's workflow: ids and choices, never a secret. */
export function jobInput(job: Job, config: Pick<ApiConfig, 'site' | 'device_time_scale' | 'lab_in_use'>) {
  const { id, job_type, targets, target_scope, details, dry_run, credential_set_ids, created_by, parent_job_id } = job
  return {
    job_id: id,
    job_type,
    targets,
    target_scope,
    details,
    dry_run,
    credential_set_ids,
    requested_by: created_by,
    site: config.site,
    device_time_scale: config.device_time_scale,
    lab_in_use: config.lab_in_use,
    parent_job_id,
    ...(job.origin === 'background' ? { background: true } : {}),
  }
}

function searchAttributes(job: Job, site: string): TypedSearchAttributes {
  const cluster_id = job.targets.find((target) => target.cluster_id)?.cluster_id
  const values = {
    JobId: job.id,
    JobType: job.job_type,
    Site: site,
    ClusterId: cluster_id,
    RequestedBy: job.created_by,
  }
  const pairs = Object.entries(values).flatMap(([name, value]) => {
    const key = keys[name]
    return key && value ? [{ key, value } as SearchAttributePair] : []
  })
  return new TypedSearchAttributes(pairs)
}

async function reasonOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call
    return null
  } catch (error) {
    return text(error)
  }
}

const text = (error: unknown) =>
  error instanceof Error ? (error.message.split('\n')[0]?.slice(0, 300) ?? 'error') : String(error)

function deepText(error: unknown): string {
  const parts: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) parts.push(at.message)
  return parts.join(' ')
}
