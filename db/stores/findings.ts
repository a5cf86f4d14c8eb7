import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import { newId } from '../new-id.js'
import { type DiscoveryFinding, discoveryFindings } from '../schema/servers.js'

export interface NewFinding {
  job_id: string
  address: string
  port?: number | null
  kind: DiscoveryFinding['kind']
  service_tag?: string | null
  server_id?: string | null
  data?: Record<string, unknown> | null
}

/** Notes a finding once per job, address and kind. */
export async function noteFinding(db: Db, finding: NewFinding): Promise<void> {
  const [known] = await db
    .select({ id: discoveryFindings.id })
    .from(discoveryFindings)
    .where(
      and(
        eq(discoveryFindings.job_id, finding.job_id),
        eq(discoveryFindings.address, finding.address),
        eq(discoveryFindings.kind, finding.kind),
      ),
    )
    .limit(1)
  if (!known) await db.insert(discoveryFindings).values({ ...finding, id: newId() })
}

/** What was found at an address is cured: its open findings (of one kind, or all) are closed. */
export async function resolveFindings(db: Db, address: string, kind?: DiscoveryFinding['kind']): Promise<void> {
  await db
    .update(discoveryFindings)
    .set({ resolved_at: sql`now()` })
    .where(
      and(
        eq(discoveryFindings.address, address),
        kind ? eq(discoveryFindings.kind, kind) : undefined,
        isNull(discoveryFindings.resolved_at),
      ),
    )
}

export async function listFindings(db: Db, job_id: string): Promise<DiscoveryFinding[]> {
  return db
    .select()
    .from(discoveryFindings)
    .where(eq(discoveryFindings.job_id, job_id))
    .orderBy(asc(discoveryFindings.at), asc(discoveryFindings.id))
}
