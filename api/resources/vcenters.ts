import { isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { listRows } from '../../db/reads/list-rows.js'
import { deviceIdentities } from '../../db/schema/credentials.js'
import { type Vcenter, vcenters } from '../../db/schema/hosts.js'
import { listHosts } from '../../db/stores/hosts.js'
import { acceptIdentity, findIdentities, listIdentities, rejectIdentity } from '../../db/stores/identities.js'
import { getVcenter, insertVcenter, updateVcenter, type VcenterInput } from '../../db/stores/vcenters.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, recordsQuery, sortedPage, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

/** A certificate or host key that was seen. */
export const identitySchema = rowSchema(deviceIdentities).meta({ id: 'DeviceIdentity' })
const vcenterSchema = rowSchema(vcenters).meta({ id: 'Vcenter' })
const fields = {
  name: z.string().min(1).max(255),
  host: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[A-Za-z0-9.:-]+$/, 'a name or an address'),
  port: z.int().min(1).max(65_535),
  credential_set_id: z.uuid().nullable(),
  tls_ca_pem: z.string().max(100_000).nullable(),
  sync_enabled: z.boolean(),
  sync_interval_minutes: z.int().min(5).max(1440),
  appliance_vm_name: z.string().max(255).nullable(),
  site: z.string().min(1).max(60),
}
const createBody = z.strictObject({ ...z.object(fields).partial().shape, name: fields.name, host: fields.host })
const patchBody = z.strictObject(z.object(fields).partial().shape)

const given = (body: object) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

export function vcenterRoutes(services: Services): Route[] {
  const { db } = services.database
  const mustGet = async (id: string): Promise<Vcenter> => {
    const vcenter = await getVcenter(db, id)
    if (!vcenter || vcenter.removed_at) throw new Problem('NotFound', 'There is no such vCenter.')
    return vcenter
  }
  return [
    route({
      method: 'GET',
      path: '/vcenters',
      permission: 'signed_in',
      summary: 'vCenters by name',
      query: listQuery(['name'], {}),
      output: listOutput(vcenterSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count } = query
        const key = { expression: sql`${vcenters.name}`, type: 'text' as const, descending: sortOf(sort).descending }
        return {
          body: await listRows(db, {
            table: vcenters,
            id: sql`${vcenters.id}`,
            where: [isNull(vcenters.removed_at)],
            sort: key,
            limit,
            cursor,
            count,
          }),
        }
      },
    }),
    route({
      method: 'POST',
      path: '/vcenters',
      permission: 'admin',
      summary: 'Adds a vCenter; a vcenter_sync job reads it',
      body: createBody,
      output: vcenterSchema,
      handler: async (context) => {
        const vcenter = await insertVcenter(db, given(context.body) as VcenterInput)
        await auditDeed(db, context, {
          action: 'vcenter.create',
          object_kind: 'vcenter',
          object_id: vcenter.id,
          object_label: vcenter.name,
          after: context.body,
        })
        return { body: vcenter, version: vcenter.row_version, headers: { location: `/api/v1/vcenters/${vcenter.id}` } }
      },
    }),
    route({
      method: 'GET',
      path: '/vcenters/:id',
      permission: 'signed_in',
      summary: 'One vCenter',
      params: idParams,
      output: vcenterSchema,
      handler: async ({ params }) => {
        const vcenter = await mustGet(params.id)
        return { body: vcenter, version: vcenter.row_version }
      },
    }),
    route({
      method: 'PATCH',
      path: '/vcenters/:id',
      permission: 'admin',
      summary: 'Changes a vCenter',
      params: idParams,
      body: patchBody,
      output: vcenterSchema,
      handler: async (context) => {
        const before = await mustGet(context.params.id)
        context.checkVersion(before.row_version)
        const vcenter = (await updateVcenter(db, before.id, given(context.body))) ?? before
        await auditDeed(db, context, {
          action: 'vcenter.update',
          object_kind: 'vcenter',
          object_id: before.id,
          object_label: before.name,
          after: context.body,
        })
        return { body: vcenter, version: vcenter.row_version }
      },
    }),
    route({
      method: 'DELETE',
      path: '/vcenters/:id',
      permission: 'admin',
      summary: 'Removes a vCenter without hosts from the inventory',
      params: idParams,
      output: null,
      handler: async (context) => {
        const before = await mustGet(context.params.id)
        context.checkVersion(before.row_version)
        if ((await listHosts(db, before.id)).length > 0)
          throw new Problem('StateConflict', 'Hosts of this vCenter are in the inventory.')
        await updateVcenter(db, before.id, { removed_at: new Date().toISOString() })
        await auditDeed(db, context, {
          action: 'vcenter.remove',
          object_kind: 'vcenter',
          object_id: before.id,
          object_label: before.name,
        })
        return {}
      },
    }),
    route({
      method: 'GET',
      path: '/vcenters/:id/identities',
      permission: 'signed_in',
      summary: 'Certificates seen from this vCenter',
      params: idParams,
      query: recordsQuery('first_seen_at', {}),
      output: listOutput(identitySchema),
      handler: async ({ params, query }) => {
        const { host, port, id } = await mustGet(params.id)
        const here = await findIdentities(db, { device_kind: 'vcenter', address: host, port, protocol: 'tls' })
        const items = [...new Map([...(await listIdentities(db, id)), ...here].map((row) => [row.id, row])).values()]
        return { body: sortedPage(items, query, (row) => row.first_seen_at) }
      },
    }),
  ]
}

/** Deciding about a certificate or host key that was seen. */
export function identityRoutes(services: Services): Route[] {
  const { db } = services.database
  const decide = (decision: 'accept' | 'reject', summary: string) =>
    route({
      method: 'POST',
      path: `/identities/:id/${decision}`,
      permission: 'admin',
      summary,
      params: idParams,
      output: null,
      status: 204,
      handler: async (context) => {
        const decided_by = context.user.user_id
        if (decision === 'reject') await rejectIdentity(db, context.params.id, decided_by)
        else {
          await acceptIdentity(db, context.params.id, { decided_by, decided_how: 'person' }).catch(() => {
            throw new Problem('NotFound', 'There is no such identity.')
          })
        }
        await auditDeed(db, context, {
          action: `identity.${decision}`,
          object_kind: 'identity',
          object_id: context.params.id,
        })
        return {}
      },
    })
  return [decide('accept', 'Pins this certificate or host key'), decide('reject', 'Never accept this one')]
}
