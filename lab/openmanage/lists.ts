import { type Answer, type ApplianceCall, refusal } from './appliance.js'

const DEFAULT_TOP = 50
const MOST_TOP = 100
const WRONG_COUNT_EVERY = 3

interface Page {
  rows: readonly unknown[]
  path: string
  query: URLSearchParams
  context: string
}

const whole = (text: string | null, preset: number): number | null => {
  if (text === null) return preset
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}

/**
 * One page of a collection. The next page is a path with what is left to skip.
 * QUIRK OpenManage Enterprise: `@odata.count` may be that of the page. Seen: 2 of 6 baselines. Source:
 * dell/dellemc-openmanage-ansible-modules issue 494.
 */
export function pageOf(call: ApplianceCall, { rows, path, query, context }: Page): Answer {
  const top = whole(query.get('$top'), DEFAULT_TOP)
  const skip = whole(query.get('$skip'), 0)
  if (top === null || skip === null || top < 1) return refusal(400, 'CGEN1006', 'Unable to complete the request.')
  const size = Math.min(top, MOST_TOP)
  const value = rows.slice(skip, skip + size)
  call.lists += 1
  const wrong = call.lists % WRONG_COUNT_EVERY === 0
  const more = skip + size < rows.length
  return {
    status: 200,
    body: {
      '@odata.context': context,
      '@odata.count': wrong ? value.length : rows.length,
      value,
      ...(more ? { '@odata.nextLink': nextLink(call, path, query, skip + size, size) } : {}),
    },
  }
}

function nextLink(call: ApplianceCall, path: string, query: URLSearchParams, skip: number, top: number): string {
  const filter = query.get('$filter')
  const kept = filter === null ? '' : `$filter=${encodeURIComponent(filter)}&`
  const link = `${path}?${kept}$skip=${skip}&$top=${top}`
  return call.flags.foreign_next_link ? `https://192.0.2.66${link}` : link
}

/** `Type eq 1000`, `Id eq 1`, `DeviceServiceTag eq 'X'`; null for a filter that the appliance does not know. */
export function filterOf(text: string | null): ((row: Record<string, unknown>) => boolean) | null {
  if (text === null) return () => true
  const match = /^(Type|Id|DeviceServiceTag|Model) eq ('([^']*)'|\d+)$/.exec(text.trim())
  if (!match) return null
  const [, name = '', literal = '', quoted] = match
  const wanted = quoted ?? Number(literal)
  return (row) => row[name] === wanted
}
