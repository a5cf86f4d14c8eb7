import { join } from 'node:path'
import type { ChildDeps } from './child.js'
import { endProcess, WatchedProcess } from './child.js'
import type { SupervisorConfig } from './config.js'
import { logFolder, type RunNotes, type RunState } from './data-directory.js'
import { openLogFile } from './log-file.js'
import type { ProcessIdentity } from './process-identity.js'
import { isAlive } from './process-identity.js'
import { PROJECT_ROOT } from './project.js'
import { waitUntil } from './wait-until.js'

/** A simulated site that answers. */
export interface LabInUse {
  url: string
  /** Simulated seconds per real second. */
  speed: number
  /** Undefined for a lab that runs by itself (LAB_URL). */
  process?: WatchedProcess
}

export class LabUnreachable extends Error {
  constructor(url: string, why: string) {
    super(`The simulated site at ${url} does not answer (${why}). Start it (npm run lab) or correct LAB_URL.`)
    this.name = 'LabUnreachable'
  }
}

const READY_MS = 60_000

/** Asks a lab that runs already for its speed. Throws {@link LabUnreachable}. */
export async function useRunningLab(url: string): Promise<LabInUse> {
  const base = url.replace(/\/$/, '')
  let why = 'no answer'
  const ask = () =>
    readSpeed(base).catch((error: unknown) => {
      why = error instanceof Error ? String(error.cause ?? error.message) : String(error)
      return undefined
    })
  const speed = await waitUntil(ask, 5_000, 200)
  if (speed === undefined) throw new LabUnreachable(base, why)
  return { url: base, speed }
}

async function readSpeed(base: string): Promise<number | undefined> {
  const answer = await fetch(`${base}/lab/site`, { signal: AbortSignal.timeout(5_000) })
  if (!answer.ok) throw new Error(`GET /lab/site answered ${answer.status}`)
  const { speed } = (await answer.json()) as { speed?: unknown }
  return typeof speed === 'number' && speed > 0 ? speed : undefined
}

export interface EmbeddedLabPlan {
  config: SupervisorConfig
  /** Already resolved: the same one is used at every restart. */
  port: number
}

/** Starts the embedded lab and waits until it answers. Throws with its last words. */
export async function startEmbeddedLab(
  plan: EmbeddedLabPlan,
  deps: Omit<ChildDeps, 'log'>,
  notes: RunNotes,
): Promise<LabInUse> {
  const { process, log } = watchedLab(plan, deps)
  await notes.labIs({ port: plan.port, site: plan.config.LAB_SITE, seed: plan.config.LAB_SEED })
  await process.start()
  return whenAnswering(plan.port, process, () => log.tail(5).join(' | '))
}

/**
 * Goes on with the lab that an earlier start left running, when it shows the same site; ends it otherwise.
 * A lab is no part of what a crash of the product takes away.
 */
export async function adoptLab(
  survivor: ProcessIdentity,
  state: RunState,
  config: SupervisorConfig,
  deps: Omit<ChildDeps, 'log'>,
): Promise<LabInUse | undefined> {
  const same = state.lab && state.lab.site === config.LAB_SITE && state.lab.seed === config.LAB_SEED
  const portFits = state.lab && (config.LAB_PORT === 0 || config.LAB_PORT === state.lab.port)
  if (state.lab && same && portFits && isAlive(survivor)) {
    const { process, log } = watchedLab({ config, port: state.lab.port }, deps)
    await process.adopt(survivor)
    return whenAnswering(state.lab.port, process, () => log.tail(5).join(' | '))
  }
  await endProcess(survivor, 'SIGTERM', 4_000)
  return undefined
}

async function whenAnswering(port: number, process: WatchedProcess, tail: () => string): Promise<LabInUse> {
  const url = `http://127.0.0.1:${port}`
  const speed = await waitUntil(() => readSpeed(url), READY_MS, 50)
  if (speed === undefined) throw new LabUnreachable(url, tail())
  process.markReady()
  return { url, speed, process }
}

function watchedLab(plan: EmbeddedLabPlan, deps: Omit<ChildDeps, 'log'>) {
  const { config } = plan
  const log = openLogFile(join(logFolder(config.DATA_DIR), 'lab.log'), (line) => deps.console.child('lab', line))
  const env = {
    ...config.inherited,
    DATA_DIR: config.DATA_DIR,
    LAB_SITE: config.LAB_SITE,
    LAB_SPEED: String(config.LAB_SPEED),
    LAB_SEED: String(config.LAB_SEED),
    LAB_PORT: String(plan.port),
    // The embedded lab keeps its state in DATA_DIR and goes on from it.
    LAB_EMBEDDED: '1',
    LOG_LEVEL: config.LOG_LEVEL,
    LOG_FORMAT: 'json',
  }
  const spec = {
    name: 'lab',
    command: globalThis.process.execPath,
    args: ['--import', 'tsx', 'lab/main.ts'],
    env,
    cwd: PROJECT_ROOT,
  } as const
  return {
    process: new WatchedProcess(
      { ...spec, args: [...spec.args], stopSignal: 'SIGTERM', stopMs: 4_000 },
      { ...deps, log },
    ),
    log,
  }
}
