import type { Printer } from '../output/print.js'
import { type Column, cellText, tableLines } from '../output/table.js'
import type { Job } from './order.js'
import { factsOf } from './plan-table.js'

const MOST_TARGETS = 20
const HOUSEKEEPING = ['summary', 'targets', 'plan', 'duration_ms', 'clusters', 'files', 'health', 'findings']

interface Check {
  name: string
  outcome: string
  fact?: string
  message?: string
}

interface TargetEntry {
  target?: { name?: string }
  outcome?: string
  checks?: Check[]
  vibs?: Record<string, string[]>
  [fact: string]: unknown
}

const CHECK_COLUMNS: Column<Check>[] = [
  ['CHECK', (check) => check.name.replaceAll('_', ' ')],
  ['OUTCOME', (check) => check.outcome],
  ['FACT', (check) => check.fact ?? check.message],
]

/** What a job found out, beside how many targets went well: its figures, and the facts of each of its first targets. */
export function printAnswers(print: Printer, job: Job): void {
  const result = job.result ?? {}
  const figures = Object.fromEntries(Object.entries(result).filter(([name, value]) => isFigure(name, value)))
  const said = factsOf(figures)
  if (said) print.line(`  ${said}`)
  if (Array.isArray(result.checks)) printChecks(print, result.checks as Check[])
  const targets = ((result.targets ?? []) as TargetEntry[]).filter(({ outcome }) => outcome && GOOD.includes(outcome))
  for (const entry of targets.slice(0, MOST_TARGETS)) printTarget(print, nameOf(job, entry), entry)
}

const GOOD = ['answered', 'changed', 'unchanged', 'succeeded']

function isFigure(name: string, value: unknown): boolean {
  return !HOUSEKEEPING.includes(name) && value !== 0 && ['number', 'string', 'boolean'].includes(typeof value)
}

/** A preflight answers with the image as `target`: there the host is named by its id. */
const nameOf = (job: Job, { target, host_id }: TargetEntry) =>
  target?.name ?? job.targets.find(({ id }) => id === host_id)?.name ?? ''

function printTarget(print: Printer, name: string, entry: TargetEntry): void {
  const { checks, vibs: _long, ...given } = entry
  const facts = Object.entries(given).filter(([key, value]) => !UNTOLD.includes(key) && value !== 0)
  const said = factsOf(Object.fromEntries(facts.filter(([, value]) => !isList(value))))
  if (said) print.line(`  ${name}: ${said}`)
  const lists = facts.filter(([, value]) => isList(value)).flatMap(([, value]) => (value as Listed[]).map(listedLine))
  const lines = lists.filter((line) => line !== '')
  for (const line of lines.slice(0, MOST_LINES)) print.line(said ? `    ${line}` : `  ${name}: ${line}`)
  if (lines.length > MOST_LINES) print.line(`    and ${lines.length - MOST_LINES} more`)
  if (checks) printChecks(print, checks)
}

const MOST_LINES = 20
/** Of use to programs, or told in another way. */
const UNTOLD = ['sha256', 'host_id', 'cluster_id', 'working_set_id', 'skipped', 'tried', 'cluster']

function printChecks(print: Printer, checks: Check[]): void {
  for (const line of tableLines(CHECK_COLUMNS, checks)) print.line(`    ${line}`)
}

interface Listed {
  name?: string
  component?: string
  from?: unknown
  to?: unknown
  outcome?: string
  why?: string
  message?: string
}

/** A change as `BIOS 2.1.5 -> 2.2.8`, anything else by its sentence; what has none is left to --json. */
function listedLine({ name, component, from, to, outcome, why, message }: Listed): string {
  const what = name ?? component ?? ''
  if (to !== undefined) {
    const odd = outcome && !GOOD.includes(outcome) ? ` (${outcome})` : ''
    return `${what} ${cellText(from)} -> ${cellText(to)}${odd}`.trim()
  }
  const sentence = message ?? why
  return sentence ? [what, sentence].filter(Boolean).join(': ') : ''
}

const isList = (value: unknown) => Array.isArray(value) && value.some((one) => typeof one === 'object' && one !== null)
