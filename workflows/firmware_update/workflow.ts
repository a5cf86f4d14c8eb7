import { type FirmwareDetails, firmwareWish } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { type ServerJobDetails, updateServers } from '../lib/update-servers.js'
import { withJob } from '../lib/with-job.js'

interface Details
  extends ServerJobDetails,
    Omit<FirmwareDetails, 'firmware_source' | 'package_ids' | 'components' | 'exclude_components' | 'min_criticality'> {
  firmware_source: 'local' | 'dell_catalog' | 'url'
  package_id?: string
  fqdd?: string
  apply: 'now' | 'next_reboot'
  skip_not_applicable?: boolean
  scp_backup_first: boolean
  reboot_timeout_minutes: number
}

/** Updates one firmware component on servers and proves the installed version. */
export async function firmwareUpdate(input: JobInput<Details>) {
  const { details } = input
  const wish = firmwareWish(
    {
      ...details,
      firmware_source: 'local',
      package_ids: details.package_id ? [details.package_id] : [],
      exclude_components: [],
      min_criticality: 'optional',
    },
    details,
  )
  wish.selection.firmware_source = details.firmware_source
  wish.selection.skip_not_applicable = details.skip_not_applicable ?? input.targets.length > 1
  if (details.fqdd !== undefined) wish.selection.fqdd = details.fqdd
  return withJob(input, (run) => updateServers(run, wish))
}
