import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './source-files.js'

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface Begun {
  ended: Promise<Ran>
  /** Waits until it has printed something like this; fails when it ends before. */
  printed(pattern: RegExp): Promise<void>
  /** Ctrl-C. */
  interrupt(): void
}

export interface DsmClient {
  /** Folder of its own for what it keeps. */
  config_home: string
  run(args: string[], input?: string): Promise<Ran>
  /** Begins a command that takes its time. */
  begin(args: string[], input?: string): Begun
  /** Runs with --json and gives what was printed. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every route
  json(args: string[]): Promise<any>
}

/** The command line client as a process of its own, with nothing of the user's. */
export function dsmClient(env: { server?: string; token?: string | null }): DsmClient {
  const config_home = mkdtempSync(join(tmpdir(), 'dsm-cli-'))
  const begin = (args: string[], input = ''): Begun => {
    const child = spawn(process.execPath, [join(ROOT, 'cli', 'dsm.js'), ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: config_home,
        XDG_CONFIG_HOME: config_home,
        ...(env.server ? { DSM_SERVER: env.server } : {}),
        ...(env.token ? { DSM_TOKEN: env.token } : {}),
      },
    })
    const ran: Ran = { code: null, stdout: '', stderr: '' }
    child.stdout.on('data', (text) => {
      ran.stdout += String(text)
    })
    child.stderr.on('data', (text) => {
      ran.stderr += String(text)
    })
    child.stdin.end(input)
    const ended = new Promise<Ran>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ ...ran, code }))
    })
    const printed = async (pattern: RegExp) => {
      while (!pattern.test(ran.stdout + ran.stderr)) {
        const over = await Promise.race([ended, once(child.stdout, 'data'), once(child.stderr, 'data')])
        if ('code' in over) throw new Error(`ended without ${pattern}: ${ran.stdout}${ran.stderr}`)
      }
    }
    return { ended, printed, interrupt: () => void child.kill('SIGINT') }
  }
  const run = (args: string[], input?: string) => begin(args, input).ended
  return {
    config_home,
    begin,
    run,
    json: async (args) => {
      const { code, stdout, stderr } = await run([...args, '--json'])
      if (code !== 0) throw new Error(`dsm ${args.join(' ')}: exit ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
  }
}
