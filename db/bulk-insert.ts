import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './connect.js'

/**
 * Inserts many rows with one parameter: the rows travel as one JSON text and are taken apart by PostgreSQL. A statement
 * with a parameter for each value costs this process ten times the processor time. Columns that no row names keep their
 * default; a row that lacks a column that others name gets null there. `tail` may hold ON CONFLICT and RETURNING.
 */
export async function bulkInsert<Row extends Record<string, unknown>>(
  db: Db,
  table: PgTable,
  rows: Row[],
  tail: SQL = sql``,
): Promise<Record<string, unknown>[]> {
  if (rows.length === 0) return []
  const columns = getTableColumns(table)
  const named = Object.keys(columns).filter((name) => rows.some((row) => row[name] !== undefined))
  const names = sql.raw(named.map((name) => `"${name}"`).join(', '))
  const types = sql.raw(named.map((name) => `"${name}" ${columns[name]?.getSQLType()}`).join(', '))
  const answer = await db.execute<Record<string, unknown>>(
    sql`insert into ${table} (${names}) select ${names} from json_to_recordset(${JSON.stringify(rows)}::json) as given(${types}) ${tail}`,
  )
  return answer.rows
}
