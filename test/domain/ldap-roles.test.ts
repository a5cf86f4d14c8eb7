import { expect, it } from 'vitest'
import { canonicalDn, roleOfGroups } from '../../domain/ldap-roles.js'

const mappings = [
  { group_dn: 'cn=dsm-operators,cn=groups,dc=lab', role: 'operator' as const },
  { group_dn: 'CN=DSM Admins, CN=Groups, DC=lab', role: 'admin' as const },
  { group_dn: 'cn=audit\\, all,dc=lab', role: 'auditor' as const },
]

it('takes the highest role of the mapped groups, in any case and with any blanks', () => {
  const { role, mapped_groups } = roleOfGroups(
    ['CN=dsm-operators, CN=groups,DC=LAB', 'cn=dsm admins,cn=groups,dc=lab', 'cn=other,dc=lab'],
    mappings,
  )
  expect([role, mapped_groups.length]).toEqual(['admin', 2])
})

it('gives no role without a mapped group, nor for a group of the same name elsewhere', () => {
  expect(roleOfGroups([], mappings).role).toBeNull()
  expect(roleOfGroups(['cn=dsm-operators,cn=groups,dc=evil'], mappings).role).toBeNull()
  expect(roleOfGroups(['cn=dsm-operators'], mappings).role).toBeNull()
  expect(roleOfGroups(['x,cn=dsm-operators,cn=groups,dc=lab'], mappings).role).toBeNull()
})

it('keeps escaped commas inside a value', () => {
  expect(canonicalDn('CN=Audit\\, All , DC=lab')).toBe('cn=audit\\, all,dc=lab')
  expect(roleOfGroups(['cn=audit\\, all,dc=lab'], mappings).role).toBe('auditor')
})
