import type { JsonValue } from '../model.js'
import { applyFilter, parseFilter } from './filter.js'
import type { Notice } from './messages.js'
import type { JsonObject } from './recorded.js'

/** Members of one page; larger collections are cut there even without being asked, with a nextLink. */
export const PAGE_SIZE = 50

/** A query option that the device refuses: status 400 with this message. */
export class QueryRefused extends Error {
  constructor(readonly notice: Notice) {
    super(notice.id)
  }
}

type Options = {
  top?: number
  skip: number
  expand: boolean
  select?: string[]
  filter?: string
  only: boolean
  rest: string
}

const EXPAND = /^[*.~](\(\$levels=(\d+)\))?$/

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least) throw new QueryRefused({ id: 'SYS407', args: [text, name] })
  return value
}

function expandOption(text: string): boolean {
  const match = EXPAND.exec(text)
  if (!match) throw new QueryRefused({ id: 'SYS457', args: ['$expand'] })
  // QUIRK iDRAC9 6.00.30: MaxLevels is 1, more is out of range. Source: ProtocolFeaturesSupported of the recorded root.
  if (match[2] !== undefined && match[2] !== '1')
    throw new QueryRefused({ id: 'SYS417', args: [match[2], '$levels', '1'] })
  return true
}

function parseOptions(query: URLSearchParams): Options {
  const options: Options = { skip: 0, expand: false, only: false, rest: '' }
  const kept: string[] = []
  for (const [name, value] of query) {
    if (name === '$top') options.top = wholeNumber(name, value, 1)
    else if (name === '$skip') options.skip = wholeNumber(name, value, 0)
    else if (name === '$expand') options.expand = expandOption(value)
    else if (name === '$select') options.select = value.split(',').map((item) => item.trim())
    else if (name === '$filter') options.filter = value
    else if (name === 'only') options.only = true
    else if (name.startsWith('$')) throw new QueryRefused({ id: 'SYS451', args: [name] })
    if (['$expand', '$select', '$filter'].includes(name)) kept.push(`${name}=${value}`)
  }
  options.rest = kept.join('&')
  return options
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function linkOf(value: JsonValue | undefined): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined
  const id = value['@odata.id']
  return typeof id === 'string' ? id : undefined
}

function page(path: string, body: JsonObject, members: JsonObject[], options: Options): JsonObject {
  const total = members.length
  if (options.skip > 0 && options.skip >= total)
    throw new QueryRefused({ id: 'SYS417', args: [String(options.skip), '$skip', `0-${Math.max(0, total - 1)}`] })
  const end = options.skip + Math.min(options.top ?? PAGE_SIZE, PAGE_SIZE)
  const answer: JsonObject = { ...body, Members: members.slice(options.skip, end), 'Members@odata.count': total }
  if (end < total && options.top === undefined)
    answer['Members@odata.nextLink'] = `${path}?$skip=${end}${options.rest ? `&${options.rest}` : ''}`
  return answer
}

function expanded(value: JsonValue, read: (path: string) => JsonObject | undefined): JsonValue {
  const link = linkOf(value)
  return link === undefined ? value : (read(link) ?? value)
}

function expand(body: JsonObject, read: (path: string) => JsonObject | undefined): JsonObject {
  if (Array.isArray(body.Members)) return { ...body, Members: body.Members.map((member) => expanded(member, read)) }
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map((item) => expanded(item, read)) : expanded(value, read),
    ]),
  )
}

function select(body: JsonObject, names: string[]): JsonObject {
  const tops = new Set(names.map((name) => name.split('/')[0] ?? name))
  return Object.fromEntries(Object.entries(body).filter(([key]) => key.startsWith('@odata.') || tops.has(key)))
}

/**
 * Applies `$filter`, `$top`/`$skip`, `$expand` (one level), `$select` and `only` to the body of a GET.
 * @param read resolves a link to its body, for `$expand` and for filters on links
 * @throws QueryRefused for what an iDRAC answers with 400 (`SYS407`, `SYS417`, `SYS451`, `SYS457`)
 */
export function applyQuery(
  path: string,
  body: JsonObject,
  query: URLSearchParams,
  read: (path: string) => JsonObject | undefined,
): JsonObject {
  const options = parseOptions(query)
  let answer = body
  if (Array.isArray(body.Members)) {
    let members = body.Members.filter(isObject)
    if (options.only && members.length === 1) return read(linkOf(members[0]) ?? '') ?? body
    if (options.filter !== undefined) {
      const comparisons = parseFilter(options.filter)
      if (!comparisons) throw new QueryRefused({ id: 'SYS457', args: ['$filter'] })
      members = applyFilter(
        members.map((member) => expanded(member, read) as JsonObject),
        comparisons,
      )
    }
    answer = page(path, body, members, options)
  }
  if (options.expand) answer = expand(answer, read)
  return options.select ? select(answer, options.select) : answer
}
