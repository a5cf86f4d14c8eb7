import { migrateDatabase } from '../db/migrate.js'
import { ConfigError, loadConfig } from './embedded/config.js'

/** `npm run db:migrate`: applies the migrations to DATABASE_URL under an advisory lock; two at once are safe. */
try {
  const { DATABASE_URL: url } = loadConfig()
  if (!url) throw new ConfigError('DATABASE_URL', 'is missing', 'postgres://user:password@127.0.0.1:5432/dsm')
  const { known, applied } = await migrateDatabase(url)
  console.log(`migrations: ${applied} of ${known} applied`)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
