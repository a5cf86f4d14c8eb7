import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.js'
import type { Printer } from '../output/print.js'
import { blockLines, type Column, tableLines } from '../output/table.js'
import { printAnswers } from './answers.js'
import { elapsed, type Task } from './live-table.js'
import type { Job } from './order.js'
import { FINAL, readJob, readTasks } from './watch.js'

/** Targets of a job, how each stands and why. */
export const TASK_COLUMNS: Column<Task>[] = [
  ['TARGET', (task) => task.target_label],
  ['STATE', (task) => task.outcome ?? task.status],
  ['%', (task) => task.progress],
  ['PHASE', (task) => task.phase],
  ['TOOK', (task) => elapsed(task.started_at, task.completed_at, Date.now())],
  ['WHY', whyOf],
]

/** Why a target waits, failed, or was left out. */
function whyOf(task: Task): string {
  const waits = task.waiting_for.map(({ message }) => message).join('; ')
  const { message } = (task.result ?? {}) as { message?: string }
  return waits || task.error?.message || message || ''
}

/** A page about one job for people: how it stands, its targets, what went wrong, what to do next. */
export async function showJob({ api, print }: Context, id: string): Promise<void> {
  const job = await readJob(api, id)
  if (print.json) return print.body(job)
  const tasks = await readTasks(api, id)
  for (const line of blockLines(headOf(job))) print.line(line)
  for (const line of blockLines({ asked_for: await askedFor(api, job) })) print.line(line)
  if (tasks.length > 0) {
    print.line('')
    for (const line of tableLines(TASK_COLUMNS, tasks)) print.line(line)
  }
  printProblems(print, job)
  if (job.result && !job.dry_run) {
    print.line('\nAnswers:')
    printAnswers(print, job)
  }
  print.line(`\nNext: ${nextOf(job, tasks)}`)
}

/** The fields that say how a job stands; the rest is in --json. */
function headOf(job: Job): object {
  const waits = job.waiting_for.map(({ code, message }) => `${code}: ${message}`)
  return {
    job: `${job.job_type}${job.dry_run ? ' (dry run)' : ''}  ${job.id}`,
    status: `${job.status}, ${job.progress} %${job.phase && job.phase !== 'done' ? `, ${job.phase}` : ''}`,
    note: FINAL.includes(job.status) ? null : job.phase_note,
    waits_for: waits.join('; ') || null,
    targets: countsOf(job),
    created: job.created_at,
    begins: job.started_at === null ? job.schedule_at : null,
    took: elapsed(job.started_at, job.completed_at, Date.now()) || null,
    cancel: job.cancel_requested_at ? `asked for at ${job.cancel_requested_at} (${job.cancel_mode})` : null,
    pause: job.pause_requested_at && job.status === 'running' ? `asked for at ${job.pause_requested_at}` : null,
    part_of: job.parent_job_id,
  }
}

function countsOf(job: Job): string {
  const summary = (job.result?.summary ?? {}) as Record<string, number>
  const counts = Object.entries(summary).filter(([name, count]) => name !== 'total' && count > 0)
  const said = counts.map(([name, count]) => `${count} ${name.replace('_', ' ')}`).join(', ')
  return said ? `${job.target_count}: ${said}` : String(job.target_count)
}

function printProblems(print: Printer, job: Job): void {
  if (!job.error && job.attention.length === 0) return
  print.line('\nProblems:')
  if (job.error) print.line(`  ${job.error.code}: ${job.error.message}${job.error.hint ? ` ${job.error.hint}` : ''}`)
  for (const { target, message, state_left } of job.attention) {
    print.line(`  ${target.name ? `${target.name}: ` : ''}${message}${state_left ? ` Left as: ${state_left}` : ''}`)
  }
}

/** The details that somebody chose: those that are the defaults of the type tell nothing. */
async function askedFor(api: Context['api'], { job_type, details }: Job): Promise<object> {
  const params = { path: { job_type } }
  const { data } = await api.client.GET('/api/v1/job-types/{job_type}', { params })
  return chosen(details as Json, (data?.details_schema ?? {}) as Schema)
}

type Json = Record<string, unknown>

interface Schema {
  default?: unknown
  properties?: Record<string, Schema>
}

function chosen(details: Json, { properties = {} }: Schema): Json {
  const parts = Object.entries(details).map(([name, value]): [string, unknown] => {
    const schema = properties[name] ?? {}
    if (isDeepStrictEqual(value, schema.default)) return [name, null]
    return [name, schema.properties && value !== null ? chosen(value as Json, schema) : value]
  })
  return Object.fromEntries(parts)
}

/** What a person does now. */
function nextOf(job: Job, tasks: Task[]): string {
  const open = job.attention.map(({ target, next_action }) => `${target.name ? `${target.name}: ` : ''}${next_action}`)
  if (open.length > 0) return `${open.join(' ')} Then: dsm jobs ack ${job.id}`
  if (job.dry_run && job.status === 'completed') return `dsm jobs plan ${job.id} shows what it would do.`
  if (job.status === 'paused') return `dsm jobs resume ${job.id} lets it go on.`
  if (!FINAL.includes(job.status)) return `dsm jobs watch ${job.id} follows it.`
  if (job.status === 'completed' && job.error === null) return 'nothing; it is done.'
  const left = tasks.filter(({ outcome }) => !['changed', 'unchanged', 'answered', 'skipped'].includes(outcome ?? ''))
  return `order it again for ${left.map((task) => task.target_label).join(', ') || 'its targets'}; dsm jobs log ${job.id} and dsm jobs commands ${job.id} tell what was done.`
}
