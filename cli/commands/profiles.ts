import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Api, answer, authorization, refusalOf } from '../api/client.js'
import { readText, sendHttp } from '../api/http.js'
import { listAll } from '../api/lists.js'
import { run } from '../context.js'
import { Refusal, usage } from '../exit-codes.js'
import { idOf, isId } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, collect } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'
import { onServers } from './shortcuts.js'

/** `bios`: values as they were read, differences, changes. */
export function addBios(program: Command): void {
  const bios = program.command('bios').description('BIOS settings')
  orderFlags(bios.command('read <target...>'))
    .description('Reads all BIOS settings of servers and keeps them')
    .action(
      run((context, targets: string[], flags: OrderFlags) =>
        onServers(context, 'bios_config_read', targets, {}, flags),
      ),
    )
  bios
    .command('show <server>')
    .description('The settings that were read last')
    .action(
      run(async ({ api, print }, server: string) => {
        const path = { id: await idOf(api, 'server', server) }
        const config = await answer(api.client.GET('/api/v1/servers/{id}/bios', { params: { path } }))
        if (print.json) return print.body(config)
        printOne(print, (config.attributes ?? {}) as object)
      }),
    )
  bios
    .command('readings <server>')
    .description('Readings of a server that are kept, newest first')
    .action(
      run(async ({ api, print }, server: string) => {
        const server_id = await idOf(api, 'server', server)
        printList(
          print,
          [
            ['ID', (reading) => reading.id],
            ['BIOS', (reading) => reading.bios_version],
            ['SETTINGS', (reading) => reading.attribute_count],
            ['WHY', (reading) => reading.reason],
            ['READ', (reading) => reading.captured_at],
            ['LAST SEEN SO', (reading) => reading.last_seen_at],
          ],
          await listAll(api, '/api/v1/bios-configurations', { server_id }),
        )
      }),
    )
  addBiosDiff(bios)
  orderFlags(bios.command('set <target>'))
    .description('Changes BIOS settings of a server, or of group=NAME')
    .requiredOption('--attribute <name=value>', 'may be repeated', collect)
    .addHelpText('after', '\nExample:\n  dsm bios set ABC1234 --attribute LogicalProc=Disabled -d apply=now --wait')
    .action(
      run((context, target: string, flags: OrderFlags & { attribute: string[] }) =>
        onServers(context, 'bios_config_write', [target], { attributes: attributesOf(flags.attribute) }, flags),
      ),
    )
}

const DIFF_HELP = `
A reading is meant by a server (its newest) or by its id (dsm bios readings).

Examples:
  dsm bios diff ABC1234                     what changed between its last two readings
  dsm bios diff ABC1234 DEF5678             two servers
  dsm bios diff 01a2… 01a3…                 two readings`

function addBiosDiff(bios: Command): void {
  bios
    .command('diff <server-or-reading> [other]')
    .description('What differs between the last two readings of a server, two servers, or any two readings')
    .addHelpText('after', DIFF_HELP)
    .action(
      run(async ({ api, print }, one: string, other: string | undefined) => {
        const [to, from] =
          other === undefined ? await lastTwo(api, one) : [await readingOf(api, other), await readingOf(api, one)]
        const params = { path: { id: to }, query: { compare_with: from } }
        const config = await answer(api.client.GET('/api/v1/bios-configurations/{id}', { params }))
        if (print.json) return print.body(config)
        printList(
          print,
          [
            ['SETTING', (row) => row.name],
            [other === undefined ? 'BEFORE' : one.toUpperCase(), (row) => row.from],
            [other === undefined ? 'NOW' : other.toUpperCase(), (row) => row.to],
          ],
          config.differences ?? [],
        )
      }),
    )
}

/** The newest reading of a server, then the one before it. */
async function lastTwo(api: Api, server: string): Promise<[string, string]> {
  const server_id = await idOf(api, 'server', server)
  const [newest, before] = await listAll(api, '/api/v1/bios-configurations', { server_id }, {}, 2)
  if (!newest) throw new Refusal(`The BIOS settings of ${server} were never read: dsm bios read ${server} --wait`)
  if (!before) throw new Refusal(`There is only one reading of ${server}: its settings were the same ever since.`)
  return [newest.id, before.id]
}

/** A reading by its own id, else the newest one of a server. */
async function readingOf(api: Api, text: string): Promise<string> {
  if (isId(text)) {
    const params = { path: { id: text } }
    const { response } = await api.client.GET('/api/v1/bios-configurations/{id}', { params })
    if (response.status !== 404) return text
  }
  const server_id = await idOf(api, 'server', text)
  const [newest] = await listAll(api, '/api/v1/bios-configurations', { server_id }, {}, 1)
  if (!newest) throw new Refusal(`The BIOS settings of ${text} were never read: dsm bios read ${text} --wait`)
  return newest.id
}

function attributesOf(texts: readonly string[]): Record<string, string | number> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw usage(`${text}: give NAME=VALUE`)
      const value = text.slice(at + 1)
      return [text.slice(0, at), /^-?\d{1,9}$/.test(value) ? Number(value) : value]
    }),
  )
}

/** `scp`: configuration profiles of servers. */
export function addProfiles(program: Command): void {
  const scp = program.command('scp').description('Server configuration profiles')
  addList(scp, {
    path: '/api/v1/scp-backups',
    summary: 'Profiles that were saved, newest first',
    filters: 'server_id, job_id, kind, pinned',
    columns: [
      ['ID', (backup) => backup.id],
      ['SERVICE TAG', (backup) => backup.service_tag],
      ['NAME', (backup) => backup.name],
      ['COMPONENTS', (backup) => backup.components],
      ['BYTES', (backup) => backup.size_bytes],
      ['CREATED', (backup) => backup.created_at],
    ],
  })
  const parts = (command: Command) =>
    command.option('--component <word>', 'as BIOS, IDRAC, RAID; may be repeated', collect)
  type Flags = OrderFlags & { component?: string[] }
  const chosen = ({ component }: Flags) => (component ? { components: component } : {})
  parts(orderFlags(scp.command('export <target...>')))
    .description('Saves the profiles of servers')
    .action(
      run((context, targets: string[], flags: Flags) =>
        onServers(context, 'scp_export', targets, chosen(flags), flags),
      ),
    )
  parts(orderFlags(scp.command('import <backup> <target...>')))
    .description('Applies a saved profile to servers')
    .action(
      run((context, scp_backup_id: string, targets: string[], flags: Flags) =>
        onServers(context, 'scp_import', targets, { scp_backup_id, ...chosen(flags) }, flags),
      ),
    )
  scp
    .command('download <backup>')
    .description('Writes the content of a profile to a file; this is on record')
    .requiredOption('-o, --output <file>', 'where to; readable for you only')
    .action(
      run(async ({ api, print }, backup: string, { output }: { output: string }) => {
        const url = `${api.server}/api/v1/scp-backups/${encodeURIComponent(backup)}/content`
        const got = await sendHttp({ method: 'GET', url, headers: authorization(api.token), ca: api.ca })
        const text = await readText(got, url)
        if (got.statusCode !== 200)
          throw refusalOf(got.statusCode ?? 500, text.startsWith('{') ? JSON.parse(text) : text)
        writeFileSync(output, text, { mode: 0o600 })
        print.note(`${text.length} characters in ${output}.`)
      }),
    )
}
