import type { Command } from 'commander'
import { answer } from '../api/client.js'
import type { ItemOf } from '../api/lists.js'
import { listAll } from '../api/lists.js'
import { confirm } from '../ask.js'
import { type Context, run } from '../context.js'
import { Refusal, usage } from '../exit-codes.js'
import { elapsed } from '../jobs/live-table.js'
import { type Job, orderJob, readScope } from '../jobs/order.js'
import { printPlan } from '../jobs/plan-table.js'
import { showJob, TASK_COLUMNS } from '../jobs/show-job.js'
import { readJob, readTasks, watchJob } from '../jobs/watch.js'
import { isId } from '../names.js'
import { type Column, printList, printOne } from '../output/table.js'
import { addList, collect, wholeNumber } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

/** `job-types` and `jobs`. */
export function addJobs(program: Command): void {
  addJobTypes(program)
  const jobs = program.command('jobs').description('Order jobs, follow them, take hold of them')
  addCreate(jobs)
  addList(jobs, {
    path: '/api/v1/jobs',
    summary: 'Jobs, newest first',
    filters:
      'status, job_type, server_id, host_id, cluster_id, parent_job_id, needs_attention, created_after, created_before',
    columns: [
      ['ID', (job) => job.id],
      ['TYPE', (job) => job.job_type],
      ['STATUS', (job) => job.status + (job.needs_attention ? ' !' : '')],
      ['%', (job) => job.progress],
      ['TARGETS', (job) => job.target_count],
      ['CREATED', (job) => job.created_at],
      ['TOOK', (job) => elapsed(job.started_at, job.completed_at, Date.now())],
      ['PHASE', (job) => job.error?.code ?? job.phase],
    ],
  })
  addReads(jobs)
  addControls(jobs)
}

function addJobTypes(program: Command): void {
  const types = program.command('job-types').description('The catalogue of job types')
  addList(types, {
    isDefault: true,
    path: '/api/v1/job-types',
    summary: 'Job types',
    filters: 'family',
    columns: [
      ['TYPE', (type) => type.job_type],
      ['ROLE', (type) => type.role],
      ['RISK', (type) => type.risk],
      ['TARGETS', (type) => type.target_scope.map((key) => key.replace('_ids', ''))],
      ['WHAT IT DOES', (type) => type.summary],
    ],
  })
  types
    .command('show <type>')
    .description('One job type with the schema of its details and an example')
    .action(
      run(async ({ api, print }, job_type: string) => {
        const type = await answer(api.client.GET('/api/v1/job-types/{job_type}', { params: { path: { job_type } } }))
        if (print.json) return print.body(type)
        const { details_schema, result_schema: _result, example, ...shown } = type
        printOne(print, shown)
        print.line('')
        printList(print, FIELD_COLUMNS, fieldsOf(details_schema))
        print.line(
          `\nExample:\n  dsm jobs create ${job_type} ${targetsOf(example.target_scope)}--details '${JSON.stringify(example.details)}'`,
        )
      }),
    )
}

interface Field {
  name: string
  type?: string
  enum?: unknown[]
  default?: unknown
  description?: string
}
const FIELD_COLUMNS: Column<Field>[] = [
  ['DETAIL', (field) => field.name],
  ['TYPE', (field) => field.enum?.join('|') ?? field.type],
  ['DEFAULT', (field) => (field.default === undefined ? '' : JSON.stringify(field.default))],
  ['MEANING', (field) => field.description],
]

function fieldsOf(schema: Record<string, unknown>, before = ''): Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>
  return Object.entries(properties).flatMap(([name, part]) => [
    { ...part, name: before + name },
    ...fieldsOf(part, `${before}${name}.`),
  ])
}

const targetsOf = (scope: Record<string, string[]>) =>
  Object.entries(scope)
    .flatMap(([key, ids]) =>
      ids.map((id) => `--target ${key.replace('server_group', 'group').replace('_ids', '')}=${id} `),
    )
    .join('')

