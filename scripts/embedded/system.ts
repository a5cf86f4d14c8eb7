import { apiUrl, askReadiness } from './api-ready.js'
import type { WatchedProcess } from './child.js'
import { endProcess } from './child.js'
import type { Wiring } from './child-environment.js'
import { describeConfig, type SupervisorConfig, withoutPassword } from './config.js'
import type { SupervisorConsole } from './console.js'
import { type ProcessName, survivors } from './data-directory.js'
import { type Endpoints, writeEndpoints } from './endpoints.js'
import { watchFirstPassword } from './first-password.js'
import { type MetricsSource, serveGatheredMetrics } from './metrics.js'
import {
  bringDatabase,
  bringLab,
  bringTemporal,
  isLabWanted,
  migrate,
  type StartContext,
  type TemporalInUse,
} from './parts.js'
import { service } from './services.js'
import { takeOver } from './takeover.js'
import { waitUntil } from './wait-until.js'

export interface RunningSystem {
  endpoints: Endpoints
}

export interface SystemControl {
  /** Brings everything up; resolves when /readyz answers 200. Throws with the reason; call `stop` then. */
  start: () => Promise<RunningSystem>
  /** Stops what was started, in order, within 20 s. Safe at any moment and more than once. */
  stop: () => Promise<void>
  /** SIGKILL for all of it, at once. */
  kill: () => void
}

const STOP_ORDER: ProcessName[] = ['api', 'worker', 'temporal', 'postgres', 'lab']
const STOP_LIMIT_MS = 18_500
const READY_LIMIT_MS = 180_000

/** The embedded form as one thing that can be started and stopped. `onHopeless` is told when a part cannot be kept alive. */
export function createSystem(
  config: SupervisorConfig,
  console: SupervisorConsole,
  version: string,
  onHopeless: (reason: string) => void,
): SystemControl {
  const processes = new Map<ProcessName, WatchedProcess>()
  const atEnd: Array<() => void | Promise<void>> = []
  let stopping: Promise<void> | undefined

  // A part that is made while a stop is already under way must not start any more.
  const created = (process: WatchedProcess) => {
    processes.set(process.spec.name, process)
    if (stopping) process.kill()
  }
  const start = async (): Promise<RunningSystem> => {
    const context = await takeOver(config, console, { created, onHopeless, atEnd: (act) => void atEnd.push(act) })
    const up = await bringParts(context, version)
    return bringServices(context, up, atEnd)
  }
  const stopAll = async () => {
    const limit = setTimeout(() => kill(), STOP_LIMIT_MS)
    for (const name of STOP_ORDER) await processes.get(name)?.stop()
    clearTimeout(limit)
    for (const act of atEnd.splice(0)) await act()
  }
  const kill = () => {
    for (const process of processes.values()) process.kill()
  }
  const stop = () => {
    stopping ??= stopAll()
    return stopping
  }
  return { start, stop, kill }
}

interface PartsUp {
  databaseUrl: string
  temporal: TemporalInUse
  lab: Wiring['lab']
}

/** Database, simulated site and Temporal, side by side as far as they do not need each other. */
async function bringParts(context: StartContext, version: string): Promise<PartsUp> {
  const { config, deps } = context
  let database: Promise<string> | undefined
  const bringOnce = () => {
    database ??= bringDatabase(context)
    return database
  }
  const labWanted = await isLabWanted(config, bringOnce)
  deps.console.open(firstLine(config, version, labWanted))
  deps.console.info(`Configuration: ${describeConfig(config)}`)
  if (!labWanted) await endLeftLab(context)
  const labUp = labWanted ? bringLab(context) : Promise.resolve(undefined)
  const schemaUp = bringOnce().then(async (databaseUrl) => {
    await migrate(context, databaseUrl)
    return databaseUrl
  })
  const temporalUp = bringTemporal(context, labWanted || (config.DEVICE_TIME_SCALE ?? 1) > 1)
  const [lab, databaseUrl, temporal] = await allOrFirstError(labUp, schemaUp, temporalUp)
  return { databaseUrl, temporal, lab }
}

/** Like Promise.all, but waits for all to settle, so that a failed start leaves nothing half-begun behind its back. */
async function allOrFirstError<A, B, C>(a: Promise<A>, b: Promise<B>, c: Promise<C>): Promise<[A, B, C]> {
  await Promise.allSettled([a, b, c])
  return Promise.all([a, b, c])
}

