/** The tree of an Active Directory domain: people in `OU=Staff`, groups in `OU=Groups`, a service account. */
import type { DirectoryEntry } from '../model-directory.js'
import type { Identities } from './identities.js'
import type { CompanyGroup, Person } from './people.js'

export const ACTIVE_DIRECTORY_BASE = 'DC=corp,DC=lab,DC=example'
const NORMAL_ACCOUNT = 0x200
const ACCOUNT_DISABLE = 0x2
const PASSWORD_NEVER_EXPIRES = 0x10000
const NEVER = '9223372036854775807'
/** 1 January 2020 and 1 January 2026 in units of 100 ns since 1601 */
const EXPIRED = '132223104000000000'
const SET_ON = '134116992000000000'
/** global security group */
const SECURITY_GROUP = '-2147483646'

/** As the console of Active Directory names people: surname first, the comma escaped. */
const userDn = ({ given_name, surname }: Person): string =>
  `CN=${surname}\\, ${given_name},OU=Staff,${ACTIVE_DIRECTORY_BASE}`
const groupDn = (name: string): string => `CN=${name},OU=Groups,${ACTIVE_DIRECTORY_BASE}`

export function activeDirectoryTree(
  people: readonly Person[],
  groups: readonly CompanyGroup[],
  service_password: string,
  ids: Identities,
): { entries: DirectoryEntry[]; bind_dn: string } {
  const bind_dn = `CN=svc-dsm,OU=Service Accounts,${ACTIVE_DIRECTORY_BASE}`
  const byName = new Map(people.map((person) => [person.username, userDn(person)]))
  const units = ['Staff', 'Groups', 'Service Accounts'].map((name) =>
    entry(
      `OU=${name},${ACTIVE_DIRECTORY_BASE}`,
      { objectClass: ['top', 'organizationalUnit'], ou: [name] },
      `unit ${name}`,
      0,
      ids,
    ),
  )
  const domain = { objectClass: ['top', 'domain', 'domainDNS'], dc: ['corp'] }
  const service = account(bind_dn, 'svc-dsm', 'svc-dsm', NORMAL_ACCOUNT + PASSWORD_NEVER_EXPIRES)
  const entries = [
    entry(ACTIVE_DIRECTORY_BASE, domain, 'domain', 0, ids),
    ...units,
    { ...entry(bind_dn, service, 'svc-dsm', 1104, ids), password: service_password },
    ...people.map((person, i) => userEntry(person, i, ids)),
    ...groups.map((group, i) => groupEntry(group, i, byName, ids)),
  ]
  return { entries, bind_dn }
}

function entry(
  dn: string,
  attributes: Record<string, string[]>,
  purpose: string,
  rid: number,
  ids: Identities,
): DirectoryEntry {
  const guid = Buffer.from(ids.uuid(`active directory ${purpose}`).replaceAll('-', ''), 'hex').toString('base64')
  const binary = rid > 0 ? { objectGUID: guid, objectSid: sidOf(rid, ids) } : { objectGUID: guid }
  return { dn, attributes: { ...attributes, distinguishedName: [dn] }, operational: {}, binary, password: null }
}

/** `S-1-5-21-a-b-c-rid` as bytes. */
function sidOf(rid: number, ids: Identities): string {
  const bytes = Buffer.alloc(28)
  bytes.set([1, 5, 0, 0, 0, 0, 0, 5])
  bytes.writeUInt32LE(21, 8)
  for (const place of [0, 1, 2])
    bytes.writeUInt32LE(ids.between(`domain sid ${place}`, 1_000_000, 4_000_000_000), 12 + 4 * place)
  bytes.writeUInt32LE(rid, 24)
  return bytes.toString('base64')
}

function account(dn: string, name: string, shown: string, control: number): Record<string, string[]> {
  return {
    objectClass: ['top', 'person', 'organizationalPerson', 'user'],
    cn: [(dn.slice(3).split(/(?<!\\),/)[0] ?? '').replaceAll('\\', '')],
    displayName: [shown],
    sAMAccountName: [name],
    userPrincipalName: [`${name}@corp.lab.example`],
    userAccountControl: [String(control)],
    accountExpires: [NEVER],
    pwdLastSet: [SET_ON],
  }
}

function userEntry(person: Person, index: number, ids: Identities): DirectoryEntry {
  const { username, given_name, surname, state, password } = person
  const control = NORMAL_ACCOUNT + (state === 'disabled' ? ACCOUNT_DISABLE : 0)
  const dn = userDn(person)
  const attributes = {
    ...account(dn, username, `${given_name} ${surname}`, control),
    givenName: [given_name],
    sn: [surname],
    mail: [`${username}@corp.lab.example`],
    ...(state === 'expired' ? { accountExpires: [EXPIRED] } : {}),
    ...(state === 'locked' ? { lockoutTime: [SET_ON] } : {}),
  }
  return { ...entry(dn, attributes, username, 1110 + index, ids), password }
}

function groupEntry(
  group: CompanyGroup,
  index: number,
  people: ReadonlyMap<string, string>,
  ids: Identities,
): DirectoryEntry {
  const member = [...group.people.map((name) => people.get(name) ?? ''), ...group.groups.map(groupDn)]
  const attributes = {
    objectClass: ['top', 'group'],
    cn: [group.name],
    sAMAccountName: [group.name],
    description: [group.description],
    groupType: [SECURITY_GROUP],
    member,
  }
  return entry(groupDn(group.name), attributes, `group ${group.name}`, 1600 + index, ids)
}
