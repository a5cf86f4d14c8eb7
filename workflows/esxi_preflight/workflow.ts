import type { PreflightAnswer } from '../../activities/contracts/esxi.js'
import { type EsxiDetails, esxiWish } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { perTarget } from '../lib/per-target.js'
import { devices } from '../lib/proxies.js'
import type { TaskRun } from '../lib/task-run.js'
import { type JobRun, withJob } from '../lib/with-job.js'

interface Details extends Pick<EsxiDetails, 'upgrade_profile_id' | 'depot_path' | 'depot_image_id' | 'profile_name'> {
  start_ssh: boolean
  run_dry_run: boolean
  concurrency: number
  lease_wait_minutes: number
}

const QUESTION: Omit<EsxiDetails, keyof Details> = {
  flavor: 'standard',
  method: 'update',
  accept_removed_vibs: [],
  stepping_stone_profile_ids: [],
  allow_hardware_warnings: false,
  store_recovery_key: false,
  update_timeout_minutes: 45,
}

/** Asks each host whether an upgrade would work. A blocked host is an answer, not a failure. */
export async function esxiPreflight(input: JobInput<Details>) {
  return withJob(input, async (run) => {
    const wish = await esxiWish({ ...QUESTION, ...input.details }, 45)
    const targets = await perTarget(run, { limit: input.details.concurrency }, (task) =>
      task.step('precheck', 'preflight', `Asking ${task.target.name}.`, 10, async () => {
        const answer = await ask(run, task, wish.selection)
        return { outcome: 'answered', host_id: task.target.id, ...answer }
      }),
    )
    return { targets, ...(input.dry_run ? { plan: { would_start: true, blockers: [], targets } } : {}) }
  })
}

/** The SSH service is borrowed under the lease of the host, so that two jobs never stop it under each other. */
async function ask(
  run: JobRun<Details>,
  task: TaskRun,
  selection: Parameters<Ssh['preflightHost']>[0]['selection'],
): Promise<PreflightAnswer> {
  const { ssh, vsphere, vsphereMutate } = devices(run.input.site)
  const at = { context: task.context, host_id: task.target.id }
  const store = !run.input.dry_run
  const preflight = (ssh_available: boolean) =>
    ssh.preflightHost({
      ...at,
      selection,
      ssh_available,
      run_dry_run: run.input.details.run_dry_run && ssh_available,
      store,
      owner_workflow_id: run.workflow_id,
    })
  const running = (await vsphere.readHost(at)).ssh_running === true
  if (running || run.input.dry_run || !run.input.details.start_ssh) return preflight(running)
  const resource = `host:${task.target.id}`
  await run.lease([resource], run.input.details.lease_wait_minutes, 'starts SSH for a preflight', task)
  try {
    // Inside, because a start whose answer was lost is to be given back too.
    try {
      await vsphereMutate.borrowSsh({ ...at, context: task.context })
      return await preflight(true)
    } finally {
      await vsphereMutate.returnSsh({ ...at, context: task.context })
    }
  } finally {
    await run.release([resource])
  }
}

type Ssh = ReturnType<typeof devices>['ssh']