async function endLeftLab(context: StartContext): Promise<void> {
  const left = survivors(context.before).find(({ name }) => name === 'lab')
  if (left) await endProcess(left.identity, 'SIGTERM', 3_000)
  await context.notes.ended('lab')
}

function firstLine(config: SupervisorConfig, version: string, lab: boolean): string {
  const shown = config.LAB_URL ? `the simulated site at ${config.LAB_URL}` : `the simulated site ${config.LAB_SITE}`
  return `Dell Server Manager ${version}${lab ? ` shows ${shown} (LAB): its devices are not real` : ''}. Data in ${config.DATA_DIR}`
}

/** API, worker and metrics; waits for /readyz, then tells where everything is. */
async function bringServices(
  context: StartContext,
  up: PartsUp,
  atEnd: Array<() => void | Promise<void>>,
): Promise<RunningSystem> {
  const { config, ports, deps } = context
  const wiring = await wire(context, up)
  const metricsPort = await ports.named('METRICS_PORT', config.METRICS_PORT)
  const metrics = await serveGatheredMetrics(metricsPort, metricsSources(wiring, up))
  atEnd.push(() => metrics.close())
  const since = Date.now()
  const firstPassword = watchFirstPassword(config.DATA_DIR)
  const [api, worker] = [service('api', config, wiring, deps), service('worker', config, wiring, deps)]
  await Promise.all([api.start(), worker.start()])
  const url = apiUrl(config, wiring.ports.api)
  await waitForReadiness(config, url, deps.console)
  deps.console.step('API and worker are ready', since)
  for (const process of [api, worker]) process.markReady()
  const endpoints = endpointsOf(url, wiring, metricsPort)
  await writeEndpoints(config.DATA_DIR, endpoints)
  announce(deps.console, endpoints, firstPassword())
  return { endpoints }
}

async function wire({ config, ports }: StartContext, up: PartsUp): Promise<Wiring> {
  const chosen = {
    api: await ports.named('PORT', config.PORT, config.HOST),
    media: await ports.named('MEDIA_SERVER_PORT', config.MEDIA_SERVER_PORT, '0.0.0.0'),
    apiMetrics: await ports.any(),
    workerMetrics: await ports.any(),
  }
  return {
    databaseUrl: up.databaseUrl,
    temporalAddress: up.temporal.address,
    temporalUiUrl: up.temporal.uiUrl,
    lab: up.lab,
    ports: chosen,
  }
}

function metricsSources(wiring: Wiring, up: PartsUp): MetricsSource[] {
  const own = [
    { process: 'api', port: wiring.ports.apiMetrics },
    { process: 'worker', port: wiring.ports.workerMetrics },
  ]
  return up.temporal.metricsPort ? [...own, { process: 'temporal', port: up.temporal.metricsPort }] : own
}

async function waitForReadiness(config: SupervisorConfig, url: string, console: SupervisorConsole): Promise<void> {
  let missing = ''
  let toldAt = Date.now()
  const ready = await waitUntil(
    async () => {
      const answer = await askReadiness(config, url)
      missing = answer.missing
      if (!answer.ready && Date.now() - toldAt > 10_000) {
        toldAt = Date.now()
        console.info(`Not ready yet: ${missing}`)
      }
      return answer.ready
    },
    READY_LIMIT_MS,
    60,
  )
  if (!ready) throw new Error(`Not ready after ${READY_LIMIT_MS / 1000} s: ${missing}`)
}

function endpointsOf(url: string, wiring: Wiring, metricsPort: number): Endpoints {
  return {
    api: url,
    temporal: wiring.temporalAddress,
    temporal_ui: wiring.temporalUiUrl ?? null,
    database: withoutPassword(wiring.databaseUrl),
    lab: wiring.lab?.url ?? null,
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    media: `http://127.0.0.1:${wiring.ports.media}`,
  }
}

/** A new key file is announced by the API, which makes it. */
function announce(console: SupervisorConsole, endpoints: Endpoints, firstPassword: string | undefined): void {
  const known = Object.entries(endpoints).filter(([, value]) => value !== null)
  for (const [name, value] of known) console.info(`${name.padEnd(11)} ${value}`)
  if (firstPassword) console.plain(firstPassword)
  console.plain(`READY ${endpoints.api} after ${console.sinceStart}`)
}
