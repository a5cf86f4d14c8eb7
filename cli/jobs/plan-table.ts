import type { Printer } from '../output/print.js'
import { type Column, cellText, tableLines } from '../output/table.js'
import { groupedNotes, type Note } from './notes.js'

interface Step {
  kind?: string
  name?: string
  from?: string | null
  to?: string | null
}

interface PlannedHost {
  name: string
  /** Rolling updates only: place in the order, null = nothing is done with it. */
  position?: number | null
  action?: string | null
  work?: string
  canary?: boolean
  steps?: Step[]
  reboots?: number
  estimate_minutes?: number
  blockers?: Note[]
  warnings?: Note[]
  no_way_back?: string[]
}

interface PlannedTarget {
  target?: { name?: string }
  outcome?: string
  code?: string
  message?: string
  changes?: { name: string; from: unknown; to: unknown }[]
  plan?: UpdatePlan
  blockers?: Note[]
  warnings?: Note[]
}

interface UpdatePlan {
  phases?: { kind: string; reboot?: boolean; updates: { name: string; from: string[]; to: string }[] }[]
  left_out?: { name: string; installed: string; offered: string | null; message: string }[]
  not_in_catalog?: string[]
  reboots?: number
  estimate_minutes?: number
  blockers?: Note[]
  warnings?: Note[]
}

/** A plan as the API gives it; its parts depend on the type of job. */
interface Plan {
  would_start?: boolean
  hosts?: PlannedHost[]
  targets?: PlannedTarget[]
  clusters?: Record<string, unknown>[]
  cluster?: { name?: string }
  blockers?: Note[]
  warnings?: Note[]
  estimate_minutes?: number
}

const NAMED = ['would_start', 'hosts', 'targets', 'clusters', 'cluster', 'blockers', 'warnings', 'estimate_minutes']

/** Shows a plan to people: order of hosts, what would be done, what stands in the way, each sentence once. */
export function printPlan(print: Printer, given: unknown, { dry = true } = {}): void {
  const plan = given as Plan
  if (plan.cluster?.name) print.line(`Cluster ${plan.cluster.name}`)
  const hosts = plan.hosts ?? []
  if (hosts.length > 0) printHosts(print, hosts)
  if (plan.clusters?.length) for (const line of tableLines(CLUSTER_COLUMNS, plan.clusters)) print.line(line)
  for (const target of plan.targets ?? []) printTarget(print, target)
  for (const [name, value] of Object.entries(plan)) {
    if (!NAMED.includes(name) && value !== null && typeof value !== 'object') print.line(`${words(name)}: ${value}`)
  }
  printNotes(print, 'In the way', [...(plan.blockers ?? []), ...ofEach(plan, 'blockers')])
  printNotes(print, 'Good to know', [...(plan.warnings ?? []), ...ofEach(plan, 'warnings')], { codes: false })
  const lost = hosts.flatMap(({ name, no_way_back }) =>
    (no_way_back ?? []).map((message) => ({ message, target: name })),
  )
  printNotes(print, 'Cannot be taken back', lost)
  for (const line of conclusion(plan, dry)) print.line(line)
}

/** Notes of hosts and targets with their names. */
function ofEach({ hosts = [], targets = [] }: Plan, key: 'blockers' | 'warnings'): Note[] {
  const named = (name: string | undefined, notes: Note[] = []) =>
    notes.map((note) => (note.target || !name ? note : { ...note, target: name }))
  return [
    ...hosts.flatMap((host) => named(host.name, host[key])),
    ...targets.flatMap((one) => named(one.target?.name, [...(one[key] ?? []), ...(one.plan?.[key] ?? [])])),
  ]
}

const HOST_COLUMNS: Column<PlannedHost>[] = [
  ['HOST', (host) => host.name + (host.canary ? ' (canary)' : '')],
  ['STEPS', stepsOf],
  ['REBOOTS', (host) => host.reboots ?? 0],
  ['MINUTES', (host) => host.estimate_minutes ?? 0],
  ['BLOCKERS', (host) => host.blockers?.length ?? 0],
]

function printHosts(print: Printer, hosts: PlannedHost[]): void {
  const ordered = hosts.some((host) => host.position !== undefined)
  const columns: Column<PlannedHost>[] = ordered ? [['#', (host) => host.position], ...HOST_COLUMNS] : HOST_COLUMNS
  for (const line of tableLines(columns, hosts)) print.line(line)
}

function stepsOf(host: PlannedHost): string {
  const steps = (host.steps ?? []).map(stepText)
  if (steps.length > 0) return steps.join('; ')
  if (host.action === 'return') return 'back from maintenance'
  return host.blockers?.length ? 'not known' : 'nothing to do'
}