const CREATE_HELP = `
Targets: server=, group=, host=, cluster= with a name or id (several with commas); servers='QUERY' and hosts='QUERY'
take what the list takes. What --details means is read from the schema of the type: dsm job-types show TYPE

Examples:
  dsm jobs create health_check --target group=lab --details depth=components --wait
  dsm jobs create power_action --target server=ABC1234 --details '{"action":"graceful_restart"}'
  dsm jobs create rolling_update --target cluster=Prod-A --details @update.json --dry-run --wait
  dsm jobs create health_check --target servers='model=PowerEdge R750&health_status=Unknown'`

function addCreate(jobs: Command): void {
  orderFlags(jobs.command('create <type>'))
    .description('Orders a job')
    .option('-t, --target <kind=name>', 'what it works on; may be repeated', collect)
    .option('--exclude <kind=name>', 'server= or host= to leave out; may be repeated', collect)
    .addHelpText('after', CREATE_HELP)
    .action(
      run(async (context, type: string, flags: OrderFlags & { target?: string[] }) => {
        const scope = await readScope(context.api, flags.target ?? [], flags.exclude)
        return orderJob(context, await flags.order(context, type, scope, {}), flags)
      }),
    )
}

function addReads(jobs: Command): void {
  const read = (name: string, description: string, handler: (context: Context, id: string) => Promise<void>) =>
    jobs
      .command(`${name} <id>`)
      .description(description)
      .action(run((context, id: string) => handler(context, jobId(id))))
  read('show', 'One job: how it stands, what it waits for, each target with its outcome, what to do next', showJob)
  read('tasks', 'One row for each target', async ({ api, print }, id) =>
    printList(print, TASK_COLUMNS, await readTasks(api, id)),
  )
  read('log', 'The log lines of all targets', async ({ api, print }, id) => {
    const tasks = await listAll(api, '/api/v1/jobs/{id}/tasks', {}, { id })
    if (print.json) return print.body({ items: tasks.map(({ target_label, log }) => ({ target_label, log })) })
    for (const { target_label, log } of tasks) {
      for (const line of (log ?? '').split('\n').filter((one) => one !== '')) print.line(`${target_label}  ${line}`)
    }
  })
  read('plan', 'Order of hosts, steps, reboots and blockers', async ({ api, print }, id) => {
    const plan = await answer(api.client.GET('/api/v1/jobs/{id}/plan', { params: { path: { id } } }))
    if (print.json) return print.body(plan)
    if (plan.plan === null) print.note('This job has no plan.')
    else printPlan(print, plan.plan, { dry: (await readJob(api, id)).dry_run })
  })
  read('commands', 'The audit of device calls made for a job', async ({ api, print }, id) =>
    printList(print, COMMAND_COLUMNS, await listAll(api, '/api/v1/jobs/{id}/commands', {}, { id })),
  )
  jobs
    .command('watch <id>')
    .description(
      'Follows a job to its end: host by phase, percent, elapsed, why it waits; outlasts restarts of the API',
    )
    .option('--timeout <seconds>', 'stop following after so long (exit 6); the job goes on', wholeNumber)
    .addHelpText(
      'after',
      '\nExit codes: 0 completed, 3 failed, 4 cancelled, 6 out of reach or time, 7 completed with open attention,\n8 completed, and the answer of a check or dry run is no',
    )
    .action(run((context, id: string, options: { timeout?: number }) => watchJob(context, jobId(id), options)))
}

export const COMMAND_COLUMNS: Column<ItemOf<'/api/v1/commands'>>[] = [
  ['TIME', (command) => command.timestamp],
  ['DEVICE', (command) => command.device_kind],
  ['CALL', (command) => command.command_type],
  ['WHAT', (command) => command.endpoint],
  ['STATUS', (command) => command.status_code],
  ['OK', (command) => command.success],
  ['MS', (command) => command.response_time_ms],
  ['ERROR', (command) => command.error_message],
]

