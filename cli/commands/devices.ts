import type { Command } from 'commander'
import { answer } from '../api/client.js'
import { listAll } from '../api/lists.js'
import { type Context, run } from '../context.js'
import { EXIT, Refusal } from '../exit-codes.js'
import { postOrder } from '../jobs/order.js'
import { followJob } from '../jobs/watch.js'
import { idOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { collect, filterOf, wholeNumber } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'
import { onServers } from './shortcuts.js'

/** Letter case aside; the API names what else there is. */
const BOOT_DEVICES = ['None', 'Pxe', 'Hdd', 'Cd', 'UefiTarget', 'BiosSetup', 'Utilities', 'SDCard', 'UefiHttp']

/** Short forms of what a person does at one server: boot, media, console, logs. */
export function addDevices(program: Command): void {
  orderFlags(program.command('boot <device> <target...>'))
    .description('Sets what servers boot from, as Pxe, Cd, Hdd, BiosSetup, None')
    .option('--always', 'not only the next time')
    .action(
      run((context, device: string, targets: string[], flags: OrderFlags & { always?: boolean }) => {
        const target = BOOT_DEVICES.find((known) => known.toLowerCase() === device.toLowerCase()) ?? device
        const enabled = target === 'None' ? 'disabled' : flags.always ? 'continuous' : 'once'
        return onServers(context, 'boot_configuration', targets, { target, enabled }, flags)
      }),
    )
  addMedia(program)
  addLogs(program)
  addConsole(program)
}

function addMedia(program: Command): void {
  orderFlags(program.command('mount <image> <target...>'))
    .description('Puts an image of the store into the virtual drive of servers')
    .option('--boot', 'boot from it the next time')
    .action(
      run(async (context, image: string, targets: string[], flags: OrderFlags & { boot?: boolean }) => {
        const iso_image_id = await idOf(context.api, 'image', image)
        const details = { iso_image_id, ...(flags.boot ? { boot_once: true } : {}) }
        return onServers(context, 'virtual_media_mount', targets, details, flags)
      }),
    )
  orderFlags(program.command('unmount <target...>'))
    .description('Takes images out of the virtual drives of servers')
    .action(
      run((context, targets: string[], flags: OrderFlags) =>
        onServers(context, 'virtual_media_unmount', targets, {}, flags),
      ),
    )
}

function addLogs(program: Command): void {
  const logs = program.command('logs').description('Event logs of servers')
  orderFlags(logs.command('fetch <target...>'))
    .description('Fetches event logs from servers')
    .option('--log <log>', 'sel or lifecycle; may be repeated', collect)
    .action(
      run((context, targets: string[], flags: OrderFlags & { log?: string[] }) =>
        onServers(context, 'fetch_event_logs', targets, flags.log ? { logs: flags.log } : {}, flags),
      ),
    )
  logs
    .command('show <server> [filter...]')
    .description(
      'Entries that were fetched, newest first. Filters: q, log, severity, message_id, logged_after, logged_before',
    )
    .option('--limit <n>', 'at most so many', wholeNumber, 50)
    .action(
      run(async ({ api, print }, server: string, filters: string[], { limit }: { limit: number }) => {
        const id = await idOf(api, 'server', server)
        const rows = await listAll(api, '/api/v1/servers/{id}/event-logs', filterOf(filters), { id }, limit)
        printList(
          print,
          [
            ['TIME', (entry) => entry.logged_at],
            ['LOG', (entry) => entry.log],
            ['SEVERITY', (entry) => entry.severity],
            ['ID', (entry) => entry.message_id],
            ['MESSAGE', (entry) => entry.message],
          ],
          rows,
        )
      }),
    )
}

function addConsole(program: Command): void {
  orderFlags(program.command('console <server>'), { waits: true })
    .description('Gets a one-time ticket for the console of a server and shows it')
    .action(
      run(async (context, server: string, flags: OrderFlags) => {
        const { api, print } = context
        const id = await idOf(api, 'server', server)
        const ticket_ref = await ticketOf(context, id, flags)
        const path = { id, ticket_ref }
        printOne(
          print,
          await answer(api.client.POST('/api/v1/servers/{id}/console-tickets/{ticket_ref}', { params: { path } })),
        )
      }),
    )
}

/** Runs the job that gets a ticket. @throws {Refusal} when it fails */
async function ticketOf(context: Context, server_id: string, flags: OrderFlags): Promise<string> {
  const order = await flags.order(context, 'console_launch', { server_ids: [server_id] }, {})
  const { id } = await postOrder(context.api, order)
  const job = await followJob(context.api, id, flags, () => undefined, context.print.note)
  const ticket = job.result?.ticket_ref
  if (job.status === 'completed' && typeof ticket === 'string') return ticket
  throw new Refusal(
    job.error ? `${job.error.message} (${job.error.code})` : `The job ended ${job.status}.`,
    EXIT.job_failed,
  )
}
