import { type FirmwareDetails, type FirmwareWish, firmwareWish } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { devices } from '../lib/proxies.js'
import { type ServerJobDetails, updateServers } from '../lib/update-servers.js'
import { withJob } from '../lib/with-job.js'

interface Details
  extends ServerJobDetails,
    Omit<FirmwareDetails, 'firmware_source' | 'package_ids' | 'components' | 'exclude_components' | 'min_criticality'> {
  firmware_source: 'local' | 'dell_catalog' | 'url'
  package_id?: string
  component?: string
  url?: string
  sha256?: string
  fqdd?: string
  apply: 'now' | 'next_reboot'
  skip_not_applicable?: boolean
  scp_backup_first: boolean
  reboot_timeout_minutes: number
}

/** Updates one firmware component on servers and proves the installed version. */
export async function firmwareUpdate(input: JobInput<Details>) {
  const wish = wishOf(input)
  return withJob(input, async (run) => {
    if (input.details.firmware_source === 'url') await takeFromUrl(input, wish)
    return updateServers(run, wish)
  })
}

function wishOf({ details, targets }: JobInput<Details>): FirmwareWish {
  const { firmware_source, package_id, component, fqdd } = details
  const wish = firmwareWish(
    {
      ...details,
      firmware_source: 'local',
      ...(firmware_source === 'dell_catalog' ? {} : { package_ids: package_id ? [package_id] : [] }),
      exclude_components: [],
      min_criticality: 'optional',
    },
    details,
  )
  wish.selection.firmware_source = firmware_source
  wish.selection.skip_not_applicable = details.skip_not_applicable ?? targets.length > 1
  if (fqdd !== undefined) wish.selection.fqdd = fqdd
  if (firmware_source === 'dell_catalog' && component !== undefined) wish.selection.component = component
  return wish
}

/** Once for all targets; a dry run only looks at the file. */
async function takeFromUrl({ site, details, dry_run }: JobInput<Details>, { selection }: FirmwareWish): Promise<void> {
  const { package_id, facts } = await devices(site).transfer.fetchUrlPackage({
    url: details.url ?? '',
    sha256: details.sha256?.toLowerCase() ?? null,
    keep: !dry_run,
  })
  selection.package_ids = [package_id ?? facts.id]
  if (package_id === null) selection.offered = [facts]
}
