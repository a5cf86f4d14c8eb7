import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { answer, versioned } from '../api/client.js'
import { listAll } from '../api/lists.js'
import { confirm } from '../ask.js'
import { type Context, run } from '../context.js'
import { usage } from '../exit-codes.js'
import { idOf, idsOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, collect } from './list-verb.js'

/** `servers`: the inventory of iDRACs. */
export function addServers(program: Command): void {
  const servers = program.command('servers').description('Dell servers by their iDRAC')
  addList(servers, {
    path: '/api/v1/servers',
    summary: 'Servers of the inventory',
    filters:
      'model, health_status, power_state, generation, credential_state, site, label, linked; a bare word is searched',
    columns: [
      ['SERVICE TAG', (server) => server.service_tag],
      ['ADDRESS', (server) => `${server.ip_address}:${server.idrac_port}`],
      ['NAME', (server) => server.hostname],
      ['MODEL', (server) => server.model],
      ['POWER', (server) => server.power_state],
      ['HEALTH', (server) => server.health_status],
      ['BIOS', (server) => server.bios_version],
      ['IDRAC', (server) => server.idrac_version],
      ['LABELS', (server) => server.labels],
    ],
  }).addHelpText('after', '\nExample:\n  dsm servers list health_status=Critical,Warning --sort model')
  addShow(servers)
  addLabel(servers)
  addRemove(servers)
}

function addShow(servers: Command): void {
  servers
    .command('show <server>')
    .description('One server, named by service tag, host name, address or id')
    .action(
      run(async ({ api, print }, server: string) => {
        const path = { id: await idOf(api, 'server', server) }
        printOne(print, await answer(api.client.GET('/api/v1/servers/{id}', { params: { path } })))
      }),
    )
  servers
    .command('firmware <server>')
    .description('Firmware that is installed')
    .action(
      run(async ({ api, print }, server: string) => {
        const id = await idOf(api, 'server', server)
        const rows = await listAll(api, '/api/v1/servers/{id}/firmware', {}, { id })
        printList(
          print,
          [
            ['COMPONENT', (row) => row.name],
            ['VERSION', (row) => row.version],
            ['DEVICE', (row) => row.fqdd],
            ['TYPE', (row) => row.component_type],
          ],
          rows,
        )
      }),
    )
}

interface LabelOptions {
  add?: string[]
  remove?: string[]
}

function addLabel(servers: Command): void {
  servers
    .command('label <server...>')
    .description('Adds and removes labels')
    .option('--add <label>', 'may be repeated', collect)
    .option('--remove <label>', 'may be repeated', collect)
    .action(
      run(async ({ api, print }, names: string[], { add = [], remove = [] }: LabelOptions) => {
        if (add.length + remove.length === 0) throw usage('Give --add or --remove.')
        const changed = []
        for (const id of await idsOf(api, 'server', names)) {
          const params = { path: { id } }
          const { body: server, version } = await versioned(api.client.GET('/api/v1/servers/{id}', { params }))
          const labels = [...new Set([...server.labels, ...add])].filter((label) => !remove.includes(label))
          const headers = version ? { 'If-Match': version } : {}
          changed.push(await answer(api.client.PATCH('/api/v1/servers/{id}', { params, body: { labels }, headers })))
        }
        printList(
          print,
          [
            ['SERVICE TAG', (one) => one.service_tag],
            ['LABELS', (one) => one.labels],
          ],
          changed,
        )
      }),
    )
}

function addRemove(servers: Command): void {
  servers
    .command('remove <server...>')
    .description('Takes servers out of the inventory; their history stays')
    .action(
      run(async ({ api, print, yes }, names: string[]) => {
        const ids = await idsOf(api, 'server', names)
        await confirm(yes, `Take ${names.join(', ')} out of the inventory?`)
        for (const id of ids) await answer(api.client.DELETE('/api/v1/servers/{id}', { params: { path: { id } } }))
        print.note(`${ids.length} removed.`)
      }),
    )
}

interface GroupOptions {
  description?: string
  filter?: string
  member?: string[]
  membersFile?: string
}

