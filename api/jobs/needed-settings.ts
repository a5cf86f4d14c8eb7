import type { Db } from '../../db/connect.js'
import { isConfigured, readOpenmanageSettings } from '../../db/stores/openmanage-settings.js'
import type { JobDefinition } from '../../workflows/define.js'
import { Problem } from '../errors.js'

/** A job type that works on what is named in the settings cannot be posted before it is named there. */
export async function checkNeededSetting(db: Db, definition: JobDefinition): Promise<void> {
  if (definition.needs_setting === null || isConfigured(await readOpenmanageSettings(db))) return
  throw new Problem('StateConflict', 'OpenManage is not configured, or switched off: see PATCH /settings/openmanage.')
}
