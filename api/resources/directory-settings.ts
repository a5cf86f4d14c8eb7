import { z } from 'zod'
import { checkDirectory, type DirectoryReport } from '../../clients/ldap/check-directory.js'
import { idmSettings } from '../../db/schema/identity.js'
import {
  type DirectorySettingsPatch,
  openBindPassword,
  type PublicDirectorySettings,
  readDirectorySettings,
  updateDirectorySettings,
} from '../../db/stores/directory-settings.js'
import { canonicalDn, mayReusePassword } from '../../domain/ldap-roles.js'
import { ROLES } from '../../domain/permissions.js'
import { withDirectoryAccess } from '../auth/directory-access.js'
import { Problem } from '../errors.js'
import type { Route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'
import { type Asking, settingsPair } from '../settings-routes.js'

const int = (from: number, to: number) => z.int().min(from).max(to)
const dn = z.string().min(3).max(1000).includes('=')
const filter = z.string().min(3).max(2000).startsWith('(')
const attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'the name of an attribute')
const role = z.enum(ROLES)

const groupMapping = z.strictObject({ group_dn: dn, group_id: z.string().max(100).nullish(), role })

const patch = z.strictObject({
  ...z
    .object({
      enabled: z.boolean(),
      vendor: z.enum(['freeipa', 'active_directory', 'ldap']),
      servers: z.array(z.string().regex(/^[A-Za-z0-9_.:-]{1,255}$/, 'a name or an address')).max(10),
      port: int(1, 65_535),
      tls_mode: z.enum(['ldaps', 'starttls']),
      ca_pem: z.string().max(100_000).includes('-----BEGIN CERTIFICATE-----').nullable(),
      base_dn: dn.nullable(),
      bind_dn: z.string().min(1).max(1000).nullable(),
      bind_password: z.string().min(1).max(1024).nullable().meta({ writeOnly: true }),
      user_base: dn.nullable(),
      user_filter: filter.nullable(),
      username_attribute: attribute.nullable(),
      group_base: dn.nullable(),
      group_filter: filter.nullable(),
      nested_groups: z.boolean(),
      default_role: role.nullable(),
      sync_enabled: z.boolean(),
      sync_interval_minutes: int(15, 10_080),
      connect_timeout_ms: int(100, 60_000),
      operation_timeout_ms: int(100, 120_000),
      group_mappings: z.array(groupMapping).max(500),
    })
    .partial().shape,
  save_anyway: z.boolean().optional().describe('Keep settings whose test failed'),
})

const output = rowSchema(idmSettings, [], {
  has_bind_password: z.boolean(),
  group_mappings: z.array(z.object({ group_dn: z.string(), group_id: z.string().nullable(), role })),
}).meta({ id: 'DirectorySettings' })

/** What only matters to people who sign in, not to the way to the directory. */
const NOT_TESTED = ['default_role', 'sync_enabled', 'sync_interval_minutes', 'group_mappings', 'save_anyway']

/** Settings of the company directory; enabled ones are tested before they are kept. */
export function directorySettingsRoutes(services: Services): Route[] {
  return settingsPair(services.database.db, {
    name: 'directory',
    summary: {
      read: 'The company directory: where it is, how it is laid out, which groups give which role',
      change: 'Changes the company directory; enabled settings are tested first, save_anyway keeps those that fail',
    },
    reader: 'audit',
    output,
    patch,
    secrets: ['bind_password'],
    read: readDirectorySettings,
    check: (_db, body, asking) => checkBeforeSaving(services, body, asking),
    update: (tx, { save_anyway: _asked, ...body }) =>
      updateDirectorySettings(tx, () => services.keys(), body as DirectorySettingsPatch),
  })
}

type Patch = z.output<typeof patch>

async function checkBeforeSaving(services: Services, body: Patch, asking: Asking): Promise<void> {
  refuseTwins(body)
  const { db } = services.database
  const { save_anyway, bind_password, ...columns } = body
  const saved = await readDirectorySettings(db)
  const stored = { ...saved, ...columns } as PublicDirectorySettings
  refuseOtherServers(saved, stored, bind_password !== undefined)
  const touched = Object.keys(body).some((name) => !NOT_TESTED.includes(name))
  if (!stored.enabled || !touched || save_anyway) return
  const password = bind_password === undefined ? await openBindPassword(db, services.keys()) : bind_password
  const rules = { mappings: stored.group_mappings, default_role: stored.default_role }
  const report = await withDirectoryAccess(services, stored, password, asking, (access) =>
    checkDirectory(access, rules, null),
  )
  if (!report.ok) throw failedTest(report)
}

/** The stored password goes only to the servers that it was given for. */
function refuseOtherServers(
  saved: PublicDirectorySettings,
  wanted: PublicDirectorySettings,
  password_given: boolean,
): void {
  if (password_given || !saved.has_bind_password || mayReusePassword(saved.servers, wanted.servers)) return
  const detail = 'give bind_password together with a new server: the stored one is not sent to others'
  throw new Problem('OptionConflict', `Another server of the directory: ${detail}.`, {
    errors: [{ pointer: '/bind_password', detail }],
  })
}

function refuseTwins({ group_mappings = [] }: Patch): void {
  const seen = new Set<string>()
  const errors = group_mappings.flatMap(({ group_dn }, i) => {
    const name = canonicalDn(group_dn)
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    return [{ pointer: `/group_mappings/${i}/group_dn`, detail: 'stands there twice' }]
  })
  if (errors.length > 0) throw new Problem('InvalidRequest', 'A group is mapped twice.', { errors })
}

function failedTest({ checks }: DirectoryReport): Problem {
  const failed = checks.find((check) => check.outcome === 'failed')
  const code = failed?.name === 'name' || failed?.name === 'tcp' ? 'DirectoryUnavailable' : 'DirectoryMisconfigured'
  const detail = `The test failed at ${failed?.name}: ${failed?.message} Nothing was saved; save_anyway: true keeps it all the same.`
  return new Problem(code, detail, { members: { checks } })
}
