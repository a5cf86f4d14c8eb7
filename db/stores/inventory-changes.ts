import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { inventoryChanges } from '../schema/servers.js'

export interface FieldChange {
  field: string
  old: string | null
  new: string | null
}

/** Which of the watched fields differ between the row that was and the row that is. */
export function diffFields<Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): FieldChange[] {
  const shown = (value: unknown) => (value === null || value === undefined ? null : String(value))
  return fields
    .map((field) => ({ field, old: shown(before[field]), new: shown(after[field]) }))
    .filter((change) => change.old !== change.new)
}

/** Writes what changed of a server or host; append-only history. */
export async function recordChanges(
  db: Db,
  of: { server_id?: string | null; host_id?: string | null; job_id?: string | null },
  changes: FieldChange[],
): Promise<void> {
  if (changes.length === 0) return
  const { server_id = null, host_id = null, job_id = null } = of
  await db
    .insert(inventoryChanges)
    .values(changes.map((change) => ({ ...change, id: newId(), server_id, host_id, job_id })))
}
