import { StepFailed } from '../../../activities/failures.js'
import type { CancelMode } from '../../../domain/job-status.js'
import type { JobType } from '../../../workflows/catalog.js'
import type { Bench, Play } from './bench.js'
import type { ActivityName, Fault, PlayedJob } from './played-job.js'
import { expectTidy, type HostBefore, hostsBefore } from './tidy.js'

export interface Step {
  name: ActivityName
  nth: number
}

/** Writing the end cannot be told of in the end: the schedule that repairs rows is there for it. */
const LAST = 'finishJob'

/** Every step of a good run, in order. */
export async function stepsOf(bench: Bench, job_type: JobType, play: () => Play): Promise<Step[]> {
  const job = await bench.run(job_type, play())
  return job.steps.map(({ name, nth }) => ({ name, nth })).filter(({ name }) => name !== LAST)
}

/** What is wrong with how a job ended; null when nothing is. */
function wrongIn(job: PlayedJob, before: Map<string, HostBefore>): string | null {
  try {
    expectTidy(job, before)
    const { status, error } = job.end
    return status === 'failed' && error === null ? 'failed without a reason' : null
  } catch (failure) {
    return (failure as Error).message.split('\n')[0] ?? 'failed'
  }
}

/**
 * Runs a job once per step of its good run; each time that step fails for good, before or after it took effect. Gives one
 * sentence per run that left something behind without a word.
 */
export async function failEachStep(
  bench: Bench,
  job_type: JobType,
  play: () => Play,
  when: Fault['when'],
): Promise<{ steps: number; wrong: string[] }> {
  const steps = await stepsOf(bench, job_type, play)
  const wrong: string[] = []
  for (const { name, nth } of steps) {
    const error = new StepFailed('EsxiUpdateFailed', `${name} broke.`)
    const given = play()
    const before = hostsBefore(given)
    const job = await bench.run(job_type, {
      ...given,
      prepare: ({ faults }) => faults.push({ name, nth, when, error }),
    })
    const found = wrongIn(job, before)
    if (found) wrong.push(`${name} #${nth}: ${found}`)
  }
  return { steps: steps.length, wrong }
}

/**
 * Cancels a job while it stands in the first call of each step in turn. `child` names the child that must have heard of it
 * before the step goes on, given the job's workflow id.
 */
export async function cancelInEachStep(
  bench: Bench,
  job_type: JobType,
  play: () => Play,
  mode: CancelMode,
  child: (job: PlayedJob, step: ActivityName, workflow_id: string) => string | undefined = () => undefined,
): Promise<{ steps: number; wrong: string[] }> {
  const steps = (await stepsOf(bench, job_type, play)).filter(({ nth }) => nth === 1)
  const wrong: string[] = []
  for (const { name } of steps) {
    const given = play()
    const before = hostsBefore(given)
    const running = await bench.start(job_type, given)
    const held = running.job.hold(name)
    await held.reached
    await running.cancel(mode, child(running.job, name, running.handle.workflowId))
    held.release()
    const job = await running.end()
    const found = wrongIn(job, before)
    if (found) wrong.push(`${name}: ${found}`)
    else if (!['cancelled', 'completed'].includes(job.end.status)) wrong.push(`${name}: ended ${job.end.status}`)
  }
  return { steps: steps.length, wrong }
}
