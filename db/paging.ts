import { type SQL, sql } from 'drizzle-orm'

export interface Page<Row> {
  items: Row[]
  /** Opaque; null on the last page. */
  next_cursor: string | null
}

export interface PageRequest {
  /** 1–200. */
  limit: number
  cursor?: string | undefined
}

/** What a list is sorted by: an expression that is never null, its SQL type, and the id as tie-breaker. */
export interface SortKey {
  expression: SQL
  type: 'text' | 'timestamptz' | 'integer' | 'bigint'
  descending: boolean
}

/** Thrown for a cursor that was not made by this list. */
export class InvalidCursor extends Error {
  constructor() {
    super('the cursor is not one of this list')
    this.name = 'InvalidCursor'
  }
}

/** Makes the cursor that stands behind a row. */
export function encodeCursor(key: string, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url')
}

/** @throws {InvalidCursor} */
export function decodeCursor(cursor: string): { key: string; id: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new InvalidCursor()
  }
  if (!Array.isArray(parsed) || typeof parsed[0] !== 'string' || typeof parsed[1] !== 'string')
    throw new InvalidCursor()
  return { key: parsed[0], id: parsed[1] }
}

/** The condition "behind this cursor"; nothing on the first page. */
export function behindCursor(sort: SortKey, id: SQL, cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const at = decodeCursor(cursor)
  const compare = sql.raw(sort.descending ? '<' : '>')
  return sql`(${sort.expression}, ${id}::text) ${compare} (${at.key}::${sql.raw(sort.type)}, ${at.id})`
}

/** `ORDER BY` of a sort key with its tie-breaker. */
export function orderBy(sort: SortKey, id: SQL): SQL {
  const direction = sql.raw(sort.descending ? 'desc' : 'asc')
  return sql`${sort.expression} ${direction}, ${id}::text ${direction}`
}

/** Cuts the one row too many that was read to see whether there is a next page. */
export function pageOf<Row extends { row: unknown; sort_key: string; sort_id: string }>(
  rows: Row[],
  limit: number,
): Page<Row['row']> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: kept.map((r) => r.row), next_cursor: more ? encodeCursor(last.sort_key, last.sort_id) : null }
}