/** `groups`: static and dynamic groups of servers. */
export function addGroups(program: Command): void {
  const groups = program.command('groups').description('Groups of servers: static, or dynamic by a filter')
  addList(groups, {
    path: '/api/v1/server-groups',
    summary: 'Groups',
    columns: [
      ['NAME', (group) => group.name],
      ['KIND', (group) => group.kind],
      ['FILTER', (group) => (group.filter as { servers?: string } | null)?.servers],
      ['DESCRIPTION', (group) => group.description],
    ],
  })
  groups
    .command('show <group>')
    .description('One group')
    .action(
      run(async ({ api, print }, group: string) => {
        const path = { id: await idOf(api, 'group', group) }
        printOne(print, await answer(api.client.GET('/api/v1/server-groups/{id}', { params: { path } })))
      }),
    )
  groups
    .command('servers <group>')
    .description('Servers that the group holds now')
    .action(
      run(async ({ api, print }, group: string) => {
        const id = await idOf(api, 'group', group)
        const rows = await listAll(api, '/api/v1/server-groups/{id}/servers', {}, { id })
        printList(
          print,
          [
            ['SERVICE TAG', (server) => server.service_tag],
            ['ADDRESS', (server) => server.ip_address],
            ['MODEL', (server) => server.model],
            ['HEALTH', (server) => server.health_status],
          ],
          rows,
        )
      }),
    )
  addGroupChanges(groups)
}

function addGroupChanges(groups: Command): void {
  const options = (command: Command) =>
    command
      .option('--description <text>', 'what it is for')
      .option('--filter <query>', 'dynamic: the query of the list of servers, as model=R750&health_status=OK')
      .option('--member <server>', 'static: a member; may be repeated', collect)
      .option('--members-file <file>', 'static: members, one a line')
  options(groups.command('add <name>'))
    .description('Adds a group: dynamic with --filter, else static')
    .addHelpText('after', "\nExample:\n  dsm groups add old-bios --filter 'model=R740&health_status=OK'")
    .action(
      run(async (context, name: string, given: GroupOptions) => {
        const { api, print } = context
        const server_ids = (await membersOf(context, given)) ?? []
        const kind = given.filter === undefined ? ('static' as const) : ('dynamic' as const)
        const body = { name, kind, server_ids, ...changesOf(given) }
        printOne(print, await answer(api.client.POST('/api/v1/server-groups', { body })))
      }),
    )
  options(groups.command('edit <group>'))
    .description('Changes a group; members given replace all')
    .option('--name <name>', 'new name')
    .action(
      run(async (context, group: string, given: GroupOptions & { name?: string }) => {
        const { api, print } = context
        const params = { path: { id: await idOf(api, 'group', group) } }
        const server_ids = await membersOf(context, given)
        const named = given.name === undefined ? {} : { name: given.name }
        const body = { ...named, ...changesOf(given), ...(server_ids ? { server_ids } : {}) }
        printOne(print, await answer(api.client.PATCH('/api/v1/server-groups/{id}', { params, body })))
      }),
    )
  groups
    .command('remove <group>')
    .description('Removes a group; its servers stay')
    .action(
      run(async ({ api, print, yes }, group: string) => {
        const id = await idOf(api, 'group', group)
        await confirm(yes, `Remove the group ${group}?`)
        await answer(api.client.DELETE('/api/v1/server-groups/{id}', { params: { path: { id } } }))
        print.note('The group is removed.')
      }),
    )
}

const changesOf = ({ description, filter }: GroupOptions) => ({
  ...(description === undefined ? {} : { description }),
  ...(filter === undefined ? {} : { filter: { servers: filter } }),
})

async function membersOf({ api }: Context, { member, membersFile }: GroupOptions): Promise<string[] | null> {
  if (member === undefined && membersFile === undefined) return null
  const lines = membersFile === undefined ? [] : textOf(membersFile).split(/\r?\n/)
  const names = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  return idsOf(api, 'server', [...(member ?? []), ...names])
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usage(`The file of members cannot be read: ${(error as Error).message}`)
  }
}
