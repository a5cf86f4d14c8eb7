import type { Db } from './connect.js'
import {
  type BodyLimits,
  type CommandCall,
  type CommandContext,
  type CommandResult,
  closeCommand,
  insertCommands,
  insertIntent,
  readRow,
} from './stores/commands.js'

type Row = ReturnType<typeof readRow>

const BATCH_ROWS = 1_000
const BATCH_MS = 50
/** Rows kept in memory while the database is away; beyond it the oldest reads are dropped and counted. */
const MAX_WAITING = 20_000

export interface CommandRecorder {
  begin(call: CommandCall): Promise<{ end(result: CommandResult): Promise<void> }>
}

export interface CommandLog {
  /** The recorder to give to a client: fits `CallRecorder` of the clients. */
  recorder(context: CommandContext): CommandRecorder
  /** Resolves when everything recorded so far is stored; rejects if the database is away. */
  flush(): Promise<void>
  /** Reads that could not be stored. */
  readonly dropped: number
  close(): Promise<void>
}

/**
 * The audit of device calls of one process. The intent of a mutation is stored before `begin` resolves (no row, no
 * mutation); its result directly at `end`. Reads are written in batches of at most 1,000 rows or 50 ms: a SIGKILL may lose the
 * last batch of reads, never a mutation.
 */
export function createCommandLog(db: Db, options: { source: 'api' | 'worker'; limits: () => BodyLimits }): CommandLog {
  let waiting: Row[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let dropped = 0

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting.splice(0, waiting.length)
    if (batch.length === 0) return writing
    const stored = writing.catch(() => {}).then(() => insertInParts(db, batch))
    writing = stored.catch((error: unknown) => {
      // The database is away: keep the rows for the next try, as far as memory bears it.
      waiting = [...batch, ...waiting]
      const excess = waiting.length - MAX_WAITING
      if (excess > 0) {
        waiting.splice(0, excess)
        dropped += excess
      }
      timer ??= setTimeout(() => void write().catch(() => {}), 1000)
      throw error
    })
    writing.catch(() => {})
    return writing
  }
  const add = (row: Row) => {
    waiting.push(row)
    if (waiting.length >= BATCH_ROWS) void write().catch(() => {})
    else timer ??= setTimeout(() => void write().catch(() => {}), BATCH_MS)
  }

  return {
    recorder: (context) => ({
      begin: async (call) => {
        if (!call.mutation) {
          return { end: async (result) => add(readRow(options.source, context, call, result, options.limits())) }
        }
        const id = await insertIntent(db, options.source, context, call, options.limits())
        return { end: (result) => closeWithPatience(db, id, result, options.limits()) }
      },
    }),
    flush: write,
    get dropped() {
      return dropped
    },
    close: async () => {
      await write().catch(() => {})
      clearTimeout(timer)
    },
  }
}

async function insertInParts(db: Db, rows: Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH_ROWS)
    await insertCommands(db, rows.slice(from, from + BATCH_ROWS))
}

/** The device has answered; that the answer cannot be stored at once must not turn it into a failure. */
async function closeWithPatience(db: Db, id: string, result: CommandResult, limits: BodyLimits): Promise<void> {
  for (const pause_ms of [0, 200, 1000, 3000]) {
    if (pause_ms > 0) await new Promise((resolve) => setTimeout(resolve, pause_ms))
    try {
      return await closeCommand(db, id, result, limits)
    } catch {
      // Tried again; the row stays an open intent if the database does not come back, and is closed as unknown later.
    }
  }
}
