import { AndFilter, EqualityFilter, ExtensibleFilter, type Filter, FilterParser, OrFilter } from 'ldapts'
import { misconfigured } from './refusals.js'

/** Active Directory: follows the chain of groups by itself. */
const IN_CHAIN = '1.2.840.113556.1.4.1941'

/** A filter of the settings. @throws DeviceError `DirectoryMisconfigured` */
export function parseFilter(text: string, what: string): Filter {
  try {
    return FilterParser.parseString(text)
  } catch (thrown) {
    throw misconfigured(`The ${what} is no LDAP filter: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

/** Values travel as bytes of their own, never as part of a filter's text: nothing in them can change the question. */
export const equals = (attribute: string, value: string | Buffer): Filter => new EqualityFilter({ attribute, value })

export const all = (...filters: Filter[]): Filter => new AndFilter({ filters })

export const any = (filters: Filter[]): Filter => new OrFilter({ filters })

/** `attribute` leads to `dn`, directly or through groups between. */
export const inChain = (attribute: string, dn: string): Filter =>
  new ExtensibleFilter({ rule: IN_CHAIN, matchType: attribute, value: dn })
