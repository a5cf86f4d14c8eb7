import { eq, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { KeyRing } from '../crypto.js'
import { type OpenmanageSettings, openmanageSettings } from '../schema/settings.js'

/** What may be shown: that there is a password, never the password. */
export type PublicOpenmanageSettings = Omit<OpenmanageSettings, 'password_encrypted'> & { has_password: boolean }

export type OpenmanagePatch = Partial<
  Pick<OpenmanageSettings, 'enabled' | 'host' | 'port' | 'username' | 'sync_enabled' | 'sync_interval_minutes'>
> & {
  /** Null takes it away. */
  password?: string | null
}

/** Where OpenManage is and the account for it, opened; lives only inside an activity. */
export interface OpenmanageAccess {
  host: string
  port: number
  username: string
  password: string
}

const place = { table: 'openmanage_settings', column: 'password_encrypted', row_id: '1' }

async function readRow(db: Db): Promise<OpenmanageSettings> {
  const [row] = await db.select().from(openmanageSettings).where(eq(openmanageSettings.id, 1))
  if (!row) throw new Error('the row of OpenManage settings is missing; run the migrations')
  return row
}

export async function readOpenmanageSettings(db: Db): Promise<PublicOpenmanageSettings> {
  const { password_encrypted, ...shown } = await readRow(db)
  return { ...shown, has_password: password_encrypted !== null }
}

/** Changes what is given; a password is sealed. */
export async function updateOpenmanageSettings(
  db: Db,
  keys: () => KeyRing,
  patch: OpenmanagePatch,
): Promise<PublicOpenmanageSettings> {
  const { password, ...columns } = patch
  const secret =
    password === undefined
      ? {}
      : { password_encrypted: password === null ? null : keys().encryptPassword(password, place) }
  await db
    .update(openmanageSettings)
    .set({ ...columns, ...secret, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(openmanageSettings.id, 1))
  return readOpenmanageSettings(db)
}

/** Is everything there that a sync needs? */
export function isConfigured(settings: PublicOpenmanageSettings): boolean {
  return settings.enabled && Boolean(settings.host && settings.username) && settings.has_password
}

/** Address and account; null when it is not configured or switched off. @throws {KeyUnavailable} */
export async function openOpenmanageAccess(db: Db, keys: KeyRing): Promise<OpenmanageAccess | null> {
  const { enabled, host, port, username, password_encrypted } = await readRow(db)
  if (!enabled || !host || !username || !password_encrypted) return null
  return { host, port, username, password: keys.decryptPassword(password_encrypted, place) }
}

/** Notes how a sync ended. It is no edit: the version stays. */
export async function noteOpenmanageSync(db: Db, result: Record<string, unknown>): Promise<void> {
  await db
    .update(openmanageSettings)
    .set({ last_sync_at: sql`now()`, last_sync_result: result })
    .where(eq(openmanageSettings.id, 1))
}
