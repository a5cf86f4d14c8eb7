import { CancellationScope } from '@temporalio/workflow'
import type { GuardAnswer } from '../../activities/contracts/server.js'
import type { Blocker } from '../../domain/failures.js'
import { failure } from './failure.js'
import { type GuardDetails, underGuard } from './host-guard.js'
import { perTarget, type TargetAnswer } from './per-target.js'
import { devices } from './proxies.js'
import type { TaskRun } from './task-run.js'
import type { JobAnswer, JobRun } from './with-job.js'

/*
 * The shape of a job type that changes servers. Per server: lease, judge (which is also the dry run), nothing to do?,
 * refuse, what comes before the host is touched, host guard, act, release. A job type says what is its own:
 *
 *   export async function biosConfigWrite(input: JobInput<Details>) {
 *     const { concurrency, lease_wait_minutes } = input.details
 *     return withJob(input, (run) =>
 *       workOnServers(run, {
 *         doing: 'writes BIOS attributes', concurrency, lease_wait_minutes, host_guard: input.details,
 *         judge: (task) => judge(run, task),
 *         nothingToDo: (judged) => (judged.changes.length === 0 ? { outcome: 'unchanged', changed: [] } : null),
 *         show: ({ changes }) => ({ changes }),
 *         act: (task, judged, progress) => write(run, task, judged, progress),
 *       }),
 *     )
 *   }
 *
 * `judge` reads only, and gathers blockers of its own, of `changeGate` and of `hostGuard`. Whoever acts sets
 * `progress.changed` at the moment after which the host must not be given back unseen. A job that no workload can feel
 * (virtual media) leaves `host_guard` out.
 */

/** What was read about a server before anything is done to it. */
export interface Judged {
  /** Why the job may not do this to the server now. */
  blockers: readonly Blocker[]
  warnings?: readonly Blocker[]
  /** Left out: no reboot, so nobody has to be asked. */
  guard?: GuardAnswer
}

/** Set by `act`: anything was sent that cannot be taken back. */
export interface Progress {
  changed: boolean
}

export interface ServerWork<J extends Judged> {
  /** Reason of the lease, told to jobs that wait for it: "updates firmware". */
  doing: string
  /** Servers worked on at once; of one cluster never two at once when there is a host guard. */
  concurrency: number
  lease_wait_minutes: number
  pausable?: boolean
  host_guard?: GuardDetails
  /** Reads and decides; changes nothing. Called after the lease, because a judgement from before the wait for it is old. */
  judge(task: TaskRun): Promise<J>
  /** The answer for a server that needs no change; null when there is something to do. */
  nothingToDo(judged: J): TargetAnswer | null
  /** What the dry run shows of a server, beside blockers, warnings and the verdict of the guard. */
  show(judged: J): Record<string, unknown>
  /** Done when nothing stands against it and before a host is emptied (a backup); its facts join the answer. */
  before?(task: TaskRun, judged: J): Promise<Record<string, unknown>>
  act(task: TaskRun, judged: J, progress: Progress): Promise<TargetAnswer>
  /** The server is off afterwards, so its host stays in maintenance. */
  stays_out?: boolean
}

/** Does one thing to each server of a job; a dry run judges each and says whether the job would start. */
export async function workOnServers<J extends Judged>(run: JobRun<unknown>, work: ServerWork<J>): Promise<JobAnswer> {
  const options = {
    limit: work.concurrency,
    pausable: work.pausable ?? false,
    exclusive: (task: TaskRun) => (work.host_guard ? (task.target.cluster_id ?? null) : null),
  }
  if (!run.input.dry_run) return { targets: await perTarget(run, options, (task) => workOnServer(run, work, task)) }
  const targets = await perTarget(run, options, (task) => showServer(work, task))
  const blockers = targets.flatMap((target) => (target.blockers as Blocker[] | undefined) ?? [])
  const would_start = blockers.length === 0 && targets.every((target) => target.outcome !== 'failed')
  return { targets, plan: { would_start, blockers, targets } }
}

async function showServer<J extends Judged>(work: ServerWork<J>, task: TaskRun): Promise<TargetAnswer> {
  const judged = await work.judge(task)
  const blockers = [...judged.blockers, ...(judged.guard?.blockers ?? [])]
  const guard = judged.guard ? { guard: judged.guard } : {}
  return { outcome: 'answered', ...work.show(judged), ...guard, blockers, warnings: judged.warnings ?? [] }
}

async function workOnServer<J extends Judged>(
  run: JobRun<unknown>,
  work: ServerWork<J>,
  task: TaskRun,
): Promise<TargetAnswer> {
  const resource = `server:${task.target.id}`
  await run.lease([resource], work.lease_wait_minutes, work.doing, task)
  try {
    const judged = await work.judge(task)
    const already = work.nothingToDo(judged)
    if (already) return already
    // What the iDRAC or vCenter refuses is known before a host is emptied for it.
    refuse([...judged.blockers, ...(judged.guard?.blockers ?? [])])
    const facts = (await work.before?.(task, judged)) ?? {}
    return { ...(await actUnderGuard(run, work, task, judged)), ...facts }
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

async function actUnderGuard<J extends Judged>(
  run: JobRun<unknown>,
  work: ServerWork<J>,
  task: TaskRun,
  judged: J,
): Promise<TargetAnswer> {
  const progress: Progress = { changed: false }
  const act = () => work.act(task, judged, progress)
  if (!judged.guard || !work.host_guard) return act()
  return underGuard(run, task, judged.guard, work.host_guard, act, () => progress.changed, work.stays_out)
}

/** Fails the target with all blockers, if there are any; the first one gives the code. */
export function refuse(blockers: readonly Blocker[]): void {
  const [first] = blockers
  if (first) throw failure(first.code, blockers.map((blocker) => blocker.message).join(' '), { blockers })
}

/** Asks the iDRAC once whether it may be changed now; nothing is waited for. */
export function changeGate(
  run: JobRun<unknown>,
  task: TaskRun,
  more: { own_device_jobs?: string[]; pending_judged?: boolean } = {},
): Promise<{ blockers: Blocker[]; warnings: Blocker[] }> {
  return devices(run.input.site).redfish.passChangeGate({
    context: task.context,
    server_id: task.target.id,
    own_device_jobs: [],
    since: new Date().toISOString(),
    judge_only: true,
    ...more,
  })
}

/** Asks whether the server may be rebooted or switched off now; about the host on it, vCenter is asked. */
export function hostGuard(
  run: JobRun<unknown>,
  task: TaskRun,
  options: { evacuate_host: boolean; allow_running_vms: boolean },
): Promise<GuardAnswer> {
  const { evacuate_host, allow_running_vms } = options
  return devices(run.input.site).redfish.judgeHostGuard({
    context: task.context,
    server_id: task.target.id,
    evacuate_host,
    allow_running_vms,
  })
}

/** The guard's answer where no reboot comes. */
export const UNGUARDED: GuardAnswer = { allowed: 'free', blockers: [], running_vms: [] }
