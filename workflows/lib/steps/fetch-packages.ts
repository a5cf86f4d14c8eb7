import type { FirmwareSelection } from '../../../activities/contracts/firmware.js'
import type { UnplannedUpdate, UpdatePlan } from '../../../domain/update-plan-types.js'
import { failure, jobErrorOf } from '../failure.js'
import { devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'

/** Codes that say that the file is not to be had; a wrong checksum is none of them. */
const ABSENT: readonly string[] = ['PackageNotFound', 'UrlUnreachable', 'UrlRefused']

/**
 * Fetches what the plan takes from a catalogue and what is not in our store yet, and puts the ids of the store into the
 * plan. Done before the host is touched: a file that is missing or has a wrong checksum ends the work with nothing sent.
 * With `missing_files: skip` a file that is not to be had is left out, unless another step needs it first.
 */
export async function fetchPackages(
  task: TaskRun,
  plan: UpdatePlan,
  selection: FirmwareSelection,
): Promise<UpdatePlan> {
  const wanted = plan.phases.flatMap((phase) => phase.updates.map((update) => ({ update, kind: phase.kind })))
  const absent = wanted.filter(({ update }) => update.catalog_entry_id !== undefined)
  if (absent.length === 0) return plan
  const ids = new Map<string, string>()
  const left_out: UnplannedUpdate[] = []
  const { transfer } = devices(task.input.site)
  await task.step('stage', 'fetch:firmware', `Fetching ${absent.length} package(s) into the store.`, 10, async () => {
    for (const { update, kind } of absent) {
      try {
        const { package_id } = await transfer.fetchPackage({ catalog_entry_id: update.catalog_entry_id as string })
        ids.set(update.package_id, package_id)
      } catch (thrown) {
        const { code, message } = jobErrorOf(thrown)
        const skip = selection.missing_files === 'skip' && kind !== 'prerequisite' && ABSENT.includes(code)
        if (!ABSENT.includes(code)) throw thrown
        if (!skip) throw failure('PackageNotFound', `${update.filename} cannot be had: ${message}`, { cause: code })
        left_out.push({
          component: update.component,
          name: update.name,
          fqdd: update.fqdds[0] ?? null,
          installed: update.from[0] ?? '',
          offered: update.to,
          why: 'missing_file',
          message,
        })
      }
    }
  })
  const phases = plan.phases.map((phase) => ({
    ...phase,
    updates: phase.updates.flatMap(({ catalog_entry_id, ...update }) => {
      if (catalog_entry_id === undefined) return [update]
      const package_id = ids.get(update.package_id)
      return package_id === undefined ? [] : [{ ...update, package_id }]
    }),
  }))
  return {
    ...plan,
    phases: phases.filter((phase) => phase.updates.length > 0),
    left_out: [...plan.left_out, ...left_out],
  }
}
