import { readdir, readFile } from 'node:fs/promises'
import type { WatchedProcess } from './child.js'
import { endProcess, SUPERVISED } from './child.js'
import type { SupervisorConfig } from './config.js'
import type { SupervisorConsole } from './console.js'
import type { ProcessName, RunState } from './data-directory.js'
import { openRunNotes, prepareDataDirectory, readRunState, survivors, takeDataDirectory } from './data-directory.js'
import type { StartContext } from './parts.js'
import { createPortChooser } from './ports.js'
import { identify } from './process-identity.js'

/** What a start hands in, to be told about and to clean up with. */
export interface StartHooks {
  created: (process: WatchedProcess) => void
  onHopeless: (reason: string) => void
  /** Registers something to do at the end of a stop. */
  atEnd: (act: () => void | Promise<void>) => void
}

const NAMES: ProcessName[] = ['api', 'worker', 'temporal', 'postgres', 'lab']

/**
 * Owns the data directory and clears away what an earlier start left, except what can be gone on with (the database
 * and the simulated site). Throws AlreadyRunning when another start owns it.
 */
export async function takeOver(
  config: SupervisorConfig,
  console: SupervisorConsole,
  hooks: StartHooks,
): Promise<StartContext> {
  await prepareDataDirectory(config.DATA_DIR)
  await takeDataDirectory(config.DATA_DIR)
  const before = await readRunState(config.DATA_DIR)
  const notes = openRunNotes(config.DATA_DIR, before)
  hooks.atEnd(() => notes.release())
  const kept = await endWhatIsReplaced(config, console, before)
  await endStrays(config.DATA_DIR)
  for (const name of NAMES) if (!kept.includes(name)) await notes.ended(name)
  const onHopeless = (name: ProcessName, reason: string) =>
    hooks.onHopeless(`${name} cannot be kept running: ${reason}`)
  const deps = { dataDir: config.DATA_DIR, console, notes, created: hooks.created, onHopeless }
  return { config, ports: createPortChooser(), deps, notes, before }
}

/** Ends the survivors that are started anew, and returns the names of those that are gone on with. */
async function endWhatIsReplaced(
  config: SupervisorConfig,
  console: SupervisorConsole,
  before: RunState,
): Promise<ProcessName[]> {
  const left = survivors(before)
  if (left.length > 0) {
    console.warn(
      `An earlier start left ${left.map(({ name, identity }) => `${name} (process ${identity.pid})`).join(', ')}`,
    )
  }
  const isKept = (name: ProcessName) => name === 'lab' || (name === 'postgres' && !config.DATABASE_URL)
  // Two Temporal servers on one file, or an API that holds our port, must not be: they end before anything starts.
  const ending = left.filter(({ name }) => !isKept(name))
  await Promise.all(
    ending.map(({ name, identity }) => endProcess(identity, name === 'postgres' ? 'SIGINT' : 'SIGTERM', 3_000)),
  )
  return left.map(({ name }) => name).filter(isKept)
}

/**
 * A supervisor killed between starting a process and noting it leaves one that nobody knows. Its environment tells
 * whose it was; only Linux shows it. Database and lab are not touched: the one is found by its own file, the other is
 * no part of what a crash takes away.
 */
async function endStrays(dataDir: string): Promise<void> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 1)
  const marks = ['api', 'worker', 'temporal'].map((name) => `${SUPERVISED}=${dataDir}|${name}`)
  const strays = await Promise.all(
    pids.map(async (pid) => {
      const environment = (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).split('\0')
      return marks.some((mark) => environment.includes(mark)) ? identify(pid) : undefined
    }),
  )
  await Promise.all(strays.map((stray) => stray && endProcess(stray, 'SIGTERM', 2_000)))
}
