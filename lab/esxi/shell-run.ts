import {
  type AndOr,
  type Pipeline,
  parseScript,
  type Redirect,
  type ShellCommand,
  type ShellList,
} from './shell-syntax.js'
import { ShellSyntaxError, type WordPart } from './shell-words.js'

/** Where a command reads and writes. Streams are text; a file is a sink like any other. */
export interface ShellStreams {
  input: string
  out(text: string): void
  err(text: string): void
}

/** What the shell needs of the machine that it runs on. */
export interface ShellMachine {
  /** Runs a program that is not built into the shell; answers its exit code. */
  execute(argv: string[], streams: ShellStreams, shell: Shell): Promise<number>
  readFile(path: string): string | undefined
  /** Opens a file for writing; throws FileRefusal with the text after `can't create PATH: `. `key` as of programs. */
  openFile(path: string, append: boolean, key: string): void
  /** Adds text to an open file. */
  appendFile(path: string, text: string): void
  /** Starts a branch of the process tree; `run` is the branch's work. Answers its process id. */
  background(shell: Shell, commandLine: string, run: (shell: Shell) => Promise<number>): number
}

/** A file cannot be opened; the message is the system's reason. */
export class FileRefusal extends Error {}

/** `exit N` unwinds to the shell that it ends. */
class ShellExit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`)
  }
}

const MAX_ROUNDS = 10_000

/** One shell: its variables, its last status, and the branch of the process tree that it runs in. */
export class Shell {
  lastStatus = 0
  lastBackground: number | undefined
  private started = 0
  private spawned = 0
  private opened = 0

  constructor(
    private readonly machine: ShellMachine,
    /** Key of this branch in its process tree, stable when the tree is run again. */
    readonly branch: string,
    readonly pid: number,
    readonly variables: Map<string, string> = new Map(),
  ) {}

  /** Key of the next program that this branch starts; the same at every run of the same script. */
  nextProgramKey(): string {
    this.started += 1
    return `${this.branch}/${this.started}`
  }

  /** Key of the next branch. */
  nextBranchKey(): string {
    this.spawned += 1
    return `${this.branch}.${this.spawned}`
  }

  /** A shell that shares nothing with this one but what it inherits: variables and the branch. */
  fork(branch: string, pid: number): Shell {
    const shell = new Shell(this.machine, branch, pid, new Map(this.variables))
    shell.lastStatus = this.lastStatus
    shell.lastBackground = this.lastBackground
    return shell
  }

  /** Runs a script to its end and answers its exit status; a syntax error is 2, as in busybox. */
  async run(script: string, streams: ShellStreams): Promise<number> {
    try {
      return await this.list(parseScript(script), streams)
    } catch (error) {
      if (error instanceof ShellExit) return error.status
      if (!(error instanceof ShellSyntaxError)) throw error
      streams.err(`sh: ${error.message}\n`)
      return 2
    }
  }

  private async list(list: ShellList, streams: ShellStreams): Promise<number> {
    for (const item of list) {
      if (item.background) this.startBackground(item, streams)
      else await this.andOr(item, streams)
    }
    return this.lastStatus
  }

  private startBackground(item: AndOr, streams: ShellStreams): void {
    const work: AndOr = { ...item, background: false }
    this.lastBackground = this.machine.background(this, describe(item), async (shell) => {
      try {
        return await shell.andOr(work, { ...streams, input: '' })
      } catch (error) {
        if (error instanceof ShellExit) return error.status
        throw error
      }
    })
    this.lastStatus = 0
  }

  private async andOr(item: AndOr, streams: ShellStreams): Promise<number> {
    await this.pipeline(item.first, streams)
    for (const { when, pipeline } of item.rest) {
      if ((this.lastStatus === 0) === (when === '&&')) await this.pipeline(pipeline, streams)
    }
    return this.lastStatus
  }

  private async pipeline(pipeline: Pipeline, streams: ShellStreams): Promise<void> {
    let input = streams.input
    for (const [index, command] of pipeline.commands.entries()) {
      const last = index === pipeline.commands.length - 1
      let piped = ''
      const out = last
        ? streams.out
        : (text: string) => {
            piped += text
          }
      // Each side of a pipe is a process of its own: what it sets does not reach the shell.
      const shell = pipeline.commands.length === 1 ? this : this.fork(this.nextBranchKey(), this.pid)
      this.lastStatus = await shell.guarded(command, { ...streams, input, out }, shell !== this)
      input = piped
    }
    if (pipeline.negated) this.lastStatus = this.lastStatus === 0 ? 1 : 0
  }

  private async guarded(command: ShellCommand, streams: ShellStreams, ownProcess: boolean): Promise<number> {
    if (!ownProcess) return this.command(command, streams)
    try {
      return await this.command(command, streams)
    } catch (error) {
      if (error instanceof ShellExit) return error.status
      throw error
    }
  }

  private async command(command: ShellCommand, streams: ShellStreams): Promise<number> {
    const redirected = await this.redirect(command.redirects, streams)
    if (!redirected) return 1
    if (command.kind === 'simple') return this.simple(command, redirected)
    if (command.kind === 'group') return this.group(command, redirected)
    if (command.kind === 'if') return this.conditional(command, redirected)
    if (command.kind === 'while') return this.loop(command, redirected)
    return this.forLoop(command, redirected)
  }

  private async group(command: ShellCommand & { kind: 'group' }, streams: ShellStreams): Promise<number> {
    if (!command.subshell) return this.list(command.body, streams)
    const shell = this.fork(this.nextBranchKey(), this.pid)
    try {
      return await shell.list(command.body, streams)
    } catch (error) {
      if (error instanceof ShellExit) return error.status
      throw error
    }
  }

  private async conditional(command: ShellCommand & { kind: 'if' }, streams: ShellStreams): Promise<number> {
    for (const branch of command.branches) {
      if ((await this.list(branch.condition, streams)) === 0) return this.list(branch.body, streams)
    }
    return command.otherwise ? this.list(command.otherwise, streams) : 0
  }

  private async loop(command: ShellCommand & { kind: 'while' }, streams: ShellStreams): Promise<number> {
    let status = 0
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (((await this.list(command.condition, streams)) === 0) === command.until) return status
      status = await this.list(command.body, streams)
    }
    return status
  }

  private async forLoop(command: ShellCommand & { kind: 'for' }, streams: ShellStreams): Promise<number> {
    let status = 0
    for (const word of await this.expandAll(command.words, streams)) {
      this.variables.set(command.variable, word)
      status = await this.list(command.body, streams)
    }
    return status
  }

  private async simple(command: ShellCommand & { kind: 'simple' }, streams: ShellStreams): Promise<number> {
    for (const { name, value } of command.assignments) this.variables.set(name, await this.join(value, streams))
    const argv = await this.expandAll(command.words, streams)
    if (argv.length === 0) return 0
    return this.builtIn(argv, streams) ?? this.machine.execute(argv, streams, this)
  }

  private builtIn(argv: string[], streams: ShellStreams): number | undefined {
    const [name, first] = argv
    if (name === ':') return 0
    if (name === 'exit' || name === 'return') throw new ShellExit(first === undefined ? this.lastStatus : Number(first))
    if (name === 'export') return this.export(argv.slice(1))
    if (name === 'set' || name === 'trap' || name === 'umask' || name === 'wait') return 0
    if (name === 'cd' || name === 'unset') {
      if (name === 'unset') for (const variable of argv.slice(1)) this.variables.delete(variable)
      else this.variables.set('PWD', first ?? '/')
      return 0
    }
    if (name === 'pwd') {
      streams.out(`${this.variables.get('PWD') ?? '/'}\n`)
      return 0
    }
    return undefined
  }

  private export(words: string[]): number {
    for (const word of words) {
      const [name, ...value] = word.split('=')
      if (name && word.includes('=')) this.variables.set(name, value.join('='))
    }
    return 0
  }

  private async redirect(redirects: Redirect[], streams: ShellStreams): Promise<ShellStreams | undefined> {
    const redirected = { ...streams }
    for (const redirect of redirects) {
      const target = await this.join(redirect.target, streams)
      if (redirect.mode === '>&') {
        if (redirect.descriptor === 2 && target === '1') redirected.err = redirected.out
        if (redirect.descriptor === 1 && target === '2') redirected.out = redirected.err
      } else if (redirect.mode === '<') {
        const content = target === '/dev/null' ? '' : this.machine.readFile(target)
        if (content === undefined) {
          streams.err(`sh: can't open ${target}: no such file\n`)
          return undefined
        }
        redirected.input = content
      } else if (!this.redirectOutput(redirect, target, redirected, streams)) return undefined
    }
    return redirected
  }

  private redirectOutput(redirect: Redirect, path: string, to: ShellStreams, streams: ShellStreams): boolean {
    const sink = (text: string) => {
      if (path !== '/dev/null') this.machine.appendFile(path, text)
    }
    this.opened += 1
    try {
      if (path !== '/dev/null') this.machine.openFile(path, redirect.mode === '>>', `${this.branch}>${this.opened}`)
    } catch (error) {
      if (!(error instanceof FileRefusal)) throw error
      streams.err(`sh: can't create ${path}: ${error.message}\n`)
      return false
    }
    if (redirect.descriptor === 2) to.err = sink
    else to.out = sink
    return true
  }

  private async expandAll(words: WordPart[][], streams: ShellStreams): Promise<string[]> {
    const expanded: string[] = []
    for (const word of words) expanded.push(...(await this.expand(word, streams)))
    return expanded
  }

  /** Expands one word; unquoted values are split at blanks, as the shell's field splitting does. */
  private async expand(parts: WordPart[], streams: ShellStreams): Promise<string[]> {
    const fields: string[] = []
    let current: string | undefined
    for (const part of parts) {
      const value = await this.value(part, streams)
      if (part.kind === 'text' || part.quoted) {
        current = (current ?? '') + value
        continue
      }
      const pieces = value.split(/[ \t\n]+/)
      if (value === '') continue
      pieces.forEach((piece, index) => {
        if (index > 0 && current !== undefined) {
          fields.push(current)
          current = undefined
        }
        if (piece !== '') current = (current ?? '') + piece
      })
    }
    if (current !== undefined) fields.push(current)
    return fields
  }

  private async join(parts: WordPart[], streams: ShellStreams): Promise<string> {
    let joined = ''
    for (const part of parts) joined += await this.value(part, streams)
    return joined
  }

  private async value(part: WordPart, streams: ShellStreams): Promise<string> {
    if (part.kind === 'text') return part.text
    if (part.kind === 'variable') return this.variable(part.name)
    let output = ''
    const shell = this.fork(this.nextBranchKey(), this.pid)
    const out = (text: string) => {
      output += text
    }
    this.lastStatus = await shell.run(part.script, { ...streams, input: '', out })
    return output.replace(/\n+$/, '')
  }

  private variable(name: string): string {
    if (name === '?') return String(this.lastStatus)
    if (name === '!') return this.lastBackground === undefined ? '' : String(this.lastBackground)
    if (name === '$') return String(this.pid)
    if (name === '#') return '0'
    return this.variables.get(name) ?? ''
  }
}

/** The command line of a background job, as the process list shows it. */
function describe(item: AndOr): string {
  const command = item.first.commands[0]
  if (command?.kind !== 'simple') return 'sh'
  return command.words.map((word) => word.map((part) => (part.kind === 'text' ? part.text : '')).join('')).join(' ')
}
