import { arrayContains, eq, ilike, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { vcenterHosts } from '../schema/hosts.js'
import { servers } from '../schema/servers.js'

/** Filters of the list of servers; the same language selects the targets of a job. */
export interface ServerFilter {
  q?: string | undefined
  model?: string | undefined
  health_status?: string[] | undefined
  power_state?: string[] | undefined
  generation?: string[] | undefined
  credential_state?: string[] | undefined
  site?: string | undefined
  label?: string | undefined
  service_tag?: string | undefined
  ip_address?: string | undefined
  cluster_id?: string | undefined
  linked?: boolean | undefined
  removed?: boolean | undefined
}

/** Filters of the list of hosts. */
export interface HostFilter {
  q?: string | undefined
  vcenter_id?: string | undefined
  cluster_id?: string | undefined
  server_id?: string | undefined
  connection_state?: string[] | undefined
  esxi_version?: string | undefined
  in_maintenance_mode?: boolean | undefined
  linked?: boolean | undefined
  removed?: boolean | undefined
}

/** The pattern of a text that stands anywhere in a column. */
export const contains = (text: string) => `%${text.replace(/[\\%_]/g, (mark) => `\\${mark}`)}%`

/** Conditions of a filter; removed servers are left out unless asked for. */
export function serverConditions(filter: ServerFilter): (SQL | undefined)[] {
  const s = servers
  return [
    filter.removed ? isNotNull(s.removed_at) : isNull(s.removed_at),
    filter.q
      ? or(
          ilike(s.hostname, contains(filter.q)),
          ilike(s.service_tag, contains(filter.q)),
          ilike(s.ip_address, contains(filter.q)),
          ilike(s.model, contains(filter.q)),
        )
      : undefined,
    filter.model ? ilike(s.model, contains(filter.model)) : undefined,
    filter.health_status ? inArray(s.health_status, filter.health_status) : undefined,
    filter.power_state ? inArray(s.power_state, filter.power_state) : undefined,
    filter.generation ? inArray(s.generation, filter.generation) : undefined,
    filter.credential_state ? inArray(s.credential_state, filter.credential_state) : undefined,
    filter.site ? eq(s.site, filter.site) : undefined,
    filter.label ? arrayContains(s.labels, [filter.label]) : undefined,
    filter.service_tag ? eq(s.service_tag, filter.service_tag.toUpperCase()) : undefined,
    filter.ip_address ? eq(s.ip_address, filter.ip_address) : undefined,
    filter.cluster_id
      ? sql`${s.vcenter_host_id} in (select id from vcenter_hosts where cluster_id = ${filter.cluster_id} and removed_at is null)`
      : undefined,
    linkedCondition(s.vcenter_host_id, filter.linked),
  ]
}

/** Conditions of a filter; removed hosts are left out unless asked for. */
export function hostConditions(filter: HostFilter): (SQL | undefined)[] {
  const h = vcenterHosts
  return [
    filter.removed ? isNotNull(h.removed_at) : isNull(h.removed_at),
    filter.q
      ? or(
          ilike(h.name, contains(filter.q)),
          ilike(h.serial_number, contains(filter.q)),
          ilike(h.ip_address, contains(filter.q)),
        )
      : undefined,
    filter.vcenter_id ? eq(h.vcenter_id, filter.vcenter_id) : undefined,
    filter.cluster_id ? eq(h.cluster_id, filter.cluster_id) : undefined,
    filter.server_id ? eq(h.server_id, filter.server_id) : undefined,
    filter.connection_state ? inArray(h.connection_state, filter.connection_state) : undefined,
    filter.esxi_version ? eq(h.esxi_version, filter.esxi_version) : undefined,
    filter.in_maintenance_mode === undefined ? undefined : eq(h.in_maintenance_mode, filter.in_maintenance_mode),
    linkedCondition(h.server_id, filter.linked),
  ]
}

function linkedCondition(
  column: typeof servers.vcenter_host_id | typeof vcenterHosts.server_id,
  linked: boolean | undefined,
) {
  if (linked === undefined) return undefined
  return linked ? isNotNull(column) : isNull(column)
}
