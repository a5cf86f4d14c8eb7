import type { Pool } from 'pg'
import { type Database, type Db, isTransient, sqlState } from './connect.js'
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

/** So many rows are written at once, without waiting for more. */
const BATCH_ROWS = 1_000
/** Rows of one statement; more than that only wait while another is under way. */
const MOST_ROWS = 5_000
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
 * mutation); its result directly at `end`. Reads are written in batches, of 1,000 rows or after 50 ms: a SIGKILL may lose the
 * last batch of reads, never a mutation.
 */
export function createCommandLog(
  { db, pool }: Pick<Database, 'db' | 'pool'>,
  options: { source: 'api' | 'worker'; limits: () => BodyLimits },
): CommandLog {
  let waiting: Row[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  /** A write that has not begun takes whatever waits when its turn comes. */
  let queued = false
  let dropped = 0

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    if (queued) return writing
    queued = true
    writing = writing.catch(() => {}).then(storeWaiting)
    writing.catch(() => {})
    return writing
  }
  const storeWaiting = async () => {
    queued = false
    for (let left = waiting.length; left > 0; left -= MOST_ROWS) {
      const batch = waiting.splice(0, Math.min(left, MOST_ROWS))
      try {
        dropped += await storeBatch(pool, batch)
      } catch (error) {
        // The database is away: keep the rows for the next try, as far as memory bears it.
        waiting = [...batch, ...waiting]
        const excess = waiting.length - MAX_WAITING
        if (excess > 0) dropped += waiting.splice(0, excess).length
        timer ??= setTimeout(() => void write().catch(() => {}), 1000)
        throw error
      }
    }
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

/** Halves of a batch that are tried again when the database refuses a row; a fault of all rows must not become thousands. */
const MOST_HALVES = 100

/**
 * Stores a batch and gives how many rows the database would not have: one row that it refuses must not hold up the others.
 * @throws the database's error while it is away
 */
async function storeBatch(pool: Pool, rows: Row[]): Promise<number> {
  let refused = 0
  const open = [rows]
  for (let tried = 0, at = open.pop(); at; at = open.pop(), tried += 1) {
    try {
      await insertCommands(pool, at)
    } catch (error) {
      if (isTransient(error) || sqlState(error) === null) throw error
      const half = Math.ceil(at.length / 2)
      if (at.length === 1 || tried >= MOST_HALVES) refused += at.length
      else open.push(at.slice(half), at.slice(0, half))
    }
  }
  return refused
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
