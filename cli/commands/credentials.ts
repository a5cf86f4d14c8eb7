import { type Command, Option } from 'commander'
import { answer } from '../api/client.js'
import { listAll } from '../api/lists.js'
import { confirm, readPassword } from '../ask.js'
import { run } from '../context.js'
import { usage } from '../exit-codes.js'
import { idOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, collect } from './list-verb.js'
import { type OrderFlags, orderFlags } from './order-flags.js'
import { onServers } from './shortcuts.js'

type CredentialType = 'idrac' | 'esxi' | 'vcenter'
const TYPES = ['idrac', 'esxi', 'vcenter']

interface AddOptions {
  type: CredentialType
  username: string
  passwordFile?: string
  range?: string[]
  priority?: string
  default?: boolean
  description?: string
}

/** `credentials` and `identities`: what opens devices, and whom we trust. */
export function addCredentials(program: Command): void {
  const credentials = program.command('credentials').description('Credential sets: what opens devices')
  addList(credentials, {
    path: '/api/v1/credential-sets',
    summary: 'Credential sets; passwords are never shown',
    filters: 'credential_type',
    columns: [
      ['NAME', (set) => set.name],
      ['TYPE', (set) => set.credential_type],
      ['USER', (set) => set.username],
      ['PRIORITY', (set) => set.priority],
      ['DEFAULT', (set) => set.is_default],
      ['RANGES', (set) => set.ip_ranges.map((range) => range.ip_range)],
      ['LAST SUCCESS', (set) => set.last_success_at],
    ],
  })
  addNew(credentials)
  addChanges(credentials)
  orderFlags(credentials.command('test <target...>'))
    .description('Finds out which set opens which server')
    .action(
      run((context, targets: string[], flags: OrderFlags) =>
        onServers(context, 'test_credentials', targets, {}, flags),
      ),
    )
  credentials
    .command('resolve <ip>')
    .description('Which credentials would be used for an address, and why')
    .addOption(new Option('--kind <kind>', 'of device').choices(TYPES).default('idrac'))
    .action(
      run(async ({ api, print }, ip: string, { kind }: { kind: CredentialType }) => {
        const found = await answer(api.client.GET('/api/v1/credential-resolution', { params: { query: { ip, kind } } }))
        if (print.json) return print.body(found)
        print.line(found.choice ? `${found.choice.name}: ${found.why}` : found.why)
        const others = found.candidates.filter(({ name }) => name !== found.choice?.name)
        for (const { name, why } of others) print.line(`  then ${name}: ${why}`)
        for (const { source, why } of found.skipped) print.line(`  not ${source}: ${why}`)
      }),
    )
}

function addNew(credentials: Command): void {
  credentials
    .command('add <name>')
    .description('Adds a credential set; the password is asked for or read from a file')
    .addOption(new Option('--type <type>', 'of device').choices(TYPES).makeOptionMandatory())
    .requiredOption('-u, --username <name>', 'account on the device')
    .option('--password-file <file>', 'file with the password, - for the standard input')
    .option(
      '--range <range[=priority]>',
      'addresses that it is for: CIDR, hyphen range, address; may be repeated',
      collect,
    )
    .option('--priority <n>', 'among sets that fit equally')
    .option('--default', 'use it where nothing else fits')
    .option('--description <text>', 'what it is for')
    .addHelpText(
      'after',
      '\nExample:\n  dsm credentials add prod --type idrac -u root --range 10.0.0.0/24=10 --password-file pw',
    )
    .action(
      run(async ({ api, print }, name: string, options: AddOptions) => {
        const password = await readPassword(`Password of ${options.username}: `, options.passwordFile)
        const body = {
          name,
          credential_type: options.type,
          username: options.username,
          password,
          ip_ranges: (options.range ?? []).map(rangeOf),
          ...(options.default ? { is_default: true } : {}),
          ...(options.priority === undefined ? {} : { priority: integer(options.priority) }),
          ...(options.description === undefined ? {} : { description: options.description }),
        }
        printOne(print, await answer(api.client.POST('/api/v1/credential-sets', { body })))
      }),
    )
}

