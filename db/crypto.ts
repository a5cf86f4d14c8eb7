import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { type Db, lockText } from './connect.js'
import type { Kek } from './key-file.js'
import { type DataKey, dataKeys } from './schema/credentials.js'
import { activitySettings } from './schema/settings.js'

/** The key is missing or wrong: nothing can be opened, nothing is overwritten, no job starts. */
export class KeyUnavailable extends Error {
  readonly code = 'KeyUnavailable'
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'KeyUnavailable'
  }
}

/** Where a value lies. It is bound into the value: copied to another row it does not open. */
export interface SealContext {
  table: string
  column: string
  row_id: string
  /** Credential type, purpose, or empty. */
  kind?: string
}

export interface KeyRing {
  readonly current_kid: string
  readonly kek_id: string
  /** `v1.<kid>.<nonce>.<ciphertext+tag>` */
  encryptPassword(plain: string, context: SealContext): string
  /** @throws {KeyUnavailable} unknown key, other row, or changed value */
  decryptPassword(sealed: string, context: SealContext): string
  /** The same for larger contents as bytes: `v1.<kid>.`, nonce, ciphertext, tag. */
  sealContent(plain: Buffer, context: SealContext): Buffer
  /** @throws {KeyUnavailable} unknown key, other row, or changed value */
  openContent(sealed: Buffer, context: SealContext): Buffer
  /** A 256-bit key for one purpose alone, derived from the key-encryption key (`temporal-payload`, `token-pepper`). */
  deriveKey(purpose: string): Buffer
}

const CANARY = 'dsm-canary'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals bytes with AES-256-GCM; answers nonce and ciphertext with tag. */
export function sealBytes(key: Buffer, plain: Buffer, associated: string): { nonce: Buffer; sealed: Buffer } {
  const nonce = randomBytes(NONCE_BYTES)
  // QUIRK Node 20: accepts 4-byte tags unless the length is demanded. Seen: setAuthTag with 4 bytes opens. Source: Node crypto documentation, authTagLength.
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(associated, 'utf8'))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { nonce, sealed }
}

/** Opens what {@link sealBytes} made. @throws when key, associated text or any bit differs */
export function openBytes(key: Buffer, nonce: Buffer, sealed: Buffer, associated: string): Buffer {
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) throw new Error('not a sealed value')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(associated, 'utf8'))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()])
}

/** A key for one purpose, so that no two uses share a key. */
export function deriveKey(kek: Kek, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', kek.key, Buffer.alloc(0), `dell-server-manager/${purpose}`, 32))
}

