import { eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { type CredentialIpRange, credentialIpRanges, credentialSets } from '../../db/schema/credentials.js'
import { vcenterHosts, vcenters } from '../../db/schema/hosts.js'
import { servers } from '../../db/schema/servers.js'
import {
  type CredentialSetInput,
  deleteCredentialSet,
  insertCredentialSet,
  listRanges,
  type PublicCredentialSet,
  type RangeInput,
  readCredentialSets,
  updateCredentialSet,
  withoutSecrets,
} from '../../db/stores/credentials.js'
import { resolveCredential } from '../../domain/credential-resolution.js'
import { parseRange } from '../../domain/ip-range.js'
import { auditDeed } from '../audit-trail.js'
import { type FieldProblem, Problem } from '../errors.js'
import { listOutput, listQuery, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const secret = z.string().min(1).max(10_000).meta({ writeOnly: true })
const rangeFields = z.strictObject({
  ip_range: z.string().min(1).max(64),
  priority: z.int().min(-1000).max(1000).default(0),
  description: z.string().max(500).nullish(),
})
const fields = {
  name: z.string().min(1).max(255),
  username: z.string().min(1).max(255),
  password: secret.max(1024).optional(),
  ssh_private_key: secret.optional(),
  is_default: z.boolean().optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  vcenter_host_id: z.uuid().nullish(),
  vcenter_id: z.uuid().nullish(),
  description: z.string().max(2000).nullish(),
  ip_ranges: z.array(rangeFields).max(2000).optional(),
}
const type = z.enum(['idrac', 'esxi', 'vcenter'])
const createBody = z
  .strictObject({ ...fields, credential_type: type })
  .refine(
    (set) => set.password !== undefined || (set.credential_type === 'esxi' && set.ssh_private_key !== undefined),
    {
      message: 'a password is needed (ESXi: or an SSH key)',
      path: ['password'],
    },
  )
  .refine((set) => set.credential_type === 'esxi' || set.ssh_private_key === undefined, {
    message: 'only for ESXi',
    path: ['ssh_private_key'],
  })
const patchBody = z.strictObject(z.object(fields).partial().shape)
const rangeSchema = rowSchema(credentialIpRanges, ['addresses', 'family', 'credential_set_id'])
const setSchema = rowSchema(credentialSets, [], {
  has_password: z.boolean(),
  has_ssh_private_key: z.boolean(),
  ip_ranges: z.array(rangeSchema),
}).meta({ id: 'CredentialSet' })

export function credentialRoutes(services: Services): Route[] {
  return [...readRoutes(services), ...writeRoutes(services), resolutionRoute(services)]
}

function readRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/credential-sets',
      permission: 'no_viewer',
      summary: 'Credential sets by name; passwords are never shown',
      query: listQuery(['name'], { credential_type: type.optional() }),
      output: listOutput(setSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count, credential_type } = query
        const where = [credential_type ? eq(credentialSets.credential_type, credential_type) : undefined]
        const key = {
          expression: sql`${credentialSets.name}`,
          type: 'text' as const,
          descending: sortOf(sort).descending,
        }
        const page = await listRows(db, {
          table: credentialSets,
          id: sql`${credentialSets.id}`,
          where,
          sort: key,
          limit,
          cursor,
          count,
        })
        const ranges = await listRanges(
          db,
          page.items.map((set) => set.id),
        )
        return { body: { ...page, items: page.items.map((set) => setView(withoutSecrets(set), ranges)) } }
      },
    }),
    route({
      method: 'GET',
      path: '/credential-sets/:id',
      permission: 'no_viewer',
      summary: 'One credential set',
      params: idParams,
      output: setSchema,
      handler: async ({ params }) => {
        const set = await mustGet(services, params.id)
        return { body: setView(set, await listRanges(db, [set.id])), version: set.version }
      },
    }),
  ]
}

function writeRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'POST',
      path: '/credential-sets',
      permission: 'admin',
      summary: 'Adds a credential set with its address ranges',
      body: createBody,
      output: setSchema,
      handler: async (context) => {
        const { ip_ranges, ...input } = context.body
        const set = await db.transaction(async (tx) => {
          const created = { ...input, created_by: context.user.user_id } satisfies CredentialSetInput
          const row = await insertCredentialSet(tx, services.keys(), created, parseRanges(ip_ranges ?? []))
          await auditDeed(tx, context, {
            action: 'credential.create',
            object_kind: 'credential_set',
            object_id: row.id,
            object_label: row.name,
            after: context.body,
          })
          return row
        })
        const body = setView(set, await listRanges(db, [set.id]))
        return { body, version: set.version, headers: { location: `/api/v1/credential-sets/${set.id}` } }
      },
    }),
    route({
      method: 'PATCH',
      path: '/credential-sets/:id',
      permission: 'admin',
      summary: 'Changes a credential set; ip_ranges given replace all',
      params: idParams,
      body: patchBody,
      output: setSchema,
      handler: async (context) => {
        const before = await mustGet(services, context.params.id)
        context.checkVersion(before.version)
        const { ip_ranges, ...patch } = context.body
        const ranges = ip_ranges ? parseRanges(ip_ranges) : undefined
        const set = await db.transaction(async (tx) => {
          const row = await updateCredentialSet(tx, services.keys(), before.id, patch, ranges)
          await auditDeed(tx, context, {
            action: 'credential.update',
            object_kind: 'credential_set',
            object_id: before.id,
            object_label: before.name,
            after: context.body,
          })
          return row ?? before
        })
        return { body: setView(set, await listRanges(db, [set.id])), version: set.version }
      },
    }),
    route({
      method: 'DELETE',
      path: '/credential-sets/:id',
      permission: 'admin',
      summary: 'Removes a credential set that nothing names any more',
      params: idParams,
      output: null,
      handler: async (context) => {
        const before = await mustGet(services, context.params.id)
        context.checkVersion(before.version)
        await deleteCredentialSet(db, before.id)
        await auditDeed(db, context, {
          action: 'credential.delete',
          object_kind: 'credential_set',
          object_id: before.id,
          object_label: before.name,
        })
        return {}
      },
    }),
  ]
}

function resolutionRoute(services: Services): Route {
  const candidate = z.object({
    source: z.string(),
    credential_set_id: z.string().nullable(),
    name: z.string(),
    why: z.string(),
  })
  return route({
    method: 'GET',
    path: '/credential-resolution',
    permission: 'no_viewer',
    summary: 'Which credentials would be used for an address, and why',
    query: z.strictObject({ ip: z.ipv4(), kind: type.default('idrac') }),
    output: z.object({
      choice: candidate.nullable(),
      why: z.string(),
      candidates: z.array(candidate),
      skipped: z.array(z.object({ source: z.string(), why: z.string() })),
    }),
    handler: async ({ query }) => {
      const sets = await readCredentialSets(services.database.db)
      const device = await factsOfAddress(services, query.ip, query.kind)
      return { body: resolveCredential({ kind: query.kind, address: query.ip, job_set_ids: [], ...device }, sets) }
    },
  })
}

/** What the inventory knows about an address that bears on resolution. */
async function factsOfAddress(services: Services, ip: string, kind: z.output<typeof type>) {
  const { db } = services.database
  const { environment_accounts } = services.config
  const none = {
    explicit_set_id: null,
    has_discovered: false,
    vcenter_host_id: null,
    vcenter_id: null,
    has_environment: false,
  }
  if (kind === 'idrac') {
    const [server] = await db.select().from(servers).where(sql`ip_address = ${ip} and removed_at is null`).limit(1)
    const has_discovered = Boolean(server?.discovered_password_encrypted)
    return {
      ...none,
      explicit_set_id: server?.credential_set_id ?? null,
      has_discovered,
      has_environment: environment_accounts.idrac,
    }
  }
  if (kind === 'esxi') {
    const [host] = await db.select().from(vcenterHosts).where(sql`ip_address = ${ip} and removed_at is null`).limit(1)
    const owner = { vcenter_host_id: host?.id ?? null, vcenter_id: host?.vcenter_id ?? null }
    return {
      ...none,
      ...owner,
      explicit_set_id: host?.credential_set_id ?? null,
      has_environment: environment_accounts.esxi,
    }
  }
  const [vcenter] = await db.select().from(vcenters).where(sql`host = ${ip} and removed_at is null`).limit(1)
  return { ...none, explicit_set_id: vcenter?.credential_set_id ?? null }
}

function setView(set: PublicCredentialSet, ranges: CredentialIpRange[]) {
  const own = ranges.filter((range) => range.credential_set_id === set.id)
  return { ...set, ip_ranges: own.map(({ addresses: _a, family: _f, credential_set_id: _c, ...shown }) => shown) }
}

/** Parses ranges to their canonical form. @throws {Problem} with a pointer per bad range */
function parseRanges(ranges: z.output<typeof rangeFields>[]): RangeInput[] {
  const errors: FieldProblem[] = []
  const parsed = ranges.flatMap(({ ip_range, priority, description = null }, i): RangeInput[] => {
    const result = parseRange(ip_range)
    if (!result.ok) {
      errors.push({ pointer: `/ip_ranges/${i}/ip_range`, detail: result.message })
      return []
    }
    const { text, first, last } = result.range
    return [{ ip_range: text, family: 4, first: BigInt(first), last: BigInt(last), priority, description }]
  })
  if (errors.length > 0) throw new Problem('InvalidRequest', errors[0]?.detail ?? 'bad range', { errors })
  return parsed
}

async function mustGet(services: Services, id: string): Promise<PublicCredentialSet> {
  const [row] = await services.database.db
    .select()
    .from(credentialSets)
    .where(inArray(credentialSets.id, [id]))
  if (!row) throw new Problem('NotFound', 'There is no such credential set.')
  return withoutSecrets(row)
}
