/** Where a company directory is and how it is laid out. */
export interface DirectoryConfig {
  vendor: 'freeipa' | 'active_directory' | 'ldap'
  /** Names or addresses, tried in this order. */
  servers: readonly string[]
  port: number
  tls_mode: 'ldaps' | 'starttls'
  /** CA certificates; null: the certificate must be the pinned one. */
  ca_pem: string | null
  base_dn: string
  bind_dn: string
  bind_password: string
  /** Where people are; null = the vendor's usual place below `base_dn`. */
  user_base: string | null
  /** What an entry must fulfil to be a person; null = the vendor's usual classes. */
  user_filter: string | null
  username_attribute: string | null
  group_base: string | null
  group_filter: string | null
  /** Groups inside groups count. */
  nested_groups: boolean
  connect_timeout_ms: number
  operation_timeout_ms: number
}

/** The layout in full: what the settings leave open is filled in by the vendor's usual one. */
export interface DirectoryShape {
  user_base: string
  user_filter: string
  username_attribute: string
  group_base: string
  group_filter: string
  /** Attribute that never changes for a person or group. */
  id_attribute: string
  /** The id is bytes (`objectGUID`), shown as a UUID. */
  id_is_binary: boolean
}

type Usual = (base_dn: string) => DirectoryShape

const USUAL: Record<DirectoryConfig['vendor'], Usual> = {
  freeipa: (base) => ({
    user_base: `cn=users,cn=accounts,${base}`,
    user_filter: '(objectClass=person)',
    username_attribute: 'uid',
    group_base: `cn=groups,cn=accounts,${base}`,
    group_filter: '(objectClass=ipausergroup)',
    id_attribute: 'ipaUniqueID',
    id_is_binary: false,
  }),
  active_directory: (base) => ({
    user_base: base,
    user_filter: '(&(objectClass=user)(!(objectClass=computer)))',
    username_attribute: 'sAMAccountName',
    group_base: base,
    group_filter: '(objectClass=group)',
    id_attribute: 'objectGUID',
    id_is_binary: true,
  }),
  ldap: (base) => ({
    user_base: base,
    user_filter: '(objectClass=inetOrgPerson)',
    username_attribute: 'uid',
    group_base: base,
    group_filter: '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))',
    id_attribute: 'entryUUID',
    id_is_binary: false,
  }),
}

export function shapeOf(config: DirectoryConfig): DirectoryShape {
  const usual = USUAL[config.vendor](config.base_dn)
  return {
    ...usual,
    user_base: config.user_base || usual.user_base,
    user_filter: config.user_filter || usual.user_filter,
    username_attribute: config.username_attribute || usual.username_attribute,
    group_base: config.group_base || usual.group_base,
    group_filter: config.group_filter || usual.group_filter,
  }
}

/** The columns of the settings that a client needs; the password is opened apart. */
export interface StoredDirectory extends Omit<DirectoryConfig, 'base_dn' | 'bind_dn' | 'bind_password'> {
  base_dn: string | null
  bind_dn: string | null
}

/** Settings as a client takes them. What is missing stays empty, and is refused before anything is sent. */
export function configOf(stored: StoredDirectory, bind_password: string | null): DirectoryConfig {
  const { vendor, servers, port, tls_mode, user_base, user_filter, username_attribute, group_base, group_filter } =
    stored
  const { nested_groups, connect_timeout_ms, operation_timeout_ms } = stored
  return {
    vendor,
    servers,
    port,
    tls_mode,
    ca_pem: stored.ca_pem || null,
    base_dn: stored.base_dn ?? '',
    bind_dn: stored.bind_dn ?? '',
    bind_password: bind_password ?? '',
    user_base,
    user_filter,
    username_attribute,
    group_base,
    group_filter,
    nested_groups,
    connect_timeout_ms,
    operation_timeout_ms,
  }
}