function wrap(kek: Kek, kid: string, key: Buffer): string {
  const { nonce, sealed } = sealBytes(kek.key, key, kid)
  return ['dek1', kek.kek_id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

function unwrap(kek: Kek, row: DataKey): Buffer {
  const [version, kek_id, nonce, sealed] = row.wrapped_key.split('.')
  if (version !== 'dek1' || !nonce || !sealed) throw new KeyUnavailable(`data key ${row.kid} is not a wrapped key`)
  if (kek_id !== kek.kek_id) {
    throw new KeyUnavailable(
      `data key ${row.kid} was wrapped by key ${kek_id}, but the key given is ${kek.kek_id}. Restore the right key file (KEK_FILE).`,
    )
  }
  try {
    return openBytes(kek.key, Buffer.from(nonce, 'base64url'), Buffer.from(sealed, 'base64url'), row.kid)
  } catch (cause) {
    throw new KeyUnavailable(`data key ${row.kid} does not open with the key given`, { cause })
  }
}

const associatedText = (c: SealContext) => [c.table, c.column, c.row_id, c.kind ?? ''].join('|')

function sealWith(kid: string, key: Buffer, plain: string, context: SealContext): string {
  const { nonce, sealed } = sealBytes(key, Buffer.from(plain, 'utf8'), associatedText(context))
  return ['v1', kid, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

function openWith(keys: Map<string, Buffer>, value: string, context: SealContext): string {
  const [version, kid, nonce, sealed, rest] = value.split('.')
  const key = keys.get(kid ?? '')
  if (version !== 'v1' || !nonce || !sealed || rest !== undefined || !key) {
    throw new KeyUnavailable(`a value of ${context.table}.${context.column} is not sealed with a key of this ring`)
  }
  try {
    const plain = openBytes(
      key,
      Buffer.from(nonce, 'base64url'),
      Buffer.from(sealed, 'base64url'),
      associatedText(context),
    )
    return plain.toString('utf8')
  } catch (cause) {
    throw new KeyUnavailable(`a value of ${context.table}.${context.column} does not open: other row, key or content`, {
      cause,
    })
  }
}

function sealContentWith(kid: string, key: Buffer, plain: Buffer, context: SealContext): Buffer {
  const { nonce, sealed } = sealBytes(key, plain, associatedText(context))
  return Buffer.concat([Buffer.from(`v1.${kid}.`), nonce, sealed])
}

function openContentWith(keys: Map<string, Buffer>, value: Buffer, context: SealContext): Buffer {
  const where = `${context.table}.${context.column}`
  const head = /^v1\.([0-9a-z]{1,32})\./.exec(value.subarray(0, 40).toString('latin1'))
  const key = keys.get(head?.[1] ?? '')
  if (!head || !key) throw new KeyUnavailable(`a value of ${where} is not sealed with a key of this ring`)
  const body = value.subarray(head[0].length)
  try {
    return openBytes(key, body.subarray(0, NONCE_BYTES), body.subarray(NONCE_BYTES), associatedText(context))
  } catch (cause) {
    throw new KeyUnavailable(`a value of ${where} does not open: other row, key or content`, { cause })
  }
}

const checkContext = (kid: string): SealContext => ({ table: 'data_keys', column: 'check_value', row_id: kid })

/**
 * Opens the key ring with the key-encryption key; makes the first data key when there is none. Proves itself: every check
 * value opens, and a canary written and read back raw is not in clear.
 * @throws {KeyUnavailable} wrong key, or settings and ring differ
 */
export async function openKeyRing(db: Db, kek: Kek): Promise<KeyRing> {
  const rows = await ensureDataKey(db, kek)
  const keys = new Map(rows.map((row) => [row.kid, unwrap(kek, row)]))
  for (const row of rows) openWith(keys, row.check_value, checkContext(row.kid))
  const active = rows.find((row) => row.state === 'active')
  const key = active && keys.get(active.kid)
  if (!active || !key) throw new KeyUnavailable('no data key is active')
  const [settings] = await db.select({ key: activitySettings.encryption_key }).from(activitySettings)
  if (settings?.key !== active.wrapped_key) {
    throw new KeyUnavailable(
      'activity_settings.encryption_key is not the active data key; restore both from one backup',
    )
  }
  await proveCanary(db, active.kid)
  return {
    current_kid: active.kid,
    kek_id: kek.kek_id,
    encryptPassword: (plain, context) => sealWith(active.kid, key, plain, context),
    decryptPassword: (sealed, context) => openWith(keys, sealed, context),
    sealContent: (plain, context) => sealContentWith(active.kid, key, plain, context),
    openContent: (sealed, context) => openContentWith(keys, sealed, context),
    deriveKey: (purpose) => deriveKey(kek, purpose),
  }
}

/** Are there sealed values already? Then a missing key file must not be replaced by a new one. */
export async function hasDataKeys(db: Db): Promise<boolean> {
  const rows = await db.select({ kid: dataKeys.kid }).from(dataKeys).limit(1)
  return rows.length > 0
}

async function ensureDataKey(db: Db, kek: Kek): Promise<DataKey[]> {
  return db.transaction(async (tx) => {
    await lockText(tx, 'data_keys')
    const rows = await tx.select().from(dataKeys)
    if (rows.length > 0) return rows
    const kid = `d${randomBytes(4).toString('hex')}`
    const key = randomBytes(32)
    const wrapped_key = wrap(kek, kid, key)
    const check_value = sealWith(kid, key, CANARY, checkContext(kid))
    await tx.insert(dataKeys).values({ kid, wrapped_key, kek_id: kek.kek_id, state: 'active', check_value })
    await tx.update(activitySettings).set({ encryption_key: wrapped_key }).where(eq(activitySettings.id, 1))
    return tx.select().from(dataKeys)
  })
}

/** The raw row must not hold the known text in clear, in hex or in base64. */
async function proveCanary(db: Db, kid: string): Promise<void> {
  const { rows } = await db.execute<{ raw: string }>(
    sql`select data_keys::text as raw from data_keys where kid = ${kid}`,
  )
  const raw = rows[0]?.raw ?? ''
  const canary = Buffer.from(CANARY)
  for (const shown of [CANARY, canary.toString('hex'), canary.toString('base64'), canary.toString('base64url')]) {
    if (raw === '' || raw.includes(shown)) throw new KeyUnavailable('the self-test found a sealed value in clear')
  }
}
