/** Searches over a directory's entries: scopes, filters, attributes, limits, pages. */
import type { DirectoryEntry, SimDirectory } from '../model-directory.js'
import { canonical, depthBelow } from './dn.js'
import { withMemberOf } from './entry.js'
import { matches } from './filter.js'
import type { LdapRequest, LdapResult, SearchRequest, ShownAttribute } from './message.js'
import { RESULT } from './result-codes.js'

/** 389: `nsslapd-sizelimit` 2000, error when there is more. Active Directory: `MaxPageSize` 1000. */
const SERVER_LIMIT: Record<SimDirectory['vendor'], number> = { freeipa: 2000, active_directory: 1000 }

export interface SearchAnswer {
  entries: { dn: string; attributes: ShownAttribute[] }[]
  references: string[]
  result: LdapResult
  /** of a paged search; empty = the last page */
  cookie?: string
}

/** Answers a search of someone bound as `who` (null = anonymous). A cookie is the place where the next page begins. */
export function search(
  directory: SimDirectory,
  who: string | null,
  request: LdapRequest & { operation: SearchRequest },
): SearchAnswer {
  const { operation, page } = request
  if (operation.base === '' && operation.scope === 'base') return only(rootOf(directory), operation)
  if (who === null) return failed(anonymous(directory))
  const entries = withMemberOf(directory)
  const base = entries.find((entry) => canonical(entry.dn) === canonical(operation.base))
  if (!base) return failed(noSuchObject(directory, operation.base))
  const byName = new Map(entries.map((entry) => [canonical(entry.dn), entry]))
  const context = { entry: (dn: string) => byName.get(canonical(dn)) }
  const found = entries.filter((entry) => isInScope(entry.dn, operation) && matches(operation.filter, entry, context))
  const shown = found.map((entry) => ({ dn: entry.dn, attributes: shownAttributes(entry, operation) }))
  return {
    ...cut(directory, shown, operation, page),
    references: referencesOf(directory, operation, page?.cookie ?? ''),
  }
}

const failed = (result: LdapResult): SearchAnswer => ({ entries: [], references: [], result })

function only(entry: DirectoryEntry, operation: SearchRequest): SearchAnswer {
  return {
    entries: [{ dn: entry.dn, attributes: shownAttributes(entry, operation) }],
    references: [],
    result: { code: RESULT.success },
  }
}

function cut(
  directory: SimDirectory,
  shown: SearchAnswer['entries'],
  { size_limit }: SearchRequest,
  page: LdapRequest['page'],
): Omit<SearchAnswer, 'references'> {
  const from = page ? Number(page.cookie === '' ? 0 : page.cookie) : 0
  const server = SERVER_LIMIT[directory.vendor]
  if (page && page.size > 0) {
    const end = from + Math.min(page.size, server)
    const over = size_limit > 0 && end > size_limit && shown.length > size_limit
    const entries = shown.slice(from, over ? size_limit : end)
    const code = over ? RESULT.sizeLimitExceeded : RESULT.success
    return { entries, result: { code }, cookie: over || end >= shown.length ? '' : String(end) }
  }
  const limit = size_limit > 0 ? Math.min(size_limit, server) : server
  const code = shown.length > limit ? RESULT.sizeLimitExceeded : RESULT.success
  return { entries: shown.slice(0, limit), result: { code } }
}

function isInScope(dn: string, { base, scope }: SearchRequest): boolean {
  const depth = depthBelow(dn, base)
  if (depth === null) return false
  return scope === 'sub' || (scope === 'base' ? depth === 0 : depth === 1)
}

/** `*` and nothing: all ordinary ones; `+`: the operational ones; `1.1`: none; else those named. */
function shownAttributes(entry: DirectoryEntry, { attributes, types_only }: SearchRequest): ShownAttribute[] {
  const wanted = new Set(attributes.map((name) => name.toLowerCase()))
  const all = attributes.length === 0 || wanted.has('*')
  const isWanted = (name: string): boolean => wanted.has(name.toLowerCase())
  const ordinary: ShownAttribute[] = [
    ...Object.entries(entry.attributes).map(([name, values]) => ({ name, values })),
    ...Object.entries(entry.binary).map(([name, value]) => ({ name, values: [Buffer.from(value, 'base64')] })),
  ].filter(({ name }) => all || isWanted(name))
  const operational = Object.entries(entry.operational)
    .map(([name, values]) => ({ name, values }))
    .filter(({ name }) => wanted.has('+') || isWanted(name))
  return [...ordinary, ...operational].map((one) => (types_only ? { ...one, values: [] } : one))
}

function anonymous({ vendor }: SimDirectory): LdapResult {
  if (vendor === 'freeipa')
    return { code: RESULT.insufficientAccessRights, message: 'Anonymous access is not allowed.' }
  return {
    code: RESULT.operationsError,
    message:
      '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563',
  }
}

function noSuchObject(directory: SimDirectory, base: string): LdapResult {
  const matched_dn = depthBelow(base, directory.base_dn) === null ? '' : directory.base_dn
  const message =
    directory.vendor === 'active_directory'
      ? `0000208D: NameErr: DSID-0310028C, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'${matched_dn}'\n`
      : ''
  return { code: RESULT.noSuchObject, matched_dn, message }
}

/** Active Directory names its other partitions whenever a whole domain is searched. */
function referencesOf(directory: SimDirectory, { base, scope }: SearchRequest, cookie: string): string[] {
  const whole = scope === 'sub' && canonical(base) === canonical(directory.base_dn)
  if (directory.vendor !== 'active_directory' || !whole || cookie !== '') return []
  const domain = directory.base_dn.replace(/DC=/gi, '').replaceAll(',', '.')
  return [
    `ldap://ForestDnsZones.${domain}/DC=ForestDnsZones,${directory.base_dn}`,
    `ldap://DomainDnsZones.${domain}/DC=DomainDnsZones,${directory.base_dn}`,
    `ldap://${domain}/CN=Configuration,${directory.base_dn}`,
  ]
}

/** The root DSE (RFC 4512, 5.1). */
function rootOf(directory: SimDirectory): DirectoryEntry {
  const common = {
    objectClass: ['top'],
    namingContexts: [directory.base_dn],
    defaultNamingContext: [directory.base_dn],
    supportedLDAPVersion: ['3'],
    supportedControl: ['1.2.840.113556.1.4.319'],
    supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
    supportedSASLMechanisms: ['GSSAPI'],
  }
  const own: Record<string, string[]> =
    directory.vendor === 'freeipa'
      ? { vendorName: ['389 Project'], vendorVersion: ['389-Directory/2.3.1 B2023.013.0000'] }
      : {
          forestFunctionality: ['7'],
          domainFunctionality: ['7'],
          dnsHostName: [`${directory.name}.${directory.base_dn.replace(/DC=/gi, '').replaceAll(',', '.')}`],
          supportedCapabilities: ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670'],
          rootDomainNamingContext: [directory.base_dn],
          namingContexts: [directory.base_dn, `CN=Configuration,${directory.base_dn}`],
        }
  return { dn: '', attributes: { ...common, ...own }, operational: {}, binary: {}, password: null }
}
