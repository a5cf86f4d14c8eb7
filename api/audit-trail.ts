import type { Db } from '../db/connect.js'
import { writeAudit } from '../db/stores/audit.js'
import type { RouteContext } from './route.js'

export interface Deed {
  action: string
  object_kind: string
  object_id: string
  object_label?: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Writes what the caller of this request did; inside the transaction of the deed when `db` is one. */
export function auditDeed(
  db: Db,
  context: Pick<RouteContext<never, never, never>, 'user' | 'ip' | 'request_id'>,
  deed: Deed,
): Promise<void> {
  const { user, ip, request_id } = context
  return writeAudit(db, {
    ...deed,
    actor_id: user.user_id,
    actor_label: user.username,
    actor_ip: ip,
    origin: user.origin,
    request_id,
  })
}
