/** The tree of a FreeIPA server: `cn=users,cn=accounts`, `cn=groups,cn=accounts`, a system account. */
import type { DirectoryEntry } from '../model-directory.js'
import type { Identities } from './identities.js'
import type { CompanyGroup, Person } from './people.js'

export const FREEIPA_BASE = 'dc=ipa,dc=lab,dc=example'
const USERS = `cn=users,cn=accounts,${FREEIPA_BASE}`
const GROUPS = `cn=groups,cn=accounts,${FREEIPA_BASE}`
const EXPIRED = '20200101000000Z'

const USER_CLASSES = [
  'top',
  'person',
  'organizationalperson',
  'inetorgperson',
  'inetuser',
  'posixaccount',
  'krbprincipalaux',
  'krbticketpolicyaux',
  'ipaobject',
  'ipasshuser',
  'ipaSshGroupOfPubKeys',
  'mepOriginEntry',
]
const GROUP_CLASSES = ['top', 'groupofnames', 'nestedgroup', 'ipausergroup', 'ipaobject', 'posixgroup']

const userDn = (username: string): string => `uid=${username},${USERS}`
const groupDn = (name: string): string => `cn=${name},${GROUPS}`

export function freeipaTree(
  people: readonly Person[],
  groups: readonly CompanyGroup[],
  service_password: string,
  ids: Identities,
): { entries: DirectoryEntry[]; bind_dn: string } {
  const bind_dn = `uid=dsm,cn=sysaccounts,cn=etc,${FREEIPA_BASE}`
  const service = plain(bind_dn, { objectClass: ['top', 'account', 'simplesecurityobject'], uid: ['dsm'] })
  const everybody = {
    name: 'ipausers',
    description: 'Default group for all users',
    people: people.map((one) => one.username),
    groups: [],
  }
  const entries = [
    plain(FREEIPA_BASE, { objectClass: ['top', 'domain', 'pilotObject'], dc: ['ipa'], info: ['IPA V2.0'] }),
    ...['cn=accounts', 'cn=users,cn=accounts', 'cn=groups,cn=accounts', 'cn=etc', 'cn=sysaccounts,cn=etc'].map(
      container,
    ),
    { ...service, password: service_password },
    ...people.map((person, i) => userEntry(person, i, ids)),
    ...[...groups, everybody].map((group, i) => groupEntry(group, i, ids)),
  ]
  return { entries, bind_dn }
}

function plain(dn: string, attributes: Record<string, string[]>): DirectoryEntry {
  return { dn, attributes, operational: {}, binary: {}, password: null }
}

function container(path: string): DirectoryEntry {
  const name = path.slice(3).split(',')[0] ?? ''
  return plain(`${path},${FREEIPA_BASE}`, { objectClass: ['top', 'nsContainer'], cn: [name] })
}

function userEntry(person: Person, index: number, ids: Identities): DirectoryEntry {
  const { username, given_name, surname, state, password } = person
  const full_name = `${given_name} ${surname}`
  const number = String(1_200_001 + index)
  return {
    dn: userDn(username),
    attributes: {
      objectClass: USER_CLASSES,
      uid: [username],
      cn: [full_name],
      displayName: [full_name],
      gecos: [full_name],
      givenName: [given_name],
      sn: [surname],
      mail: [`${username}@ipa.lab.example`],
      uidNumber: [number],
      gidNumber: [number],
      homeDirectory: [`/home/${username}`],
      loginShell: ['/bin/sh'],
      krbPrincipalName: [`${username}@IPA.LAB.EXAMPLE`],
      ipaUniqueID: [ids.uuid(`freeipa ${username}`)],
      ...(state === 'expired' ? { krbPrincipalExpiration: [EXPIRED] } : {}),
    },
    operational: {
      nsUniqueId: [ids.uuid(`nsuniqueid ${username}`)],
      ...(state === 'disabled' ? { nsAccountLock: ['TRUE'] } : {}),
      ...(state === 'locked' ? { passwordRetryCount: ['5'] } : {}),
    },
    binary: {},
    password,
  }
}

function groupEntry(group: CompanyGroup, index: number, ids: Identities): DirectoryEntry {
  const member = [...group.people.map(userDn), ...group.groups.map(groupDn)]
  return {
    dn: groupDn(group.name),
    attributes: {
      objectClass: GROUP_CLASSES,
      cn: [group.name],
      description: [group.description],
      gidNumber: [String(1_300_001 + index)],
      ipaUniqueID: [ids.uuid(`freeipa group ${group.name}`)],
      ...(member.length > 0 ? { member } : {}),
    },
    operational: { nsUniqueId: [ids.uuid(`nsuniqueid group ${group.name}`)] },
    binary: {},
    password: null,
  }
}
