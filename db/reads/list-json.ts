import { and, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { type PgColumn, PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import type { Pool } from 'pg'
import { behindCursor, orderBy, pageOf } from '../paging.js'
import type { ListRequest } from './list-rows.js'

const dialect = new PgDialect()

/** What a page shows of each row: an SQL expression that gives JSON text. */
export type JsonView = SQL

/**
 * The view of every column of a table but the omitted ones, and of `extra` expressions beside them: made once per list. The
 * database writes the JSON, so that a page of a fleet costs the API neither rows nor objects.
 */
export function jsonView(table: PgTable, omit: readonly string[] = [], extra: Record<string, SQL> = {}): JsonView {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !omit.includes(name))
  const shown = [...columns.map(([name, column]) => [name, wireValue(column)] as const), ...Object.entries(extra)]
  const list = sql.join(
    shown.map(([name, value]) => sql`${value} as ${sql.identifier(name)}`),
    sql.raw(', '),
  )
  // As text at once: a request would otherwise spend more on writing this part of its statement than on all the rest.
  return sql.raw(dialect.sqlToQuery(sql`(select row_to_json(v)::text from (select ${list}) v)`).sql)
}

/** Times as the wire shows them everywhere: RFC 3339 in UTC with milliseconds. All else is in JSON what it is in SQL. */
function wireValue(column: PgColumn): SQL {
  return column.getSQLType().startsWith('timestamp')
    ? sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : sql`${column}`
}

/** One page in a total order, as the JSON text of a list's answer: `{"items":[…],"next_cursor":…}`, with `total` where asked for. */
export async function listJson(pool: Pool, view: JsonView, request: ListRequest): Promise<string> {
  const { table, id, where, sort, limit, cursor } = request
  const found = and(...where, behindCursor(sort, id, cursor)) ?? sql`true`
  const rows = await run<{ row: string; sort_key: string; sort_id: string }>(
    pool,
    sql`select ${view} as row, (${sort.expression})::text as sort_key, ${id}::text as sort_id
      from ${table} where ${found} order by ${orderBy(sort, id)} limit ${limit + 1}`,
  )
  const { items, next_cursor } = pageOf(rows, limit)
  const total = request.count ? `,"total":${await count(pool, request)}` : ''
  return `{"items":[${items.join(',')}],"next_cursor":${JSON.stringify(next_cursor)}${total}}`
}

async function count(pool: Pool, { table, where }: ListRequest): Promise<number> {
  const rows = await run<{ total: number }>(
    pool,
    sql`select count(*)::int as total from ${table} where ${and(...where) ?? sql`true`}`,
  )
  return rows[0]?.total ?? 0
}

async function run<Row extends object>(pool: Pool, statement: SQL): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  return (await pool.query<Row>(text, params)).rows
}
