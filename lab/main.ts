/** `npm run lab`: the simulated site in the foreground, until SIGTERM or Ctrl-C. */
import { BadConfig, readConfig } from './config.js'
import { startEsxiFace } from './esxi/face.js'
import { startIdracFace } from './idrac/face.js'
import { startLdapFace } from './ldap/face.js'
import { startOpenmanageFace } from './openmanage/face.js'
import { runLab } from './run-lab.js'
import { UnknownSite } from './site/plan.js'
import { startVcenterFace } from './vcenter/face.js'
import { NoAddress } from './web-depot.js'

const STOP_LIMIT_MS = 1800

/** Errors that a person can put right: one line, no stack. */
function explain(error: unknown): string {
  const known = error instanceof BadConfig || error instanceof UnknownSite || error instanceof NoAddress
  if (known) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}: another program has that address; LAB_PORT=0 takes any free port for the control API`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** A connection that breaks under a write is the client's affair; anything else is a bug and ends the lab. */
function onStrayError(error: Error & { code?: string }): void {
  const network = [
    'ECONNRESET',
    'EPIPE',
    'ECONNABORTED',
    'ETIMEDOUT',
    'ERR_STREAM_DESTROYED',
    'ERR_STREAM_WRITE_AFTER_END',
  ]
  console.error('lab: stray error:', error)
  if (!network.includes(error.code ?? '')) process.exit(1)
}

async function main(): Promise<void> {
  process.on('uncaughtException', onStrayError)
  const running = await runLab(readConfig(process.env), [
    startIdracFace,
    startVcenterFace,
    startEsxiFace,
    startLdapFace,
    startOpenmanageFace,
  ])
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref()
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('lab: while stopping:', error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  console.log(`LAB READY ${running.url}`)
}

main().catch((error: unknown) => {
  console.error(`lab: ${explain(error)}`)
  process.exit(1)
})
