import { eq, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type ActivitySettings, activitySettings, type MediaSettings, mediaSettings } from '../schema/settings.js'

/** Settings as they may be shown: without the wrapped key. */
export type PublicActivitySettings = Omit<ActivitySettings, 'encryption_key'>
export type ActivitySettingsPatch = Partial<
  Omit<typeof activitySettings.$inferInsert, 'id' | 'encryption_key' | 'version' | 'created_at' | 'updated_at'>
>
export type MediaSettingsPatch = Partial<
  Omit<typeof mediaSettings.$inferInsert, 'id' | 'version' | 'created_at' | 'updated_at'>
>

export async function readActivitySettings(db: Db): Promise<PublicActivitySettings> {
  const [row] = await db.select().from(activitySettings).where(eq(activitySettings.id, 1))
  if (!row) throw new Error('the row of activity settings is missing; run the migrations')
  const { encryption_key: _wrapped, ...shown } = row
  return shown
}

export async function updateActivitySettings(db: Db, patch: ActivitySettingsPatch): Promise<PublicActivitySettings> {
  await db
    .update(activitySettings)
    .set({ ...patch, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(activitySettings.id, 1))
  return readActivitySettings(db)
}

export async function readMediaSettings(db: Db): Promise<MediaSettings> {
  const [row] = await db.select().from(mediaSettings).where(eq(mediaSettings.id, 1))
  if (!row) throw new Error('the row of media settings is missing; run the migrations')
  return row
}

export async function updateMediaSettings(db: Db, patch: MediaSettingsPatch): Promise<MediaSettings> {
  await db
    .update(mediaSettings)
    .set({ ...patch, updated_at: sql`now()`, version: sql`version + 1` })
    .where(eq(mediaSettings.id, 1))
  return readMediaSettings(db)
}
