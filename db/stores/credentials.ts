import { asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../connect.js'
import type { KeyRing } from '../crypto.js'
import { newId } from '../new-id.js'
import {
  type CredentialIpRange,
  type CredentialSet,
  credentialIpRanges,
  credentialSets,
} from '../schema/credentials.js'
import { servers } from '../schema/servers.js'

/** A set as it may be shown: the secrets are only named. */
export type PublicCredentialSet = Omit<CredentialSet, 'password_encrypted' | 'ssh_private_key_encrypted'> & {
  has_password: boolean
  has_ssh_private_key: boolean
}

/** A parsed range: canonical text and its first and last address as numbers. */
export interface RangeInput {
  ip_range: string
  family: 4 | 6
  first: bigint
  last: bigint
  priority: number
  description?: string | null
}

export interface CredentialSetInput {
  name: string
  credential_type: CredentialSet['credential_type']
  username: string
  password?: string | null | undefined
  ssh_private_key?: string | null | undefined
  is_default?: boolean | undefined
  priority?: number | undefined
  vcenter_host_id?: string | null | undefined
  vcenter_id?: string | null | undefined
  description?: string | null | undefined
  created_by?: string | null | undefined
}

/** The type cannot change, since the secrets are bound to it. */
export type CredentialSetPatch = {
  [Name in keyof Omit<CredentialSetInput, 'credential_type'>]?: CredentialSetInput[Name] | undefined
}

/** What resolution needs to know about all sets: no secrets. Ranges carry their size for "narrowest wins". */
export interface CredentialFacts {
  sets: PublicCredentialSet[]
  ranges: CredentialIpRange[]
}

/** Sets and ranges for the resolution rule; small tables, read whole. */
export async function readCredentialFacts(db: Db): Promise<CredentialFacts> {
  const [sets, ranges] = await Promise.all([
    db.select().from(credentialSets).orderBy(desc(credentialSets.priority), asc(credentialSets.name)),
    db.select().from(credentialIpRanges).orderBy(desc(credentialIpRanges.priority), asc(credentialIpRanges.size)),
  ])
  return { sets: sets.map(withoutSecrets), ranges }
}

/** The same in the shape of the resolution rule: each set with its ranges. */
export async function readCredentialSets(db: Db) {
  const { sets, ranges } = await readCredentialFacts(db)
  return sets.map((set) => ({
    ...set,
    ip_ranges: ranges
      .filter((range) => range.credential_set_id === set.id)
      .map(({ ip_range, priority }) => ({ ip_range, priority })),
  }))
}

/** Leaves the secrets out; says whether they are there. */
export function withoutSecrets(row: CredentialSet): PublicCredentialSet {
  const { password_encrypted, ssh_private_key_encrypted, ...shown } = row
  return {
    ...shown,
    has_password: password_encrypted !== null,
    has_ssh_private_key: ssh_private_key_encrypted !== null,
  }
}

const passwordPlace = (row: Pick<CredentialSet, 'id' | 'credential_type'>) => ({
  table: 'credential_sets',
  column: 'password_encrypted',
  row_id: row.id,
  kind: row.credential_type,
})
const sshKeyPlace = (row: Pick<CredentialSet, 'id' | 'credential_type'>) => ({
  ...passwordPlace(row),
  column: 'ssh_private_key_encrypted',
})
const discoveredPlace = (server_id: string) => ({
  table: 'servers',
  column: 'discovered_password_encrypted',
  row_id: server_id,
  kind: 'idrac',
})

/** Writes a set with its ranges. Another default of the same type stops being one. */
export async function insertCredentialSet(
  db: Db,
  keys: KeyRing,
  input: CredentialSetInput,
  ranges: RangeInput[] = [],
): Promise<PublicCredentialSet> {
  return db.transaction(async (tx) => {
    const { password, ssh_private_key, ...plain } = input
    const place = { id: newId(), credential_type: input.credential_type }
    if (plain.is_default) await clearDefault(tx, input.credential_type)
    const [row] = await tx
      .insert(credentialSets)
      .values({
        ...plain,
        ...place,
        password_encrypted: password ? keys.encryptPassword(password, passwordPlace(place)) : null,
        ssh_private_key_encrypted: ssh_private_key ? keys.encryptPassword(ssh_private_key, sshKeyPlace(place)) : null,
        password_changed_at: sql`now()`,
      })
      .returning()
    if (!row) throw new Error('the credential set was not inserted')
    await replaceRanges(tx, row.id, ranges)
    return withoutSecrets(row)
  })
}

/** Changes a set; `ranges` given replaces them all. The type cannot change, since secrets are bound to it. Null = no such set. */
export async function updateCredentialSet(
  db: Db,
  keys: KeyRing,
  id: string,
  patch: CredentialSetPatch,
  ranges?: RangeInput[],
): Promise<PublicCredentialSet | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select().from(credentialSets).where(eq(credentialSets.id, id)).for('update')
    if (!row) return null
    const { password, ssh_private_key, ...plain } = patch
    if (plain.is_default) await clearDefault(tx, row.credential_type)
    const [changed] = await tx
      .update(credentialSets)
      .set({
        ...plain,
        ...(password
          ? { password_encrypted: keys.encryptPassword(password, passwordPlace(row)), password_changed_at: sql`now()` }
          : {}),
        ...(ssh_private_key
          ? { ssh_private_key_encrypted: keys.encryptPassword(ssh_private_key, sshKeyPlace(row)) }
          : {}),
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where(eq(credentialSets.id, id))
      .returning()
    if (ranges) await replaceRanges(tx, id, ranges)
    if (password || patch.username) await forgetRejections(tx, id)
    return changed ? withoutSecrets(changed) : null
  })
}

