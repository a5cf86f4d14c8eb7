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

/**
 * Plays one job per step on two benches: while the server of one thinks, the other computes. Two jobs on one bench would
 * share its clock, and what skips for the one would let a workflow task of the other run out.
 */
async function onBothBenches<T>(
  bench: Bench,
  steps: Step[],
  play: (bench: Bench, step: Step) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = []
  const waiting = [...steps.entries()]
  const work = async (own: Bench) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await play(own, next[1])
  }
  await Promise.all([work(bench), bench.beside().then(work)])
  return answers
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
  const found = await onBothBenches(bench, steps, async (own, { name, nth }) => {
    const error = new StepFailed('EsxiUpdateFailed', `${name} broke.`)
    const given = play()
    const before = hostsBefore(given)
    const job = await own.run(job_type, {
      ...given,
      prepare: ({ faults }) => faults.push({ name, nth, when, error }),
    })
    const wrong = wrongIn(job, before)
    return wrong ? `${name} #${nth}: ${wrong}` : null
  })
  return { steps: steps.length, wrong: found.filter((sentence) => sentence !== null) }
}

/**
 * Cancels a job while it stands in the first call of each step in turn. `child` names the child that must have heard of it
 * before the step goes on, given the job's workflow id.
 */
export async function cancelInEachStep(
  bench: Bench,
  job_type: JobType,
  play: () => Play,
  mode: CancelMode | 'in Temporal',
  child: (job: PlayedJob, step: ActivityName, workflow_id: string) => string | undefined = () => undefined,
): Promise<{ steps: number; wrong: string[] }> {
  const steps = (await stepsOf(bench, job_type, play)).filter(({ nth }) => nth === 1)
  const found = await onBothBenches(bench, steps, async (own, { name }) => {
    const given = play()
    const before = hostsBefore(given)
    const running = await own.start(job_type, given)
    const held = running.job.hold(name)
    await held.reached
    const other = child(running.job, name, running.handle.workflowId)
    await (mode === 'in Temporal' ? running.cancelInTemporal(other) : running.cancel(mode, other))
    held.release()
    const job = await running.end()
    const wrong = wrongIn(job, before)
    if (wrong) return `${name}: ${wrong}`
    return ['cancelled', 'completed'].includes(job.end.status) ? null : `${name}: ended ${job.end.status}`
  })
  return { steps: steps.length, wrong: found.filter((sentence) => sentence !== null) }
}
