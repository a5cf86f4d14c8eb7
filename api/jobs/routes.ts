import { z } from 'zod'
import { listCommands, listJobs, listJobTasks } from '../../db/reads/job-list.js'
import { waitingOfTasks } from '../../db/reads/job-waiting.js'
import { idracCommands, OPERATION_TYPES } from '../../db/schema/audit.js'
import { type Job, jobSteps, jobs, jobTasks } from '../../db/schema/jobs.js'
import { listAttention } from '../../db/stores/attention.js'
import { listSteps } from '../../db/stores/job-steps.js'
import { getJob } from '../../db/stores/jobs.js'
import { type Control, JOB_STATUSES, TASK_STATUSES } from '../../domain/job-status.js'
import { catalog, findJob } from '../../workflows/catalog.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, mapPage, queryFlag, queryWords, recordsQuery, sortedPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { jobTypeSchema, jobTypeView } from './catalog-view.js'
import { pressControl } from './controls.js'
import { createJob } from './create.js'
import { orderBody } from './order.js'
import { streamEvents } from './stream.js'
import { jobSummary, jobView, runningIds, taskView, withWaiting } from './view.js'

const links = z.record(z.string(), z.string())
const waiting_for = z.array(
  z.object({
    code: z.string(),
    message: z.string(),
    since: z.string(),
    until: z.string().optional(),
    data: z.unknown().optional(),
  }),
)
const failure = z
  .object({ code: z.string(), message: z.string(), hint: z.string().optional(), device: z.unknown().optional() })
  .nullable()
const states = { status: z.enum(JOB_STATUSES), waiting_for, error: failure }
export const summarySchema = rowSchema(jobs, ['plan', 'result', 'targets', 'state_seq', 'event_seq'], {
  ...states,
  target_count: z.int(),
  links,
}).meta({ id: 'JobSummary' })
const target = z.object({ kind: z.string().nullable(), id: z.string().nullable(), name: z.string().nullable() })
const attentionSchema = z.object({
  id: z.uuid(),
  target,
  state_left: z.string(),
  code: z.string(),
  message: z.string(),
  next_action: z.string(),
  created_at: z.string(),
})
const jobSchema = rowSchema(jobs, ['plan', 'state_seq', 'event_seq'], {
  ...states,
  result: z.record(z.string(), z.unknown()).nullable(),
  targets: z.array(z.looseObject({ kind: z.string(), id: z.string(), name: z.string() })),
  target_count: z.int(),
  attention: z.array(attentionSchema),
  links,
}).meta({ id: 'Job' })
const taskSchema = rowSchema(jobTasks, ['state_seq'], {
  target,
  status: z.enum(TASK_STATUSES),
  waiting_for,
  error: failure,
}).meta({ id: 'JobTask' })
export const commandSchema = rowSchema(idracCommands, ['chain', 'chain_seq', 'prev_hash', 'hash']).meta({
  id: 'Command',
})
const planSchema = z.object({ plan: z.unknown(), plan_version: z.int(), steps: z.array(rowSchema(jobSteps)) })

const jobTypes = Object.keys(catalog) as [string, ...string[]]
/** Filters of jobs, wherever they are listed. */
export const jobFilters = {
  status: queryWords(JOB_STATUSES).optional(),
  job_type: queryWords(jobTypes).optional(),
  server_id: z.uuid().optional(),
  host_id: z.uuid().optional(),
  cluster_id: z.uuid().optional(),
  created_by: z.uuid().optional(),
  parent_job_id: z.uuid().optional(),
  needs_attention: queryFlag.optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  created_before: z.iso.datetime({ offset: true }).optional(),
}

const time = z.iso.datetime({ offset: true }).optional()

/** Filters of calls to devices, wherever they are listed. */
export const commandFilters = {
  q: z.string().min(1).max(255).optional().describe('Part of the path, the error or the message id'),
  operation_type: z.enum(OPERATION_TYPES).optional(),
  command_type: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'SOAP', 'SSH', 'LDAP']).optional(),
  device_kind: z.string().max(20).optional(),
  outcome: z.string().max(40).optional(),
  status_code: z.coerce.number().int().min(0).max(999).optional(),
  success: queryFlag.optional(),
  request_id: z.string().max(100).optional(),
  after: time,
  before: time,
}

/** `/jobs` and everything below it, `/job-types`, `/events`. */
export function jobRoutes(services: Services): Route[] {
  return [...catalogRoutes(), ...orderRoutes(services), ...partRoutes(services), ...controlRoutes(services)]
}

function catalogRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/job-types',
      permission: 'signed_in',
      summary: 'The catalogue of job types',
      query: listQuery(['job_type'], { family: z.string().max(40).optional() }),
      output: listOutput(jobTypeSchema),
      handler: async ({ query }) => {
        const all = Object.values(catalog).filter((d) => !query.family || d.family === query.family)
        return { body: sortedPage(all.map(jobTypeView), query, (type) => type.job_type) }
      },
    }),
    route({
      method: 'GET',
      path: '/job-types/:job_type',
      permission: 'signed_in',
      summary: 'One job type with the JSON Schema of its details and result',
      params: z.strictObject({ job_type: z.string().max(64) }),
      output: jobTypeSchema,
      handler: async ({ params }) => {
        const definition = findJob(params.job_type)
        if (!definition) throw new Problem('NotFound', 'There is no such job type.')
        return { body: jobTypeView(definition) }
      },
    }),
  ]
}

function orderRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'POST',
      path: '/jobs',
      permission: 'signed_in',
      summary: 'Orders a job; details and targets are those of its job type',
      body: orderBody,
      output: jobSchema,
      status: 202,
      handler: (context) => createJob(services, context),
    }),
    route({
      method: 'GET',
      path: '/jobs',
      permission: 'signed_in',
      summary: 'Jobs, newest first',
      query: recordsQuery('created_at', jobFilters),
      output: listOutput(summarySchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, ...filter } = query
        const page = await listJobs(db, filter, { limit, cursor, count, descending: sortOf(sort).descending })
        const waiting = await waitingOfTasks(db, runningIds(page.items))
        return { body: mapPage(page, (job) => jobSummary(withWaiting(job, waiting), services.config.temporal)) }
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/:id',
      permission: 'signed_in',
      summary: 'One job with its result and attention entries',
      params: idParams,
      output: jobSchema,
      handler: async ({ params }) => {
        const job = await mustGetJob(services, params.id)
        const shown = withWaiting(job, await waitingOfTasks(db, runningIds([job])))
        return { body: jobView(shown, await listAttention(db, job.id), services.config.temporal), version: job.version }
      },
    }),
  ]
}

function partRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/jobs/:id/tasks',
      permission: 'signed_in',
      summary: 'One row per target: status, progress, phase, why it waits, error, log lines',
      params: idParams,
      query: listQuery(['position'], { status: queryWords(TASK_STATUSES).optional() }),
      output: listOutput(taskSchema),
      handler: async ({ params, query }) => {
        await mustGetJob(services, params.id)
        const { sort, ...page } = query
        const { descending } = sortOf(sort)
        return { body: mapPage(await listJobTasks(db, params.id, { ...page, descending }), taskView) }
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/:id/commands',
      permission: 'signed_in',
      summary: 'The audit of device calls made for this job',
      params: idParams,
      query: recordsQuery('timestamp', commandFilters),
      output: listOutput(commandSchema),
      handler: async ({ params, query }) => {
        await mustGetJob(services, params.id)
        const { limit, cursor, count, sort, ...filter } = query
        const page = await listCommands(
          db,
          { ...filter, job_id: params.id },
          { limit, cursor, count, descending: sortOf(sort).descending },
        )
        return { body: mapPage(page, commandView) }
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/:id/plan',
      permission: 'signed_in',
      summary: 'Order of hosts, steps, reboots, blockers, as planned now, and the steps done',
      params: idParams,
      output: planSchema,
      handler: async ({ params }) => {
        const { plan, plan_version, result } = await mustGetJob(services, params.id)
        return { body: { plan: plan ?? result?.plan ?? null, plan_version, steps: await listSteps(db, params.id) } }
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/:id/events',
      permission: 'signed_in',
      summary: 'Server-Sent Events of this job from its first event; Last-Event-ID resumes',
      params: idParams,
      output: null,
      raw: true,
      handler: async ({ params, req, res, user }) => {
        await mustGetJob(services, params.id)
        await streamEvents(services, req, res, params.id, user)
        return {}
      },
    }),
    route({
      method: 'GET',
      path: '/events',
      permission: 'signed_in',
      summary: 'Server-Sent Events of everything from now on; Last-Event-ID resumes',
      output: null,
      raw: true,
      handler: async ({ req, res, user }) => {
        await streamEvents(services, req, res, null, user)
        return {}
      },
    }),
  ]
}

function controlRoutes(services: Services): Route[] {
  const line = <Body extends z.ZodType>(control: Control, body: Body, summary: string) =>
    route({
      method: 'POST',
      path: `/jobs/:id/${control}`,
      permission: 'operator',
      summary,
      params: idParams,
      body,
      output: jobSchema,
      status: 200,
      handler: (context) => pressControl(services, control, context as Parameters<typeof pressControl>[2]),
    })
  const nothing = z.strictObject({})
  const mode = z.strictObject({ mode: z.enum(['graceful', 'abort']).default('graceful') })
  return [
    line('pause', nothing, 'Pauses at the next safe point'),
    line('resume', nothing, 'Goes on'),
    line('cancel', mode, 'Stops: graceful finishes the targets in work, abort stops them at their next safe point'),
    line('skip', z.strictObject({ target_id: z.string().max(200) }), 'Leaves out a target that has not begun or waits'),
    line(
      'retry',
      z.strictObject({ target_id: z.string().max(200).optional() }),
      'Puts failed targets back into the queue',
    ),
    line('acknowledge', nothing, "Closes the job's attention entries with the caller's name"),
  ]
}

/** A command without the columns of the chain. */
export function commandView({
  chain: _c,
  chain_seq: _s,
  prev_hash: _p,
  hash: _h,
  ...shown
}: typeof idracCommands.$inferSelect) {
  return shown
}

async function mustGetJob(services: Services, id: string): Promise<Job> {
  const job = await getJob(services.database.db, id)
  if (!job) throw new Problem('NotFound', 'There is no such job.')
  return job
}
