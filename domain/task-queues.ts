/** Kinds of workers. `wf` runs workflows, `core` touches Postgres only; the others speak to devices of one site. */
export const QUEUE_KINDS = ['wf', 'core', 'redfish', 'vsphere', 'ssh', 'transfer'] as const
export type QueueKind = (typeof QUEUE_KINDS)[number]

/** Kinds whose worker must stand in the network of the devices, so each site has queues of its own. */
export const SITE_QUEUE_KINDS = ['redfish', 'vsphere', 'ssh', 'transfer'] as const
export type SiteQueueKind = (typeof SITE_QUEUE_KINDS)[number]

/** Name of a task queue: `wf` and `core` are common, device queues carry the site (`redfish.main`). */
export function taskQueue(kind: 'wf' | 'core'): string
export function taskQueue(kind: QueueKind, site: string): string
export function taskQueue(kind: QueueKind, site?: string): string {
  if (kind === 'wf' || kind === 'core') return kind
  return `${kind}.${site ?? 'main'}`
}

/** All queues that a worker with these roles at this site serves. */
export function queuesOf(roles: readonly QueueKind[], site: string): string[] {
  return roles.map((role) => taskQueue(role, site))
}
