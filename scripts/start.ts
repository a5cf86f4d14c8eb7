import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SupervisorConfig } from './embedded/config.js'
import { ConfigError, loadConfig } from './embedded/config.js'
import { createConsole, type SupervisorConsole } from './embedded/console.js'
import { PROJECT_ROOT } from './embedded/project.js'
import { createSystem, type SystemControl } from './embedded/system.js'

/** `npm start`: the whole service in the foreground, with embedded parts where nothing external is configured. */
const NODE_AT_LEAST = [20, 19] as const

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor >= NODE_AT_LEAST[1])) return
  fail(`Node ${process.versions.node} is too old: ${NODE_AT_LEAST.join('.')} or newer is needed.`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function configOrExit(): SupervisorConfig {
  try {
    return loadConfig()
  } catch (error) {
    return fail(error instanceof ConfigError ? error.message : String(error))
  }
}

function productVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}

/** Set by the first signal: what fails from then on fails because we are stopping. */
let ending = false

/** First signal: stop in order, exit 0. Second: kill, exit 1. */
function stopOnSignals(system: SystemControl, console: SupervisorConsole): void {
  let signals = 0
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1
    ending = true
    if (signals > 1) {
      system.kill()
      process.exit(1)
    }
    console.info(`${signal}: stopping`)
    void system.stop().then(() => {
      console.info('Stopped')
      process.exit(0)
    })
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
}

async function giveUp(system: SystemControl, console: SupervisorConsole, error: unknown): Promise<never> {
  if (ending) return new Promise<never>(() => {})
  ending = true
  console.flush()
  const shown = error instanceof Error ? error : new Error(String(error))
  // What an operator can cure is said in one message; the stack is for those who asked for details.
  const detailed = config.LOG_LEVEL === 'debug' || config.LOG_LEVEL === 'trace'
  const text = detailed ? (shown.stack ?? shown.message) : shown.message
  process.stderr.write(`${text}\n`)
  await system.stop()
  process.exit(1)
}

checkNode()
// Temporal's database, logs and pid files are nobody else's business, though DATA_DIR itself must be passable.
process.umask(0o077)
const config = configOrExit()
const console_ = createConsole(config.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'), config.LOG_LEVEL)
const system: SystemControl = createSystem(
  config,
  console_,
  productVersion(),
  (reason) => void giveUp(system, console_, new Error(reason)),
)
stopOnSignals(system, console_)
process.on('uncaughtException', (error) => void giveUp(system, console_, error))
process.on('unhandledRejection', (error) => void giveUp(system, console_, error))
await system.start().catch((error) => giveUp(system, console_, error))
