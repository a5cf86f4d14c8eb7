import { z } from 'zod'
import { mayStartJob, type Role, rolesAllowed } from '../../domain/permissions.js'
import { catalog, findJob } from '../../workflows/catalog.js'
import type { JobDefinition } from '../../workflows/define.js'
import { type FieldProblem, fieldProblems, Problem } from '../errors.js'
import { refuseOptions } from './option-rules.js'

const ids = z.array(z.uuid()).max(10_000).default([])

export const targetScope = z.strictObject({
  server_ids: ids,
  server_group_ids: ids,
  host_ids: ids,
  cluster_ids: ids,
  filter: z
    .strictObject({ servers: z.string().max(2000).optional(), hosts: z.string().max(2000).optional() })
    .optional()
    .describe('The query of the list of servers or hosts, resolved when the job is posted'),
  exclude: z.strictObject({ server_ids: ids, host_ids: ids }).optional(),
})
export type TargetScopeOrder = z.output<typeof targetScope>

/** The body of `POST /jobs` around the details of the type. */
export const orderBody = z.strictObject({
  job_type: z.string().max(64),
  target_scope: targetScope.prefault({}),
  details: z.record(z.string(), z.unknown()).default({}),
  dry_run: z.boolean().default(false),
  schedule_at: z.iso.datetime({ offset: true }).nullish(),
  credential_set_ids: z.array(z.uuid()).max(20).default([]),
  maintenance_window_id: z.uuid().nullish(),
})

export interface JobOrder {
  definition: JobDefinition
  target_scope: TargetScopeOrder
  /** Checked, with the defaults filled in. */
  details: Record<string, unknown>
  dry_run: boolean
  schedule_at: string | null
  credential_set_ids: string[]
  maintenance_window_id: string | null
}

/**
 * Checks an order in the order that the specification gives: schema (400), role (403), then what can be said without looking
 * at targets (422).
 */
export function checkOrder(body: z.output<typeof orderBody>, roles: readonly Role[]): JobOrder {
  const definition = findJob(body.job_type)
  if (!definition) throw unknownType(body.job_type)
  const details = parseDetails(definition, body.details)
  if (!mayStartJob(roles, definition.role)) throw forbidden(definition, roles)
  refuseAdminOptions(definition, details, roles)
  refuseOptions(definition, details)
  const schedule_at = body.schedule_at ? new Date(body.schedule_at).toISOString() : null
  const { maintenance_window_id } = body
  if ((schedule_at || maintenance_window_id) && !definition.schedulable) {
    throw new Problem('NotSchedulable', `${definition.job_type} starts at once only.`, {
      errors: [{ pointer: schedule_at ? '/schedule_at' : '/maintenance_window_id', detail: 'not for this job type' }],
    })
  }
  const { target_scope, dry_run, credential_set_ids } = body
  return {
    definition,
    target_scope,
    details,
    dry_run,
    schedule_at,
    credential_set_ids,
    maintenance_window_id: maintenance_window_id ?? null,
  }
}

function unknownType(job_type: string): Problem {
  const detail = `There is no job type ${JSON.stringify(job_type)}.`
  return new Problem('InvalidRequest', detail, {
    errors: [{ pointer: '/job_type', detail: `one of ${Object.keys(catalog).join(', ')}` }],
  })
}

function parseDetails(definition: JobDefinition, details: unknown): Record<string, unknown> {
  const parsed = definition.details.safeParse(details)
  if (parsed.success) return parsed.data as Record<string, unknown>
  const errors = fieldProblems(parsed.error, '/details')
  throw new Problem(
    'InvalidRequest',
    errors
      .map((e) => `${e.pointer}: ${e.detail}`)
      .slice(0, 3)
      .join('; '),
    { errors },
  )
}

function forbidden(definition: JobDefinition, roles: readonly Role[]): Problem {
  const roles_allowed = rolesAllowed(definition.role)
  const detail = `${definition.job_type} needs the role ${roles_allowed.join(' or ')}; you have ${roles.join(' and ')}.`
  return new Problem('Forbidden', detail, { members: { roles_allowed } })
}

/** Options that only an admin may set to something else than their default. */
function refuseAdminOptions(definition: JobDefinition, details: Record<string, unknown>, roles: readonly Role[]): void {
  if (roles.includes('admin')) return
  const errors: FieldProblem[] = usedAdminOptions(definition, details).map((path) => ({
    pointer: `/details/${path.replaceAll('.', '/')}`,
    detail: 'only an admin may use this option',
  }))
  if (errors.length === 0) return
  throw new Problem('Forbidden', `The role admin is needed for ${errors.map((e) => e.pointer).join(', ')}.`, {
    errors,
    members: { roles_allowed: ['admin'] },
  })
}

/** Dotted paths of admin options that are not at their default. */
export function usedAdminOptions(definition: JobDefinition, details: Record<string, unknown>): string[] {
  if (definition.admin_options.length === 0) return []
  const schema: unknown = z.toJSONSchema(definition.details, { io: 'input', unrepresentable: 'any' })
  return definition.admin_options.filter((path) => {
    const value = path.split('.').reduce<unknown>((at, name) => field(at, name), details)
    const preset = field(
      path.split('.').reduce<unknown>((at, name) => field(field(at, 'properties'), name), schema),
      'default',
    )
    return value !== undefined && value !== false && JSON.stringify(value) !== JSON.stringify(preset)
  })
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
