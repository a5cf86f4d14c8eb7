import type { JobView, TaskView } from './api-client.js'

interface Lived {
  phase: string
  since: number
  until?: number
}

/**
 * Host × step as it is seen from outside: remembers which phases each host went through and how long. On a terminal
 * the table is drawn over itself; elsewhere a line is printed whenever something changes.
 */
export function createLiveTable(
  out: { write: (text: string) => unknown; isTTY?: boolean | undefined; columns?: number | undefined },
  now: () => number = Date.now,
) {
  const lives = new Map<string, Lived[]>()
  let drawn = 0
  let lastLine = new Map<string, string>()
  const beganAt = now()

  const observe = (task: TaskView) => {
    const lived = lives.get(task.target_label) ?? []
    lives.set(task.target_label, lived)
    const current = lived.at(-1)
    const ended = task.completed_at !== null
    if (task.phase && current?.phase !== task.phase && !ended) {
      if (current && current.until === undefined) current.until = now()
      lived.push({ phase: task.phase, since: now() })
    }
    if (ended && current && current.until === undefined) current.until = now()
  }
  const draw = (job: JobView, tasks: TaskView[]) => {
    for (const task of tasks) observe(task)
    const lines = tableLines(job, tasks, lives, now(), now() - beganAt)
    if (out.isTTY) {
      const width = out.columns ?? 120
      out.write(
        `${drawn > 0 ? `\x1b[${drawn}A` : ''}${lines.map((line) => `\x1b[2K${line.slice(0, width)}\n`).join('')}\x1b[0J`,
      )
      drawn = lines.length
      return
    }
    lastLine = printChanges(out, tasks, lastLine)
  }
  return { draw }
}

function printChanges(
  out: { write: (text: string) => unknown },
  tasks: TaskView[],
  before: Map<string, string>,
): Map<string, string> {
  const after = new Map<string, string>()
  for (const task of tasks) {
    const line = `${task.target_label.padEnd(24)} ${(task.phase ?? task.status).padEnd(18)} ${task.outcome ?? ''}${waiting(task)}`
    after.set(task.target_label, line)
    if (before.get(task.target_label) !== line)
      out.write(`${new Date().toISOString().slice(11, 19)}  ${line}  ${task.progress} %\n`)
  }
  return after
}

const waiting = (one: { waiting_for: Array<{ code: string; message: string }> }): string =>
  one.waiting_for.length === 0
    ? ''
    : ` waits: ${one.waiting_for.map(({ code, message }) => `${code} ${message}`).join('; ')}`

function tableLines(
  job: JobView,
  tasks: TaskView[],
  lives: Map<string, Lived[]>,
  now: number,
  elapsedMs: number,
): string[] {
  const phases = [...new Set([...lives.values()].flatMap((lived) => lived.map(({ phase }) => phase)))]
  const head = `${'host'.padEnd(24)} ${'%'.padStart(4)} ${phases.map((phase) => phase.slice(0, 14).padStart(14)).join(' ')}`
  const rows = tasks.map((task) => {
    const cells = phases.map((phase) => cell(lives.get(task.target_label) ?? [], phase, now).padStart(14))
    const state = task.completed_at ? (task.outcome ?? task.status) : ''
    return `${task.target_label.slice(0, 24).padEnd(24)} ${`${task.progress}`.padStart(4)} ${cells.join(' ')}  ${state}${waiting(task)}`
  })
  return [`${job.job_type} ${job.status} ${job.phase ?? ''}, ${seconds(elapsedMs)}${waiting(job)}`, head, ...rows]
}

/** Time spent in a phase; a star while the host is in it. */
function cell(lived: Lived[], phase: string, now: number): string {
  const spent = lived.filter((one) => one.phase === phase)
  if (spent.length === 0) return '.'
  const ms = spent.reduce((sum, { since, until }) => sum + ((until ?? now) - since), 0)
  return `${seconds(ms)}${spent.at(-1)?.until === undefined ? ' *' : ''}`
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
