import { type Command, Option } from 'commander'
import { type Api, answer, openApi } from '../api/client.js'
import { readPassword } from '../ask.js'
import { run, serverUrl } from '../context.js'
import { Refusal, usage } from '../exit-codes.js'
import { readLogins, writeLogins } from '../logins.js'
import { idOf } from '../names.js'
import { printList, printOne } from '../output/table.js'
import { addList, collect, wholeNumber } from './list-verb.js'

const ROLES = ['viewer', 'operator', 'admin', 'auditor']

/** Signing in and out, own password, API tokens, people. */
export function addAccess(program: Command): void {
  addLogin(program)
  program
    .command('logout')
    .description('Ends the session and forgets it')
    .action(
      run(async ({ api, print, login_file }) => {
        await endSession(api)
        const logins = readLogins(login_file)
        delete logins.by_server[api.server]
        if (logins.current === api.server) logins.current = null
        writeLogins(login_file, logins)
        print.note(`Signed out of ${api.server}.`)
      }),
    )
  program
    .command('whoami')
    .description('Who is signed in, and with which roles')
    .action(run(async ({ api, print }) => printOne(print, await answer(api.client.GET('/api/v1/sessions/current')))))
  addPasswd(program)
  addTokens(program)
  addUsers(program)
}

/** A session that has ended already is as good as one that is ended now. */
async function endSession(api: Api): Promise<void> {
  try {
    await answer(api.client.DELETE('/api/v1/sessions/current'))
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem?.code !== 'Unauthenticated') throw error
  }
}

function addLogin(program: Command): void {
  program
    .command('login [url]')
    .description('Signs in and keeps the token in a file that only you can read')
    .option('-u, --username <name>', 'who signs in', 'admin')
    .option('--password-file <file>', 'file with the password, - for the standard input; else it is asked for')
    .addHelpText('after', '\nExample:\n  dsm login https://dsm.example --username anna --ca /etc/ssl/dsm-ca.pem')
    .action(
      run(async (context, url: string | undefined, options: { username: string; passwordFile?: string }) => {
        const server = url === undefined ? context.api.server : serverUrl(url)
        const api = openApi(server, undefined, context.api.ca)
        const password = await readPassword(`Password of ${options.username} at ${server}: `, options.passwordFile)
        const body = { username: options.username, password }
        const { token, expires_at, user } = await answer(api.client.POST('/api/v1/sessions', { body }))
        const logins = readLogins(context.login_file)
        const kept = { token, expires_at, username: user.username, ...(api.ca ? { ca: api.ca } : {}) }
        writeLogins(context.login_file, { current: server, by_server: { ...logins.by_server, [server]: kept } })
        if (context.print.json) context.print.body({ server, expires_at, user })
        else
          context.print.note(
            `Signed in at ${server} as ${user.username} (${user.roles.join(', ')}) until ${expires_at}.`,
          )
        if (user.must_change_password) context.print.note('This is the first password; change it: dsm passwd')
      }),
    )
}

function addPasswd(program: Command): void {
  program
    .command('passwd')
    .description('Changes your own password and ends your other sessions')
    .option('--current-password-file <file>', 'file with the password now')
    .option('--password-file <file>', 'file with the new password')
    .action(
      run(async ({ api, print }, options: { currentPasswordFile?: string; passwordFile?: string }) => {
        const current_password = await readPassword('Current password: ', options.currentPasswordFile)
        const new_password = await readPassword('New password: ', options.passwordFile)
        if (options.passwordFile === undefined && new_password !== (await readPassword('New password again: '))) {
          throw usage('The two passwords differ; nothing was changed.')
        }
        await answer(api.client.POST('/api/v1/users/me/password', { body: { current_password, new_password } }))
        print.note('The password is changed.')
      }),
    )
}

interface TokenOptions {
  role?: 'viewer' | 'operator' | 'admin' | 'auditor'
  days?: number
  cidr?: string[]
}

