import { and, asc, eq, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { type ServerHealth, serverHealth } from '../schema/servers.js'

export interface HealthItem {
  /** `fan:…`, `psu:…`, `drive:…`, `dimm:…` */
  component: string
  kind?: string | null
  health?: string | null
  state?: string | null
  reading?: Record<string, unknown> | null
  faults?: unknown[] | null
}

/** Makes the component rows of a server equal to what was read; an empty list changes nothing. */
export async function saveHealth(db: Db, server_id: string, items: HealthItem[]): Promise<void> {
  if (items.length === 0) return
  const once = [...new Map(items.map((item) => [item.component, item])).values()]
  await db.transaction(async (tx) => {
    await tx
      .insert(serverHealth)
      .values(once.map((item) => ({ ...item, server_id })))
      .onConflictDoUpdate({
        target: [serverHealth.server_id, serverHealth.component],
        set: {
          kind: sql`excluded.kind`,
          health: sql`excluded.health`,
          state: sql`excluded.state`,
          reading: sql`excluded.reading`,
          faults: sql`excluded.faults`,
          seen_at: sql`now()`,
        },
      })
    const seen = once.map((item) => item.component)
    await tx
      .delete(serverHealth)
      .where(and(eq(serverHealth.server_id, server_id), notInArray(serverHealth.component, seen)))
  })
}

export async function listHealth(db: Db, server_id: string): Promise<ServerHealth[]> {
  return db
    .select()
    .from(serverHealth)
    .where(eq(serverHealth.server_id, server_id))
    .orderBy(asc(serverHealth.component))
}
