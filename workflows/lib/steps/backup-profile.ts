import type { KeptProfile } from '../../../activities/contracts/profile.js'
import { devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'

/** Keeps the configuration profile of a server before its first change. Needs the lease of the server. */
export function backupProfile(task: TaskRun, server_id: string): Promise<KeptProfile> {
  const { redfishWait } = devices(task.input.site)
  const note = `Keeping the configuration profile of ${task.target.name}.`
  return task.step('backup', 'scp_backup', note, 12, () =>
    redfishWait.backupProfile({ context: task.context, server_id }),
  )
}
