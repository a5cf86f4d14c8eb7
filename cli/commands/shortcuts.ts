import { Argument, type Command } from 'commander'
import { type Context, run } from '../context.js'
import { orderJob } from '../jobs/order.js'
import { showFindings } from './findings.js'
import { type OrderFlags, orderFlags, scopeOf } from './order-flags.js'

const POWER_ACTIONS = ['on', 'off', 'graceful_shutdown', 'reset', 'nmi', 'graceful_restart', 'power_cycle']
const TARGETS = '\nTargets are servers by service tag, name, address or id, or group=NAME, cluster=NAME, servers=QUERY.'

/** Short forms of the jobs that people order most. */
export function addShortcuts(program: Command): void {
  orderFlags(program.command('power'))
    .description('Switches or resets servers and waits until the state is reached')
    .addArgument(new Argument('<action>').choices(POWER_ACTIONS))
    .argument('<target...>')
    .addHelpText(
      'after',
      `${TARGETS}\n\nExample:\n  dsm power graceful_restart ABC1234 --wait -d force_after_minutes=10`,
    )
    .action(
      run((context, action: string, targets: string[], flags: OrderFlags) =>
        onServers(context, 'power_action', targets, { action }, flags),
      ),
    )
  orderFlags(program.command('health <target...>'))
    .description('Reads power, health and faults of servers')
    .option('--components', 'also fans, temperatures, supplies, drives, memory')
    .addHelpText('after', TARGETS)
    .action(
      run((context, targets: string[], flags: OrderFlags & { components?: boolean }) =>
        onServers(context, 'health_check', targets, flags.components ? { depth: 'components' } : {}, flags),
      ),
    )
  addDiscover(program)
}

/** Orders a job on servers. */
export async function onServers(
  context: Context,
  job_type: string,
  targets: readonly string[],
  details: Record<string, unknown>,
  flags: OrderFlags,
) {
  const scope = await scopeOf(context, targets, 'server')
  return orderJob(context, await flags.order(context, job_type, scope, details), flags)
}

interface DiscoverFlags extends OrderFlags {
  notRange?: string[]
  ports?: string
}

function addDiscover(program: Command): void {
  orderFlags(program.command('discover <range...>'))
    .description(
      'Finds iDRACs in address ranges, logs in with the credentials that fit, and takes them into the inventory',
    )
    .option('--not-range <range>', 'addresses to leave out; may be repeated', (one, all: string[] = []) => [
      ...all,
      one,
    ])
    .option('--ports <list>', 'ports to try, with commas')
    .addHelpText('after', '\nExample:\n  dsm discover 10.20.0.0/24 10.20.1.10-10.20.1.40 --dry-run --wait')
    .action(
      run(async (context, ip_ranges: string[], flags: DiscoverFlags) => {
        const details = {
          ip_ranges,
          ...(flags.notRange ? { exclude_ranges: flags.notRange } : {}),
          ...(flags.ports ? { ports: flags.ports.split(',').map(Number) } : {}),
        }
        const order = await flags.order(context, 'discovery_scan', {}, details)
        return orderJob(context, order, flags, (job_id) => showFindings(context, job_id))
      }),
    )
}