/** Jobs have no names. @throws {Refusal} usage */
function jobId(text: string): string {
  if (isId(text)) return text.toLowerCase()
  throw usage(`${text} is no id of a job; dsm jobs list shows them.`)
}

/** What was taken hold of, and how the job stands; the job itself does it at its next step. */
function said({ print }: Context, what: string, job: Job): void {
  if (print.json) print.body(job)
  else print.line(`${what} ${job.job_type} is ${job.status}${job.phase ? ` (${job.phase})` : ''} at this moment.`)
}

interface CancelOptions {
  abort?: boolean
}

function addControls(jobs: Command): void {
  const control = (name: 'pause' | 'resume', description: string, what: string) =>
    jobs
      .command(`${name} <id>`)
      .description(description)
      .action(
        run(async (context, given: string) => {
          const params = { path: { id: jobId(given) } }
          said(context, what, await answer(context.api.client.POST(`/api/v1/jobs/{id}/${name}`, { params, body: {} })))
        }),
      )
  control('pause', 'Pauses at the next safe point', 'It will pause at its next safe point.')
  control('resume', 'Goes on', 'It will go on.')
  jobs
    .command('cancel <id>')
    .description('Stops: targets in work are finished; with --abort they stop at their next safe point')
    .option('--abort', 'stop the targets in work too')
    .action(
      run(async (context, given: string, { abort }: CancelOptions) => {
        const params = { path: { id: jobId(given) } }
        await confirm(context.yes, `Cancel job ${given}?`)
        const body = { mode: abort ? ('abort' as const) : ('graceful' as const) }
        const job = await answer(context.api.client.POST('/api/v1/jobs/{id}/cancel', { params, body }))
        said(
          context,
          `It will stop ${abort ? 'at its next safe point' : 'when the targets in work are finished'}.`,
          job,
        )
      }),
    )
  addTargetControls(jobs)
  jobs
    .command('ack <id>')
    .description('Closes the open attention of a job with your name')
    .action(
      run(async (context, given: string) => {
        const params = { path: { id: jobId(given) } }
        const job = await answer(context.api.client.POST('/api/v1/jobs/{id}/acknowledge', { params, body: {} }))
        said(context, 'Acknowledged.', job)
      }),
    )
}

function addTargetControls(jobs: Command): void {
  jobs
    .command('skip <id> <target>')
    .description('Leaves out a target that has not begun or waits')
    .action(
      run(async (context, given: string, target: string) => {
        const id = jobId(given)
        const body = { target_id: await targetId(context, id, target) }
        const params = { path: { id } }
        const job = await answer(context.api.client.POST('/api/v1/jobs/{id}/skip', { params, body }))
        said(context, `${target} will be left out.`, job)
      }),
    )
  jobs
    .command('retry <id> [target]')
    .description('Puts failed targets back into the queue; all of them, or the one named')
    .option('--failed', 'all that failed (as without a target)')
    .action(
      run(async (context, given: string, target: string | undefined) => {
        const id = jobId(given)
        const body = target === undefined ? {} : { target_id: await targetId(context, id, target) }
        const params = { path: { id } }
        const job = await answer(context.api.client.POST('/api/v1/jobs/{id}/retry', { params, body }))
        said(context, `${target ?? 'What failed'} will be tried again.`, job)
      }),
    )
}

/** A target of a job by the name that its table shows. */
async function targetId({ api }: Context, id: string, target: string): Promise<string> {
  const tasks = await listAll(api, '/api/v1/jobs/{id}/tasks', {}, { id })
  const wanted = target.toLowerCase()
  // The label of a server is `TAG (host)`: either half names it.
  const names = (label: string) => [label, ...label.replace(/\)$/, '').split(' (')].map((one) => one.toLowerCase())
  const found = tasks.find(({ target_label, target_id }) => [...names(target_label), target_id].includes(wanted))
  if (found?.target_id) return found.target_id
  throw new Refusal(`The job has no target ${target}; dsm jobs tasks ${id} shows them.`)
}
