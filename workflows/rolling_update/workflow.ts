import { failure } from '../lib/failure.js'
import type { JobInput, Target, TargetResult } from '../lib/job-input.js'
import { type JobAnswer, type JobRun, withJob } from '../lib/with-job.js'
import { runChildJobs } from './child-jobs.js'
import { RollingCluster } from './rolling-cluster.js'
import type { RollingDetails } from './rolling-details.js'

/**
 * Updates the hosts of clusters one after the other. One cluster is rolled here; several become one child job each, so
 * that each has its own rows, lease and controls.
 */
export async function rollingUpdate(input: JobInput<RollingDetails>) {
  return withJob(input, (run) => {
    const clusters = clustersOf(input.targets)
    if (clusters.length > 1) return runChildJobs(run, clusters)
    return rollOne(run, clusters[0])
  })
}

async function rollOne(
  run: JobRun<RollingDetails>,
  cluster: { cluster_id: string; targets: Target[] } | undefined,
): Promise<JobAnswer> {
  if (!cluster) throw failure('EmptyTarget', 'No host is left to be updated.')
  const rolling = new RollingCluster(run, cluster.cluster_id)
  const answer = await rolling.roll()
  return { ...answer, hosts: answer.targets.map(hostEntry) }
}

const hostEntry = (result: TargetResult) => ({ host: result.target.name, ...result })

/** The targets by cluster, in the order in which they were given. */
function clustersOf(targets: Target[]): { cluster_id: string; targets: Target[] }[] {
  const clusters = new Map<string, Target[]>()
  for (const target of targets) {
    if (!target.cluster_id) throw failure('NotInCluster', `${target.name} is in no cluster.`)
    clusters.set(target.cluster_id, [...(clusters.get(target.cluster_id) ?? []), target])
  }
  return [...clusters].map(([cluster_id, hosts]) => ({ cluster_id, targets: hosts }))
}
