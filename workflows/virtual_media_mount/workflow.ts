import { CancellationScope, condition } from '@temporalio/workflow'
import type { MediaJudgement, MountedMedia } from '../../activities/contracts/virtual-media.js'
import { borrowedAttention } from '../../domain/attention.js'
import { isFailureCode } from '../../domain/failures.js'
import { failure, jobErrorOf } from '../lib/failure.js'
import type { JobError, JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { Turns } from '../lib/turns.js'
import { type JobRun, withJob } from '../lib/with-job.js'

export interface MountDetails {
  iso_image_id: string
  slot: 'auto' | 'cd' | 'usb'
  write_protected: boolean
  replace: boolean
  boot_once: boolean
  eject_after_minutes: number
  concurrency: number
  lease_wait_minutes: number
}

/** Mounts an image on each server. One that is to be ejected again keeps its target in work until then, not its turn. */
export async function virtualMediaMount(input: JobInput<MountDetails>) {
  const { concurrency, eject_after_minutes } = input.details
  const turns = new Turns(concurrency)
  const limit = eject_after_minutes > 0 && !input.dry_run ? Math.max(1, input.targets.length) : concurrency
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit }, (task) =>
      input.dry_run ? turns.take(() => judgeOne(run, task)) : mountOne(run, task, turns),
    )
    return { targets, ...(input.dry_run ? { plan: planOf(targets) } : {}) }
  })
}

async function judgeOne(run: JobRun<MountDetails>, task: TaskRun): Promise<TargetAnswer> {
  const { decision, slot, blockers, slots, url_host } = await judge(run, task)
  return { outcome: 'answered', would_mount: decision === 'insert', slot, blockers, slots, url_host }
}

function judge(run: JobRun<MountDetails>, task: TaskRun): Promise<MediaJudgement> {
  const { redfish } = devices(run.input.site)
  return task.step('precheck', 'look', `Looking at the slots of ${task.target.name}.`, 10, () =>
    redfish.judgeMount({ ...wishOf(run, task), context: task.context }),
  )
}

function wishOf(run: JobRun<MountDetails>, task: TaskRun) {
  const { iso_image_id, slot, replace } = run.input.details
  return { server_id: task.target.id, iso_image_id, slot, replace }
}

async function mountOne(run: JobRun<MountDetails>, task: TaskRun, turns: Turns): Promise<TargetAnswer> {
  const mounted = await turns.take(async () => {
    run.controls.throwIfCancelled()
    return underLease(run, task, 'mounts an image', () => mountLeased(run, task))
  })
  const { changed, eject_in_ms, ...facts } = mounted
  if (!changed) return { outcome: 'unchanged', ...facts }
  if (eject_in_ms === 0) return { outcome: 'changed', ...facts }
  return { ...facts, ...(await ejectLater(run, task, eject_in_ms)) }
}

async function underLease<T>(
  run: JobRun<MountDetails>,
  task: TaskRun,
  reason: string,
  body: () => Promise<T>,
): Promise<T> {
  const resource = `server:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, reason, task)
  try {
    return await body()
  } finally {
    await CancellationScope.nonCancellable(() => run.release([resource]))
  }
}

/** From the insert on, whatever goes wrong ends with the image ejected again: nobody would look for it. */
async function mountLeased(run: JobRun<MountDetails>, task: TaskRun): Promise<MountedMedia> {
  const judged = await judge(run, task)
  if (judged.decision === 'refused') {
    const sentence = judged.blockers.map((blocker) => blocker.message).join(' ')
    throw failure(judged.blockers[0]?.code ?? 'StateConflict', sentence, { blockers: judged.blockers })
  }
  run.controls.throwIfCancelled('abort')
  if (judged.decision === 'already') return mountAndBoot(run, task)
  try {
    const mounted = await mountAndBoot(run, task)
    run.controls.throwIfCancelled('abort')
    return mounted
  } catch (thrown) {
    await CancellationScope.nonCancellable(() => ejectAgain(run, task))
    throw thrown
  }
}

async function mountAndBoot(run: JobRun<MountDetails>, task: TaskRun): Promise<MountedMedia> {
  const { redfishMutate } = devices(run.input.site)
  const { write_protected, eject_after_minutes, boot_once } = run.input.details
  const mounted = await task.step('stage', 'mount', `Inserting the image on ${task.target.name}.`, 40, () =>
    redfishMutate.mountMedia({ ...wishOf(run, task), context: task.context, write_protected, eject_after_minutes }),
  )
  if (boot_once)
    await task.step('stage', 'boot_once', `Setting the next boot of ${task.target.name}.`, 70, () =>
      redfishMutate.bootFromMedia({ context: task.context, server_id: task.target.id }),
    )
  return mounted
}

/** Ejects what this job inserted; what cannot be ejected is named. Null when it is out. */
async function ejectAgain(run: JobRun<MountDetails>, task: TaskRun): Promise<JobError | null> {
  const { redfishMutate } = devices(run.input.site)
  const { target } = task
  try {
    await task.step('cleanup', 'eject', `Ejecting the image from ${target.name}.`, 90, () =>
      redfishMutate.ejectMedia({
        context: task.context,
        server_id: target.id,
        slot: 'all',
        only_iso_image_id: run.input.details.iso_image_id,
        clear_boot_once: true,
        dry_run: false,
      }),
    )
    return null
  } catch (thrown) {
    const error = jobErrorOf(thrown)
    // What is recorded as borrowed is named at the end of the job.
    if (run.input.details.eject_after_minutes === 0) await nameLeft(run, task, error)
    return error
  }
}

async function nameLeft(run: JobRun<MountDetails>, { target }: TaskRun, error: JobError): Promise<void> {
  const about = { kind: 'server' as const, id: target.id, name: target.name }
  const code = isFailureCode(error.code) ? error.code : 'VerifyFailed'
  const entry = borrowedAttention(about, 'virtual_media', { code, message: error.message })
  await core.openAttention({ job_id: run.input.job_id, entries: [{ ...entry, target_id: target.id }] })
}

/** The time passes without a lease: others may work on the server. Any cancel ends the waiting with the eject. */
async function ejectLater(run: JobRun<MountDetails>, task: TaskRun, pause_ms: number): Promise<TargetAnswer> {
  const since = new Date()
  const until = new Date(since.getTime() + pause_ms).toISOString()
  const message = `The image is ejected at ${until}.`
  await task.wait([{ code: 'Soaking', message, since: since.toISOString(), until }], message)
  await condition(() => run.controls.cancel !== null, pause_ms)
  return CancellationScope.nonCancellable(() => ejectInTurn(run, task))
}

async function ejectInTurn(run: JobRun<MountDetails>, task: TaskRun): Promise<TargetAnswer> {
  const resource = `server:${task.target.id}`
  try {
    await run.leaseToGiveBack([resource], run.input.details.lease_wait_minutes, 'ejects an image', task)
    const error = await ejectAgain(run, task)
    if (error === null) return { outcome: 'changed', ejected: true }
    return { outcome: 'failed', code: error.code, message: error.message, ejected: false }
  } finally {
    await run.release([resource])
  }
}

function planOf(targets: { blockers?: unknown; outcome: string; would_mount?: unknown }[]) {
  const blockers = targets.flatMap((target) => (target.blockers as MediaJudgement['blockers'] | undefined) ?? [])
  return { would_start: blockers.length === 0 && targets.every((t) => t.outcome !== 'failed'), blockers, targets }
}
