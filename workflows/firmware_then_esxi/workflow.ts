import type { EsxiDetails, FirmwareDetails } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { type HostJobDetails, updateHosts } from '../lib/update-hosts.js'
import { withJob } from '../lib/with-job.js'

/** Firmware first, then ESXi, in one maintenance of the host. */
export async function firmwareThenEsxi(
  input: JobInput<HostJobDetails & { esxi: EsxiDetails; firmware: FirmwareDetails }>,
) {
  const { esxi, firmware } = input.details
  return withJob(input, (run) => updateHosts(run, { parts: ['firmware', 'esxi'], esxi, firmware }))
}
