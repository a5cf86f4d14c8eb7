import { type Api, answer } from './client.js'
import type { paths } from './schema.js'

/** The answer of `GET` at a path, where the document gives it. */
type GetBody<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

/** Paths of the document that are lists. */
export type ListPath = {
  [P in keyof paths]: GetBody<P> extends { items: unknown[]; next_cursor: string | null } ? P : never
}[keyof paths]

/** One row of a list. */
export type ItemOf<P extends ListPath> = GetBody<P> extends { items: (infer Item)[] } ? Item : never

export type Query = Record<string, string | number | boolean | undefined>

interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}

const PAGE = 200

/** All rows of a list, page after page; at most `most` of them. */
export async function listAll<P extends ListPath>(
  api: Api,
  path: P,
  query: Query = {},
  params: Record<string, string> = {},
  most = Number.POSITIVE_INFINITY,
): Promise<ItemOf<P>[]> {
  // The paths of one generic call are known to the document, but not to the compiler at this place.
  const get = api.client.GET as unknown as (
    at: string,
    init: object,
  ) => Promise<{ data?: Page<ItemOf<P>>; error?: unknown; response: Response }>
  const items: ItemOf<P>[] = []
  let cursor: string | undefined
  do {
    const limit = Math.min(PAGE, most - items.length)
    const page = await answer(get(path, { params: { path: params, query: { ...query, limit, cursor } } }))
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined && items.length < most)
  return items
}
