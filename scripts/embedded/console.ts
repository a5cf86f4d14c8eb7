export type LogFormat = 'pretty' | 'json'
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error'

const RANK: Record<LogLevel, number> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 }

/** The words of a level number in the logs of our processes. */
export function levelOfNumber(level: unknown): LogLevel {
  const rank = typeof level === 'number' ? level : 30
  if (rank >= 50) return 'error'
  if (rank >= 40) return 'warn'
  if (rank >= 30) return 'info'
  return rank >= 20 ? 'debug' : 'trace'
}

/**
 * The console of the supervisor: whole lines only. Until `open()` is called lines are kept back, so that the first
 * line can say what a later step finds out (whether the simulated site is shown).
 */
export function createConsole(format: LogFormat, level: LogLevel, write: (line: string) => void = writeLine) {
  const startedAt = Date.now()
  let held: string[] | undefined = []
  const put = (line: string) => (held ? held.push(line) : write(line))
  const shown = (at: LogLevel) => RANK[at] >= RANK[level]
  const own = (at: LogLevel, msg: string, more: Record<string, unknown>) => {
    if (!shown(at)) return
    const record = { level: at, time: new Date().toISOString(), service: 'start', msg, ...more }
    put(format === 'json' ? JSON.stringify(record) : prettyLine('start', at, msg))
  }
  return {
    info: (msg: string, more: Record<string, unknown> = {}) => own('info', msg, more),
    warn: (msg: string, more: Record<string, unknown> = {}) => own('warn', msg, more),
    error: (msg: string, more: Record<string, unknown> = {}) => own('error', msg, more),
    /** A finished step with the time it took. */
    step: (what: string, sinceMs: number) =>
      own('info', `${what} (${seconds(Date.now() - sinceMs)})`, { duration_ms: Date.now() - sinceMs }),
    /** A line of a child process, as it stands in its log file. */
    child(service: string, line: string): void {
      const parsed = parseRecord(line)
      if (!shown(parsed.level)) return
      if (format === 'json') put(parsed.json ?? JSON.stringify({ level: parsed.level, service, msg: line }))
      else put(prettyLine(service, parsed.level, parsed.msg))
    },
    /** A line that looks the same in every format, for people and scripts. */
    plain: (line: string) => put(line),
    /** From now on lines are written, the held ones behind `firstLine`. */
    open(firstLine: string): void {
      if (!held) return
      const lines = held
      held = undefined
      if (format === 'json') own('info', firstLine, {})
      else write(firstLine)
      for (const line of lines) write(line)
    },
    /** Writes what is held back without a first line; for the end after a failure. */
    flush(): void {
      const lines = held ?? []
      held = undefined
      for (const line of lines) write(line)
    },
    get sinceStart(): string {
      return seconds(Date.now() - startedAt)
    },
  }
}

export type SupervisorConsole = ReturnType<typeof createConsole>

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

function prettyLine(service: string, level: LogLevel, msg: string): string {
  const mark = level === 'info' || level === 'debug' || level === 'trace' ? '' : `${level.toUpperCase()} `
  return `${new Date().toISOString().slice(11, 19)} ${service.padEnd(8)} ${mark}${msg}`
}

/** Our processes write JSON lines; anything else (a crash, a library) is passed on as it is. */
function parseRecord(line: string): { level: LogLevel; msg: string; json?: string } {
  if (!line.startsWith('{')) return { level: 'info', msg: line }
  try {
    const record = JSON.parse(line) as Record<string, unknown>
    const level =
      typeof record.level === 'string' && record.level in RANK
        ? (record.level as LogLevel)
        : levelOfNumber(record.level)
    const error = record.err as { message?: string } | undefined
    const tail = error?.message ? `: ${error.message}` : ''
    return { level, msg: `${String(record.msg ?? line)}${tail}`, json: line }
  } catch {
    return { level: 'info', msg: line }
  }
}
