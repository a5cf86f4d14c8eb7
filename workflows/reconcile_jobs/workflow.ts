import { core } from '../lib/proxies.js'

/** Internal, on a schedule: repairs the gap between job rows and workflows. */
export async function reconcileJobs() {
  return core.reconcileJobs({})
}
