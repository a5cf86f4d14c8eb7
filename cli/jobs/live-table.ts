import type { components } from '../api/schema.js'
import { type Column, tableLines } from '../output/table.js'
import type { Job } from './order.js'

export type Task = components['schemas']['JobTask']

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'> & { write(text: string): unknown }

/**
 * Host by phase, as it is now. On a terminal the table is drawn over itself; elsewhere a line is printed for each change.
 */
export function createLiveTable(screen: Screen, now: () => number = Date.now) {
  let drawn = 0
  const said = new Map<string, string>()
  const draw = (job: Job, tasks: Task[]): void => {
    if (!screen.isTTY) {
      printChanges(screen, job, tasks, said)
      return
    }
    const lines = fitting([headOf(job, now()), ...narrowed(columnsAt(tasks, now()), tasks, screen.columns)], screen)
    const back = drawn > 0 ? `\x1b[${drawn}A` : ''
    screen.write(`${back}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[0J`)
    drawn = lines.length
  }
  return { draw }
}

/** On a narrow screen times give way first, then the phase: why something waits must be seen. */
function narrowed(columns: Column<Task>[], tasks: Task[], width = 120): string[] {
  const dropped = ['ELAPSED', 'IN PHASE', 'PHASE', '%']
  for (let count = 0; ; count++) {
    const kept = columns.filter(([title]) => !dropped.slice(0, count).includes(title))
    const lines = tableLines(kept, tasks)
    if (count === dropped.length || lines.every((line) => line.length <= width)) return lines
  }
}

/** What does not fit on the screen is counted, since it could not be drawn over. */
function fitting(lines: string[], screen: Screen): string[] {
  const rows = (screen.rows ?? 40) - 1
  const width = screen.columns ?? 120
  const cut = lines.length > rows ? [...lines.slice(0, rows - 1), `… and ${lines.length - rows + 1} more`] : lines
  return cut.map((line) => line.slice(0, width))
}

const columnsAt = (tasks: Task[], now: number): Column<Task>[] => [
  [tasks.every((task) => task.target_kind === 'host') ? 'HOST' : 'TARGET', (task) => task.target_label],
  ['STATE', (task) => task.outcome ?? task.status],
  ['%', (task) => task.progress],
  ['PHASE', (task) => task.phase],
  ['IN PHASE', (task) => (task.completed_at ? '' : elapsed(task.phase_since, null, now))],
  ['ELAPSED', (task) => elapsed(task.started_at, task.completed_at, now)],
  ['WAITS FOR', (task) => reasonsOf(task) || task.error?.message || ''],
]

function headOf(job: Job, now: number): string {
  const dry = job.dry_run ? ' (dry run)' : ''
  const attention = job.needs_attention ? '  ATTENTION' : ''
  const parts = [
    job.job_type + dry,
    job.status,
    job.phase,
    `${job.progress} %`,
    elapsed(job.started_at, job.completed_at, now),
  ]
  return `${parts.filter((part) => part).join('  ')}${attention}  ${reasonsOf(job)}`.trimEnd()
}

function printChanges(screen: Screen, job: Job, tasks: Task[], said: Map<string, string>): void {
  const own: [string, string][] = [
    ['', `${job.job_type}  ${job.status}  ${job.phase ?? ''}  ${reasonsOf(job)}`.trimEnd()],
  ]
  const lines = tasks.map((task): [string, string] => [task.id, taskLine(task)])
  for (const [key, line] of [...own, ...lines]) {
    if (said.get(key) === line) continue
    said.set(key, line)
    screen.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`)
  }
}

function taskLine(task: Task): string {
  const why = reasonsOf(task) || (task.error ? `${task.error.code}: ${task.error.message}` : '')
  return `${task.target_label}  ${task.outcome ?? task.status}  ${task.progress} %  ${task.phase ?? ''}  ${why}`.trimEnd()
}

const reasonsOf = (one: Pick<Task, 'waiting_for'>) =>
  one.waiting_for.map(({ code, message }) => `${code}: ${message}`).join('; ')

/** Time between two instants for people, `3m 20s`; up to now while the second is open. */
export function elapsed(from: string | null, to: string | null, now: number): string {
  if (from === null) return ''
  const seconds = Math.max(0, Math.round(((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`
}