/** `ESXi 22380479 -> DEL-ESXi_803…`: where a build is not known yet, the image is named. */
function stepText({ kind, name = '', from, to }: Step): string {
  if (kind === 'esxi') return `ESXi ${from ?? '?'} -> ${to ?? (name === 'ESXi' ? 'the image named' : name)}`
  return `${name} ${from ?? '?'} -> ${to ?? '?'}`
}

const CLUSTER_COLUMNS: Column<Record<string, unknown>>[] = [
  ['CLUSTER', (row) => row.cluster ?? row.name ?? row.cluster_id],
  ['JOB', (row) => row.job_id],
  ['WOULD START', (row) => row.would_start],
]

function printTarget(print: Printer, target: PlannedTarget): void {
  const name = target.target?.name ?? '?'
  const { changes, plan } = target
  if (plan?.phases) printUpdates(print, name, plan)
  else if (changes) {
    for (const { name: what, from, to } of changes) print.line(`${name}: ${what} ${cellText(from)} -> ${cellText(to)}`)
    if (changes.length === 0) print.line(`${name}: nothing to change`)
  } else print.line(`${name}: ${[target.message ?? '', factsOf(target)].filter(Boolean).join('; ') || target.outcome}`)
}

const PLAIN = ['target', 'outcome', 'code', 'message', 'blockers', 'warnings', 'guard', 'slots']

/** What a target's answer says beside its outcome, on one line. */
export function factsOf(target: object): string {
  return Object.entries(target)
    .filter(([name, value]) => !PLAIN.includes(name) && value !== null && value !== '' && !isEmpty(value))
    .sort(([one], [other]) => FIRST.indexOf(other) - FIRST.indexOf(one))
    .map(([name, value]) => `${words(name)} ${factText(value)}`)
    .join(', ')
}

/** What is read best at the beginning, the first last. */
const FIRST = ['before', 'verdict']

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** A block as words, what was before what is. */
function factText(value: unknown): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return cellText(value)
  return Object.entries(value)
    .filter(([, one]) => one !== null && !isEmpty(one))
    .sort(([one], [other]) => Number(other === 'from') - Number(one === 'from'))
    .map(([name, one]) => `${words(name)} ${cellText(one)}`)
    .join(' ')
}

function printUpdates(print: Printer, name: string, plan: UpdatePlan): void {
  const updates = (plan.phases ?? []).flatMap((phase) =>
    phase.updates.map((update) => ({ ...update, when: words(phase.kind) + (phase.reboot ? ', with a reboot' : '') })),
  )
  print.line(
    updates.length === 0
      ? `${name}: nothing would be installed`
      : `${name}: ${counted(updates.length, 'update')}, ${counted(plan.reboots ?? 0, 'reboot')}, about ${plan.estimate_minutes ?? 0} min`,
  )
  const rows = [
    ...updates.map(({ name: what, from, to, when }) => ({ what, from: [...new Set(from)].join(','), to, why: when })),
    ...(plan.left_out ?? []).map((one) => ({
      what: one.name,
      from: one.installed,
      to: one.offered,
      why: `left: ${one.message}`,
    })),
  ]
  if (rows.length > 0) for (const line of tableLines(UPDATE_COLUMNS, rows)) print.line(`  ${line}`)
  const unknown = plan.not_in_catalog ?? []
  if (unknown.length > 0) print.line(`  not in the catalog: ${unknown.join(', ')}`)
}

const UPDATE_COLUMNS: Column<{ what: string; from: string; to: string | null; why: string }>[] = [
  ['COMPONENT', (row) => row.what],
  ['INSTALLED', (row) => row.from],
  ['OFFERED', (row) => row.to],
  ['HOW', (row) => row.why],
]

function printNotes(print: Printer, title: string, notes: readonly Note[], options = { codes: true }): void {
  const lines = groupedNotes(notes, options)
  if (lines.length > 0) print.line(`\n${title}:`)
  for (const line of lines) print.line(`  ${line}`)
}

/** Of a dry run: would it start. A job that does the work has a size only. */
function conclusion(plan: Plan, dry: boolean): string[] {
  const minutes = plan.estimate_minutes
  const reboots = (plan.hosts ?? []).reduce((sum, host) => sum + (host.reboots ?? 0), 0)
  const size = minutes === undefined ? '' : ` About ${counted(minutes, 'minute')}, ${counted(reboots, 'reboot')}.`
  if (!dry) return size === '' ? [] : ['', size.trim()]
  if (plan.would_start === true) return ['', `It would start.${size} Nothing was changed.`]
  if (plan.would_start === false) return ['', 'It would not start. Nothing was changed.']
  return []
}

const words = (name: string) => name.replaceAll('_', ' ')

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
