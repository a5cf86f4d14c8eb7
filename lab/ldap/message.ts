/** LDAP messages (RFC 4511, 4.1.1): requests read from bytes, answers written to bytes. */
import {
  BadBer,
  children,
  type Element,
  element,
  integer,
  octets,
  readElement,
  readInteger,
  sequence,
  TAG,
} from './ber.js'
import { type Filter, readFilter } from './filter.js'

export const PAGED_RESULTS = '1.2.840.113556.1.4.319'
export const START_TLS = '1.3.6.1.4.1.1466.20037'
export const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3'

export const SCOPES = ['base', 'one', 'sub'] as const

export interface SearchRequest {
  kind: 'search'
  base: string
  scope: (typeof SCOPES)[number]
  size_limit: number
  types_only: boolean
  filter: Filter
  attributes: string[]
}

export type Operation =
  | { kind: 'bind'; version: number; name: string; password: string | null }
  | SearchRequest
  | { kind: 'extended'; oid: string }
  | { kind: 'unbind' }
  | { kind: 'abandon' }
  | { kind: 'other'; tag: number }

export interface LdapRequest {
  id: number
  operation: Operation
  /** page wanted: size and the server's cookie */
  page: { size: number; cookie: string } | null
  /** a critical control that this server does not know */
  unknown_control: string | null
}

export interface LdapResult {
  code: number
  message?: string
  matched_dn?: string
}

/** The next whole message of a connection's bytes; null while there is none. Throws BadBer. */
export function readRequest(bytes: Buffer, limit: number): { request: LdapRequest; end: number } | null {
  if (bytes.length > 0 && bytes[0] !== TAG.sequence) throw new BadBer('not an LDAP message')
  const whole = readElement(bytes, 0, limit)
  if (!whole) return null
  const [id, operation, controls] = children(whole.content)
  if (!id || !operation) throw new BadBer('an LDAP message lacks its operation')
  const { page, unknown_control } = readControls(controls?.tag === 0xa0 ? children(controls.content) : [])
  return {
    request: { id: readInteger(id.content), operation: readOperation(operation), page, unknown_control },
    end: whole.end,
  }
}

function readControls(controls: Element[]): Pick<LdapRequest, 'page' | 'unknown_control'> {
  let page: LdapRequest['page'] = null
  let unknown_control: string | null = null
  for (const control of controls) {
    const [oid, ...rest] = children(control.content)
    const name = oid?.content.toString('latin1') ?? ''
    const critical = rest.some((part) => part.tag === TAG.boolean && part.content[0] !== 0)
    const value = rest.find((part) => part.tag === TAG.octets)?.content
    if (name === PAGED_RESULTS && value) page = readPage(value)
    else if (critical) unknown_control = name
  }
  return { page, unknown_control }
}

function readPage(value: Buffer): LdapRequest['page'] {
  const whole = readElement(value)
  const [size, cookie] = whole ? children(whole.content) : []
  if (!size || !cookie) throw new BadBer('a paged results control without its value')
  return { size: readInteger(size.content), cookie: cookie.content.toString('latin1') }
}

function readOperation(operation: Element): Operation {
  switch (operation.tag) {
    case 0x60:
      return readBind(children(operation.content))
    case 0x42:
      return { kind: 'unbind' }
    case 0x63:
      return readSearch(children(operation.content))
    case 0x50:
      return { kind: 'abandon' }
    case 0x77:
      return { kind: 'extended', oid: children(operation.content)[0]?.content.toString('latin1') ?? '' }
    default:
      return { kind: 'other', tag: operation.tag }
  }
}

/** Simple binds only; another way is a password of null. */
function readBind([version, name, credentials]: Element[]): Operation {
  if (!version || !name || !credentials) throw new BadBer('a bind without its parts')
  const password = credentials.tag === 0x80 ? credentials.content.toString('utf8') : null
  return { kind: 'bind', version: readInteger(version.content), name: name.content.toString('utf8'), password }
}

function readSearch([base, scope, _aliases, size, _time, types, filter, attributes]: Element[]): SearchRequest {
  if (!base || !scope || !size || !types || !filter || !attributes) throw new BadBer('a search without its parts')
  const reach = SCOPES[readInteger(scope.content)]
  if (!reach) throw new BadBer('a scope that is none')
  return {
    kind: 'search',
    base: base.content.toString('utf8'),
    scope: reach,
    size_limit: readInteger(size.content),
    types_only: types.content[0] !== 0,
    filter: readFilter(filter),
    attributes: children(attributes.content).map((one) => one.content.toString('utf8')),
  }
}

/** Which answer belongs to which request. */
const ANSWERS: Record<string, number> = { bind: 0x61, search: 0x65, extended: 0x78 }
/** Answers to what this server does not do: modify, add, delete, rename, compare. */
const OTHER_ANSWERS: Record<number, number> = { 102: 0x67, 104: 0x69, 74: 0x6b, 108: 0x6d, 110: 0x6f }

const message = (id: number, operation: Buffer, ...controls: Buffer[]): Buffer =>
  sequence(integer(id), operation, ...(controls.length > 0 ? [element(0xa0, ...controls)] : []))

/** The answer that ends an operation. */
export function resultMessage(
  id: number,
  operation: Operation,
  result: LdapResult,
  extra: { oid?: string; value?: string; cookie?: string } = {},
): Buffer {
  const tag = operation.kind === 'other' ? (OTHER_ANSWERS[operation.tag] ?? 0x78) : (ANSWERS[operation.kind] ?? 0x78)
  const body = element(
    tag,
    integer(result.code, TAG.enumerated),
    octets(result.matched_dn ?? ''),
    octets(result.message ?? ''),
    ...(extra.oid === undefined ? [] : [octets(extra.oid, 0x8a)]),
    ...(extra.value === undefined ? [] : [octets(extra.value, 0x8b)]),
  )
  if (extra.cookie === undefined) return message(id, body)
  const page = sequence(integer(0), octets(Buffer.from(extra.cookie, 'latin1')))
  return message(id, body, sequence(octets(PAGED_RESULTS), octets(page)))
}

export interface ShownAttribute {
  name: string
  values: (string | Buffer)[]
}

export function entryMessage(id: number, dn: string, attributes: ShownAttribute[]): Buffer {
  const list = attributes.map(({ name, values }) =>
    sequence(octets(name), element(TAG.set, ...values.map((value) => octets(value)))),
  )
  return message(id, element(0x64, octets(dn), sequence(...list)))
}

/** Where the search goes on elsewhere (continuation reference). */
export const referenceMessage = (id: number, urls: string[]): Buffer =>
  message(id, element(0x73, ...urls.map((url) => octets(url))))

/** Notice of Disconnection: the server ends the connection by itself. */
export const disconnectMessage = (code: number, text: string): Buffer =>
  message(
    0,
    element(0x78, integer(code, TAG.enumerated), octets(''), octets(text), octets('1.3.6.1.4.1.1466.20036', 0x8a)),
  )
