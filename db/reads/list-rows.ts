import { and, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../connect.js'
import { behindCursor, orderBy, type Page, pageOf, type SortKey } from '../paging.js'

export interface ListRequest {
  table: PgTable
  /** Read only these; default all. For tables whose rows carry content that no list shows. */
  columns?: Record<string, PgColumn>
  /** Unique tie-breaker; most often the id column. */
  id: SQL
  where: (SQL | undefined)[]
  sort: SortKey
  limit: number
  cursor?: string | undefined
  /** Counting is dear: only on request. */
  count?: boolean | undefined
}

/** One page of a table in a total order, so that a cursor never skips or repeats a row that stays. */
export async function listRows<Table extends PgTable>(
  db: Db,
  request: ListRequest & { table: Table },
): Promise<Page<Table['$inferSelect']> & { total?: number }> {
  const { table, id, sort, limit, cursor } = request
  const conditions = and(...request.where)
  const key =
    sort.type === 'timestamptz' ? sql<string>`${sort.expression}::text` : sql<string>`(${sort.expression})::text`
  const rows = await db
    .select({ row: (request.columns ?? table) as PgTable, sort_key: key, sort_id: sql<string>`${id}::text` })
    .from(table as PgTable)
    .where(and(conditions, behindCursor(sort, id, cursor)))
    .orderBy(orderBy(sort, id))
    .limit(limit + 1)
  const page = pageOf(rows as { row: Table['$inferSelect']; sort_key: string; sort_id: string }[], limit)
  if (!request.count) return page
  const [counted] = await db
    .select({ total: sql<number>`count(*)::int` })
    .from(table as PgTable)
    .where(conditions)
  return { ...page, total: counted?.total ?? 0 }
}
