import type { Command } from 'commander'
import { answer } from '../api/client.js'
import type { Context } from '../context.js'
import { needsSchema, readDetails } from '../jobs/details.js'
import { type Order, type OrderOptions, readScope, type Scope } from '../jobs/order.js'
import { collect, wholeNumber } from './list-verb.js'

/** Options of a command that orders a job. */
export interface OrderFlags extends OrderOptions {
  details?: string[]
  /** Puts an order together: what the command says, then what --details adds. */
  order(context: Context, job_type: string, scope: Scope, details: Record<string, unknown>): Promise<Order>
}

/** Adds the options that every order takes; `waits` = the command follows its job anyhow. */
export function orderFlags(command: Command, { waits = false } = {}): Command {
  command.option('-d, --details <value>', 'more details: JSON, @FILE or key=value; may be repeated', collect)
  if (!waits) {
    command
      .option('--dry-run', 'read and check everything, change nothing, show the plan')
      .option('--wait', 'follow the job to its end; its verdict is the exit code')
      .option('--at <time>', 'begin at this time')
      .option('--window <id>', 'begin in this maintenance window')
  }
  command
    .option('--credential <set>', 'try these credential sets first; may be repeated', collect)
    .option('--timeout <seconds>', 'stop following after so long (exit 6); the job goes on', wholeNumber)
  // Handlers get the options as one object with the way to put an order together.
  command.hook('preAction', (_parent, called) => {
    called.setOptionValue('order', orderWith(called.opts<OrderFlags>()))
  })
  return command
}

const orderWith =
  (flags: OrderFlags): OrderFlags['order'] =>
  async (context, job_type, target_scope, details) => ({
    job_type,
    target_scope,
    details: { ...details, ...(await moreDetails(context, job_type, flags.details ?? [])) },
  })

async function moreDetails({ api }: Context, job_type: string, given: string[]): Promise<Record<string, unknown>> {
  if (!needsSchema(given)) return readDetails(given, {})
  const params = { path: { job_type } }
  const type = await answer(api.client.GET('/api/v1/job-types/{job_type}', { params }))
  return readDetails(given, type.details_schema)
}

/** Targets of a shortcut: bare names are of one kind, others say theirs (`group=lab`). */
export const scopeOf = ({ api }: Context, targets: readonly string[], kind: 'server' | 'host' | 'cluster') =>
  readScope(
    api,
    targets.map((text) => (text.includes('=') ? text : `${kind}=${text}`)),
  )
