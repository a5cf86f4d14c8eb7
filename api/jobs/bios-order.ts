import type { Db } from '../../db/connect.js'
import { getBiosConfiguration, knownBiosConfigurations } from '../../db/stores/bios-configurations.js'
import { isGuardedAttribute, isPasswordAttribute } from '../../domain/bios-attributes.js'
import type { Role } from '../../domain/permissions.js'
import { type FieldProblem, Problem } from '../errors.js'

type Details = Record<string, unknown>

/**
 * What can be said of an order on BIOS settings without looking at a device: stored configurations that it names must be
 * there, and attributes that can lock a machine out of its system are an admin's.
 * @throws {Problem} `AttributeInvalid`, `UnknownTarget`, `Forbidden`
 */
export async function checkBiosOrder(db: Db, details: Details, roles: readonly Role[]): Promise<void> {
  refusePasswords(details)
  await checkConfigurations(db, details)
  if (roles.includes('admin')) return
  const named = Object.keys((details.attributes as Details | undefined) ?? {}).filter(isGuardedAttribute)
  refuseGuarded(named.map((name) => `/details/attributes/${name}`))
  if (typeof details.from_configuration_id !== 'string') return
  const stored = await getBiosConfiguration(db, details.from_configuration_id)
  const only = (details.only as string[] | undefined) ?? Object.keys(stored?.attributes ?? {})
  const guarded = only.filter(isGuardedAttribute)
  const at = details.only === undefined ? '/details/from_configuration_id' : '/details/only'
  refuseGuarded(guarded.length === 0 ? [] : [at], guarded)
}

/** Refused before anything is written: a password in an order would stand in the row of the job in clear. */
function refusePasswords(details: Details): void {
  const names = Object.keys((details.attributes as Details | undefined) ?? {}).filter((name) =>
    isPasswordAttribute(name),
  )
  if (names.length === 0) return
  throw new Problem('AttributeInvalid', `Passwords are not set by this job: ${names.join(', ')}.`, {
    status: 422,
    errors: names.map((name) => ({
      pointer: `/details/attributes/${name}`,
      detail: 'passwords are not set by this job',
    })),
  })
}

function refuseGuarded(pointers: string[], names: string[] = []): void {
  if (pointers.length === 0) return
  const detail = names.length === 0 ? 'only an admin sets this attribute' : `only an admin sets ${names.join(', ')}`
  throw new Problem('Forbidden', `The role admin is needed for ${[...pointers, ...names].join(', ')}.`, {
    errors: pointers.map((pointer) => ({ pointer, detail })),
    members: { roles_allowed: ['admin'] },
  })
}

async function checkConfigurations(db: Db, details: Details): Promise<void> {
  const named = ['compare_with', 'from_configuration_id'].flatMap((field) => {
    const id = details[field]
    return typeof id === 'string' ? [{ field, id }] : []
  })
  const known = await knownBiosConfigurations(
    db,
    named.map(({ id }) => id),
  )
  const errors: FieldProblem[] = named
    .filter(({ id }) => !known.includes(id))
    .map(({ field, id }) => ({ pointer: `/details/${field}`, detail: `${id} is unknown` }))
  if (errors.length === 0) return
  throw new Problem('UnknownTarget', 'A BIOS configuration named does not exist. List /bios-configurations.', {
    errors,
  })
}
