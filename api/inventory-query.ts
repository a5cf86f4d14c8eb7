import { z } from 'zod'
import { queryFlag, queryWords } from './list.js'

const text = z.string().min(1).max(255).optional()

/** Filters of `GET /servers`; the same text selects targets in `target_scope.filter.servers`. */
export const serverFilters = {
  q: text.describe('Part of name, service tag, address or model'),
  model: text,
  health_status: queryWords(['OK', 'Warning', 'Critical', 'Unknown']).optional(),
  power_state: queryWords(['On', 'Off', 'PoweringOn', 'PoweringOff', 'Unknown']).optional(),
  generation: queryWords(['idrac7', 'idrac8', 'idrac9', 'idrac10', 'unknown']).optional(),
  credential_state: queryWords(['unknown', 'working', 'rejected', 'missing', 'password_change_required']).optional(),
  site: text,
  label: text,
  service_tag: text,
  ip_address: text,
  cluster_id: z.uuid().optional(),
  linked: queryFlag.optional().describe('Has a vSphere host'),
  removed: queryFlag.optional().describe('Only those that were removed'),
}

/** Filters of `GET /hosts`; also `target_scope.filter.hosts`. */
export const hostFilters = {
  q: text.describe('Part of name, serial number or address'),
  vcenter_id: z.uuid().optional(),
  cluster_id: z.uuid().optional(),
  server_id: z.uuid().optional(),
  connection_state: queryWords(['connected', 'disconnected', 'notResponding']).optional(),
  esxi_version: text,
  in_maintenance_mode: queryFlag.optional(),
  linked: queryFlag.optional().describe('Has a server'),
  removed: queryFlag.optional().describe('Only those that were removed'),
}

/** Turns the text of a filter (`model=PowerEdge R750&health_status=OK`) into its parts; an unknown name is an error. */
export function parseFilterText<Shape extends z.ZodRawShape>(shape: Shape, filter: string) {
  return z.strictObject(shape).safeParse(Object.fromEntries(new URLSearchParams(filter)))
}
