import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessName } from '../embedded/data-directory.js'
import { runFolder } from '../embedded/data-directory.js'
import type { Endpoints } from '../embedded/endpoints.js'
import { endpointsFile } from '../embedded/endpoints.js'
import { openLogFile } from '../embedded/log-file.js'
import { identify } from '../embedded/process-identity.js'
import { PROJECT_ROOT } from '../embedded/project.js'
import { waitUntil } from '../embedded/wait-until.js'

/** A system that this process started with `npm start`'s own program, seen from outside. */
export interface StartedProduct {
  endpoints: Endpoints
  dataDir: string
  /** Everything the supervisor printed. */
  logFile: string
  /** Real milliseconds from the start to READY. */
  readyAfterMs: number
  /** Pid of one of its processes now; undefined between a death and the restart. */
  pid: (name: ProcessName) => Promise<number | undefined>
  adminPassword: () => Promise<string>
  /** SIGTERM to the supervisor; resolves with its exit code when all of it has stopped. */
  stop: () => Promise<number | null>
}

export interface ProductOptions {
  dataDir: string
  env: NodeJS.ProcessEnv
  /** Called with each line of the supervisor until READY. */
  onLine?: (line: string) => void
}

const READY_MS = 360_000

/** A new folder under the system's temporary one; passable, because as root Postgres runs as another user. */
export async function newDataDirectory(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  await chmod(folder, 0o711)
  return folder
}

/**
 * Starts the system and resolves when it is READY. Throws with its last lines when it ends before. The supervisor
 * writes into a file and not into a pipe, so that it lives on when we do not.
 */
export async function startProduct(options: ProductOptions): Promise<StartedProduct> {
  const logFile = `${options.dataDir}.log`
  const since = Date.now()
  let ready = false
  const log = openLogFile(logFile, (line) => {
    if (line.startsWith('READY ')) ready = true
    else if (!ready) options.onLine?.(line)
  })
  const env = { ...options.env, DATA_DIR: options.dataDir }
  const program = ['--import', 'tsx', 'scripts/start.ts']
  const child = spawn(process.execPath, program, {
    cwd: PROJECT_ROOT,
    env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let ended = false
  void exited.then(() => {
    ended = true
  })
  await waitUntil(() => ready || ended, READY_MS, 30)
  const tail = log.tail(30)
  log.close()
  if (!ready) {
    child.kill('SIGTERM')
    throw new Error(`The system ${ended ? 'ended' : 'was not READY in time'}:\n${tail.join('\n')}`)
  }
  child.unref()
  return {
    endpoints: JSON.parse(await readFile(endpointsFile(options.dataDir), 'utf8')) as Endpoints,
    dataDir: options.dataDir,
    logFile,
    readyAfterMs: Date.now() - since,
    pid: (name) => readPid(options.dataDir, name),
    adminPassword: async () => (await readFile(join(options.dataDir, 'initial-admin-password'), 'utf8')).trim(),
    stop: () => {
      child.ref()
      child.kill('SIGTERM')
      return exited
    },
  }
}

async function readPid(dataDir: string, name: ProcessName): Promise<number | undefined> {
  const pid = Number(await readFile(join(runFolder(dataDir), `${name}.pid`), 'utf8').catch(() => ''))
  return identify(pid)?.pid
}

/** Removes what a stopped system left on disk. */
export async function removeData(product: Pick<StartedProduct, 'dataDir' | 'logFile'>): Promise<void> {
  await rm(product.dataDir, { recursive: true, force: true })
  await rm(product.logFile, { force: true })
}
