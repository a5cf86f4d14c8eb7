import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateDatabase, readMigrationState } from '../../db/migrate.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

test('three migrators at once leave one complete schema', async () => {
  const states = await Promise.all([1, 2, 3].map(() => migrateDatabase(postgres.url)))
  for (const state of states) expect(state.applied).toBe(state.known)
})

test('the settings rows are there and refuse a bare key', async () => {
  const { pool } = await postgres.database()
  const { rows } = await pool.query('select id, encryption_key from activity_settings')
  expect(rows).toEqual([{ id: 1, encryption_key: null }])
  const bare = Buffer.alloc(32, 7).toString('base64')
  await expect(pool.query('update activity_settings set encryption_key = $1', [bare])).rejects.toThrow(/check/)
  expect(await readMigrationState(pool)).toEqual({ known: expect.any(Number), applied: expect.any(Number) })
})
