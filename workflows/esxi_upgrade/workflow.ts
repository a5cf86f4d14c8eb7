import type { EsxiDetails } from '../lib/host-plan.js'
import type { JobInput } from '../lib/job-input.js'
import { type HostJobDetails, updateHosts } from '../lib/update-hosts.js'
import { withJob } from '../lib/with-job.js'

/** Upgrades ESXi on each host and proves the new build. */
export async function esxiUpgrade(input: JobInput<HostJobDetails & EsxiDetails>) {
  return withJob(input, (run) => updateHosts(run, { parts: ['esxi'], esxi: input.details }))
}
