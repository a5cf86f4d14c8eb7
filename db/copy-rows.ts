import { pipeline } from 'node:stream/promises'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Pool } from 'pg'
import { from } from 'pg-copy-streams'

/**
 * Inserts many rows by COPY: all of them or none. The cheapest way into PostgreSQL for rows that need no answer; columns that no
 * row names keep their default, a row that lacks a column that others name gets null there.
 */
export async function copyRows<Row extends Record<string, unknown>>(
  pool: Pool,
  table: PgTable,
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.entries(getTableColumns(table))
    .filter(([name]) => rows.some((row) => row[name] !== undefined))
    .map(([name, column]) => ({ name, json: column.getSQLType() === 'jsonb' }))
  const list = columns.map(({ name }) => `"${name}"`).join(', ')
  const client = await pool.connect()
  try {
    const copy = client.query(from(`copy "${getTableName(table)}" (${list}) from stdin`))
    await pipeline(linesOf(rows, columns), copy)
    client.release()
  } catch (error) {
    // A connection whose COPY broke off is in no known state.
    client.release(error instanceof Error ? error : true)
    throw error
  }
}

interface Column {
  name: string
  /** A JSON column takes a text as JSON too. */
  json: boolean
}

const ROWS_PER_CHUNK = 100

/** The rows in COPY's text format, some at a time. */
function* linesOf(rows: Record<string, unknown>[], columns: Column[]): Generator<Buffer> {
  for (let at = 0; at < rows.length; at += ROWS_PER_CHUNK) {
    let chunk = ''
    for (const row of rows.slice(at, at + ROWS_PER_CHUNK)) {
      chunk += columns.map(({ name, json }) => field(row[name], json)).join('\t')
      chunk += '\n'
    }
    yield Buffer.from(chunk)
  }
}

const SPECIAL = /[\\\n\r\t]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function field(value: unknown, json: boolean): string {
  if (value === null || value === undefined) return '\\N'
  const text = json ? JSON.stringify(value) : String(value)
  return text.replace(SPECIAL, (mark) => ESCAPES[mark] ?? mark)
}
