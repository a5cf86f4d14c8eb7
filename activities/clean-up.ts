import type { Db } from '../db/connect.js'
import { writeAudit } from '../db/stores/audit.js'
import { deleteExpired } from '../db/stores/clean-up.js'
import { readActivitySettings } from '../db/stores/settings.js'
import type { CoreActivities } from './contracts/jobs.js'

/** A batch of what has been kept for as long as the settings of this moment say. */
export async function deleteOldRows(db: Db): ReturnType<CoreActivities['deleteOldRows']> {
  return deleteExpired(db, await readActivitySettings(db))
}

/** Says in the audit what went; nothing went, nothing is said. */
export async function noteCleanUp(db: Db, deleted: Record<string, number>): Promise<void> {
  if (Object.keys(deleted).length === 0) return
  await writeAudit(db, {
    actor_id: null,
    actor_label: 'background',
    origin: 'background',
    action: 'cleanup.run',
    object_kind: 'database',
    object_id: null,
    object_label: 'retention',
    after: { rows: Object.entries(deleted).map(([table, rows]) => ({ table, rows })) },
  })
}
