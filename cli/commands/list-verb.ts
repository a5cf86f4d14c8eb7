import type { Command } from 'commander'
import { type ItemOf, type ListPath, listAll, type Query } from '../api/lists.js'
import { run } from '../context.js'
import { usage } from '../exit-codes.js'
import { type Column, printList } from '../output/table.js'

export interface ListVerb<P extends ListPath> {
  path: P
  columns: readonly Column<ItemOf<P>>[]
  summary: string
  /** Filters worth naming in the help. */
  filters?: string
  name?: string
  /** What the group does without a verb. */
  isDefault?: boolean
}

/** Adds the verb `list` of a group: filters are those of the API, all pages are read. */
export function addList<P extends ListPath>(group: Command, verb: ListVerb<P>): Command {
  return group
    .command(`${verb.name ?? 'list'} [filter...]`, { isDefault: verb.isDefault ?? false })
    .summary(verb.summary)
    .description(`${verb.summary}. Filters are key=value of the API's list${verb.filters ? `: ${verb.filters}` : ''}.`)
    .option('--limit <n>', 'at most so many rows', wholeNumber)
    .option('--sort <column>', 'by this column; - before it for descending')
    .action(
      run(async ({ api, print }, filters: string[], options: { limit?: number; sort?: string }) => {
        const query: Query = { ...filterOf(filters), ...(options.sort ? { sort: options.sort } : {}) }
        printList(print, verb.columns, await listAll(api, verb.path, query, {}, options.limit))
      }),
    )
}

/** `model=R750 health_status=OK` as a query; a bare word is searched for. */
export function filterOf(texts: readonly string[]): Query {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=')
      return at < 1 ? ['q', text] : [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw usage(`${text} is no number above 0`)
  return Number(text)
}

/** Collects an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value]