function addChanges(credentials: Command): void {
  credentials
    .command('set-password <set>')
    .description('Changes the password that is stored')
    .option('--password-file <file>', 'file with the password, - for the standard input')
    .action(
      run(async ({ api, print }, name: string, options: { passwordFile?: string }) => {
        const params = { path: { id: await idOf(api, 'credential', name) } }
        const password = await readPassword(`New password of ${name}: `, options.passwordFile)
        printOne(print, await answer(api.client.PATCH('/api/v1/credential-sets/{id}', { params, body: { password } })))
      }),
    )
  credentials
    .command('ranges <set> [range...]')
    .description('Shows the address ranges of a set; ranges given (RANGE or RANGE=PRIORITY) replace them all')
    .action(
      run(async ({ api, print }, name: string, ranges: string[]) => {
        const params = { path: { id: await idOf(api, 'credential', name) } }
        const call =
          ranges.length === 0
            ? api.client.GET('/api/v1/credential-sets/{id}', { params })
            : api.client.PATCH('/api/v1/credential-sets/{id}', { params, body: { ip_ranges: ranges.map(rangeOf) } })
        const set = await answer(call)
        printList(
          print,
          [
            ['RANGE', (range) => range.ip_range],
            ['PRIORITY', (range) => range.priority],
            ['DESCRIPTION', (range) => range.description],
          ],
          set.ip_ranges,
        )
      }),
    )
  credentials
    .command('remove <set>')
    .description('Removes a set that nothing names any more')
    .action(
      run(async ({ api, print, yes }, name: string) => {
        const id = await idOf(api, 'credential', name)
        await confirm(yes, `Remove the credential set ${name}?`)
        await answer(api.client.DELETE('/api/v1/credential-sets/{id}', { params: { path: { id } } }))
        print.note('The credential set is removed.')
      }),
    )
}

function rangeOf(text: string) {
  const [ip_range = '', priority] = text.split('=')
  return { ip_range, priority: priority === undefined ? 0 : integer(priority) }
}

function integer(text: string): number {
  if (!/^-?\d{1,6}$/.test(text)) throw usage(`${text} is no whole number`)
  return Number(text)
}

/** `identities`: certificates and host keys that were seen. */
export function addIdentities(program: Command): void {
  const identities = program.command('identities').description('Certificates and host keys of devices')
  const places = {
    server: '/api/v1/servers/{id}/identities',
    host: '/api/v1/hosts/{id}/identities',
    vcenter: '/api/v1/vcenters/{id}/identities',
  } as const
  identities
    .command('list <kind> <name>')
    .description('What was seen of a server, host or vcenter')
    .addHelpText('after', '\nExample:\n  dsm identities list server ABC1234')
    .action(
      run(async ({ api, print }, kind: string, name: string) => {
        if (!Object.hasOwn(places, kind)) throw usage('The kind is server, host or vcenter.')
        const known = kind as keyof typeof places
        const rows = await listAll(api, places[known], {}, { id: await idOf(api, known, name) })
        printList(
          print,
          [
            ['ID', (one) => one.id],
            ['STATE', (one) => one.state],
            ['PLACE', (one) => `${one.address}:${one.port}`],
            ['SHA256', (one) => one.sha256],
            ['SUBJECT', (one) => one.subject],
          ],
          rows,
        )
      }),
    )
  for (const verb of ['accept', 'reject'] as const) {
    identities
      .command(`${verb} <id>`)
      .description(verb === 'accept' ? 'Pins this certificate or host key' : 'Never accept this one')
      .action(
        run(async ({ api, print, yes }, id: string) => {
          await confirm(yes, `${verb === 'accept' ? 'Trust' : 'Reject'} ${id}?`)
          await answer(api.client.POST(`/api/v1/identities/{id}/${verb}`, { params: { path: { id } } }))
          print.note('Done.')
        }),
      )
  }
}
