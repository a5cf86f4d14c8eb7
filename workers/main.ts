import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { endOrphanSessions } from '../activities/orphan-sessions.js'
import { openDatabase } from '../db/connect.js'
import { hasDataKeys, openKeyRing } from '../db/crypto.js'
import { loadKek } from '../db/key-file.js'
import { createPayloadCodec } from '../db/payload-codec.js'
import { holdWorkerPresence } from '../db/worker-presence.js'
import { failureConverterPath } from './bundle.js'
import { loadWorkerConfig } from './config.js'
import { connectTemporal, createTemporalClient } from './connect.js'
import { createDeps } from './deps.js'
import { createLogger, installRuntime } from './logger.js'
import { startMediaServer } from './media-server.js'
import { runAll } from './run-all.js'
import { createWorkers } from './run-workers.js'
import { ensureSchedules } from './schedules.js'

/** Composition root of a worker process: one set of Temporal workers for the roles and the site of its configuration. */
async function main(): Promise<void> {
  const config = loadWorkerConfig()
  const log = createLogger(config.log_level)
  installRuntime(log, config.metrics_port)
  const stopping = new AbortController()
  process.once('SIGTERM', () => stopping.abort())
  process.once('SIGINT', () => stopping.abort())

  const worker_id = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  const database = openDatabase({
    url: config.database_url,
    application_name: 'dsm-worker',
    max_connections: 20,
    onIdleError: (error) => log.warn({ reason: error.message }, 'a database connection was lost'),
  })
  const keys = await untilThere(
    'the database',
    log,
    () => stopping.signal.aborted,
    async () => openKeyRing(database.db, loadKek(config, await hasDataKeys(database.db))),
  )
  const presence = await untilThere(
    'the database',
    log,
    () => stopping.signal.aborted,
    () => holdWorkerPresence(config.database_url, worker_id),
  )
  const codec = createPayloadCodec({ current: { kid: keys.kek_id, key: keys.deriveKey('temporal-payload') } })
  const dataConverter = { payloadCodecs: [codec], failureConverterPath }
  const temporal = createTemporalClient(config, dataConverter)
  const { deps, close } = createDeps({ config, database, keys, presence, temporal, log })
  const media = config.roles.includes('media')
    ? await startMediaServer(
        { db: database.db, iso_directory: config.iso_directory, log },
        config.media_host,
        config.media_port,
      )
    : null
  const connection = await connectTemporal(config, log, () => stopping.signal.aborted)
  const workers = await createWorkers(config, deps, connection, dataConverter)
  if (config.roles.includes('wf'))
    void untilThere(
      'Temporal',
      log,
      () => stopping.signal.aborted,
      () => ensureSchedules(temporal),
    ).catch(() => undefined)
  const orphans = setInterval(() => void endOrphanSessions(deps), 5_000)
  log.info({ worker_id, roles: config.roles, site: config.site }, 'worker ready')
  try {
    await runAll(workers, stopping.signal)
  } finally {
    clearInterval(orphans)
    await close()
    media?.close()
    await connection.close().catch(() => undefined)
    await presence.close()
    await database.close()
  }
}

/** Repeats until it works: a worker outlives its database and Temporal, it never dies of their absence. */
async function untilThere<T>(
  what: string,
  log: { warn(fields: object, text: string): void },
  stopped: () => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let pause = 100; ; pause = Math.min(2_000, pause * 2)) {
    try {
      return await attempt()
    } catch (thrown) {
      const final = thrown instanceof Error && (thrown.name === 'KeyUnavailable' || /key file|KEK/.test(thrown.message))
      if (stopped() || final) throw thrown
      log.warn({ reason: String(thrown).split('\n')[0] }, `${what} does not answer yet; trying again`)
      await sleep(pause)
    }
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
