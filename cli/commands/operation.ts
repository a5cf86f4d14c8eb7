import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Api, answer, refusalOf } from '../api/client.js'
import { readText, sendHttp } from '../api/http.js'
import { listAll } from '../api/lists.js'
import { run } from '../context.js'
import { usage } from '../exit-codes.js'
import type { Printer } from '../output/print.js'
import { printList, printOne } from '../output/table.js'
import { COMMAND_COLUMNS } from './jobs.js'
import { addList } from './list-verb.js'

/** Records of what was done, settings, versions, a short overview. */
export function addOperation(program: Command): void {
  const commands = program.command('commands').description('The audit of calls to devices')
  addList(commands, {
    path: '/api/v1/commands',
    summary: 'Every request to every device, newest first',
    filters: 'job_id, server_id, vcenter_host_id, operation_type, command_type, success, request_id, after, before',
    columns: COMMAND_COLUMNS,
  })
  const audit = program.command('audit').description('The audit of what people and rules did')
  addList(audit, {
    path: '/api/v1/audit',
    summary: 'Deeds, newest first',
    filters: 'actor_id, action, object_kind, object_id, request_id, after, before',
    columns: [
      ['TIME', (entry) => entry.at],
      ['WHO', (entry) => entry.actor_label],
      ['FROM', (entry) => entry.actor_ip],
      ['DEED', (entry) => entry.action],
      ['ON', (entry) => entry.object_label ?? entry.object_id],
    ],
  })
  addSettings(program)
  addStatus(program)
  program
    .command('version')
    .description('Versions of the product')
    .action(run(async ({ api, print }) => printOne(print, await readOpen(api, '/api/v1/version'))))
}

/** A route that needs no token and stands outside the document. */
async function readOpen(api: Api, path: string): Promise<Record<string, unknown>> {
  const url = `${api.server}${path}`
  const got = await sendHttp({ method: 'GET', url, headers: { accept: 'application/json' }, ca: api.ca })
  const text = await readText(got, url)
  if (got.statusCode !== 200 && !text.startsWith('{')) throw refusalOf(got.statusCode ?? 500, text)
  return JSON.parse(text) as Record<string, unknown>
}

function addStatus(program: Command): void {
  program
    .command('status')
    .description('An overview: readiness, jobs in work, health of servers')
    .action(
      run(async ({ api, print }) => {
        const ready = await readOpen(api, '/readyz')
        const jobs = await listAll(api, '/api/v1/jobs', { status: 'pending,running,paused' })
        const servers = await listAll(api, '/api/v1/servers')
        const attention = await listAll(api, '/api/v1/jobs', { needs_attention: true })
        printOne(print, {
          product: ready.status,
          jobs_in_work: jobs.length,
          jobs_needing_attention: attention.length,
          servers: servers.length,
          ...counted(servers.map((server) => `servers_${server.health_status.toLowerCase()}`)),
        })
      }),
    )
}

function counted(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words.sort()) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

const SECRET = /password|secret|token|private_key/i

const SECTIONS = ['activity', 'media', 'directory', 'openmanage'] as const
const NOT_SET_BY_HAND = ['id', 'version', 'created_at', 'updated_at']

function addSettings(program: Command): void {
  const settings = program.command('settings').description('Settings of the product, by section')
  settings
    .command('get <section>')
    .description(`Shows a section: ${SECTIONS.join(', ')}`)
    .action(
      run(async ({ api, print }, section: string) => {
        printSettings(print, await answer(api.client.GET(sectionPath(section))))
      }),
    )
  settings
    .command('set <section> <key=value...>')
    .description('Changes a section; a value may be JSON or @FILE, and a secret must be @FILE')
    .addHelpText('after', SET_HELP)
    .action(
      run(async ({ api, print }, section: string, pairs: string[]) => {
        const given = pairs.map(pairOf)
        const now = (await answer(api.client.GET(sectionPath(section)))) as Record<string, unknown>
        const body = Object.fromEntries(given.map(([key, value]) => [key, asList(now[key], value)]))
        printSettings(print, await answer(api.client.PATCH(sectionPath(section), { body })))
      }),
    )
}

const SET_HELP = `
Examples:
  dsm settings set activity first_contact=ask job_retention_days=400
  dsm settings set media allowed_hosts=files.example,mirror.example
  dsm settings set openmanage host=ome.example username=dsm password=@FILE enabled=true`

/** Every setting, also one that is not set: what can be set must be seen. */
function printSettings(print: Printer, body: object): void {
  if (print.json) {
    print.body(body)
    return
  }
  const rows = Object.entries(body).filter(([name]) => !NOT_SET_BY_HAND.includes(name))
  printList(
    print,
    [
      ['SETTING', ([name]) => name],
      ['VALUE', ([, value]) => value],
    ],
    rows,
  )
}

/** `a,b` where the setting is a list. */
function asList(now: unknown, value: unknown): unknown {
  if (!Array.isArray(now) || Array.isArray(value)) return value
  const text = String(value)
  return text === '' ? [] : text.split(',')
}

/** All sections are read and changed alike. @throws {Refusal} usage */
function sectionPath(section: string): `/api/v1/settings/activity` {
  if (!(SECTIONS as readonly string[]).includes(section))
    throw usage(`${section} is no section; there are ${SECTIONS.join(', ')}.`)
  return `/api/v1/settings/${section}` as '/api/v1/settings/activity'
}

function pairOf(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw usage(`${text}: give key=value`)
  const [key, value] = [text.slice(0, at), text.slice(at + 1)]
  if (value.startsWith('@')) return [key, textOf(value.slice(1))]
  if (SECRET.test(key)) throw usage(`${key} is a secret: give ${key}=@FILE, never the value itself.`)
  try {
    return [key, JSON.parse(value) as unknown]
  } catch {
    return [key, value]
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (error) {
    throw usage(`The file cannot be read: ${(error as Error).message}`)
  }
}
