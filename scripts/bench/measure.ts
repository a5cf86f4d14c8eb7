import { readdir, readFile } from 'node:fs/promises'
import type { StartedProduct } from '../demo/product.js'
import type { ProcessName } from '../embedded/data-directory.js'

/** Figures of one process with all processes below it. */
export interface ProcessFigures {
  rss_mb: number
  /** Processor seconds, user and system, since it began. */
  cpu_seconds: number
}

const TICKS_PER_SECOND = 100
const NAMES: ProcessName[] = ['start', 'postgres', 'temporal', 'worker', 'api', 'lab']

/** Value below which `share` (0-1) of the values lie; undefined for none. */
export function quantile(values: number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

/** Memory and processor time of every process of a system. Linux only; elsewhere empty. */
export async function figuresOf(product: StartedProduct): Promise<Partial<Record<ProcessName, ProcessFigures>>> {
  const children = await childrenByParent()
  const figures: Partial<Record<ProcessName, ProcessFigures>> = {}
  for (const name of NAMES) {
    const pid = await product.pid(name)
    // The supervisor's children are counted under their own names.
    if (pid) figures[name] = await sumTree(pid, name === 'start' ? new Map() : children)
  }
  return figures
}

async function childrenByParent(): Promise<Map<number, number[]>> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0)
  const children = new Map<number, number[]>()
  for (const pid of pids) {
    const parent = Number((await statOf(pid))?.[1])
    if (parent > 0) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

/** Fields of /proc/PID/stat from the state on (index 0 is field 3 of the manual). */
async function statOf(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

async function sumTree(root: number, children: Map<number, number[]>): Promise<ProcessFigures> {
  const sum: ProcessFigures = { rss_mb: 0, cpu_seconds: 0 }
  for (const pid of [root, ...descendants(root, children)]) {
    const stat = await statOf(pid)
    if (!stat) continue
    sum.cpu_seconds += (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND
    sum.rss_mb += (await proportionalKb(pid)) / 1024
  }
  return { rss_mb: Math.round(sum.rss_mb), cpu_seconds: Math.round(sum.cpu_seconds * 100) / 100 }
}

function descendants(root: number, children: Map<number, number[]>): number[] {
  return (children.get(root) ?? []).flatMap((child) => [child, ...descendants(child, children)])
}

/** Pages shared with others count in part (PSS), so that the sum over Postgres' processes is honest. */
async function proportionalKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const pss = /^Pss:\s+(\d+)/m.exec(rollup)?.[1]
  if (pss) return Number(pss)
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
}

/** Difference of processor seconds between two readings, all processes together; a restarted one counts from its birth. */
export function cpuBetween(
  before: Partial<Record<ProcessName, ProcessFigures>>,
  after: Partial<Record<ProcessName, ProcessFigures>>,
): Record<string, number> {
  const used: Record<string, number> = {}
  for (const [name, { cpu_seconds }] of Object.entries(after)) {
    const past = before[name as ProcessName]?.cpu_seconds ?? 0
    used[name] = Math.round((cpu_seconds >= past ? cpu_seconds - past : cpu_seconds) * 100) / 100
  }
  return used
}
