import type { ClusterFacts } from '../../domain/cluster-facts.js'
import type {
  RollingDecision,
  RollingFacts,
  RollingHost,
  RollingHostState,
  RollingPolicy,
  RollingProgress,
} from '../../domain/rolling-types.js'
import { policy } from './cluster-fixture.js'

export const rollingHost = (id: string, changes: Partial<RollingHost> = {}): RollingHost => ({
  id,
  name: `esx-${id}`,
  work: 'update',
  needs_maintenance: true,
  found_in_maintenance: false,
  carries_vcenter: false,
  blockers: [],
  estimate_minutes: 90,
  ...changes,
})

export const rollingPolicy = (changes: Partial<RollingPolicy> = {}): RollingPolicy => ({
  safety: policy(),
  on_failure: 'stop',
  failed_hosts_tolerance: 0,
  host_order: [],
  canary_hosts: 0,
  pause_after_canary: false,
  hosts_found_in_maintenance: 'keep',
  on_blocked: 'wait',
  ...changes,
})

export const rollingFacts = (
  cluster: ClusterFacts,
  changes: Record<string, Partial<RollingHost>> = {},
): RollingFacts => ({
  cluster,
  hosts: (cluster.hosts ?? []).map((host) => rollingHost(host.id, changes[host.id])),
})

export const progressOf = (
  states: Record<string, RollingHostState>,
  changes: Partial<RollingProgress> = {},
): RollingProgress => ({
  hosts: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, { state }])),
  retry_queue: [],
  ...changes,
})

/** The decision in one short text, for tables. */
export function inShort(decision: RollingDecision): string {
  switch (decision.type) {
    case 'step':
      return `step ${decision.hosts.map((host) => `${host.host_id}:${host.action}`).join(' ')}`
    case 'wait':
      return `wait for ${decision.hosts_in_work.join(' ')}`
    case 'blocked':
      return `blocked ${[...new Set(decision.blockers.map((entry) => entry.code))].sort().join(' ')}`
    case 'pause':
      return `pause ${decision.reason.code}`
    case 'failed':
      return `failed ${decision.code.code}, not started ${decision.not_started.join(' ')}`
    default:
      return 'done'
  }
}
