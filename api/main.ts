import { mkdirSync, readFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { pino } from 'pino'
import { openDatabase } from '../db/connect.js'
import { createPayloadCodec } from '../db/payload-codec.js'
import { sweepSessions } from '../db/stores/device-sessions.js'
import { sweepIdempotencyKeys } from '../db/stores/idempotency.js'
import { sweepLogins } from '../db/stores/login-budget.js'
import { sweepSecrets } from '../db/stores/sealed-secrets.js'
import { createApp } from './app.js'
import { ensureFirstAdmin, firstPasswordFile } from './auth/first-admin.js'
import { type ApiConfig, loadApiConfig } from './config.js'
import { startDispatcher } from './dispatcher.js'
import { createEventFeed } from './event-feed.js'
import { createKeyHolder } from './key-holder.js'
import { createApiMetrics } from './metrics.js'
import { sweepUploads } from './resources/upload-room.js'
import type { Services } from './services.js'
import { createTemporalGateway } from './temporal.js'

const SWEEP_MS = 60_000
const STOP_MS = 2_500
/** Traces of logins and device sessions. */
const KEEP_DAYS = 7

/** The API process: composition, start, and an orderly end. */
async function main(): Promise<void> {
  const config = loadApiConfig()
  const log = pino({
    name: 'api',
    level: config.log_level,
    redact: ['req.headers.authorization', 'password', '*.password'],
  })
  mkdirSync(config.data_dir, { recursive: true })
  mkdirSync(config.iso_directory, { recursive: true })
  const database = openDatabase({
    url: config.database_url,
    application_name: 'dsm-api',
    statement_timeout_ms: 5_000,
    onIdleError: (error) => log.warn({ reason: error.message }, 'a database connection was lost'),
  })
  await retried('the database', log, async () => {
    // The password itself never goes into a log; whoever started us shows it once, from the file.
    const made = await ensureFirstAdmin(database.db, config.data_dir)
    if (made)
      log.warn(`First start: the password of admin lies in ${firstPasswordFile(config.data_dir)} until it is changed`)
  })
  const keys = createKeyHolder(database.db, config, log)
  await keys.open()
  const feed = createEventFeed(config.database_url)
  const temporal = createTemporalGateway(config, () => {
    const ring = keys.get()
    return createPayloadCodec({ current: { kid: ring.kek_id, key: ring.deriveKey('temporal-payload') } })
  })
  const services: Services = { config, database, keys: keys.get, temporal, feed, log }
  const metrics = createApiMetrics()
  const { app } = createApp(services, { metrics })
  const server = await listen(app, config)
  const metricsServer = await metrics.listen(config.metrics_port)
  const dispatcher = startDispatcher({ db: database.db, temporal, feed, log, hold: () => holdReason(keys.get) })
  const sweeper = setInterval(() => void sweep(services), SWEEP_MS)
  log.info(`API at ${config.tls ? 'https' : 'http'}://${config.host}:${port(server)}`)

  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info(`${signal}: stopping`)
    // Whatever hangs must not keep the process: the row of a job is its outbox, nothing is lost.
    setTimeout(() => process.exit(0), STOP_MS).unref()
    clearInterval(sweeper)
    keys.close()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    metricsServer.close()
    await dispatcher.stop()
    await feed.close()
    setTimeout(() => server.closeAllConnections(), 500).unref()
    await closed
    await temporal.close().catch(() => {})
    await database.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
}

function holdReason(keys: Services['keys']): string | null {
  try {
    keys()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function listen(app: Parameters<typeof createHttpServer>[1], config: Readonly<ApiConfig>): Promise<Server> {
  const server = config.tls
    ? createHttpsServer(
        { cert: readFileSync(config.tls.cert_file), key: readFileSync(config.tls.key_file), minVersion: 'TLSv1.2' },
        app,
      )
    : createHttpServer(app)
  // Uploads of images take long; an idle or slow header is still refused early.
  server.requestTimeout = 0
  server.headersTimeout = 20_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(config.port, config.host, () => resolve(server))
  })
}

function port(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** The database may come up a moment after us. */
async function retried(what: string, log: { warn(text: string): void }, step: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step()
    } catch (error) {
      if (attempt === 30) throw error
      log.warn(`${what} is not ready: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}

async function sweep(services: Services): Promise<void> {
  const { db } = services.database
  const tasks = [
    sweepSecrets(db),
    sweepIdempotencyKeys(db),
    sweepUploads(services),
    sweepLogins(db, KEEP_DAYS),
    sweepSessions(db, KEEP_DAYS),
  ]
  for (const result of await Promise.allSettled(tasks)) {
    if (result.status === 'rejected') services.log.warn({ reason: String(result.reason) }, 'a sweep did not end')
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
