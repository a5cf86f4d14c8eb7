import { join } from 'node:path'
import pg from 'pg'
import type { ChildDeps } from './child.js'
import { endProcess, WatchedProcess } from './child.js'
import { logFolder } from './data-directory.js'
import { openLogFile } from './log-file.js'
import type { PortChooser } from './ports.js'
import { PostgresCannotRun } from './postgres-account.js'
import type { PostgresCluster } from './postgres-cluster.js'
import { openCluster, orphansGone, runningServer, serverArguments } from './postgres-cluster.js'
import { waitUntil } from './wait-until.js'

export interface EmbeddedPostgres {
  /** With the password of the product's role; never printed. */
  databaseUrl: string
  process: WatchedProcess
  adopted: boolean
}

const READY_MS = 60_000

const urlOf = (cluster: PostgresCluster, port: number, role: 'postgres' | 'dsm', database: string) =>
  `postgres://${role}:${cluster.passwords[role]}@127.0.0.1:${port}/${database}`

/**
 * Starts PostgreSQL on DATA_DIR/postgres, or goes on with one that an earlier start left running, and makes the
 * product's role and database. Throws PostgresCannotRun.
 */
export async function startPostgres(
  dataDir: string,
  ports: PortChooser,
  deps: Omit<ChildDeps, 'log'>,
): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(dataDir)
  const running = await runningServer(cluster.folder)
  const usable = running && (await answers(urlOf(cluster, running.port, 'postgres', 'postgres'), 3_000))
  if (running && !usable) await endProcess(running.identity, 'SIGINT', 5_000)
  const port = usable ? running.port : await ports.any()
  const log = openLogFile(join(logFolder(dataDir), 'postgres.log'), () => {})
  const process = new WatchedProcess(specOf(cluster, port), { ...deps, log })
  if (usable) await process.adopt(running.identity)
  else {
    await orphansGone(cluster.folder)
    await process.start()
  }
  if (!(await answers(urlOf(cluster, port, 'postgres', 'postgres'), READY_MS))) {
    throw new PostgresCannotRun(`PostgreSQL did not answer within ${READY_MS / 1000} s: ${log.tail(5).join(' | ')}`)
  }
  await ensureDatabase(cluster, port)
  process.markReady()
  return { databaseUrl: urlOf(cluster, port, 'dsm', 'dsm'), process, adopted: Boolean(usable) }
}

function specOf(cluster: PostgresCluster, port: number): ConstructorParameters<typeof WatchedProcess>[0] {
  return {
    name: 'postgres',
    command: cluster.programs.postgres,
    args: serverArguments(cluster, port),
    env: { PATH: '/usr/bin:/bin', LC_MESSAGES: 'C' },
    cwd: '/',
    ...cluster.account,
    // SIGINT is Postgres' fast shutdown: sessions are ended, nothing is lost.
    stopSignal: 'SIGINT',
    stopMs: 5_000,
    beforeRestart: () => orphansGone(cluster.folder),
  }
}

async function answers(url: string, limitMs: number): Promise<boolean> {
  const answered = await waitUntil(async () => (await query(url, 'select 1')).length === 1, limitMs, 40)
  return answered === true
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A server that goes away between two statements must not end the supervisor.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** The product works as a role of its own, which owns its database and is no superuser. */
async function ensureDatabase(cluster: PostgresCluster, port: number): Promise<void> {
  const url = urlOf(cluster, port, 'postgres', 'postgres')
  const roles = await query(url, `select 1 from pg_roles where rolname = 'dsm'`)
  // The password consists of base64url characters only, so it can stand in the statement.
  if (roles.length === 0) await query(url, `create role dsm login password '${cluster.passwords.dsm}'`)
  const databases = await query(url, `select 1 from pg_database where datname = 'dsm'`)
  if (databases.length === 0) await query(url, 'create database dsm owner dsm')
}

/**
 * Is a device registered that is not on a loopback address? Decides whether LAB=auto shows the simulated site.
 * Tables that do not exist yet hold no devices.
 */
export async function hasRealDevices(databaseUrl: string): Promise<boolean> {
  const sources = [
    ['servers', 'ip_address'],
    ['vcenters', 'host'],
    ['vcenter_hosts', 'ip_address'],
  ] as const
  for (const [table, column] of sources) {
    if (await anyOffLoopback(databaseUrl, table, column)) return true
  }
  return false
}

async function anyOffLoopback(url: string, table: string, column: string): Promise<boolean> {
  const known = await query(
    url,
    `select 1 from information_schema.columns where table_name = '${table}' and column_name = '${column}'`,
  )
  if (known.length === 0) return false
  const pattern = '^(127\\.|::1|localhost)'
  return (
    (await query(url, `select 1 from ${table} where ${column} is not null and ${column}::text !~ '${pattern}' limit 1`))
      .length > 0
  )
}
