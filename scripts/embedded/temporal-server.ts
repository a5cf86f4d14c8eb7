import { join } from 'node:path'
import type { ChildDeps } from './child.js'
import { WatchedProcess } from './child.js'
import { logFolder } from './data-directory.js'
import { openLogFile } from './log-file.js'
import { PROJECT_ROOT } from './project.js'
import { lastLine, runCommand } from './run-command.js'
import type { TemporalBinary } from './temporal-binary.js'
import { waitUntil } from './wait-until.js'

export interface TemporalPlan {
  binary: TemporalBinary
  dataDir: string
  namespace: string
  ports: { grpc: number; ui: number; metrics: number; http: number }
  /** True while devices live faster than real time. */
  shortTimers: boolean
  /** Where Temporal Web has the payloads of histories opened: our API, for a signed-in auditor or admin. */
  codecEndpoint: string
}

/**
 * Command line of the server. WAL doubles its throughput, one task queue partition cuts its worst latencies to a
 * third, and without the short timer shift each timer of some milliseconds takes a full second (all measured).
 */
export function temporalArguments(plan: TemporalPlan): string[] {
  const dynamic = [
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    ...(plan.shortTimers ? ['history.timerProcessorMaxTimeShift="10ms"'] : []),
  ]
  return [
    'server',
    'start-dev',
    ...['--ip', '127.0.0.1', '--port', String(plan.ports.grpc), '--ui-port', String(plan.ports.ui)],
    ...['--metrics-port', String(plan.ports.metrics), '--http-port', String(plan.ports.http)],
    ...['--db-filename', join(plan.dataDir, 'temporal.db'), '--namespace', plan.namespace],
    ...['--ui-codec-endpoint', plan.codecEndpoint],
    ...['--ui-disable-news-fetch', '--log-level', 'error', '--log-format', 'json'],
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...dynamic.flatMap((setting) => ['--dynamic-config-value', setting]),
  ]
}

const READY_MS = 60_000

/** Starts the embedded Temporal server and waits until it serves. Throws with its last words when it does not. */
export async function startTemporal(
  plan: TemporalPlan,
  deps: Omit<ChildDeps, 'log'>,
  env: NodeJS.ProcessEnv,
): Promise<WatchedProcess> {
  const log = openLogFile(join(logFolder(plan.dataDir), 'temporal.log'), () => {})
  const process = new WatchedProcess(
    {
      name: 'temporal',
      command: plan.binary.path,
      args: temporalArguments(plan),
      env: { ...env, TEMPORAL_VERSION_CHECK_DISABLED: '1' },
      cwd: PROJECT_ROOT,
      stopSignal: 'SIGTERM',
      stopMs: 4_000,
    },
    { ...deps, log },
  )
  await process.start()
  const address = `127.0.0.1:${plan.ports.grpc}`
  const serving = await waitUntil(() => isServing(plan.binary.path, address), READY_MS, 50)
  if (!serving)
    throw new Error(`The Temporal server does not serve after ${READY_MS / 1000} s: ${log.tail(5).join(' | ')}`)
  process.markReady()
  return process
}

async function isServing(binary: string, address: string): Promise<boolean> {
  const health = await runCommand(binary, ['operator', 'cluster', 'health', '--address', address], { timeoutMs: 5_000 })
  return health.code === 0 && lastLine(health.output).includes('SERVING')
}
