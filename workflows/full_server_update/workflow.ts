import { type FirmwareDetails, firmwareWish } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { type ServerJobDetails, updateServers } from '../lib/update-servers.js'
import { withJob } from '../lib/with-job.js'

type Details = ServerJobDetails &
  FirmwareDetails & {
    apply: 'now' | 'next_reboot'
    missing_files: 'fail' | 'skip'
    scp_backup_first: boolean
    reboot_timeout_minutes: number
  }

/** Brings all firmware of servers to the packages or catalog given, with as few reboots as possible. */
export async function fullServerUpdate(input: JobInput<Details>) {
  const wish = firmwareWish(input.details, input.details)
  wish.selection.missing_files = input.details.missing_files
  return withJob(input, (run) => updateServers(run, wish))
}
