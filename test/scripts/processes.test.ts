import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ChildDeps, WatchedProcess } from '../../scripts/embedded/child.js'
import { loadConfig } from '../../scripts/embedded/config.js'
import { createConsole } from '../../scripts/embedded/console.js'
import {
  AlreadyRunning,
  openRunNotes,
  prepareDataDirectory,
  readRunState,
  runFolder,
  survivors,
  takeDataDirectory,
} from '../../scripts/embedded/data-directory.js'
import { openLogFile } from '../../scripts/embedded/log-file.js'
import { identify, isAlive, type ProcessIdentity } from '../../scripts/embedded/process-identity.js'
import { createRestartPolicy } from '../../scripts/embedded/restart-policy.js'
import { takeOver } from '../../scripts/embedded/takeover.js'
import { waitUntil } from '../../scripts/embedded/wait-until.js'

let folder: string
const started: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsm-processes-'))
  await prepareDataDirectory(folder)
})
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

function sleeper(): ProcessIdentity {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  started.push(child)
  const identity = identify(child.pid ?? 0)
  if (!identity) throw new Error('no process')
  return identity
}

describe('identity of a process', () => {
  test('a running process is alive, an ended one is not, and a later one with its pid is another', async () => {
    const identity = sleeper()
    expect(isAlive(identity)).toBe(true)
    expect(isAlive({ ...identity, born: '1' })).toBe(false)
    process.kill(identity.pid, 'SIGKILL')
    expect(await waitUntil(() => !isAlive(identity), 5_000)).toBe(true)
  })
  test('a zombie counts as gone', async () => {
    // The child ends when the shell has become a program that never collects children.
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'])
    started.push(shell)
    const pid = await new Promise<number>((resolve) =>
      shell.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
    )
    expect(await waitUntil(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '), 5_000)).toBe(
      true,
    )
    expect(identify(pid)).toBeUndefined()
  })
  test.each([0, 1, -5, Number.NaN])('%d is nobody', (pid) => {
    expect(identify(pid)).toBeUndefined()
  })
})

describe('one start per data directory', () => {
  test('a second start refuses and names the running process', async () => {
    const other = sleeper()
    await writeFile(join(runFolder(folder), 'start.pid'), `${other.pid}\n`)
    await writeFile(join(runFolder(folder), `start-${other.pid}.born`), other.born)
    await expect(takeDataDirectory(folder)).rejects.toThrow(AlreadyRunning)
    await expect(takeDataDirectory(folder)).rejects.toThrow(`process ${other.pid}`)
  })
  test('the file of a dead process is taken over', async () => {
    const other = sleeper()
    process.kill(other.pid, 'SIGKILL')
    await waitUntil(() => !isAlive(other), 5_000)
    await writeFile(join(runFolder(folder), 'start.pid'), `${other.pid}\n`)
    await takeDataDirectory(folder)
    expect((await readFile(join(runFolder(folder), 'start.pid'), 'utf8')).trim()).toBe(String(process.pid))
  })
  test('a pid that belongs to a stranger by now is taken over', async () => {
    const stranger = sleeper()
    await writeFile(join(runFolder(folder), 'start.pid'), `${stranger.pid}\n`)
    await writeFile(join(runFolder(folder), `start-${stranger.pid}.born`), 'long ago')
    await takeDataDirectory(folder)
    expect((await readFile(join(runFolder(folder), 'start.pid'), 'utf8')).trim()).toBe(String(process.pid))
  })
})

function deps(onHopeless: (name: string) => void = () => {}): ChildDeps {
  const log = openLogFile(join(folder, 'log', 'worker.log'), () => {})
  const notes = openRunNotes(folder, { processes: {} })
  return {
    dataDir: folder,
    console: createConsole('json', 'error', () => {}),
    notes,
    log,
    created: () => {},
    onHopeless,
  }
}

const spec = (script: string) => ({
  name: 'worker' as const,
  command: process.execPath,
  args: ['-e', script],
  env: { PATH: '/usr/bin:/bin' },
  cwd: folder,
  stopSignal: 'SIGTERM' as const,
  stopMs: 300,
})
const pidFile = () => readFile(join(runFolder(folder), 'worker.pid'), 'utf8').then(Number, () => 0)

describe('a watched process', () => {
  test('is started again after SIGKILL, with a new pid file, and ends with stop', async () => {
    const watched = new WatchedProcess(spec('setInterval(() => {}, 1000)'), deps())
    await watched.start()
    watched.markReady()
    const first = await pidFile()
    process.kill(first, 'SIGKILL')
    const second = await waitUntil(async () => (await pidFile()) !== first && pidFile(), 5_000)
    expect(second).toBeGreaterThan(1)
    const [identity] = survivors(await readRunState(folder))
    expect(identity?.identity.pid).toBe(second)
    await watched.stop()
    expect(identify(second || 0)).toBeUndefined()
    expect(existsSync(join(runFolder(folder), 'worker.pid'))).toBe(false)
  })
  test('one that ignores the stop signal is killed after its time', async () => {
    const watched = new WatchedProcess(
      spec(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)`),
      deps(),
    )
    await watched.start()
    await waitUntil(async () => (await readFile(join(folder, 'log', 'worker.log'), 'utf8')).includes('up'), 5_000)
    const pid = await pidFile()
    await watched.stop()
    expect(identify(pid)).toBeUndefined()
  })
  test('one that dies five times before it was ready is given up', async () => {
    const hopeless = await new Promise<string>((resolve) => {
      const watched = new WatchedProcess(spec('process.exit(3)'), deps(resolve))
      void watched.start()
    })
    expect(hopeless).toBe('worker')
  })
  test('an adopted one is started again when it dies', async () => {
    const left = sleeper()
    const watched = new WatchedProcess(spec('setInterval(() => {}, 1000)'), deps())
    await watched.adopt(left)
    expect(await pidFile()).toBe(left.pid)
    process.kill(left.pid, 'SIGKILL')
    const next = await waitUntil(async () => (await pidFile()) !== left.pid && pidFile(), 5_000)
    expect(identify(next || 0)).toBeDefined()
    await watched.stop()
  })
  test('stop during the pause before a restart leaves nothing behind', async () => {
    const watched = new WatchedProcess(spec('process.exit(1)'), deps())
    await watched.start()
    await waitUntil(() => watched.pid === undefined, 5_000, 5)
    await watched.stop()
    await expect(watched.start()).rejects.toThrow('stopping')
  })
})

describe('pauses between restarts', () => {
  test('at once, then growing to 5 s, and none after 30 s of health', () => {
    let now = 0
    const policy = createRestartPolicy(() => now)
    const pauses = Array.from({ length: 8 }, () => policy.died())
    expect(pauses).toEqual([0, 250, 500, 1000, 2000, 4000, 5000, 5000])
    policy.born()
    now += 29_999
    expect(policy.died()).toBe(5000)
    policy.born()
    now += 30_000
    expect(policy.died()).toBe(0)
  })
})

describe('taking over after a crash', () => {
  const config = () => loadConfig({ DATA_DIR: folder })
  const hooks = { created: () => {}, onHopeless: () => {}, atEnd: () => {} }
  const quiet = createConsole('json', 'error', () => {})

  test('what an earlier start noted is ended, the lab goes on', async () => {
    const [worker, lab] = [sleeper(), sleeper()]
    const notes = openRunNotes(folder, { processes: {} })
    await notes.started('worker', worker)
    await notes.started('lab', lab)
    await takeOver(config(), quiet, hooks)
    expect(isAlive(worker)).toBe(false)
    expect(isAlive(lab)).toBe(true)
    expect(existsSync(join(runFolder(folder), 'worker.pid'))).toBe(false)
    expect(existsSync(join(runFolder(folder), 'lab.pid'))).toBe(true)
  })
  test('what was started and never noted is found by its mark and ended; a stranger is not touched', async () => {
    const marked = (mark: string) => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
        stdio: 'ignore',
        env: { DSM_SUPERVISED: mark },
      })
      started.push(child)
      return identify(child.pid ?? 0) as ProcessIdentity
    }
    const stray = marked(`${folder}|temporal`)
    const stranger = marked(`${folder}-other|temporal`)
    // The environment of a process is its own only after exec.
    await waitUntil(
      async () => (await readFile(`/proc/${stray.pid}/environ`, 'utf8')).includes(`${folder}|temporal`),
      5_000,
    )
    await takeOver(config(), quiet, hooks)
    expect(isAlive(stray)).toBe(false)
    expect(isAlive(stranger)).toBe(true)
  })
})
