import type { Printer } from '../output/print.js'
import { type Column, tableLines } from '../output/table.js'
import type { Job } from './order.js'
import { factsOf } from './plan-table.js'

const MOST_TARGETS = 20
const HOUSEKEEPING = ['summary', 'targets', 'plan', 'duration_ms', 'clusters', 'files', 'health']

interface Check {
  name: string
  outcome: string
  fact: string
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
  ['FACT', (check) => check.fact],
]

/** What a job found out, beside how many targets went well: its figures, and the facts of each of its first targets. */
export function printAnswers(print: Printer, job: Job): void {
  const result = job.result ?? {}
  const figures = Object.fromEntries(Object.entries(result).filter(([name, value]) => isFigure(name, value)))
  const said = factsOf(figures)
  if (said) print.line(`  ${said}`)
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
  const { checks, vibs: _long, sha256: _hash, host_id: _id, ...facts } = entry
  const flat = Object.entries(facts).filter(
    ([, value]) => value !== 0 && !(Array.isArray(value) && value.some(isBlock)),
  )
  const said = factsOf(Object.fromEntries(flat))
  if (said) print.line(`  ${name}: ${said}`)
  if (checks) for (const line of tableLines(CHECK_COLUMNS, checks)) print.line(`    ${line}`)
}

const isBlock = (one: unknown) => typeof one === 'object' && one !== null
