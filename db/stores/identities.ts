import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { type Db, lockText } from '../connect.js'
import { newId } from '../new-id.js'
import { type DeviceIdentity, type DeviceKind, deviceIdentities } from '../schema/credentials.js'

export interface IdentityPlace {
  device_kind: DeviceKind
  address: string
  port: number
  protocol: 'tls' | 'ssh'
}

export interface SeenPeer {
  sha256: string
  algorithm?: string | undefined
  subject?: string | undefined
  issuer?: string | undefined
  not_before?: string | undefined
  not_after?: string | undefined
}

export type IdentityVerdict =
  | { verdict: 'accepted'; identity: DeviceIdentity; first_contact: boolean }
  /** Policy `ask`: recorded, no credential may be sent. */
  | { verdict: 'pending'; identity: DeviceIdentity }
  /** Another one is pinned; `seen` is recorded as pending. */
  | { verdict: 'changed'; accepted: DeviceIdentity; seen: DeviceIdentity }
  | { verdict: 'rejected'; identity: DeviceIdentity }

/**
 * Judges who answered at a place: the pinned one is accepted; the first contact is pinned or recorded as pending, as the
 * policy says; another one than the pinned is recorded as pending and reported with both. `expected_change` accepts a new one
 * in place of the pinned (a job that itself changed the certificate, after proving the service tag).
 */
export async function judgeIdentity(
  db: Db,
  place: IdentityPlace,
  seen: SeenPeer,
  policy: {
    first_contact: 'pin' | 'ask'
    device_id?: string | null
    job_id?: string | null
    expected_change?: boolean
  },
): Promise<IdentityVerdict> {
  const known = await findIdentities(db, place)
  const pinned = known.find((row) => row.state === 'accepted')
  if (pinned?.sha256 === seen.sha256) {
    await touchSeen(db, pinned, policy.device_id)
    return { verdict: 'accepted', identity: pinned, first_contact: false }
  }
  if (known.length === 0 && policy.first_contact === 'pin') {
    const first = await pinFirst(db, place, seen, policy)
    if (first) return { verdict: 'accepted', identity: first, first_contact: true }
  }
  return db.transaction(async (tx) => {
    await lockText(tx, `device_identities ${place.device_kind} ${place.address} ${place.port} ${place.protocol}`)
    const rows = await findIdentities(tx, place)
    const accepted = rows.find((row) => row.state === 'accepted')
    if (accepted?.sha256 === seen.sha256) return { verdict: 'accepted', identity: accepted, first_contact: false }
    const rejected = rows.find((row) => row.state === 'rejected' && row.sha256 === seen.sha256)
    if (rejected) return { verdict: 'rejected', identity: rejected }
    const identity = await recordPending(tx, place, seen, policy)
    if (accepted && !policy.expected_change) return { verdict: 'changed', accepted, seen: identity }
    if (!accepted && policy.first_contact === 'ask') return { verdict: 'pending', identity }
    const how = accepted ? 'expected_change' : 'first_contact'
    const pinnedNow = await acceptIdentity(tx, identity.id, { decided_how: how, decided_by: null })
    return { verdict: 'accepted', identity: pinnedNow, first_contact: !accepted }
  })
}

/** Rows of a place that still matter: accepted, pending, rejected; newest first. */
export async function findIdentities(db: Db, place: IdentityPlace): Promise<DeviceIdentity[]> {
  return db
    .select()
    .from(deviceIdentities)
    .where(and(atPlace(place), inArray(deviceIdentities.state, ['accepted', 'pending', 'rejected'])))
    .orderBy(desc(deviceIdentities.last_seen_at))
}

/** All identities seen of one device, newest first. */
export async function listIdentities(db: Db, device_id: string): Promise<DeviceIdentity[]> {
  return db
    .select()
    .from(deviceIdentities)
    .where(eq(deviceIdentities.device_id, device_id))
    .orderBy(desc(deviceIdentities.last_seen_at))
}

