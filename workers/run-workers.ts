import type { DataConverter } from '@temporalio/common'
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker'
import { createBiosActivities } from '../activities/bios.js'
import { createBootActivities } from '../activities/boot.js'
import { createClusterActivities } from '../activities/cluster.js'
import { createConsoleActivities } from '../activities/console.js'
import {
  createCredentialActivities,
  createHostCredentialActivities,
  createServerCredentialActivities,
} from '../activities/credentials.js'
import { createDatastoreActivities } from '../activities/datastore.js'
import { createDepotActivities } from '../activities/depot.js'
import type { Deps } from '../activities/deps.js'
import { createDirectoryActivities } from '../activities/directory.js'
import { createDiscoveryActivities } from '../activities/discovery.js'
import { createEsxiActivities } from '../activities/esxi.js'
import { createRecordActivities } from '../activities/event-logs.js'
import { createFirmwareActivities, createTransferActivities } from '../activities/firmware.js'
import { createHostActivities } from '../activities/host.js'
import { createCoreActivities, createProjectionActivities } from '../activities/jobs.js'
import { createMediaActivities } from '../activities/media.js'
import { createOpenmanageActivities } from '../activities/openmanage.js'
import { createProfileActivities } from '../activities/profile.js'
import { createServerActivities } from '../activities/server.js'
import { createVirtualMediaActivities } from '../activities/virtual-media.js'
import { type QueueKind, taskQueue } from '../domain/task-queues.js'
import { activityFrame } from './activity-interceptor.js'
import { workflowBundle } from './bundle.js'
import type { WorkerConfig } from './config.js'
import { waitingNotes } from './waiting-notes.js'

/**
 * Slots per queue. An iDRAC bears two requests whatever stands here (its sessions are counted), so `redfish` is bounded by the
 * machine; vCenters and SSH by what those devices bear; uploads by the setting `uploads_per_site`, which is 32 at most.
 */
const SLOTS: Record<Exclude<QueueKind, 'wf'>, number> = { core: 20, redfish: 240, vsphere: 20, ssh: 16, transfer: 32 }

const SHUTDOWN: Pick<WorkerOptions, 'shutdownGraceTime' | 'shutdownForceTime'> = {
  shutdownGraceTime: '3 seconds',
  shutdownForceTime: '5 seconds',
}

/** One Temporal worker per queue that this process serves; the one for workflows carries the sandbox. */
export async function createWorkers(
  config: WorkerConfig,
  deps: Deps,
  connection: NativeConnection,
  dataConverter: DataConverter,
): Promise<Worker[]> {
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace: config.temporal.namespace,
    identity: deps.worker_id,
    dataConverter,
    // A dead worker is noticed within its heartbeat time-out only when beats are sent on time.
    maxHeartbeatThrottleInterval: '2 seconds',
    defaultHeartbeatThrottleInterval: '2 seconds',
    interceptors: { activity: [() => ({ inbound: activityFrame(waitingNotes(deps.db)) })] },
    ...SHUTDOWN,
  }
  const workers: Worker[] = []
  for (const role of config.roles) {
    if (role === 'wf') workers.push(await workflowWorker(common, deps))
    else if (role !== 'media') workers.push(await activityWorker(common, config, deps, role))
  }
  return workers
}

async function workflowWorker(common: Omit<WorkerOptions, 'taskQueue'>, deps: Deps): Promise<Worker> {
  return Worker.create({
    ...common,
    taskQueue: taskQueue('wf'),
    workflowBundle: await workflowBundle(),
    activities: { ...createProjectionActivities(deps) },
    enableNonLocalActivities: false,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentWorkflowTaskPolls: 5,
    maxCachedWorkflows: 300,
    maxConcurrentLocalActivityExecutions: 50,
    // A killed worker's sticky tasks go to its successor after this long.
    stickyQueueScheduleToStartTimeout: '2 seconds',
  })
}

async function activityWorker(
  common: Omit<WorkerOptions, 'taskQueue'>,
  config: WorkerConfig,
  deps: Deps,
  role: Exclude<QueueKind, 'wf'>,
): Promise<Worker> {
  return Worker.create({
    ...common,
    taskQueue: taskQueue(role, config.site),
    activities: activitiesOf(deps, role),
    maxConcurrentActivityTaskExecutions: SLOTS[role],
    maxConcurrentActivityTaskPolls: Math.min(10, SLOTS[role]),
  })
}

function activitiesOf(deps: Deps, role: Exclude<QueueKind, 'wf'>): object {
  if (role === 'core')
    return {
      ...createCoreActivities(deps),
      ...createMediaActivities(deps),
      ...createCredentialActivities(deps),
      ...createDirectoryActivities(deps),
      ...createProjectionActivities(deps),
    }
  if (role === 'redfish')
    return {
      ...createServerActivities(deps),
      ...createBiosActivities(deps),
      ...createBootActivities(deps),
      ...createFirmwareActivities(deps),
      ...createProfileActivities(deps),
      ...createDiscoveryActivities(deps),
      ...createRecordActivities(deps),
      ...createConsoleActivities(deps),
      ...createVirtualMediaActivities(deps),
      ...createServerCredentialActivities(deps),
    }
  if (role === 'vsphere')
    return {
      ...createHostActivities(deps),
      ...createClusterActivities(deps),
      ...createDepotActivities(deps),
      ...createDatastoreActivities(deps),
      ...createOpenmanageActivities(deps),
    }
  if (role === 'ssh') return { ...createEsxiActivities(deps), ...createHostCredentialActivities(deps) }
  return createTransferActivities(deps)
}
