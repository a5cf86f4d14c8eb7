import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { auditLog } from '../schema/audit.js'

export interface AuditRecord {
  actor_id: string | null
  actor_label: string | null
  actor_ip?: string | null
  origin?: string | null
  /** `job.create`, `job.cancel`, `credential.update`, `identity.accept`, `login.failed`, … */
  action: string
  object_kind?: string | null
  object_id?: string | null
  object_label?: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
  decision?: Record<string, unknown> | null
  request_id?: string | null
}

const SECRET = /password|secret|token|private_key|_encrypted$/

/** Appends what a person or a rule did. Fields that hold secrets are written as `changed`. */
export async function writeAudit(db: Db, record: AuditRecord): Promise<void> {
  const { before = null, after = null } = record
  await db.insert(auditLog).values({ ...record, id: newId(), before: masked(before), after: masked(after) })
}

function masked(values: Record<string, unknown> | null): Record<string, unknown> | null {
  if (values === null) return null
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, SECRET.test(name) && !name.startsWith('has_') ? 'changed' : value]),
  )
}
