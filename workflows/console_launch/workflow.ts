import type { ConsoleType } from '../../domain/console-access.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget, type TargetAnswer } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details {
  type: ConsoleType
}

/** The ticket itself never comes here: only the name under which the person who asked can take it, once. */
interface Opened {
  ticket_ref: string
  type: ConsoleType
  expires_at: string
}

/** Gets a ticket for the console of one server. A cancel, at whatever moment, takes the ticket away again. */
export async function consoleLaunch(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    let opened: Opened | undefined
    let plan: unknown
    const targets = await perTarget(run, { limit: 1 }, async (task): Promise<TargetAnswer> => {
      const { type, why } = await check(run, task)
      const reason = why === null ? {} : { why }
      if (input.dry_run) {
        plan = { would_start: true, blockers: [], type, ...reason }
        return { outcome: 'answered', type, ...reason }
      }
      run.controls.throwIfCancelled()
      opened = await open(run, task, type)
      run.controls.throwIfCancelled()
      return { outcome: 'answered', type, expires_at: opened.expires_at, ...reason }
    })
    const answered = targets.every((target) => target.outcome === 'answered')
    return { targets, ...(answered ? opened : {}), ...(plan === undefined ? {} : { plan }) }
  })
}

function check(run: JobRun<Details>, task: TaskRun) {
  const { redfish } = devices(run.input.site)
  const { details } = run.input
  return task.step('precheck', 'console:check', `Asking ${task.target.name} for its console.`, 20, () =>
    redfish.checkConsole({ context: task.context, server_id: task.target.id, type: details.type }),
  )
}

/** A lost answer is asked for again: the ticket that nobody got dies by itself. */
function open(run: JobRun<Details>, task: TaskRun, type: ConsoleType): Promise<Opened> {
  const { redfish } = devices(run.input.site)
  const { requested_by } = run.input
  return task.step('stage', 'console:open', `Opening the console of ${task.target.name}.`, 60, () =>
    redfish.openConsole({ context: task.context, server_id: task.target.id, type, requested_by }),
  )
}
