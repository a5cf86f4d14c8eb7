import { type SQL, sql } from 'drizzle-orm'
import { type AnyPgColumn, type CheckBuilder, check, customType, integer, uuid } from 'drizzle-orm/pg-core'

/** A point in time as the wire shows it: RFC 3339 in UTC with milliseconds. Stored as `timestamptz(3)`, so a value read back compares equal. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (value) => value,
  fromDriver: (value) => new Date(value).toISOString(),
})

/** PostgreSQL types that drizzle has no column for; as text on our side. */
export const inet = customType<{ data: string }>({ dataType: () => 'inet' })
export const cidr = customType<{ data: string }>({ dataType: () => 'cidr' })
export const macaddr = customType<{ data: string }>({ dataType: () => 'macaddr' })
export const numrange = customType<{ data: string }>({ dataType: () => 'numrange' })
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export const id = () => uuid().primaryKey()
export const createdAt = () => instant().notNull().default(sql`now()`)

/** Columns of every table that people change: `version` is the ETag. */
export const edited = {
  version: integer().notNull().default(1),
  created_at: createdAt(),
  updated_at: instant().notNull().default(sql`now()`),
}

/** CHECK of a closed set of words; null passes, as always in SQL. */
export function oneOf(name: string, column: AnyPgColumn, words: readonly string[]): CheckBuilder {
  const list: SQL = sql.join(
    words.map((word) => sql.raw(`'${word}'`)),
    sql.raw(', '),
  )
  return check(name, sql`${column} in (${list})`)
}
