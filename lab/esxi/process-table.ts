import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import { Shell, type ShellMachine, type ShellStreams } from './shell-run.js'

/** The process was killed, or its host went down. */
export class ProcessKilled extends Error {
  constructor(readonly status: number) {
    super('killed')
  }
}

/** What a program of a tree wrote and how it ended. */
interface ProgramRecord {
  status: number
  out: string
  err: string
}

/** A script with everything that it started, as data: a lab that starts again runs it to the same point and goes on. */
interface ProcessTree {
  id: string
  boot: number
  script: string
  /** branch -> process */
  branches: Record<string, { pid: number; command: string; ended: boolean }>
  /** program -> what it did; not run again */
  done: Record<string, ProgramRecord>
  /** redirections whose file was opened; not emptied again */
  opened: Record<string, true>
  /** program -> the process that runs now, until when */
  running: Record<string, { pid: number; due: number; command: string; world: string }>
}

interface StoredTable {
  boot: number
  next_pid: number
  next_tree: number
  trees: ProcessTree[]
}

/** A row of the process list. */
export interface ProcessRow {
  pid: number
  world: string
  command: string
}

const FIRST_PID = 2_098_000
/** ESXi numbers worlds in steps. */
const PID_STEP = 3

/** A program's handle on the process table while it runs. */
export interface ProgramHandle {
  /** It ran before a restart of the lab and only waits for its end now. */
  resumed: boolean
  pid: number
  /** Waits simulated ms; throws ProcessKilled. A program may wait once. */
  hold(simMs: number, world: string): Promise<void>
}

/** The processes of one host. */
export class ProcessTable {
  /** Ends of waits by process id. */
  private readonly waits = new Map<number, (error: ProcessKilled) => void>()
  private readonly trees = new Map<string, ProcessTree>()
  /** Trees that just now repeat the output of a program that ran before a restart. */
  private readonly repeating = new Set<string>()

  constructor(
    private readonly core: LabCore,
    private readonly hostName: string,
  ) {}

  /** Runs a script with its output to the streams; what it leaves in the background goes on by itself. */
  async start(script: string, streams: ShellStreams, machineOf: (tree: string) => ShellMachine): Promise<number> {
    const table = this.table()
    const tree: ProcessTree = {
      id: String(table.next_tree),
      boot: this.host().boot_count,
      script,
      branches: {},
      done: {},
      opened: {},
      running: {},
    }
    table.next_tree += 1
    table.trees.push(tree)
    return this.run(tree, streams, machineOf)
  }

  /** After a restart of the lab: runs what had not ended to where it was. */
  resume(machineOf: (tree: string) => ShellMachine): void {
    const silent: ShellStreams = { input: '', out: () => undefined, err: () => undefined }
    for (const tree of this.table().trees) {
      if (!this.trees.has(tree.id)) this.run(tree, silent, machineOf).catch(reportBug)
    }
  }

  private async run(
    tree: ProcessTree,
    streams: ShellStreams,
    machineOf: (tree: string) => ShellMachine,
  ): Promise<number> {
    this.trees.set(tree.id, tree)
    const pid = this.branch(tree, '0', `sh -c ${tree.script}`)
    const status = await this.untilEnd(tree, '0', () =>
      new Shell(machineOf(tree.id), '0', pid).run(tree.script, streams),
    )
    return status
  }

  /** Starts a branch in the background of a tree. */
  background(treeId: string, parent: Shell, command: string, run: (shell: Shell) => Promise<number>): number {
    const tree = this.trees.get(treeId)
    if (!tree) throw new ProcessKilled(137)
    const key = parent.nextBranchKey()
    const pid = this.branch(tree, key, command)
    this.untilEnd(tree, key, () => run(parent.fork(key, pid))).catch(reportBug)
    return pid
  }

  private async untilEnd(tree: ProcessTree, key: string, run: () => Promise<number>): Promise<number> {
    try {
      return await run()
    } catch (error) {
      if (error instanceof ProcessKilled) return error.status
      throw error
    } finally {
      const branch = tree.branches[key]
      if (branch) branch.ended = true
      if (Object.values(tree.branches).every((one) => one.ended)) this.forget(tree)
    }
  }

  private forget(tree: ProcessTree): void {
    this.trees.delete(tree.id)
    const table = this.table()
    table.trees = table.trees.filter((one) => one !== tree)
  }

