import type { Command } from 'commander'
import { run } from '../context.js'
import { orderJob } from '../jobs/order.js'
import { type OrderFlags, orderFlags } from './order-flags.js'

/** `directory` and `openmanage`: what is read from the systems that dsm settings names. */
export function addDirectory(program: Command): void {
  const directory = program
    .command('directory')
    .description('The company directory (dsm settings set directory …): is it well, who is in it')
  ordering(directory, 'test', 'Tries the settings step by step: name, TLS, bind, people, groups', 'idm_test_connection')
  ordering(directory, 'sync', 'Takes over people and their roles', 'idm_sync_users')
  const openmanage = program.command('openmanage').description('OpenManage Enterprise (dsm settings set openmanage …)')
  ordering(openmanage, 'sync', 'Takes its servers over', 'openmanage_sync')
}

function ordering(group: Command, verb: string, summary: string, job_type: string): void {
  orderFlags(group.command(verb), { waits: true })
    .description(summary)
    .action(
      run(async (context, flags: OrderFlags) =>
        orderJob(context, await flags.order(context, job_type, {}, {}), { ...flags, wait: true }),
      ),
    )
}
