import { spawn } from 'node:child_process'

export interface CommandResult {
  code: number | null
  /** Standard output and error, in the order they came, at most the last 20,000 characters. */
  output: string
}

export interface CommandOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  uid?: number
  gid?: number
  /** Real milliseconds; after them the process is killed and the result has code null. */
  timeoutMs: number
}

/** Runs a program to its end. Never throws for an exit code; a program that cannot be started gives code null and the reason. */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    const { timeoutMs, ...rest } = options
    const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = setTimeout(() => {
      output += `\n(killed after ${timeoutMs} ms)`
      child.kill('SIGKILL')
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(timer)
      resolve({ code: null, output: `${output}${error.message}` })
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
}

/** The last line of an output that says something, for a one-line message. */
export function lastLine(output: string): string {
  return (
    output
      .trim()
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .at(-1) ?? 'no output'
  )
}
