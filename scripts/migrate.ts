import { migrateDatabase } from '../db/migrate.js'

const url = process.env.DATABASE_URL
if (!url) {
  console.error('DATABASE_URL is missing. Example: DATABASE_URL=postgres://user:password@127.0.0.1:5432/dsm')
  process.exit(2)
}
const { known, applied } = await migrateDatabase(url)
console.log(`migrations: ${applied} of ${known} applied`)