/** Pins an identity; the one pinned before becomes `replaced`. */
export async function acceptIdentity(
  db: Db,
  id: string,
  decision: { decided_by: string | null; decided_how: 'first_contact' | 'person' | 'expected_change' },
): Promise<DeviceIdentity> {
  return db.transaction(async (tx) => {
    const [wanted] = await tx.select().from(deviceIdentities).where(eq(deviceIdentities.id, id)).for('update')
    if (!wanted) throw new Error(`no identity ${id}`)
    if (wanted.state === 'accepted') return wanted
    await tx
      .update(deviceIdentities)
      .set({ state: 'replaced' })
      .where(and(atPlace(wanted), eq(deviceIdentities.state, 'accepted')))
    const [row] = await tx
      .update(deviceIdentities)
      .set({ ...decision, state: 'accepted', decided_at: sql`now()` })
      .where(eq(deviceIdentities.id, id))
      .returning()
    return row ?? wanted
  })
}

/** A person says no: it is never pinned by a first contact any more. */
export async function rejectIdentity(db: Db, id: string, decided_by: string): Promise<void> {
  await db
    .update(deviceIdentities)
    .set({ state: 'rejected', decided_by, decided_how: 'person', decided_at: sql`now()` })
    .where(and(eq(deviceIdentities.id, id), eq(deviceIdentities.state, 'pending')))
}

/** Ties identities that were seen at an address to the device that was found there. */
export async function adoptIdentities(
  db: Db,
  place: Omit<IdentityPlace, 'protocol'>,
  device_id: string,
): Promise<void> {
  await db
    .update(deviceIdentities)
    .set({ device_id })
    .where(
      and(
        eq(deviceIdentities.device_kind, place.device_kind),
        eq(deviceIdentities.address, place.address),
        eq(deviceIdentities.port, place.port),
      ),
    )
}

function atPlace(place: IdentityPlace) {
  return and(
    eq(deviceIdentities.device_kind, place.device_kind),
    eq(deviceIdentities.address, place.address),
    eq(deviceIdentities.port, place.port),
    eq(deviceIdentities.protocol, place.protocol),
  )
}

/** At most one write an hour and device: sightings are not news. */
async function touchSeen(db: Db, row: DeviceIdentity, device_id: string | null | undefined): Promise<void> {
  const fresh = Date.parse(row.last_seen_at) > Date.now() - 3_600_000
  if (fresh && (!device_id || row.device_id === device_id)) return
  await db
    .update(deviceIdentities)
    .set({ last_seen_at: sql`now()`, ...(device_id ? { device_id } : {}) })
    .where(eq(deviceIdentities.id, row.id))
}

/** Pins who answered at a place of which nothing is known; null when somebody else was first. One statement: discovery does it for each device. */
async function pinFirst(
  db: Db,
  place: IdentityPlace,
  seen: SeenPeer,
  policy: { device_id?: string | null; job_id?: string | null },
): Promise<DeviceIdentity | null> {
  const [row] = await db
    .insert(deviceIdentities)
    .values({
      ...newIdentity(place, seen, policy),
      state: 'accepted',
      decided_how: 'first_contact',
      decided_by: null,
      decided_at: sql`now()`,
    })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

function newIdentity(
  { device_kind, address, port, protocol }: IdentityPlace,
  seen: SeenPeer,
  policy: { device_id?: string | null; job_id?: string | null },
) {
  const { device_id = null, job_id = null } = policy
  return { ...seen, id: newId(), device_kind, address, port, protocol, device_id, job_id }
}

async function recordPending(
  tx: Db,
  place: IdentityPlace,
  seen: SeenPeer,
  policy: { device_id?: string | null; job_id?: string | null },
): Promise<DeviceIdentity> {
  const [existing] = await tx
    .update(deviceIdentities)
    .set({ last_seen_at: sql`now()` })
    .where(and(atPlace(place), eq(deviceIdentities.sha256, seen.sha256), eq(deviceIdentities.state, 'pending')))
    .returning()
  if (existing) return existing
  const [row] = await tx
    .insert(deviceIdentities)
    .values({ ...newIdentity(place, seen, policy), state: 'pending' })
    .returning()
  if (!row) throw new Error('the identity was not recorded')
  return row
}
