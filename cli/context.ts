import type { Command } from 'commander'
import { type Api, openApi } from './api/client.js'
import { readCliConfig } from './config.js'
import { type ExitCode, usage } from './exit-codes.js'
import { readLogins } from './logins.js'
import { createPrinter, type Printer } from './output/print.js'

/** Options that every command takes. */
export interface GlobalOptions {
  server?: string
  token?: string
  ca?: string
  json?: boolean
  quiet?: boolean
  yes?: boolean
}

/** What a command works with. */
export interface Context {
  api: Api
  print: Printer
  yes: boolean
  login_file: string
}

const LOCAL = 'http://127.0.0.1:8080'

/** Who to talk to: option, then environment, then the last sign-in, then this machine. */
export function openContext(options: GlobalOptions): Context {
  const config = readCliConfig()
  const logins = readLogins(config.login_file)
  const server = serverUrl(options.server ?? config.server ?? logins.current ?? LOCAL)
  const login = logins.by_server[server]
  const api = openApi(server, options.token ?? config.token ?? login?.token, options.ca ?? login?.ca)
  const print = createPrinter({ json: options.json ?? false, quiet: options.quiet ?? false })
  return { api, print, yes: options.yes ?? false, login_file: config.login_file }
}

/** The URL of a product without a path; without a scheme it is https, on this machine http. @throws {Refusal} usage */
export function serverUrl(text: string): string {
  const here = /^(localhost|127\.[\d.]+|\[::1\])(:|$)/.test(text)
  const full = text.includes('://') ? text : `${here ? 'http' : 'https'}://${text}`
  const url = URL.canParse(full) ? new URL(full) : null
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw usage(`${text} is no URL like https://dsm.example`)
  return url.origin
}

// biome-ignore lint/suspicious/noExplicitAny: commander gives the arguments of a command in its own order
type Handler = (context: Context, ...given: any[]) => Promise<ExitCode | undefined | void>

/** Exit code of the command that ran. */
export const ended: { code: ExitCode } = { code: 0 }

/** Makes the action of a command: opens the context, runs it, keeps its exit code. */
export function run(handler: Handler) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command
    const context = openContext(command.optsWithGlobals<GlobalOptions>())
    ended.code = (await handler(context, ...given.slice(0, -1))) ?? 0
  }
}
