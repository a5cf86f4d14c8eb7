import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isTransient, openDatabase, sqlState, violatedConstraint, withoutValues } from '../../db/connect.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

test('a connection that dies inside a transaction fails that transaction only, never the process', async () => {
  const { url, pool } = await postgres.database()
  const errors: Error[] = []
  const own = openDatabase({ url, application_name: 'victim', onIdleError: (error) => errors.push(error) })
  const failed = own.db
    .transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`)
      // Between two queries: the break is told to the connection, not to a query.
      await expect.poll(() => errors.length, { timeout: 5000 }).toBeGreaterThan(0)
      await tx.execute(sql`select 2`)
    })
    .then(
      () => null,
      (error: unknown) => error,
    )
  expect(await failed).toBeInstanceOf(Error)
  expect((await own.db.execute<{ n: number }>(sql`select 3 as n`)).rows).toEqual([{ n: 3 }])
  await own.close()
})

test('what is logged of a failed statement holds none of its values', async () => {
  const { db } = await postgres.database()
  const error = await db.execute(sql`select ${'a hash'}::text from nowhere`).catch((e: unknown) => e)
  expect(String(error)).toContain('a hash')
  const { message, stack, ...rest } = withoutValues(error) as Error
  expect(`${message} ${stack} ${JSON.stringify(rest)}`).not.toContain('a hash')
  expect([message, rest]).toEqual([expect.stringMatching(/"nowhere" does not exist/), { code: '42P01' }])
  const other = new Error('x')
  expect(withoutValues(other)).toBe(other)
})

test('the state of a database error is found below the wrapper', async () => {
  const { db } = await postgres.database()
  await db.execute(sql`create table t (a int constraint t_a unique)`)
  await db.execute(sql`insert into t values (1)`)
  const error = await db.execute(sql`insert into t values (1)`).catch((e: unknown) => e)
  expect([sqlState(error), violatedConstraint(error), isTransient(error)]).toEqual(['23505', 't_a', false])
  const away = openDatabase({ url: 'postgres://x:y@127.0.0.1:1/z', application_name: 'away' })
  expect(isTransient(await away.db.execute(sql`select 1`).catch((e: unknown) => e))).toBe(true)
  await away.close()
})
