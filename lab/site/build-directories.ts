/** The company directories of a site: one as FreeIPA lays it out, one as Active Directory does, both out of the seed. */
import { directoryAddress, LDAPS_PORT, STARTTLS_PORT } from '../addresses.js'
import { canonical } from '../ldap/dn.js'
import { throughAll } from '../ldap/entry.js'
import type { DirectoryEntry, SimDirectory } from '../model-directory.js'
import { ACTIVE_DIRECTORY_BASE, activeDirectoryTree } from './active-directory-tree.js'
import { FREEIPA_BASE, freeipaTree } from './freeipa-tree.js'
import type { Identities } from './identities.js'
import { GROUPS, people } from './people.js'

/** FreeIPA first, Active Directory second. */
export function buildDirectories(shift: number, ids: Identities): SimDirectory[] {
  return [
    buildDirectory('freeipa', 'ipa-01', 0, shift, ids),
    buildDirectory('active_directory', 'dc-01', 1, shift, ids),
  ]
}

function buildDirectory(
  vendor: SimDirectory['vendor'],
  name: string,
  index: number,
  shift: number,
  ids: Identities,
): SimDirectory {
  const bind_password = ids.password(`${name} service account`)
  const tree = vendor === 'freeipa' ? freeipaTree : activeDirectoryTree
  const { entries, bind_dn } = tree(people(name, ids), GROUPS, bind_password, ids)
  return {
    name,
    vendor,
    address: directoryAddress(shift, index),
    port: LDAPS_PORT,
    starttls_port: STARTTLS_PORT,
    base_dn: vendor === 'freeipa' ? FREEIPA_BASE : ACTIVE_DIRECTORY_BASE,
    bind_dn,
    bind_password,
    entries,
    lockouts: {},
  }
}

/** Who can sign in, with the full names of all their groups: direct ones first, then those above. */
export function signInsOf(directory: SimDirectory): { username: string; password: string; groups: string[] }[] {
  const direct = new Map<string, string[]>()
  for (const group of directory.entries) {
    for (const member of group.attributes.member ?? []) {
      direct.set(canonical(member), [...(direct.get(canonical(member)) ?? []), group.dn])
    }
  }
  return directory.entries.flatMap((entry) => {
    const username = usernameOf(directory, entry)
    if (username === null || entry.password === null || isBarred(entry)) return []
    return [{ username, password: entry.password, groups: throughAll(direct.get(canonical(entry.dn)) ?? [], direct) }]
  })
}

function usernameOf(directory: SimDirectory, entry: DirectoryEntry): string | null {
  const is_person = entry.attributes.objectClass?.includes('person') ?? false
  if (!is_person || entry.dn === directory.bind_dn) return null
  return (directory.vendor === 'freeipa' ? entry.attributes.uid : entry.attributes.sAMAccountName)?.[0] ?? null
}

/** Disabled, locked or expired from the first. */
function isBarred({ attributes, operational }: DirectoryEntry): boolean {
  const disabled = Number(attributes.userAccountControl?.[0] ?? 0) & 2
  return (
    disabled !== 0 ||
    Number(attributes.lockoutTime?.[0] ?? 0) > 0 ||
    attributes.accountExpires?.[0] === EXPIRED_FILE_TIME ||
    operational.nsAccountLock?.[0] === 'TRUE' ||
    operational.passwordRetryCount !== undefined ||
    attributes.krbPrincipalExpiration !== undefined
  )
}

/** 1 January 2020. */
const EXPIRED_FILE_TIME = '132223104000000000'
