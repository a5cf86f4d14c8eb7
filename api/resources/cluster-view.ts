import { and, inArray, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/connect.js'
import { type ClusterSafetyCheck, clusterSafetyChecks } from '../../db/schema/checks.js'
import { type Cluster, clusters, type Host, vcenterHosts } from '../../db/schema/hosts.js'
import { deviceLeases } from '../../db/schema/ledger.js'
import { servingBlockers } from '../../domain/serving.js'
import { blocker } from '../../domain/verdict.js'
import { rowSchema } from '../row-schema.js'

const share = z.number().nullable().describe('0–1; null where a figure is unknown')

/** A cluster as it is shown: its row, what is used, which hosts do not serve and why, and the last judgement. */
export const clusterSchema = rowSchema(clusters, [], {
  hosts_serving: z.number().int().describe('Hosts that serve, as far as is known'),
  hosts_out: z.number().int().describe('Hosts that do not serve, or of which it is not known'),
  oldest_facts_at: z.iso
    .datetime()
    .nullable()
    .describe('No fact about the cluster and its hosts is older; null = some were never read'),
  capacity: z.object({
    cpu_used: share,
    memory_used: share,
    cpu_used_after_largest_host: share,
    memory_used_after_largest_host: share,
  }),
  hosts: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      serving: z.boolean(),
      facts_at: z.iso.datetime().nullable().describe('When the facts of the host were read'),
      blocked_by: z
        .array(
          z.object({
            code: z.string(),
            message: z.string(),
            remedy: z.string(),
            target: z.string().optional(),
            data: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .describe('Why it does not serve, or which job holds it (LeaseHeld)'),
    }),
  ),
  last_safety_check: z
    .object({ safe: z.boolean(), blockers: z.array(z.unknown()), job_id: z.uuid().nullable(), checked_at: z.string() })
    .nullable(),
}).meta({ id: 'Cluster' })

/** Adds to clusters what the inventory knows about their hosts. Facts are as old as `facts_at`: a safety check asks vCenter. */
export async function clusterViews(db: Db, rows: readonly Cluster[]) {
  const ids = rows.map((cluster) => cluster.id)
  if (ids.length === 0) return []
  const hosts = await db
    .select()
    .from(vcenterHosts)
    .where(and(inArray(vcenterHosts.cluster_id, ids), isNull(vcenterHosts.removed_at)))
    .orderBy(vcenterHosts.name)
  const holders = await leaseHolders(db, [
    ...ids.map((id) => `cluster:${id}`),
    ...hosts.map((host) => `host:${host.id}`),
  ])
  const checks = await lastChecks(db, ids)
  return rows.map((cluster) => {
    const own = hosts.filter((host) => host.cluster_id === cluster.id)
    const views = own.map((host) => hostView(host, cluster, holders))
    const hosts_serving = views.filter(({ serving }) => serving).length
    return {
      ...cluster,
      hosts_serving,
      hosts_out: views.length - hosts_serving,
      oldest_facts_at: oldest([cluster.facts_at, ...views.map(({ facts_at }) => facts_at)]),
      capacity: capacityOf(cluster, own),
      hosts: views,
      last_safety_check: checkView(checks.get(cluster.id)),
    }
  })
}

async function leaseHolders(db: Db, resources: string[]): Promise<Map<string, string>> {
  const leases = await db.select().from(deviceLeases).where(inArray(deviceLeases.resource, resources))
  return new Map(leases.map((lease) => [lease.resource, lease.owner_job_id]))
}

async function lastChecks(db: Db, ids: string[]): Promise<Map<string, ClusterSafetyCheck>> {
  const c = clusterSafetyChecks
  const rows = await db
    .selectDistinctOn([c.cluster_id])
    .from(c)
    .where(inArray(c.cluster_id, ids))
    .orderBy(c.cluster_id, sql`${c.checked_at} desc`)
  return new Map(rows.flatMap((row) => (row.cluster_id ? [[row.cluster_id, row]] : [])))
}

function hostView(host: Host, cluster: Cluster, holders: ReadonlyMap<string, string>) {
  // Whether it is just entering maintenance is a fact of the moment, which no row holds.
  const why = servingBlockers({ ...host, entering_maintenance: false, vms: null }, cluster.ha_enabled)
  const holder = holders.get(`host:${host.id}`) ?? holders.get(`cluster:${cluster.id}`)
  return {
    id: host.id,
    name: host.name,
    serving: why.length === 0,
    facts_at: host.facts_at,
    blocked_by: [...why, ...(holder ? [heldBy(host, holder)] : [])],
  }
}

const heldBy = (host: Host, job_id: string) =>
  blocker('LeaseHeld', `${host.name}: held by job ${job_id}.`, { target: host.id, data: { job_id } })

/** Times of the same form compare as text. */
const oldest = (times: readonly (string | null)[]): string | null =>
  times.includes(null) ? null : ((times as string[]).sort()[0] ?? null)

function capacityOf(cluster: Cluster, hosts: readonly Host[]) {
  const largest = (column: 'cpu_mhz' | 'memory_mb') =>
    hosts.some((host) => host[column] === null) ? null : Math.max(0, ...hosts.map((host) => host[column] ?? 0))
  const left = (total: number | null, gone: number | null) => (total === null || gone === null ? null : total - gone)
  return {
    cpu_used: part(cluster.cpu_demand_mhz, cluster.cpu_mhz),
    memory_used: part(cluster.memory_used_mb, cluster.memory_mb),
    cpu_used_after_largest_host: part(cluster.cpu_demand_mhz, left(cluster.cpu_mhz, largest('cpu_mhz'))),
    memory_used_after_largest_host: part(cluster.memory_used_mb, left(cluster.memory_mb, largest('memory_mb'))),
  }
}

const part = (used: number | null, of: number | null): number | null =>
  used === null || of === null || of <= 0 ? null : Math.round((used / of) * 1000) / 1000

function checkView(check: ClusterSafetyCheck | undefined) {
  if (!check) return null
  const { safe, blockers, job_id, checked_at } = check
  return { safe, blockers, job_id, checked_at }
}
