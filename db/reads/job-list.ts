import { and, eq, gte, ilike, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { Page } from '../paging.js'
import { idracCommands } from '../schema/audit.js'
import { type Job, type JobTask, jobs, jobTasks } from '../schema/jobs.js'
import { familyOf } from '../stores/job-events.js'
import { contains } from './inventory-filters.js'
import { listRows } from './list-rows.js'

export interface JobFilter {
  status?: Job['status'][] | undefined
  job_type?: string[] | undefined
  server_id?: string | undefined
  host_id?: string | undefined
  cluster_id?: string | undefined
  created_by?: string | undefined
  parent_job_id?: string | undefined
  needs_attention?: boolean | undefined
  created_after?: string | undefined
  created_before?: string | undefined
}

export interface PageOf {
  limit: number
  cursor?: string | undefined
  count?: boolean | undefined
}

/** Jobs, newest first unless asked otherwise. */
export function listJobs(
  db: Db,
  filter: JobFilter,
  page: PageOf & { descending?: boolean },
): Promise<Page<Job> & { total?: number }> {
  const sort = {
    expression: sql`${jobs.created_at}`,
    type: 'timestamptz',
    descending: page.descending ?? true,
  } as const
  return listRows(db, { table: jobs, id: sql`${jobs.id}`, where: jobConditions(filter), sort, ...page })
}

/** Targets carry the ids that they stand for, so one containment test finds a job by server, host or cluster. */
function jobConditions(filter: JobFilter): (SQL | undefined)[] {
  const touches = (name: 'server_id' | 'host_id' | 'cluster_id', kind: string, id: string | undefined) =>
    id
      ? sql`(${jobs.targets} @> ${JSON.stringify([{ [name]: id }])}::jsonb or ${jobs.targets} @> ${JSON.stringify([{ kind, id }])}::jsonb)`
      : undefined
  return [
    filter.status ? inArray(jobs.status, filter.status) : undefined,
    filter.job_type ? inArray(jobs.job_type, filter.job_type) : undefined,
    touches('server_id', 'server', filter.server_id),
    touches('host_id', 'host', filter.host_id),
    touches('cluster_id', 'cluster', filter.cluster_id),
    filter.created_by ? eq(jobs.created_by, filter.created_by) : undefined,
    filter.parent_job_id ? eq(jobs.parent_job_id, filter.parent_job_id) : undefined,
    filter.needs_attention === undefined ? undefined : eq(jobs.needs_attention, filter.needs_attention),
    filter.created_after ? gte(jobs.created_at, filter.created_after) : undefined,
    filter.created_before ? lt(jobs.created_at, filter.created_before) : undefined,
  ]
}

/** Targets of a job and of its child jobs, in the order of work. */
export function listJobTasks(
  db: Db,
  job_id: string,
  page: PageOf & { status?: JobTask['status'][] | undefined; descending?: boolean },
) {
  const { status, descending = false, ...rest } = page
  return listRows(db, {
    table: jobTasks,
    id: sql`${jobTasks.id}`,
    where: [inArray(jobTasks.job_id, familyOf(db, job_id)), status ? inArray(jobTasks.status, status) : undefined],
    sort: { expression: sql`${jobTasks.position}`, type: 'integer', descending },
    ...rest,
  })
}

export interface CommandFilter {
  job_id?: string | undefined
  server_id?: string | undefined
  vcenter_host_id?: string | undefined
  operation_type?: string | undefined
  command_type?: string | undefined
  device_kind?: string | undefined
  outcome?: string | undefined
  status_code?: number | undefined
  /** Part of the path, the error or the message id. */
  q?: string | undefined
  success?: boolean | undefined
  request_id?: string | undefined
  after?: string | undefined
  before?: string | undefined
}

function searched(text: string): SQL | undefined {
  const c = idracCommands
  const part = contains(text)
  return or(ilike(c.endpoint, part), ilike(c.error_message, part), ilike(c.message_id, part))
}

/** Calls to devices, newest first; those of a job include the ones of its child jobs. */
export function listCommands(db: Db, filter: CommandFilter, page: PageOf & { descending?: boolean }) {
  const c = idracCommands
  return listRows(db, {
    table: c,
    id: sql`${c.id}`,
    where: [
      and(
        filter.job_id ? inArray(c.job_id, familyOf(db, filter.job_id)) : undefined,
        filter.server_id ? eq(c.server_id, filter.server_id) : undefined,
        filter.vcenter_host_id ? eq(c.vcenter_host_id, filter.vcenter_host_id) : undefined,
        filter.operation_type ? sql`${c.operation_type} = ${filter.operation_type}` : undefined,
        filter.command_type ? eq(c.command_type, filter.command_type) : undefined,
        filter.device_kind ? sql`${c.device_kind} = ${filter.device_kind}` : undefined,
        filter.outcome ? sql`${c.outcome} = ${filter.outcome}` : undefined,
        filter.status_code === undefined ? undefined : eq(c.status_code, filter.status_code),
        filter.q ? searched(filter.q) : undefined,
        filter.success === undefined ? undefined : eq(c.success, filter.success),
        filter.request_id ? eq(c.request_id, filter.request_id) : undefined,
        filter.after ? gte(c.timestamp, filter.after) : undefined,
        filter.before ? lt(c.timestamp, filter.before) : undefined,
      ),
    ],
    sort: { expression: sql`${c.timestamp}`, type: 'timestamptz', descending: page.descending ?? true },
    limit: page.limit,
    cursor: page.cursor,
    count: page.count,
  })
}