function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('API tokens')
  addList(tokens, {
    path: '/api/v1/tokens',
    summary: 'Your API tokens, without their secret',
    columns: [
      ['NAME', (token) => token.name],
      ['PREFIX', (token) => token.prefix],
      ['ROLE', (token) => token.role],
      ['EXPIRES', (token) => token.expires_at],
      ['LAST USED', (token) => token.last_used_at],
    ],
  })
  tokens
    .command('create <name>')
    .description('Makes an API token; it is shown once')
    .addOption(new Option('--role <role>', 'at most your own').choices(ROLES))
    .option('--days <n>', 'how long it is valid', wholeNumber)
    .option('--cidr <range>', 'only from these addresses; may be repeated', collect)
    .addHelpText('after', '\nExample:\n  DSM_TOKEN=$(dsm tokens create ci --role operator --days 30 --quiet)')
    .action(
      run(async ({ api, print }, name: string, { role, days, cidr }: TokenOptions) => {
        const body = {
          name,
          expires_in_days: days ?? 90,
          allowed_cidrs: cidr ?? [],
          ...(role ? { role } : {}),
        }
        const made = await answer(api.client.POST('/api/v1/tokens', { body }))
        if (print.json) return print.body(made)
        print.note(`Token ${made.name}, valid until ${made.expires_at}. It is shown only now:`)
        print.line(made.token)
      }),
    )
  tokens
    .command('revoke <token>')
    .description('Ends a token, named by its name, prefix or id')
    .action(
      run(async ({ api, print }, token: string) => {
        const id = await idOf(api, 'token', token)
        await answer(api.client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }))
        print.note('The token is revoked.')
      }),
    )
}

function addUsers(program: Command): void {
  const users = program.command('users').description('People who may sign in')
  addList(users, {
    path: '/api/v1/users',
    summary: 'People with their roles',
    columns: [
      ['USER', (user) => user.username],
      ['NAME', (user) => user.display_name],
      ['ROLES', (user) => user.roles],
      ['SOURCE', (user) => user.source],
      ['LAST SIGN-IN', (user) => user.last_login_at],
      ['DISABLED', (user) => user.disabled_at],
    ],
  })
  users
    .command('show <user>')
    .description('One person, with where each role comes from')
    .action(
      run(async ({ api, print }, user: string) => {
        const path = { id: await idOf(api, 'user', user) }
        printOne(print, await answer(api.client.GET('/api/v1/users/{id}', { params: { path } })))
      }),
    )
  users
    .command('roles <user> [role...]')
    .description('Shows where the roles of a person come from; roles given replace those given by hand before')
    .option('--none', 'take away all roles given by hand')
    .action(
      run(async ({ api, print }, user: string, roles: 'viewer'[], { none }: { none?: boolean }) => {
        const params = { path: { id: await idOf(api, 'user', user) } }
        const unknown = roles.find((role) => !ROLES.includes(role))
        if (unknown) throw usage(`${unknown} is no role; there are ${ROLES.join(', ')}.`)
        if (none && roles.length > 0) throw usage('Give roles or --none, not both.')
        const asked =
          roles.length === 0 && !none
            ? api.client.GET('/api/v1/users/{id}', { params })
            : api.client.PATCH('/api/v1/users/{id}', { params, body: { roles } })
        const { grants, ...person } = await answer(asked)
        if (print.json) return print.body({ ...person, grants })
        printList(
          print,
          [
            ['ROLE', (grant) => grant.role],
            ['FROM', (grant) => grant.source],
            ['SINCE', (grant) => grant.granted_at],
          ],
          grants,
        )
      }),
    )
  for (const [verb, disabled, description] of [
    ['disable', true, 'Keeps a person out, ends the sessions and revokes the tokens for good'],
    ['enable', false, 'Lets a disabled person sign in again; tokens and sessions of before stay ended'],
  ] as const) {
    users
      .command(`${verb} <user>`)
      .description(description)
      .action(
        run(async ({ api, print }, user: string) => {
          const params = { path: { id: await idOf(api, 'user', user) } }
          printOne(print, await answer(api.client.PATCH('/api/v1/users/{id}', { params, body: { disabled } })))
        }),
      )
  }
  users
    .command('passwd <user>')
    .description('Sets the password of somebody else, who is asked to change it, and ends the sessions')
    .option('--password-file <file>', 'file with the password, - for the standard input; else it is asked for')
    .action(
      run(async ({ api, print }, user: string, { passwordFile }: { passwordFile?: string }) => {
        const params = { path: { id: await idOf(api, 'user', user) } }
        const password = await readPassword(`New password of ${user}: `, passwordFile)
        await answer(api.client.PATCH('/api/v1/users/{id}', { params, body: { password } }))
        print.note(`The password of ${user} is set.`)
      }),
    )
  users
    .command('create <username>')
    .description('Adds a local account')
    .addOption(new Option('--role <role>', 'its role').choices(ROLES).makeOptionMandatory())
    .option('--display-name <name>', 'shown name')
    .option('--password-file <file>', 'file with the password, - for the standard input; else it is asked for')
    .action(
      run(
        async (
          { api, print },
          username: string,
          options: { role: 'viewer'; displayName?: string; passwordFile?: string },
        ) => {
          const password = await readPassword(`Password of ${username}: `, options.passwordFile)
          const named = options.displayName ? { display_name: options.displayName } : {}
          const body = { username, password, role: options.role, ...named }
          printOne(print, await answer(api.client.POST('/api/v1/users', { body })))
        },
      ),
    )
}
