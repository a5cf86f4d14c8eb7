import { DefaultLogger, type LogLevel, Runtime } from '@temporalio/worker'
import pino, { type Logger } from 'pino'

/** JSON lines with secrets masked by name; the second line of defence, since secrets never get here. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { process: 'worker' },
    redact: { paths: ['password', 'token', '*.password', '*.token', '*.authorization'], censor: '[masked]' },
  })
}

const LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
}

/** Temporal's own runtime: its lines go to our log, its metrics to a port of this process. Once per process. */
export function installRuntime(log: Logger, metrics_port: number): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => log[LEVELS[level]](plain(meta), message)),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metrics_port > 0 ? { metrics: { prometheus: { bindAddress: `127.0.0.1:${metrics_port}` } } } : {}),
    },
  })
}

function plain(meta: unknown): Record<string, unknown> {
  if (typeof meta !== 'object' || meta === null) return {}
  return Object.fromEntries(
    Object.entries(meta).filter(([, value]) => typeof value !== 'object' || value instanceof Error || value === null),
  )
}
