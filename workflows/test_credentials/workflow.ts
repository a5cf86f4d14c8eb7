import type { CredentialPlan, Device, Tried } from '../../activities/contracts/credentials.js'
import {
  type Attempt,
  attemptOf,
  budgetSeconds,
  judgeTest,
  type TestedCandidate,
} from '../../domain/credential-test.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { core, devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  mode: 'first_working' | 'all'
  assign: boolean
  replace_explicit: boolean
  concurrency: number
}

/** What is left untried after so much waiting for a device's login budget is answered as such. */
const LONGEST_BUDGET_WAIT_MS = 2 * 60 * 60_000

/** Tries credentials at each device, one after the other, never more than the device bears. */
export async function testCredentials(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) => testOne(run, task))
    return { targets, ...(input.dry_run ? { plan: { would_start: true, blockers: [] } } : {}) }
  })
}

async function testOne(run: JobRun<Details>, task: TaskRun): Promise<TargetAnswer> {
  const { target, context } = task
  const device: Device = { kind: target.kind === 'host' ? 'host' : 'server', id: target.id }
  const plan = await task.step('precheck', 'credentials', `Looking up credentials for ${target.name}.`, 10, () =>
    core.planCredentials({ context, device }),
  )
  if (run.input.dry_run) return wouldTry(plan, device)
  const attempts = await task.step('precheck', 'logins', `Trying credentials at ${target.name}.`, 30, () =>
    tryAll(run, task, device, plan.candidates),
  )
  const { working, assign_set_id } = judgeTest(attempts, plan.explicit_set_id, run.input.details)
  const { requested_by } = run.input
  const { chosen } = plan
  await task.step('verify', 'save', `Noting what opens ${target.name}.`, 90, () =>
    core.saveCredentialTest({ context, device, attempts, chosen, assign_set_id, requested_by }),
  )
  return {
    outcome: 'answered',
    working_set_id: working?.set_id ?? null,
    source: working?.source ?? null,
    assigned: assign_set_id !== null,
    tried: attempts,
    ...(plan.skipped.length > 0 ? { skipped: plan.skipped } : {}),
  }
}

function wouldTry({ candidates, skipped }: CredentialPlan, { kind }: Device): TargetAnswer {
  const would_try = candidates.map(({ set_id, source, name, why }) => ({ set_id, source, name, why }))
  const lasts_seconds = budgetSeconds(candidates, kind === 'host' ? 'esxi' : 'idrac')
  return { outcome: 'answered', would_try, skipped, lasts_seconds }
}

async function tryAll(
  run: JobRun<Details>,
  task: TaskRun,
  device: Device,
  candidates: TestedCandidate[],
): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  const patience = { left_ms: LONGEST_BUDGET_WAIT_MS }
  for (const candidate of candidates) {
    run.controls.throwIfCancelled()
    const twin = candidate.same_as === null ? undefined : attempts[candidate.same_as]
    const outcome = twin?.outcome ?? (await tryOne(run, task, device, candidate, patience))
    attempts.push(attemptOf(candidate, outcome))
    if (outcome === 'ok' && run.input.details.mode === 'first_working') break
  }
  return attempts
}

/** One attempt; before it as much waiting as the device's budget asks for. */
async function tryOne(
  run: JobRun<Details>,
  task: TaskRun,
  device: Device,
  candidate: TestedCandidate,
  patience: { left_ms: number },
): Promise<Attempt['outcome']> {
  for (;;) {
    const tried = await send(run, task, device, candidate)
    if (tried.outcome !== 'not_tried_budget') return tried.outcome
    const wait_ms = Math.max(MIN_WAIT_MS, tried.retry_ms)
    if (wait_ms > patience.left_ms) return tried.outcome
    patience.left_ms -= wait_ms
    await waitForBudget(run, task, wait_ms)
  }
}

const MIN_WAIT_MS = 250

async function waitForBudget(run: JobRun<Details>, task: TaskRun, wait_ms: number): Promise<void> {
  const end = Date.now() + wait_ms
  const until = new Date(end).toISOString()
  const message = `Waiting until ${until} before another login at ${task.target.name}, so that it does not lock.`
  await task.wait([{ code: 'LoginBudget', message, since: new Date().toISOString(), until }])
  while (Date.now() < end) {
    run.controls.throwIfCancelled()
    await run.controls.pressedWithin(end - Date.now())
  }
  await task.wait([])
}

function send(run: JobRun<Details>, task: TaskRun, device: Device, candidate: TestedCandidate): Promise<Tried> {
  const { redfish, ssh } = devices(run.input.site)
  const { context } = task
  const { set_id, source } = candidate
  const asked = { context, candidate: { set_id, source } }
  return device.kind === 'host'
    ? ssh.tryHostCredential({ ...asked, host_id: device.id })
    : redfish.tryServerCredential({ ...asked, server_id: device.id })
}
