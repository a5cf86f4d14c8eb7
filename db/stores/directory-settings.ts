import { asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { KeyRing } from '../crypto.js'
import { newId } from '../new-id.js'
import { type IdmGroupMapping, type IdmSettings, idmGroupMappings, idmSettings } from '../schema/identity.js'

/** The settings as they may be shown: the password is only named. */
export type PublicDirectorySettings = Omit<IdmSettings, 'bind_password_encrypted'> & {
  has_bind_password: boolean
  group_mappings: Pick<IdmGroupMapping, 'group_dn' | 'group_id' | 'role'>[]
}

export type DirectorySettingsPatch = Partial<
  Omit<
    IdmSettings,
    'id' | 'version' | 'created_at' | 'updated_at' | 'bind_password_encrypted' | 'last_sync_at' | 'last_sync_result'
  >
> & {
  bind_password?: string | null | undefined
  group_mappings?:
    | { group_dn: string; group_id?: string | null | undefined; role: IdmGroupMapping['role'] }[]
    | undefined
}

const place = { table: 'idm_settings', column: 'bind_password_encrypted', row_id: '1' }

async function readRow(db: Db): Promise<IdmSettings> {
  const [row] = await db.select().from(idmSettings).where(eq(idmSettings.id, 1))
  if (!row) throw new Error('the row of directory settings is missing; run the migrations')
  return row
}

export async function readDirectorySettings(db: Db): Promise<PublicDirectorySettings> {
  const { bind_password_encrypted, ...shown } = await readRow(db)
  const { group_dn, group_id, role } = idmGroupMappings
  const group_mappings = await db.select({ group_dn, group_id, role }).from(idmGroupMappings).orderBy(asc(group_dn))
  return { ...shown, has_bind_password: bind_password_encrypted !== null, group_mappings }
}

/** The password of the service account; null without one. @throws {KeyUnavailable} */
export async function openBindPassword(db: Db, keys: KeyRing): Promise<string | null> {
  const { bind_password_encrypted: sealed } = await readRow(db)
  return sealed === null ? null : keys.decryptPassword(sealed, place)
}

/** Changes what is given; a password is sealed, mappings replace all former ones. @throws {KeyUnavailable} */
export async function updateDirectorySettings(
  db: Db,
  keys: () => KeyRing,
  patch: DirectorySettingsPatch,
): Promise<PublicDirectorySettings> {
  const { bind_password, group_mappings, ...columns } = patch
  const sealed = bind_password ? keys().encryptPassword(bind_password, place) : null
  await db
    .update(idmSettings)
    .set({
      ...columns,
      ...(bind_password === undefined ? {} : { bind_password_encrypted: sealed }),
      updated_at: sql`now()`,
      version: sql`version + 1`,
    })
    .where(eq(idmSettings.id, 1))
  if (group_mappings) {
    await db.delete(idmGroupMappings)
    const rows = group_mappings.map(({ group_dn, group_id, role }) => ({
      id: newId(),
      group_dn,
      group_id: group_id ?? null,
      role,
    }))
    if (rows.length > 0) await db.insert(idmGroupMappings).values(rows)
  }
  return readDirectorySettings(db)
}

/** Notes what the last synchronisation came to; no change of the settings, so the version stays. */
export async function noteDirectorySync(db: Db, result: Record<string, unknown>): Promise<void> {
  await db.update(idmSettings).set({ last_sync_at: sql`now()`, last_sync_result: result }).where(eq(idmSettings.id, 1))
}
