import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url))
/** Any fixed number: all migrators of this product take the same lock. */
const LOCK = 7_224_118_201

export interface MigrationState {
  /** Migrations of this release. */
  known: number
  /** Of those, how many the database has. */
  applied: number
}

/** Applies all migrations under an advisory lock on one client: two at once are safe, the second finds nothing to do. */
export async function migrateDatabase(url: string): Promise<MigrationState> {
  const client = new pg.Client({ connectionString: url, application_name: 'dsm-migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await migrate(drizzle(client), { migrationsFolder: FOLDER })
    return { known: knownMigrations(), applied: await appliedMigrations(client) }
  } finally {
    await client.end()
  }
}

/** Which migrations the database has, without changing it. */
export async function readMigrationState(pool: pg.Pool): Promise<MigrationState> {
  return { known: knownMigrations(), applied: await appliedMigrations(pool) }
}

function knownMigrations(): number {
  const journal: unknown = JSON.parse(readFileSync(`${FOLDER}/meta/_journal.json`, 'utf8'))
  const entries = journal !== null && typeof journal === 'object' && 'entries' in journal ? journal.entries : []
  return Array.isArray(entries) ? entries.length : 0
}

async function appliedMigrations(client: pg.Client | pg.Pool): Promise<number> {
  const { rows } = await client.query<{ there: string | null }>(
    `select to_regclass('drizzle.__drizzle_migrations')::text as there`,
  )
  if (!rows[0]?.there) return 0
  const count = await client.query<{ n: number }>('select count(*)::int as n from drizzle.__drizzle_migrations')
  return count.rows[0]?.n ?? 0
}
