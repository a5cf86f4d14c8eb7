import { z } from 'zod'
import type { JobDefinition } from '../../workflows/define.js'

export const jobTypeSchema = z
  .looseObject({
    job_type: z.string(),
    title: z.string(),
    summary: z.string(),
    family: z.string(),
    role: z.enum(['operator', 'admin']),
    risk: z.enum(['read', 'change', 'disruptive']),
    target_scope: z.array(z.string()),
    task_target: z.string().describe('What its tasks stand for'),
    via_host: z.boolean().describe('Servers are also found through their hosts and clusters'),
    most_targets: z.int().nullable(),
    one_host_per_cluster: z.boolean(),
    needs_linked_server: z.boolean(),
    controls: z.array(z.string()),
    schedulable: z.boolean(),
    instant: z.boolean(),
    admin_options: z.array(z.string()),
    details_schema: z.record(z.string(), z.unknown()),
    result_schema: z.record(z.string(), z.unknown()),
    example: z
      .object({ target_scope: z.record(z.string(), z.array(z.string())), details: z.record(z.string(), z.unknown()) })
      .describe('An order to start from'),
  })
  .meta({ id: 'JobType' })

const schemas = new Map<string, { details_schema: object; result_schema: object }>()

/** A job type as the catalogue shows it; the schemas are those that an order is checked with. */
export function jobTypeView(definition: JobDefinition) {
  const { job_type, details, result, ...shown } = definition
  const known = schemas.get(job_type) ?? {
    details_schema: z.toJSONSchema(details, { io: 'input', unrepresentable: 'any' }),
    result_schema: z.toJSONSchema(result, { io: 'output', unrepresentable: 'any' }),
  }
  schemas.set(job_type, known)
  const scope: string[] = [...definition.target_scope]
  if (definition.via_host) scope.push(...['host_ids', 'cluster_ids'].filter((key) => !scope.includes(key)))
  return { job_type, ...shown, target_scope: scope, controls: [...definition.controls, 'acknowledge'], ...known }
}
