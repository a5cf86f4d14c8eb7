import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Api, answer } from '../api/client.js'
import type { components, paths } from '../api/schema.js'
import type { Context } from '../context.js'
import { EXIT, type ExitCode, Refusal, usage } from '../exit-codes.js'
import { idOf, idsOf } from '../names.js'
import { watchJob } from './watch.js'

export type Job = components['schemas']['Job']
type OrderBody = NonNullable<paths['/api/v1/jobs']['post']['requestBody']>['content']['application/json']

export interface Scope {
  server_ids?: string[]
  server_group_ids?: string[]
  host_ids?: string[]
  cluster_ids?: string[]
  filter?: { servers?: string; hosts?: string }
  exclude?: { server_ids?: string[]; host_ids?: string[] }
}

export interface Order {
  job_type: string
  target_scope: Scope
  details: Record<string, unknown>
  dry_run?: boolean
  schedule_at?: string
  credential_set_ids?: string[]
  maintenance_window_id?: string
}

/** Options of every command that orders a job. */
export interface OrderOptions {
  dryRun?: boolean
  wait?: boolean
  at?: string
  window?: string
  credential?: string[]
  exclude?: string[]
  timeout?: number
}

const KEYS = { server: 'server_ids', group: 'server_group_ids', host: 'host_ids', cluster: 'cluster_ids' } as const

/** Targets as `kind=name`, also several with commas; `servers=` and `hosts=` take the query of those lists. */
export async function readScope(api: Api, targets: readonly string[], exclude: readonly string[] = []): Promise<Scope> {
  const scope: Scope = {}
  for (const text of targets) {
    const [kind, value] = halves(text)
    if (kind === 'servers' || kind === 'hosts') scope.filter = { ...scope.filter, [kind]: value }
    else if (Object.hasOwn(KEYS, kind)) {
      const known = kind as keyof typeof KEYS
      scope[KEYS[known]] = [...(scope[KEYS[known]] ?? []), ...(await idsOf(api, known, value.split(',')))]
    } else throw usage(`${text}: a target is server=, group=, host=, cluster=, or a query servers=, hosts=`)
  }
  for (const text of exclude) {
    const [kind, value] = halves(text)
    if (kind !== 'server' && kind !== 'host') throw usage(`${text}: what is left out is server= or host=`)
    const key = KEYS[kind]
    scope.exclude = { ...scope.exclude, [key]: [...(scope.exclude?.[key] ?? []), await idOf(api, kind, value)] }
  }
  return scope
}

function halves(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw usage(`${text}: give kind=name`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Orders a job, and follows it to its end with --wait; then `after` shows people what the job itself does not tell. */
export async function orderJob(
  context: Context,
  order: Order,
  options: OrderOptions,
  after?: (job_id: string) => Promise<void>,
): Promise<ExitCode> {
  const { api, print } = context
  const job = await postOrder(api, {
    ...order,
    ...(options.dryRun ? { dry_run: true } : {}),
    ...(options.at ? { schedule_at: timeOf(options.at) } : {}),
    ...(options.window ? { maintenance_window_id: options.window } : {}),
    ...(options.credential ? { credential_set_ids: await idsOf(api, 'credential', options.credential) } : {}),
  })
  if (options.wait) {
    const code = await watchJob(context, job.id, options)
    if (!print.json) await after?.(job.id)
    return code
  }
  if (print.json) print.body(job)
  else {
    print.line(job.id)
    print.note(
      `${job.job_type} is ${job.status} with ${job.target_count} target(s); watch it: dsm jobs watch ${job.id}`,
    )
  }
  return EXIT.done
}

const TRIES = 5

/** Posts an order once: a key of its own makes it safe to repeat when the answer is lost. */
export async function postOrder(api: Api, order: Order): Promise<Job> {
  const key = randomUUID()
  for (let left = TRIES; ; left--) {
    try {
      const headers = { 'Idempotency-Key': key }
      // The order is checked by the API: its type is a word that the user typed.
      return await answer(api.client.POST('/api/v1/jobs', { body: order as unknown as OrderBody, headers }))
    } catch (error) {
      if (left <= 1 || !(error instanceof Refusal) || error.exit !== EXIT.unreachable) throw error
      await pause(500)
    }
  }
}

/** A time as RFC 3339, out of one that has a zone or is meant here. */
export function timeOf(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw usage(`${text} is no time like 2026-05-01T22:00:00+02:00`)
  return at.toISOString()
}
