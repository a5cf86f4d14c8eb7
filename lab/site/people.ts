/** Who works at the simulated company, and in which groups. */
import type { Identities } from './identities.js'

export interface Person {
  username: string
  given_name: string
  surname: string
  password: string
  state: 'ok' | 'disabled' | 'locked' | 'expired'
}

export interface CompanyGroup {
  name: string
  description: string
  /** user names */
  people: readonly string[]
  /** names of groups inside */
  groups: readonly string[]
}

const NAMED: readonly (readonly [given: string, surname: string, state: Person['state']])[] = [
  ['Olivia', 'Park', 'ok'],
  ['Adam', 'Stone', 'ok'],
  ['Victor', 'Blum', 'ok'],
  ['Aurora', 'Quist', 'ok'],
  ['Nina', 'Torres', 'ok'],
  ['Mia', 'Lee', 'ok'],
  ['Tim', 'Ohne', 'ok'],
  ['Dora', 'Winter', 'disabled'],
  ['Lars', 'Klemm', 'locked'],
  ['Elif', 'Yilmaz', 'expired'],
]

const GIVEN = ['Ana', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hana'] as const
const SURNAMES = ['Abel', 'Brandt', 'Costa', 'Diaz', 'Evers', 'Falk'] as const

const usernameOf = (given: string, surname: string): string => `${given}.${surname}`.toLowerCase()

/** The named ones first, then colleagues without any group of interest. */
export function people(directory: string, ids: Identities): Person[] {
  const colleagues = GIVEN.flatMap((given) => SURNAMES.map((surname) => [given, surname, 'ok'] as const))
  return [...NAMED, ...colleagues].map(([given_name, surname, state]) => {
    const username = usernameOf(given_name, surname)
    return { username, given_name, surname, state, password: ids.password(`${directory} ${username}`) }
  })
}

/** `datacenter-team` is inside `dsm-operators`, `night-shift` inside that; `ring-a` and `ring-b` hold each other. */
export const GROUPS: readonly CompanyGroup[] = [
  {
    name: 'dsm-operators',
    description: 'May run updates',
    people: ['olivia.park', 'dora.winter', 'lars.klemm', 'elif.yilmaz'],
    groups: ['datacenter-team'],
  },
  { name: 'dsm-admins', description: 'May change everything', people: ['adam.stone'], groups: [] },
  { name: 'dsm-viewers', description: 'May look', people: ['victor.blum', 'adam.stone'], groups: [] },
  { name: 'dsm-auditors', description: 'May read the audit', people: ['aurora.quist'], groups: [] },
  { name: 'datacenter-team', description: 'Data centre', people: ['mia.lee'], groups: ['night-shift'] },
  { name: 'night-shift', description: 'Data centre at night', people: ['nina.torres'], groups: [] },
  { name: 'ring-a', description: 'Holds ring-b', people: ['tim.ohne'], groups: ['ring-b'] },
  { name: 'ring-b', description: 'Holds ring-a', people: [], groups: ['ring-a'] },
]
