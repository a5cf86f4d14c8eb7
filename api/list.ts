import { z } from 'zod'
import type { Page } from '../db/paging.js'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** A query of booleans as text. */
export const queryFlag = flag

/** Several values in one parameter: `status=failed,running`. */
export const queryWords = <Word extends string>(words: readonly [Word, ...Word[]]) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(words)))

/** The query of a list: paging, sorting over the named columns, and its filters. Unknown parameters are refused. */
export function listQuery<Filters extends z.ZodRawShape>(sorts: readonly [string, ...string[]], filters: Filters) {
  const both = sorts.flatMap((name) => [name, `-${name}`]) as [string, ...string[]]
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('Rows of a page'),
    cursor: z.string().max(1000).optional().describe('next_cursor of the page before'),
    sort: z.enum(both).default(sorts[0]).describe('Column; - for descending'),
    count: flag.default(false).describe('Also count all rows'),
    ...filters,
  })
}

/** The query of a list of records in time: newest first unless asked otherwise. */
export function recordsQuery<Filters extends z.ZodRawShape>(column: string, filters: Filters) {
  const newest: string = `-${column}`
  return listQuery([column], filters).extend({ sort: z.enum([newest, column]).default(newest) })
}

/** The answer of a list. */
export function listOutput(item: z.ZodType) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable(), total: z.number().int().optional() })
}

/** Changes the rows of a page. */
export function mapPage<A, B>(page: Page<A> & { total?: number }, map: (row: A) => B) {
  return { ...page, items: page.items.map(map) }
}

/** Is the sort descending, and by what column? */
export function sortOf(sort: string): { column: string; descending: boolean } {
  return sort.startsWith('-') ? { column: sort.slice(1), descending: true } : { column: sort, descending: false }
}

/** A page of a list that is in memory, in the order that `sort` asks for. */
export function sortedPage<Row>(
  rows: readonly Row[],
  query: { sort: string; limit: number; cursor?: string | undefined },
  key: (row: Row) => string,
): Page<Row> & { total: number } {
  const { descending } = sortOf(query.sort)
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  const sorted = rows.toSorted((a, b) => compare(key(a), key(b)) * (descending ? -1 : 1))
  return pageOfArray(sorted, query.limit, query.cursor)
}

/** A page cut from a list that is in memory; the cursor is the position. */
export function pageOfArray<Row>(
  rows: Row[],
  limit: number,
  cursor: string | undefined,
): Page<Row> & { total: number } {
  const from = cursor === undefined ? 0 : Number.parseInt(Buffer.from(cursor, 'base64url').toString(), 10) || 0
  const items = rows.slice(from, from + limit)
  const more = from + limit < rows.length
  return {
    items,
    next_cursor: more ? Buffer.from(String(from + limit)).toString('base64url') : null,
    total: rows.length,
  }
}