export async function deleteCredentialSet(db: Db, id: string): Promise<boolean> {
  const rows = await db.delete(credentialSets).where(eq(credentialSets.id, id)).returning({ id: credentialSets.id })
  return rows.length > 0
}

export async function listRanges(db: Db, set_ids: string[]): Promise<CredentialIpRange[]> {
  if (set_ids.length === 0) return []
  return db
    .select()
    .from(credentialIpRanges)
    .where(inArray(credentialIpRanges.credential_set_id, set_ids))
    .orderBy(desc(credentialIpRanges.priority), asc(credentialIpRanges.size))
}

export interface OpenedCredential {
  credential_set_id: string | null
  credential_type: CredentialSet['credential_type']
  username: string
  password: string | null
  ssh_private_key: string | null
}

/** Opens the secrets of a set, for use inside one activity. Null = no such set. @throws {KeyUnavailable} */
export async function openCredentialSet(db: Db, keys: KeyRing, id: string): Promise<OpenedCredential | null> {
  const [row] = await db.select().from(credentialSets).where(eq(credentialSets.id, id))
  if (!row) return null
  const { password_encrypted: password, ssh_private_key_encrypted: key } = row
  return {
    credential_set_id: row.id,
    credential_type: row.credential_type,
    username: row.username,
    password: password === null ? null : keys.decryptPassword(password, passwordPlace(row)),
    ssh_private_key: key === null ? null : keys.decryptPassword(key, sshKeyPlace(row)),
  }
}

/** Credentials that discovery kept with a server. Null when there are none. @throws {KeyUnavailable} */
export async function openDiscoveredCredential(
  db: Db,
  keys: KeyRing,
  server_id: string,
): Promise<OpenedCredential | null> {
  const [row] = await db
    .select({ username: servers.discovered_username, sealed: servers.discovered_password_encrypted })
    .from(servers)
    .where(eq(servers.id, server_id))
  if (!row?.username || !row.sealed) return null
  const password = keys.decryptPassword(row.sealed, discoveredPlace(server_id))
  return { credential_set_id: null, credential_type: 'idrac', username: row.username, password, ssh_private_key: null }
}

/** Keeps the account that discovery found to work, sealed, with its server. */
export async function keepDiscoveredCredential(
  db: Db,
  keys: KeyRing,
  server_id: string,
  account: { username: string; password: string },
): Promise<void> {
  await db
    .update(servers)
    .set({
      discovered_username: account.username,
      discovered_password_encrypted: keys.encryptPassword(account.password, discoveredPlace(server_id)),
    })
    .where(eq(servers.id, server_id))
}

/** Notes a use; at most once a minute and set, since every activity comes here. */
export async function noteCredentialUse(db: Db, id: string, success: boolean): Promise<void> {
  const column = success ? credentialSets.last_success_at : credentialSets.last_used_at
  await db
    .update(credentialSets)
    .set({ last_used_at: sql`now()`, ...(success ? { last_success_at: sql`now()` } : {}) })
    .where(sql`id = ${id} and (${column} is null or ${column} < now() - interval '1 minute')`)
}

async function clearDefault(tx: Db, credential_type: CredentialSet['credential_type']): Promise<void> {
  await tx
    .update(credentialSets)
    .set({ is_default: false, version: sql`version + 1` })
    .where(sql`credential_type = ${credential_type} and is_default`)
}

/** New secrets deserve a new try: servers that had rejected this set count as unknown again. */
async function forgetRejections(tx: Db, set_id: string): Promise<void> {
  await tx
    .update(servers)
    .set({ credential_state: 'unknown' })
    .where(sql`credential_state = 'rejected' and (credential_set_id = ${set_id} or credential_set_id is null)`)
}

async function replaceRanges(tx: Db, credential_set_id: string, ranges: RangeInput[]): Promise<void> {
  await tx.delete(credentialIpRanges).where(eq(credentialIpRanges.credential_set_id, credential_set_id))
  if (ranges.length === 0) return
  await tx.insert(credentialIpRanges).values(
    ranges.map(({ first, last, ...range }) => ({
      ...range,
      id: newId(),
      credential_set_id,
      addresses: `[${first},${last}]`,
      size: String(last - first + 1n),
    })),
  )
}
