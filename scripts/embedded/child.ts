import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SupervisorConsole } from './console.js'
import type { ProcessName, RunNotes } from './data-directory.js'
import type { LogFile } from './log-file.js'
import type { ProcessIdentity } from './process-identity.js'
import { identify, isAlive, signalGroup, signalProcess } from './process-identity.js'
import { createRestartPolicy } from './restart-policy.js'
import { waitUntil } from './wait-until.js'

/** How one process of the embedded form is started and stopped. */
export interface ProcessSpec {
  name: ProcessName
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  cwd: string
  uid?: number
  gid?: number
  stopSignal: NodeJS.Signals
  /** Real milliseconds from the signal to SIGKILL. */
  stopMs: number
  /** Runs before each start after the first; for what a dead process leaves behind. */
  beforeRestart?: () => Promise<void>
}

/** Marks every process of a data directory, so that one that was started but never noted is found after a crash. */
export const SUPERVISED = 'DSM_SUPERVISED'

export interface ChildDeps {
  /** The data directory whose process this is. */
  dataDir: string
  /** Called when the process object is made, before anything starts: from then on a stop reaches it. */
  created: (process: WatchedProcess) => void
  console: SupervisorConsole
  notes: RunNotes
  log: LogFile
  /** Called when a process dies again and again before it ever was ready. */
  onHopeless: (name: ProcessName, reason: string) => void
}

const HOPELESS_DEATHS = 5
const ADOPTED_LOOK_MS = 250

/**
 * One watched process in a process group of its own: started, started again when it dies, stopped on request.
 * It may also begin with a process that an earlier supervisor left.
 */
export class WatchedProcess {
  private readonly policy = createRestartPolicy()
  private current: ProcessIdentity | undefined
  private stopping = false
  private everReady = false

  constructor(
    readonly spec: ProcessSpec,
    private readonly deps: ChildDeps,
  ) {
    deps.created(this)
  }

  /** Pid of the running process, for messages and tests. */
  get pid(): number | undefined {
    return this.current?.pid
  }

  /** From now on deaths are repaired without end; before, five in a row give up. */
  markReady(): void {
    this.everReady = true
  }

  /** Starts it and returns when the process exists (not when it is ready). */
  async start(): Promise<void> {
    if (this.stopping) throw new Error('the system is stopping')
    const { command, args, cwd, uid, gid } = this.spec
    const env = { ...this.spec.env, [SUPERVISED]: `${this.deps.dataDir}|${this.spec.name}` }
    const identities = { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }
    const child = spawn(command, args, {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', this.deps.log.fd, this.deps.log.fd],
      ...identities,
    })
    this.policy.born()
    child.once('exit', (code, signal) => void this.onDeath(signal ?? `exit code ${code}`))
    child.once('error', (error) => void this.onDeath(error.message))
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (!identity) return
    this.current = identity
    await this.deps.notes.started(this.spec.name, identity)
  }

  /** Goes on with a process that is not our child: its death is seen by looking. */
  async adopt(identity: ProcessIdentity): Promise<void> {
    this.current = identity
    this.policy.born()
    await this.deps.notes.started(this.spec.name, identity)
    void this.watchAdopted(identity)
  }

  private async watchAdopted(identity: ProcessIdentity): Promise<void> {
    while (isAlive(identity)) await sleep(ADOPTED_LOOK_MS)
    if (this.current === identity) await this.onDeath('it is gone')
  }

  private async onDeath(how: string): Promise<void> {
    this.current = undefined
    if (this.stopping) return
    const pause = this.policy.died()
    const tail = this.deps.log.tail(3).join(' | ').slice(-600)
    this.deps.console.warn(
      `${this.spec.name} ended (${how}); starting it again ${pause === 0 ? 'at once' : `in ${pause} ms`}. ${tail}`,
    )
    if (!this.everReady && this.policy.deaths >= HOPELESS_DEATHS) {
      this.deps.onHopeless(this.spec.name, `${how}: ${this.deps.log.tail(10).join('\n')}`)
      return
    }
    await sleep(pause)
    if (this.stopping) return
    await this.restart()
  }

  private async restart(): Promise<void> {
    try {
      await this.spec.beforeRestart?.()
      if (!this.stopping) await this.start()
    } catch (error) {
      await this.onDeath(error instanceof Error ? error.message : String(error))
    }
  }

  /** Ends it: the stop signal, then SIGKILL for the whole group. Safe to call twice. */
  async stop(): Promise<void> {
    this.stopping = true
    const identity = this.current
    if (identity) await endProcess(identity, this.spec.stopSignal, this.spec.stopMs)
    await this.deps.notes.ended(this.spec.name)
  }

  /** No mercy and no waiting; for a second Ctrl-C. */
  kill(): void {
    this.stopping = true
    if (this.current) signalGroup(this.current, 'SIGKILL')
  }
}

/**
 * Ends a process: signal to itself (Postgres tells its backends, a Node process its helpers), wait, SIGKILL for its
 * whole group, wait. Resolves when it is gone, or 2 s after SIGKILL.
 */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, limitMs: number): Promise<void> {
  if (!signalProcess(identity, signal)) return
  if (await waitUntil(() => !isAlive(identity), limitMs, 20)) return
  signalGroup(identity, 'SIGKILL')
  await waitUntil(() => !isAlive(identity), 2_000, 20)
}
