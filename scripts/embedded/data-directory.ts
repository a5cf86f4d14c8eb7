import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ProcessIdentity } from './process-identity.js'
import { identify, isAlive } from './process-identity.js'

/** Processes of the embedded form, as their pid files are called. */
export type ProcessName = 'start' | 'postgres' | 'temporal' | 'worker' | 'api' | 'lab'

/** What a start leaves behind so that the next one knows its processes and may go on with them. */
export interface RunState {
  processes: Partial<Record<ProcessName, ProcessIdentity>>
  /** Settings a process was started with, so that only an equal one is adopted. */
  lab?: { port: number; site: string; seed: number }
}

/** Another start owns the data directory. */
export class AlreadyRunning extends Error {
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}. Stop that one first (kill ${pid}), or give another DATA_DIR.`)
    this.name = 'AlreadyRunning'
  }
}

export const runFolder = (dataDir: string): string => join(dataDir, 'run')
export const logFolder = (dataDir: string): string => join(dataDir, 'log')

const asRoot = () => process.getuid?.() === 0

/**
 * Makes the data directory with its folders. As root it is passable for everyone (0711), because Postgres
 * runs as another user; else it is private.
 */
export async function prepareDataDirectory(dataDir: string): Promise<void> {
  const mode = asRoot() ? 0o711 : 0o700
  await mkdir(dataDir, { recursive: true, mode })
  await chmod(dataDir, mode)
  for (const folder of [runFolder(dataDir), logFolder(dataDir)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
}

/** The first folder above `path` that another user may not pass through, or undefined. */
export async function impassableFolder(path: string): Promise<string | undefined> {
  const parent = dirname(path)
  const above = parent === path ? undefined : await impassableFolder(parent)
  if (above) return above
  return ((await stat(path)).mode & 0o001) === 0 ? path : undefined
}

/**
 * Takes the data directory for this process. The pid file itself is the lock: it is made by a hard link, which only
 * one of two can do. A file of a process that is gone is put aside. Throws {@link AlreadyRunning}.
 */
export async function takeDataDirectory(dataDir: string): Promise<void> {
  const file = join(runFolder(dataDir), 'start.pid')
  const draft = `${file}.${process.pid}`
  await writeFile(birthFile(dataDir, process.pid), identify(process.pid)?.born ?? '')
  await writeFile(draft, `${process.pid}\n`)
  try {
    for (let tries = 0; tries < 20; tries++) {
      if (await linked(draft, file)) return
      await refuseIfAlive(dataDir, file)
      await rename(file, `${file}.stale`).catch(() => {})
      await rm(`${file}.stale`, { force: true })
    }
    throw new Error(`${file} could not be taken`)
  } finally {
    await rm(draft, { force: true })
  }
}

const birthFile = (dataDir: string, pid: number) => join(runFolder(dataDir), `start-${pid}.born`)

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A live pid whose birth is another than the one noted belongs to a stranger: the pid was used again. */
async function refuseIfAlive(dataDir: string, file: string): Promise<void> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  const living = identify(pid)
  const noted = await readFile(birthFile(dataDir, pid), 'utf8').catch(() => '')
  if (!living) {
    await rm(birthFile(dataDir, pid), { force: true })
    return
  }
  if (noted === '' || noted === living.born) throw new AlreadyRunning(dataDir, pid)
}

/** Writes a file so that a reader sees the old or the new content, never half of it. */
export async function replaceFile(path: string, content: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, content, { mode })
  await rename(draft, path)
}

const stateFile = (dataDir: string) => join(runFolder(dataDir), 'state.json')

/** What the last start left; an unreadable file counts as nothing. */
export async function readRunState(dataDir: string): Promise<RunState> {
  try {
    return JSON.parse(await readFile(stateFile(dataDir), 'utf8')) as RunState
  } catch {
    return { processes: {} }
  }
}

/** The notes of this start, written at every change. */
export function openRunNotes(dataDir: string, from: RunState) {
  const state: RunState = { ...from, processes: { ...from.processes } }
  let queue = Promise.resolve()
  const save = () => {
    const content = JSON.stringify(state)
    queue = queue.then(() => replaceFile(stateFile(dataDir), content)).catch(() => {})
    return queue
  }
  return {
    /** Notes a process: its pid file and the state for the next start. */
    async started(name: ProcessName, identity: ProcessIdentity): Promise<void> {
      state.processes[name] = identity
      await replaceFile(join(runFolder(dataDir), `${name}.pid`), `${identity.pid}\n`)
      await save()
    },
    /** Forgets a process that is gone. */
    async ended(name: ProcessName): Promise<void> {
      delete state.processes[name]
      await rm(join(runFolder(dataDir), `${name}.pid`), { force: true })
      await save()
    },
    async labIs(lab: NonNullable<RunState['lab']>): Promise<void> {
      state.lab = lab
      await save()
    },
    /** Last act of a clean stop: only then may another start come. */
    async release(): Promise<void> {
      await queue
      for (const name of ['state.json', 'endpoints.json', `start-${process.pid}.born`, 'start.pid']) {
        await rm(join(runFolder(dataDir), name), { force: true })
      }
    },
  }
}

export type RunNotes = ReturnType<typeof openRunNotes>

/** Which of the noted processes still run. */
export function survivors(state: RunState): Array<{ name: ProcessName; identity: ProcessIdentity }> {
  return (Object.entries(state.processes) as Array<[ProcessName, ProcessIdentity]>)
    .filter(([, identity]) => isAlive(identity))
    .map(([name, identity]) => ({ name, identity }))
}
