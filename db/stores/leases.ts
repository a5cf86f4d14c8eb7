import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { type DeviceLease, deviceLeases, leaseWaiters } from '../schema/ledger.js'

export interface LeaseRequest {
  /** `cluster:<id>`, `host:<id>`, `server:<id>`, `vcenter:<id>`, `media`, …; taken together or not at all. */
  resources: string[]
  /** The root workflow; its children share the lease. */
  owner_workflow_id: string
  owner_job_id: string
  reason?: string
}

export type LeaseAnswer =
  | { held: true; tokens: Record<string, number> }
  | { held: false; resource: string; holder_job_id: string; holder_workflow_id: string | null }

/** A waiter that has not asked for so long is passed over until it asks again; it keeps its place. */
const WAITER_SILENT_SECONDS = 30

/**
 * Takes all resources in alphabetical order, or none. Re-entrant by owner: what it holds it keeps, with the same token.
 * First asked, first served: a resource is not given while another job that still asks has waited longer, except to a job
 * that holds a lease already. Time alone never frees a lease.
 */
export async function acquireLeases(db: Db, request: LeaseRequest): Promise<LeaseAnswer> {
  const resources = [...new Set(request.resources)].sort()
  return db.transaction(async (tx) => {
    // One decision at a time: the sets of two requests may overlap in any way.
    await lockText(tx, 'device_leases')
    await noteWaiting(tx, resources, request.owner_job_id)
    const obstacle = await findObstacle(tx, resources, request)
    if (obstacle) return obstacle
    const tokens: Record<string, number> = {}
    for (const resource of resources) tokens[resource] = await takeOne(tx, resource, request)
    await tx
      .delete(leaseWaiters)
      .where(and(inArray(leaseWaiters.resource, resources), eq(leaseWaiters.job_id, request.owner_job_id)))
    return { held: true, tokens }
  })
}

async function noteWaiting(tx: Db, resources: string[], job_id: string): Promise<void> {
  if (resources.length === 0) return
  await tx
    .insert(leaseWaiters)
    .values(resources.map((resource) => ({ resource, job_id })))
    .onConflictDoUpdate({ target: [leaseWaiters.resource, leaseWaiters.job_id], set: { polled_at: sql`now()` } })
}

async function findObstacle(tx: Db, resources: string[], request: LeaseRequest): Promise<LeaseAnswer | null> {
  if (resources.length === 0) return null
  const leases = await tx.select().from(deviceLeases).where(inArray(deviceLeases.resource, resources))
  const foreign = leases
    .filter((lease) => lease.owner_workflow_id !== request.owner_workflow_id)
    .sort((a, b) => (a.resource < b.resource ? -1 : 1))[0]
  if (foreign) {
    const { resource, owner_job_id, owner_workflow_id } = foreign
    return { held: false, resource, holder_job_id: owner_job_id, holder_workflow_id: owner_workflow_id }
  }
  const own = leases.map((lease) => lease.resource)
  const wanted = resources.filter((resource) => !own.includes(resource))
  if (wanted.length === 0 || (await holdsAny(tx, request))) return null
  const earlier = await findEarlierWaiter(tx, wanted, request.owner_job_id)
  return earlier && { held: false, resource: earlier.resource, holder_job_id: earlier.job_id, holder_workflow_id: null }
}

/**
 * Who holds a lease comes before all who wait: they may be waiting for that very lease (a cluster and its host, of which the
 * holder has the cluster and now needs the host), and then both would wait for ever.
 */
async function holdsAny(tx: Db, { owner_workflow_id, owner_job_id }: LeaseRequest): Promise<boolean> {
  const [own] = await tx
    .select({ resource: deviceLeases.resource })
    .from(deviceLeases)
    .where(and(eq(deviceLeases.owner_workflow_id, owner_workflow_id), eq(deviceLeases.owner_job_id, owner_job_id)))
    .limit(1)
  return own !== undefined
}

async function findEarlierWaiter(tx: Db, resources: string[], job_id: string) {
  const [row] = await tx
    .select()
    .from(leaseWaiters)
    .where(
      and(
        inArray(leaseWaiters.resource, resources),
        ne(leaseWaiters.job_id, job_id),
        sql`polled_at > now() - make_interval(secs => ${WAITER_SILENT_SECONDS})`,
        sql`(asked_at, job_id) < (select w.asked_at, w.job_id from lease_waiters w where w.resource = lease_waiters.resource and w.job_id = ${job_id})`,
      ),
    )
    .orderBy(asc(leaseWaiters.asked_at))
    .limit(1)
  return row ?? null
}

async function takeOne(tx: Db, resource: string, request: LeaseRequest): Promise<number> {
  const { owner_workflow_id, owner_job_id, reason } = request
  await tx
    .insert(deviceLeases)
    .values({
      resource,
      owner_workflow_id,
      owner_job_id,
      reason: reason ?? null,
      fencing_token: sql`nextval('device_fencing_token_seq')`,
    })
    .onConflictDoNothing()
  const [row] = await tx.select().from(deviceLeases).where(eq(deviceLeases.resource, resource))
  if (!row) throw new Error(`lease on ${resource} vanished inside its own transaction`)
  return row.fencing_token
}

/**
 * Frees some leases of an owner, or all of them with its place in the queues. `owner_job_id` limits it to what that job
 * took: the child jobs of one root share the owner, and the end of one must not free what another works on. Returns what
 * was freed.
 */
export async function releaseLeases(
  db: Db,
  owner: { owner_workflow_id: string; owner_job_id?: string },
  resources?: string[],
): Promise<string[]> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'device_leases')
    const freed = await tx
      .delete(deviceLeases)
      .where(
        and(
          eq(deviceLeases.owner_workflow_id, owner.owner_workflow_id),
          owner.owner_job_id ? eq(deviceLeases.owner_job_id, owner.owner_job_id) : undefined,
          resources ? inArray(deviceLeases.resource, resources) : undefined,
        ),
      )
      .returning({ resource: deviceLeases.resource })
    if (!resources && owner.owner_job_id) {
      await tx.delete(leaseWaiters).where(eq(leaseWaiters.job_id, owner.owner_job_id))
    }
    return freed.map((row) => row.resource)
  })
}

/** All leases, or those of some resources; for screens, waiting reasons and the reconciler. */
export async function listLeases(db: Db, resources?: string[]): Promise<DeviceLease[]> {
  return db
    .select()
    .from(deviceLeases)
    .where(resources ? inArray(deviceLeases.resource, resources) : undefined)
    .orderBy(asc(deviceLeases.resource))
}

/**
 * Is this token the one of the lease now? Inside a transaction the row stays locked against release until its end, so that
 * what is written with the token cannot be overtaken.
 */
export async function verifyToken(db: Db, resource: string, fencing_token: number): Promise<boolean> {
  const rows = await db
    .select({ resource: deviceLeases.resource })
    .from(deviceLeases)
    .where(and(eq(deviceLeases.resource, resource), eq(deviceLeases.fencing_token, fencing_token)))
    .for('share')
  return rows.length > 0
}

/** Gives up the place in the queue of a job that no longer waits. */
export async function stopWaiting(db: Db, job_id: string): Promise<void> {
  await db.delete(leaseWaiters).where(eq(leaseWaiters.job_id, job_id))
}
