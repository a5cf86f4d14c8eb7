import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../db/connect.js'
import { hasDataKeys, openBytes, openKeyRing, sealBytes } from '../../db/crypto.js'
import { loadKek, parseKek } from '../../db/key-file.js'
import { createPayloadCodec } from '../../db/payload-codec.js'
import { insertCredentialSet, openCredentialSet } from '../../db/stores/credentials.js'
import { readJobSecret, sealSecret, takeSecret } from '../../db/stores/sealed-secrets.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
const folder = mkdtempSync(join(tmpdir(), 'dsm-key-'))
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(async () => {
  await postgres.stop()
  rmSync(folder, { recursive: true })
})

const kekOf = (bytes: Buffer) => parseKek(bytes.toString('base64'), 'test')
const place = { table: 't', column: 'c', row_id: 'r', kind: 'idrac' }

test('a key file is made once, private, and never made again over sealed values', () => {
  const kek_file = join(folder, 'kek')
  const made = loadKek({ kek_file }, false)
  expect(made.created).toBe(true)
  expect(statSync(kek_file).mode & 0o777).toBe(0o600)
  expect(loadKek({ kek_file }, true)).toMatchObject({ kek_id: made.kek_id, created: false })
  expect(() => loadKek({ kek_file: join(folder, 'gone') }, true)).toThrow(/missing, but the database holds/)
  writeFileSync(join(folder, 'bad'), 'short')
  expect(() => loadKek({ kek_file: join(folder, 'bad') }, false)).toThrow(/32 bytes/)
})

test('the ring opens with its own key only, and two first starts agree', async () => {
  const { db } = await postgres.database()
  const kek = kekOf(randomBytes(32))
  const [one, two] = await Promise.all([openKeyRing(db, kek), openKeyRing(db, kek)])
  expect(one.current_kid).toBe(two.current_kid)
  expect(await hasDataKeys(db)).toBe(true)
  await expect(openKeyRing(db, kekOf(randomBytes(32)))).rejects.toMatchObject({ code: 'KeyUnavailable' })
  expect(two.decryptPassword(one.encryptPassword('geheim', place), place)).toBe('geheim')
})

test('a sealed value opens in its own place only', async () => {
  const ring = await openKeyRing(database.db, kekOf(Buffer.alloc(32, 1)))
  const sealed = ring.encryptPassword('geheim', place)
  for (const other of [{ row_id: 'x' }, { table: 'x' }, { column: 'x' }, { kind: 'esxi' }]) {
    expect(() => ring.decryptPassword(sealed, { ...place, ...other })).toThrow(/does not open/)
  }
})

test('any flipped bit and any shorter tag is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), fc.nat(), (plain, at) => {
      const key = Buffer.alloc(32, 3)
      const { nonce, sealed } = sealBytes(key, Buffer.from(plain), 'aad')
      expect(openBytes(key, nonce, sealed, 'aad')).toEqual(Buffer.from(plain))
      const bit = at % (sealed.length * 8)
      const broken = Buffer.from(sealed)
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => openBytes(key, nonce, broken, 'aad')).toThrow()
      expect(() => openBytes(key, nonce, sealed.subarray(0, 4), 'aad')).toThrow()
    }),
    { numRuns: 300 },
  )
})

test('a password is nowhere in the database in clear', async () => {
  const ring = await openKeyRing(database.db, kekOf(Buffer.alloc(32, 1)))
  const password = 'C4nary#"<&%'
  const set = await insertCredentialSet(
    database.db,
    ring,
    { name: 'a', credential_type: 'idrac', username: 'root', password },
    [{ ip_range: '10.0.0.0/24', family: 4, first: 167772160n, last: 167772415n, priority: 1 }],
  )
  expect(set).toMatchObject({ has_password: true })
  expect(JSON.stringify(set)).not.toContain('v1.')
  expect((await openCredentialSet(database.db, ring, set.id))?.password).toBe(password)
  const { rows } = await database.pool.query('select credential_sets::text as raw from credential_sets')
  expect(rows[0].raw).not.toContain('C4nary')
  const range = await database.pool.query('select size from credential_ip_ranges where addresses @> 167772300::numeric')
  expect(range.rows).toEqual([{ size: '256' }])
})

test('a one-time secret is read once, a job secret until the job ends', async () => {
  const ring = await openKeyRing(database.db, kekOf(Buffer.alloc(32, 1)))
  const once = await sealSecret(database.db, ring, { purpose: 'console_ticket', content: 'x', ttl_seconds: 60 })
  expect(await takeSecret(database.db, ring, once, 'console_ticket')).toBe('x')
  expect(await takeSecret(database.db, ring, once, 'console_ticket')).toBeNull()
  const late = await sealSecret(database.db, ring, { purpose: 'idm_test', content: 'x', ttl_seconds: -1 })
  expect(await takeSecret(database.db, ring, late, 'idm_test')).toBeNull()
  const input = await sealSecret(database.db, ring, { purpose: 'job_input', content: 'y', ttl_seconds: 60 })
  expect([await readJobSecret(database.db, ring, input), await readJobSecret(database.db, ring, input)]).toEqual([
    'y',
    'y',
  ])
})

test('payloads are sealed, opened by their key id, and foreign encodings pass', async () => {
  const current = { kid: 'k1', key: randomBytes(32) }
  const codec = createPayloadCodec({ current })
  const plain = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"a":"geheim"}') }
  const [sealed] = await codec.encode([plain])
  if (!sealed) throw new Error('nothing')
  expect(Buffer.from(sealed.metadata?.encoding ?? []).toString()).toBe('binary/encrypted')
  expect(Buffer.from(sealed.data ?? []).toString()).not.toContain('geheim')
  const later = createPayloadCodec({
    current: { kid: 'k2', key: randomBytes(32) },
    older: new Map([['k1', current.key]]),
  })
  const [opened] = await later.decode([sealed])
  expect(Buffer.from(opened?.data ?? []).toString()).toBe('{"a":"geheim"}')
  expect(Buffer.from(opened?.metadata?.encoding ?? []).toString()).toBe('json/plain')
  expect(await later.decode([plain])).toEqual([plain])
  await expect(createPayloadCodec({ current: { kid: 'k3', key: randomBytes(32) } }).decode([sealed])).rejects.toThrow(
    /no key k1/,
  )
})

test('the key file is never in the database', async () => {
  const kek = loadKek({ kek_file: join(folder, 'kek') }, false)
  const { db, pool } = await postgres.database()
  await openKeyRing(db, kek)
  const text = readFileSync(join(folder, 'kek'), 'utf8').trim()
  const { rows } = await pool.query(
    'select data_keys::text as a, (select activity_settings::text from activity_settings) as b from data_keys',
  )
  expect(JSON.stringify(rows)).not.toContain(text.slice(0, 20))
})