  private branch(tree: ProcessTree, key: string, command: string): number {
    const known = tree.branches[key]
    if (known) {
      known.ended = false
      return known.pid
    }
    const pid = this.newPid()
    tree.branches[key] = { pid, command, ended: false }
    return pid
  }

  /** Runs a program of a tree, or repeats what it did before a restart of the lab. */
  async program(
    treeId: string,
    key: string,
    argv: string[],
    streams: ShellStreams,
    run: (streams: ShellStreams, handle: ProgramHandle) => number | Promise<number>,
  ): Promise<number> {
    const tree = this.trees.get(treeId)
    if (!tree || tree.boot !== this.host().boot_count) throw new ProcessKilled(137)
    const known = tree.done[key]
    if (known) {
      this.repeating.add(treeId)
      streams.out(known.out)
      streams.err(known.err)
      this.repeating.delete(treeId)
      return known.status
    }
    const record: ProgramRecord = { status: 0, out: '', err: '' }
    const teed: ShellStreams = {
      input: streams.input,
      out(text) {
        record.out += text
        streams.out(text)
      },
      err(text) {
        record.err += text
        streams.err(text)
      },
    }
    record.status = await run(teed, this.handle(tree, key, argv))
    tree.done[key] = record
    return record.status
  }

  /** Is this redirection opened for the first time, and not once more after a restart of the lab? */
  isFirstTime(treeId: string, key: string): boolean {
    const tree = this.trees.get(treeId)
    if (!tree) throw new ProcessKilled(137)
    if (tree.opened[key]) return false
    tree.opened[key] = true
    return true
  }

  /** Does a tree just now repeat the output of a program that ran before a restart? */
  repeats(treeId: string): boolean {
    return this.repeating.has(treeId)
  }

  private handle(tree: ProcessTree, key: string, argv: string[]): ProgramHandle {
    const before = tree.running[key]
    const pid = before?.pid ?? this.newPid()
    return {
      resumed: before !== undefined,
      pid,
      hold: async (simMs, world) => {
        const due = before?.due ?? this.core.clock.now() + simMs
        tree.running[key] = { pid, due, command: argv.join(' '), world }
        try {
          await this.wait(tree, key, pid, due)
        } finally {
          delete tree.running[key]
        }
      },
    }
  }

  private wait(tree: ProcessTree, key: string, pid: number, due: number): Promise<void> {
    const branchPid = tree.branches[key.split('/')[0] ?? '']?.pid
    return new Promise((resolve, reject) => {
      const cancel = this.core.clock.at(due, () => finish())
      const pids = branchPid === undefined ? [pid] : [pid, branchPid]
      const finish = (error?: ProcessKilled): void => {
        cancel()
        for (const one of pids) this.waits.delete(one)
        if (error) reject(error)
        else resolve()
      }
      for (const one of pids) this.waits.set(one, finish)
    })
  }

  /** Does a process of that id live? */
  isAlive(pid: number): boolean {
    return this.list().some((row) => row.pid === pid)
  }

  /** Ends a process that waits; false where there is none of that id. */
  kill(pid: number, status = 143): boolean {
    if (!this.isAlive(pid)) return false
    this.waits.get(pid)?.(new ProcessKilled(status))
    return true
  }

  /** The host went down: nothing lives on. */
  killAll(): void {
    for (const finish of [...this.waits.values()]) finish(new ProcessKilled(137))
    this.waits.clear()
    this.trees.clear()
    this.table().trees = []
  }

  /** What runs now. */
  list(): ProcessRow[] {
    return this.table().trees.flatMap((tree) => [
      ...Object.values(tree.branches)
        .filter((branch) => !branch.ended)
        .map((branch) => ({ pid: branch.pid, world: 'sh', command: branch.command })),
      ...Object.values(tree.running).map(({ pid, world, command }) => ({ pid, world, command })),
    ])
  }

  newPid(): number {
    const table = this.table()
    table.next_pid += PID_STEP
    return table.next_pid
  }

  private host(): SimHost {
    return this.core.find.host(this.hostName)
  }

  private table(): StoredTable {
    const host = this.host()
    const known = host.face.processes as unknown as StoredTable | undefined
    if (known && known.boot === host.boot_count) return known
    const fresh: StoredTable = { boot: host.boot_count, next_pid: FIRST_PID, next_tree: 1, trees: [] }
    host.face.processes = fresh as never
    return fresh
  }
}

function reportBug(error: unknown): void {
  console.error('lab: a simulated process ended badly:', error)
}
