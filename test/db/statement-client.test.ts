import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../db/connect.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

/** A pool of one, so that every statement meets the same connection. */
async function oneConnection() {
  const { url, pool } = await postgres.database()
  return { own: openDatabase({ url, application_name: 'one', max_connections: 1 }), pool }
}

const prepared = async (db: Db, like: string): Promise<number> => {
  const { rows } = await db.execute<{ n: number }>(
    sql.raw(`select count(*)::int as n from pg_prepared_statements where statement like '${like}'`),
  )
  return rows[0]?.n ?? 0
}

test('what comes again and again is prepared once, what comes rarely is not', async () => {
  const { own } = await oneConnection()
  for (let n = 0; n < 12; n += 1) {
    const { rows } = await own.db.execute<{ n: number }>(sql`select ${n}::int as n, 'often' as it`)
    expect(rows).toEqual([{ n, it: 'often' }])
  }
  for (let n = 0; n < 12; n += 1) await own.pool.query(`select $1::int as plainly`, [n])
  for (let n = 0; n < 12; n += 1) await own.db.execute(sql`select ${n}::int as ${sql.identifier(`rare_${n}`)}`)
  const found = ['select%often%', 'select%plainly', 'select%rare%'].map((like) => prepared(own.db, like))
  expect(await Promise.all(found)).toEqual([1, 1, 0])
  await own.close()
})

test('a prepared statement outlives its own failures, a changed table and a lost connection', async () => {
  const { own, pool } = await oneConnection()
  await pool.query('create table thing (id int primary key, name text)')
  const add = (id: number) => own.db.execute(sql`insert into thing (id, name) values (${id}, 'x') returning id, name`)
  for (let id = 0; id < 8; id += 1) await add(id)
  await expect(add(3)).rejects.toThrow()
  await pool.query('alter table thing add column more text')
  expect((await add(8)).rows).toEqual([{ id: 8, name: 'x' }])
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'one'`)
  await expect
    .poll(
      () =>
        add(9).then(
          ({ rows }) => rows,
          () => null,
        ),
      { timeout: 5000 },
    )
    .toEqual([{ id: 9, name: 'x' }])
  expect(await prepared(own.db, 'insert into thing%')).toBe(1)
  await own.close()
})
