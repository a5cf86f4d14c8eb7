import { apiUrl } from './api-ready.js'
import type { ChildDeps } from './child.js'
import type { SupervisorConfig } from './config.js'
import type { RunNotes, RunState } from './data-directory.js'
import { survivors } from './data-directory.js'
import { adoptLab, type LabInUse, startEmbeddedLab, useRunningLab } from './lab.js'
import { runScript } from './one-shot.js'
import type { PortChooser } from './ports.js'
import { type EmbeddedPostgres, hasRealDevices, startPostgres } from './postgres.js'
import { clusterExists } from './postgres-cluster.js'
import { findTemporalBinary } from './temporal-binary.js'
import { startTemporal } from './temporal-server.js'

/** What every part of a start needs. */
export interface StartContext {
  config: SupervisorConfig
  ports: PortChooser
  deps: Omit<ChildDeps, 'log'>
  notes: RunNotes
  /** What an earlier start left running. */
  before: RunState
}

/** The database: the site's own, or PostgreSQL embedded under DATA_DIR. */
export async function bringDatabase(context: StartContext): Promise<string> {
  const { config, ports, deps } = context
  if (config.DATABASE_URL) return config.DATABASE_URL
  const since = Date.now()
  const postgres: EmbeddedPostgres = await startPostgres(config.DATA_DIR, ports, deps)
  deps.console.step(postgres.adopted ? 'PostgreSQL was still running and is used' : 'PostgreSQL started', since)
  return postgres.databaseUrl
}

/** Applies the migrations in a process of its own. Throws StepFailed. */
export async function migrate(context: StartContext, databaseUrl: string): Promise<void> {
  const since = Date.now()
  await runScript('scripts/migrate.ts', [], { ...context.config.inherited, DATABASE_URL: databaseUrl }, 120_000)
  context.deps.console.step('Database schema is current', since)
}

/**
 * Is the simulated site shown? LAB_URL and LAB decide; `auto` shows it while nothing external is configured and no
 * device off loopback is registered, for which an existing database has to be asked first.
 */
export async function isLabWanted(config: SupervisorConfig, database: () => Promise<string>): Promise<boolean> {
  if (config.LAB_URL) return true
  if (config.LAB !== 'auto') return config.LAB === 'on'
  if (config.DATABASE_URL || config.TEMPORAL_ADDRESS) return false
  return !clusterExists(config.DATA_DIR) || !(await hasRealDevices(await database()))
}

/** The simulated site: one that runs already (LAB_URL), one that an earlier start left, or a new one. */
export async function bringLab(context: StartContext): Promise<LabInUse> {
  const { config, deps, notes, ports, before } = context
  if (config.LAB_URL) return useRunningLab(config.LAB_URL)
  const since = Date.now()
  const left = survivors(before).find(({ name }) => name === 'lab')
  const adopted = left && (await adoptLab(left.identity, before, config, deps))
  const lab =
    adopted ?? (await startEmbeddedLab({ config, port: await ports.named('LAB_PORT', config.LAB_PORT) }, deps, notes))
  deps.console.step(
    `Simulated site ${config.LAB_SITE} ${adopted ? 'was still running and is used' : 'started'}, ${lab.speed} times real speed`,
    since,
  )
  return lab
}

export interface TemporalInUse {
  address: string
  uiUrl: string | undefined
  metricsPort: number | undefined
}

/** The Temporal server: the site's own, or the development server embedded; its namespace is made ready either way. */
export async function bringTemporal(context: StartContext, shortTimers: boolean): Promise<TemporalInUse> {
  const { config } = context
  const temporal = config.TEMPORAL_ADDRESS
    ? { address: config.TEMPORAL_ADDRESS, uiUrl: config.TEMPORAL_UI_URL, metricsPort: undefined }
    : await embedTemporal(context, shortTimers)
  const since = Date.now()
  const tls = [config.TEMPORAL_TLS_CA_FILE, config.TEMPORAL_TLS_CERT_FILE, config.TEMPORAL_TLS_KEY_FILE].filter(
    (file) => file !== undefined,
  )
  await runScript(
    'scripts/temporal-setup.ts',
    [temporal.address, config.TEMPORAL_NAMESPACE, ...tls],
    config.inherited,
    120_000,
  )
  context.deps.console.step(`Temporal namespace ${config.TEMPORAL_NAMESPACE} is ready`, since)
  return temporal
}

async function embedTemporal(context: StartContext, shortTimers: boolean): Promise<TemporalInUse> {
  const { config, deps, ports } = context
  const since = Date.now()
  const binary = await findTemporalBinary({
    cliPath: config.TEMPORAL_CLI_PATH,
    searchPath: config.inherited.PATH,
    onAttempt: (text) => deps.console.info(text),
  })
  const chosen = {
    grpc: await ports.any(),
    ui: await ports.named('TEMPORAL_UI_PORT', config.TEMPORAL_UI_PORT),
    metrics: await ports.any(),
    http: await ports.any(),
  }
  const apiPort = await ports.named('PORT', config.PORT, config.HOST)
  const codecEndpoint = `${apiUrl(config, apiPort)}/codec`
  const plan = {
    binary,
    dataDir: config.DATA_DIR,
    namespace: config.TEMPORAL_NAMESPACE,
    ports: chosen,
    shortTimers,
    codecEndpoint,
  }
  await startTemporal(plan, deps, config.inherited)
  deps.console.step(
    `Temporal server started: ${binary.version}, from ${binary.source}; a development server, not for production`,
    since,
  )
  return { address: `127.0.0.1:${chosen.grpc}`, uiUrl: `http://127.0.0.1:${chosen.ui}`, metricsPort: chosen.metrics }
}
