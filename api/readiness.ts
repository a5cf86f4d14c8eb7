import { sql } from 'drizzle-orm'
import { readMigrationState } from '../db/migrate.js'
import { countLivingWorkers } from '../db/worker-presence.js'
import type { Services } from './services.js'

export interface Readiness {
  ready: boolean
  /** Each part: `ok`, or what is missing. */
  checks: Record<'database' | 'temporal' | 'worker' | 'migrations' | 'key', string>
}

const LIMIT_MS = 4_000

/** Looks at every part that the product needs; never throws. */
export async function readReadiness(services: Services): Promise<Readiness> {
  const [database, temporal, migrations, alive] = await Promise.all([
    within(async () => {
      await services.database.db.execute(sql`select 1`)
      return null
    }),
    services.temporal.check(),
    within(() => migrationGap(services)),
    within(() => livingWorkers(services)),
  ])
  const pollers = temporal === null ? await services.temporal.checkPollers() : 'Temporal is away'
  const worker = alive ?? pollers
  const parts = { database, temporal, worker, migrations, key: keyGap(services) }
  const checks = Object.fromEntries(
    Object.entries(parts).map(([name, gap]) => [name, gap ?? 'ok']),
  ) as Readiness['checks']
  return { ready: Object.values(parts).every((gap) => gap === null), checks }
}

async function migrationGap(services: Services): Promise<string | null> {
  const { known, applied } = await readMigrationState(services.database.pool)
  return applied >= known ? null : `${applied} of ${known} migrations applied`
}

async function livingWorkers(services: Services): Promise<string | null> {
  return (await countLivingWorkers(services.database.db)) > 0 ? null : 'no worker process is alive'
}

function keyGap(services: Services): string | null {
  try {
    services.keys()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A check that ends in time: its reason, or null when it is well. */
async function within(check: () => Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${LIMIT_MS} ms`), LIMIT_MS)
  })
  try {
    return await Promise.race([check(), limit])
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? ((cause.message || 'no connection').split('\n')[0] ?? 'error') : String(cause)
  } finally {
    clearTimeout(timer)
  }
}
