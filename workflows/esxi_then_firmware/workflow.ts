import type { EsxiDetails, FirmwareDetails } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { type HostJobDetails, updateHosts } from '../lib/update-hosts.js'
import { withJob } from '../lib/with-job.js'

/** ESXi first, then firmware, in one maintenance of the host. */
export async function esxiThenFirmware(
  input: JobInput<HostJobDetails & { esxi: EsxiDetails; firmware: FirmwareDetails }>,
) {
  const { esxi, firmware } = input.details
  return withJob(input, (run) => updateHosts(run, { parts: ['esxi', 'firmware'], esxi, firmware }))
}
