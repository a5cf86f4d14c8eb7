/** A company directory as data: part of the site's state, so plain JSON. */

export type DirectoryVendor = 'freeipa' | 'active_directory'

/** One entry; attribute names as the server writes them. */
export interface DirectoryEntry {
  dn: string
  attributes: Record<string, string[]>
  /** shown only when asked for by name (`nsAccountLock`, `entryUUID`) */
  operational: Record<string, string[]>
  /** values that are bytes, as base64 */
  binary: Record<string, string>
  /** what a bind as this entry needs; null = no bind */
  password: string | null
}

export interface SimDirectory {
  name: string
  vendor: DirectoryVendor
  address: string
  /** LDAPS */
  port: number
  /** plain, with StartTLS */
  starttls_port: number
  base_dn: string
  bind_dn: string
  bind_password: string
  entries: DirectoryEntry[]
  /** wrong passwords of the last window and locks, by canonical DN; times are simulated */
  lockouts: Record<string, { wrong_at: number[]; locked_until: number }>
}
