import type { Entry } from 'ldapts'
import type { DirectoryConfig, DirectoryShape } from './config.js'

/** A person as the directory shows it. */
export interface DirectoryUser {
  dn: string
  username: string
  /** Never changes, unlike name and DN; null when the directory shows none. */
  directory_id: string | null
  display_name: string | null
  email: string | null
  /** `ok` as far as attributes say: a lock shows only when somebody binds. */
  state: 'ok' | 'disabled' | 'expired'
  /** Groups named in the entry itself. */
  member_of: string[]
}

const ACCOUNT_DISABLE = 0x2

/** Attributes that {@link readUser} looks at; operational ones have to be named. */
export function userAttributes({ username_attribute, id_attribute }: DirectoryShape): string[] {
  const common = ['cn', 'displayName', 'mail', 'memberOf', 'nsAccountLock', 'krbPrincipalExpiration']
  return [username_attribute, id_attribute, ...common, 'userAccountControl', 'accountExpires', 'userPrincipalName']
}

/** The values of an attribute as text, whatever case the server writes its name in. */
export function textsOf(entry: Entry, attribute: string): string[] {
  const key = Object.keys(entry).find((name) => name.toLowerCase() === attribute.toLowerCase())
  const value = key === undefined ? [] : entry[key]
  const values = Array.isArray(value) ? value : [value]
  return values.flatMap((one) => (typeof one === 'string' ? [one] : Buffer.isBuffer(one) ? [one.toString('utf8')] : []))
}

/** The unchangeable id of an entry; bytes are written as Active Directory writes a GUID. */
export function idOf(entry: Entry, { id_attribute, id_is_binary }: DirectoryShape): string | null {
  if (!id_is_binary) return textsOf(entry, id_attribute)[0] ?? null
  const value = entry[id_attribute]
  const bytes = Array.isArray(value) ? value[0] : value
  return Buffer.isBuffer(bytes) && bytes.length === 16 ? guidText(bytes) : null
}

/** The first three fields are stored with their lowest byte first. */
export function guidText(bytes: Buffer): string {
  const turned = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]).toString('hex')
  return [turned.slice(0, 8), turned.slice(8, 12), turned.slice(12, 16), turned.slice(16, 20), turned.slice(20)].join(
    '-',
  )
}

/** The bytes of a GUID's text, for a filter; null when it is none. */
export function guidBytes(text: string): Buffer | null {
  const hex = text.replaceAll('-', '')
  if (!/^[0-9a-f]{32}$/i.test(hex)) return null
  const bytes = Buffer.from(hex, 'hex')
  const turned = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)].map((part) =>
    Buffer.from(part).reverse(),
  )
  return Buffer.concat([...turned, bytes.subarray(8)])
}

/** A person out of an entry; null for one without a user name. */
export function readUser(
  entry: Entry,
  shape: DirectoryShape,
  vendor: DirectoryConfig['vendor'],
  now: Date,
): DirectoryUser | null {
  const first = (attribute: string): string | null => textsOf(entry, attribute)[0]?.slice(0, 255) ?? null
  const username = first(shape.username_attribute)
  if (!username) return null
  return {
    dn: entry.dn,
    username,
    directory_id: idOf(entry, shape),
    display_name: first('displayName') ?? first('cn'),
    email: first('mail'),
    state: stateOf(entry, vendor, now),
    member_of: textsOf(entry, 'memberOf'),
  }
}

function stateOf(entry: Entry, vendor: DirectoryConfig['vendor'], now: Date): DirectoryUser['state'] {
  const first = (attribute: string): string => textsOf(entry, attribute)[0] ?? ''
  if (vendor === 'active_directory') {
    if (Number(first('userAccountControl')) & ACCOUNT_DISABLE) return 'disabled'
    return isBefore(fileTime(first('accountExpires')), now) ? 'expired' : 'ok'
  }
  if (first('nsAccountLock').toUpperCase() === 'TRUE') return 'disabled'
  return isBefore(generalizedTime(first('krbPrincipalExpiration')), now) ? 'expired' : 'ok'
}

const isBefore = (at: number | null, now: Date): boolean => at !== null && at < now.getTime()

/** Units of 100 ns since 1601; 0 and the greatest number mean never. */
function fileTime(text: string): number | null {
  if (!/^\d{1,19}$/.test(text) || text === '0' || text === '9223372036854775807') return null
  return Number(BigInt(text) / 10_000n) - 11_644_473_600_000
}

/** `20260101000000Z` */
function generalizedTime(text: string): number | null {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/, '$1-$2-$3T$4:$5:$6Z')
  const at = Date.parse(iso)
  return iso === text || Number.isNaN(at) ? null : at
}
