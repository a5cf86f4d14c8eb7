import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { newId } from '../../db/new-id.js'
import { listRows } from '../../db/reads/list-rows.js'
import { type EsxiUpgradeProfile, esxiUpgradeProfiles } from '../../db/schema/checks.js'
import { getIsoImage } from '../../db/stores/media.js'
import { getUpgradeProfile } from '../../db/stores/safety-checks.js'
import { depotPath } from '../../workflows/fields.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { listOutput, listQuery, sortOf } from '../list.js'
import { idParams, type Route, route } from '../route.js'
import { rowSchema } from '../row-schema.js'
import type { Services } from '../services.js'

const profileSchema = rowSchema(esxiUpgradeProfiles).meta({ id: 'EsxiUpgradeProfile' })

const createBody = z
  .strictObject({
    name: z.string().trim().min(1).max(255).describe('By which orders name it'),
    depot_path: depotPath.optional().describe('As hosts see it'),
    iso_image_id: z.uuid().optional().describe('Depot in our media store'),
    profile_name: z.string().min(1).max(255).describe('Exact name of the image profile in the depot'),
    target_version: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,3}){1,2}$/, 'must look like 8.0.3')
      .optional(),
    target_build: z.int().min(1).max(2_147_483_647).optional().describe('A host that has it is left alone'),
    notes: z.string().max(2000).optional(),
  })
  .refine((profile) => (profile.depot_path === undefined) !== (profile.iso_image_id === undefined), {
    message: 'give exactly one of depot_path, iso_image_id',
    path: ['depot_path'],
  })

/** ESXi images by a name of ours, which orders of upgrades can give instead of a depot and a profile. */
export function esxiProfileRoutes(services: Services): Route[] {
  return [...readRoutes(services), ...writeRoutes(services)]
}

function readRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'GET',
      path: '/esxi-upgrade-profiles',
      permission: 'signed_in',
      summary: 'Known ESXi images by name',
      query: listQuery(['name'], {}),
      output: listOutput(profileSchema),
      handler: async ({ query }) => {
        const { limit, cursor, sort, count } = query
        const e = esxiUpgradeProfiles
        const key = { expression: sql`${e.name}`, type: 'text' as const, descending: sortOf(sort).descending }
        return { body: await listRows(db, { table: e, id: sql`${e.id}`, where: [], sort: key, limit, cursor, count }) }
      },
    }),
    route({
      method: 'GET',
      path: '/esxi-upgrade-profiles/:id',
      permission: 'signed_in',
      summary: 'One known ESXi image',
      params: idParams,
      output: profileSchema,
      handler: async ({ params }) => {
        const profile = await mustGet(services, params.id)
        return { body: profile, version: profile.version }
      },
    }),
  ]
}

function writeRoutes(services: Services): Route[] {
  const { db } = services.database
  return [
    route({
      method: 'POST',
      path: '/esxi-upgrade-profiles',
      permission: 'operator',
      summary: 'Gives an ESXi image a name; a preflight tells whether the depot has it',
      body: createBody,
      output: profileSchema,
      handler: async (context) => {
        const { body, user } = context
        if (body.iso_image_id) await mustBeDepot(services, body.iso_image_id)
        const id = newId()
        const [profile] = await db.transaction(async (tx) => {
          const rows = await tx
            .insert(esxiUpgradeProfiles)
            .values({ ...body, id, created_by: user.user_id })
            .returning()
          await auditDeed(tx, context, {
            action: 'esxi_profile.create',
            ...objectOf({ id, name: body.name }),
            after: body,
          })
          return rows
        })
        return { body: profile, version: 1, headers: { location: `/api/v1/esxi-upgrade-profiles/${id}` } }
      },
    }),
    route({
      method: 'DELETE',
      path: '/esxi-upgrade-profiles/:id',
      permission: 'operator',
      summary: 'Forgets a known ESXi image; its depot stays',
      params: idParams,
      output: null,
      handler: async (context) => {
        const before = await mustGet(services, context.params.id)
        context.checkVersion(before.version)
        await db.delete(esxiUpgradeProfiles).where(eq(esxiUpgradeProfiles.id, before.id))
        await auditDeed(db, context, { action: 'esxi_profile.delete', ...objectOf(before) })
        return {}
      },
    }),
  ]
}

const objectOf = ({ id, name }: Pick<EsxiUpgradeProfile, 'id' | 'name'>) => ({
  object_kind: 'esxi_upgrade_profile',
  object_id: id,
  object_label: name,
})

async function mustGet(services: Services, id: string): Promise<EsxiUpgradeProfile> {
  const profile = await getUpgradeProfile(services.database.db, id)
  if (!profile) throw new Problem('NotFound', 'There is no such ESXi profile.')
  return profile
}

async function mustBeDepot(services: Services, id: string): Promise<void> {
  const image = await getIsoImage(services.database.db, id)
  if (image?.kind === 'esxi_depot' && image.status === 'ready') return
  const detail = image ? `${image.name} is of kind ${image.kind} and ${image.status}, not a depot` : 'unknown'
  throw new Problem('UnknownTarget', `The depot of the store cannot be used: ${detail}.`, {
    errors: [{ pointer: '/iso_image_id', detail }],
  })
}
