import {
  ActivityCancellationType,
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow'
import type {
  CoreQueue,
  ProjectionActivities,
  RedfishQueue,
  SshQueue,
  TransferQueue,
  VsphereQueue,
} from '../../activities/index.js'
import { taskQueue } from '../../domain/task-queues.js'
import { StatusLane } from './status-lane.js'

/*
 * Every retry and time limit of activities, each with its reason. Which failures are repeated at all is not said here:
 * activities mark them (activities/failures.ts), and operations that must happen once are guarded by their own row
 * (activities/once.ts), so a repeat of the activity never repeats the operation.
 */

/**
 * A cancelled activity is waited for until it has really ended: what it sent may still take effect, and what undoes it must
 * come after. A dead worker's activity ends by its heartbeat.
 */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED

/** Each activity heartbeats by interceptor every 2 s: a dead worker is noticed in 6 s; a false alarm costs one more read. */
const HEARTBEAT = '6 seconds'

/** Database work heals by itself when Postgres is back; nobody should have to restart a job for it. */
const database: ActivityOptions = {
  startToCloseTimeout: '60 seconds',
  scheduleToCloseTimeout: '7 days',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
}

/** One short call or a handful: a device that does not answer is asked for 15 minutes before the target fails. */
const read: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
}

/**
 * A mutation. Two hours cover the longest upload; the total covers a controller that is away for a night, because a host
 * that is out of service must not be given up while nobody could look. The row of `once` enforces "once", not this table.
 */
const mutate: ActivityOptions = {
  startToCloseTimeout: '2 hours',
  scheduleToCloseTimeout: '1 day',
  cancellationType,
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds' },
}

/**
 * Waiting for a device. Each attempt looks for at most half a minute and then asks to be called again; the limit of the
 * step is the activity's own (it needs one more read after the limit), so Temporal's is only a last fence.
 */
const wait: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '14 days',
  cancellationType,
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '15 seconds' },
}

/** Status rows: one marker event instead of three. Longer outages of Postgres are met by the ordinary activity behind it. */
const projection = proxyLocalActivities<Pick<ProjectionActivities, 'writeStatus'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
})
const projectionLater = proxyActivities<ProjectionActivities>({ ...database, taskQueue: taskQueue('core') })

export const core = proxyActivities<CoreQueue>({ ...database, taskQueue: taskQueue('core') })

/** Leases are waited for as long as the job allows; the activity itself ends the waiting. */
export const leases = proxyActivities<Pick<CoreQueue, 'acquireLeases' | 'releaseLeases'>>({
  ...wait,
  taskQueue: taskQueue('core'),
})

/**
 * Hashing a large file takes minutes, a directory of them hours. A cancel is waited for: what was half taken in is cleaned
 * up by the activity itself.
 */
export const media = proxyActivities<Pick<CoreQueue, 'takeUpload' | 'dropUpload' | 'scanStore' | 'registerUrl'>>({
  ...database,
  startToCloseTimeout: '12 hours',
  cancellationType,
  taskQueue: taskQueue('core'),
})

/**
 * Somebody waits for these: a directory that is silent says so within its own limits, so only a dead worker or a database that is
 * away is met by a second attempt. A login is never tried twice: its secret is gone with the first taking.
 */
export const directory = proxyActivities<
  Pick<CoreQueue, 'findDirectoryPerson' | 'tryDirectoryLogin' | 'testDirectory'>
>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: HEARTBEAT,
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 3 },
  taskQueue: taskQueue('core'),
})

/** Page by page through a large company takes minutes; a directory that is away is asked for a quarter of an hour. */
export const directorySync = proxyActivities<Pick<CoreQueue, 'syncDirectoryPeople'>>({
  ...read,
  startToCloseTimeout: '1 hour',
  scheduleToCloseTimeout: '75 minutes',
  cancellationType,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 10 },
  taskQueue: taskQueue('core'),
})

/** `pending` -> `running`; the first act of a job. */
export const claimJob: ProjectionActivities['claimJob'] = (input) => projectionLater.claimJob(input)

/** Status rows of this workflow; survives a database that is away for longer than a workflow task may last. */
export const status = new StatusLane(async (changes) => {
  try {
    await projection.writeStatus({ changes })
  } catch {
    // One by one: these stand in the history with what they carry.
    for (const change of changes) await projectionLater.writeStatus({ changes: [change] })
  }
})

/**
 * The time for a read is the device's. When it ran out while no worker was there (all of them away, or the last one died)
 * nobody has asked the device, so it is asked again; a device that was asked and failed is never asked by this.
 */
function whenAttended<T extends object>(activities: T): T {
  return new Proxy(activities, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name)
      return typeof call === 'function' ? (...args: unknown[]) => askAttended(() => call(...args)) : call
    },
  })
}

/** A week of quarters of an hour. */
const MOST_UNATTENDED = 672
const UNATTENDED: unknown[] = ['SCHEDULE_TO_CLOSE', 'SCHEDULE_TO_START', 'HEARTBEAT']

async function askAttended(ask: () => Promise<unknown>): Promise<unknown> {
  let asked_in_vain = 0
  for (let round = 1; ; round += 1) {
    try {
      return await ask()
    } catch (thrown) {
      const timeout = unattendedTimeout(thrown)
      if (!timeout || round >= MOST_UNATTENDED) throw thrown
      // Somebody did ask before the time ran out: whether the rest of it was an outage is found by one more round.
      if (timeout.cause instanceof ApplicationFailure) asked_in_vain += 1
      if (asked_in_vain > 1) throw thrown
    }
  }
}

function unattendedTimeout(thrown: unknown): TimeoutFailure | null {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : undefined
  return cause instanceof TimeoutFailure && UNATTENDED.includes(cause.timeoutType) ? cause : null
}

/** The device queues of a site, by kind of work. */
export function devices(site: string) {
  return {
    redfish: whenAttended(proxyActivities<RedfishQueue>({ ...read, taskQueue: taskQueue('redfish', site) })),
    redfishWait: proxyActivities<RedfishQueue>({ ...wait, taskQueue: taskQueue('redfish', site) }),
    redfishMutate: proxyActivities<RedfishQueue>({ ...mutate, taskQueue: taskQueue('redfish', site) }),
    vsphere: whenAttended(proxyActivities<VsphereQueue>({ ...read, taskQueue: taskQueue('vsphere', site) })),
    vsphereWait: proxyActivities<VsphereQueue>({ ...wait, taskQueue: taskQueue('vsphere', site) }),
    vsphereMutate: proxyActivities<VsphereQueue>({ ...mutate, taskQueue: taskQueue('vsphere', site) }),
    ssh: whenAttended(proxyActivities<SshQueue>({ ...read, taskQueue: taskQueue('ssh', site) })),
    sshWait: proxyActivities<SshQueue>({ ...wait, taskQueue: taskQueue('ssh', site) }),
    sshMutate: proxyActivities<SshQueue>({ ...mutate, taskQueue: taskQueue('ssh', site) }),
    transfer: proxyActivities<TransferQueue>({ ...mutate, taskQueue: taskQueue('transfer', site) }),
  }
}
export type Devices = ReturnType<typeof devices>
