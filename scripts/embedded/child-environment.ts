import { join } from 'node:path'
import { isoDirectory, type SupervisorConfig } from './config.js'
import type { LabInUse } from './lab.js'

/** What the API and the worker are told; the names are those of the configuration. */
export interface Wiring {
  databaseUrl: string
  temporalAddress: string
  temporalUiUrl: string | undefined
  lab: LabInUse | undefined
  ports: { api: number; media: number; apiMetrics: number; workerMetrics: number }
}

/** Divides times of loopback devices: as configured, else the speed of the lab in use, else 1. */
export function deviceTimeScale(config: SupervisorConfig, lab: LabInUse | undefined): number {
  return config.DEVICE_TIME_SCALE ?? lab?.speed ?? 1
}

/** Environment of a child: what we were given, overlaid with what this start decided. */
export function childEnvironment(config: SupervisorConfig, wiring: Wiring, who: 'api' | 'worker'): NodeJS.ProcessEnv {
  const decided: Record<string, string | undefined> = {
    DATA_DIR: config.DATA_DIR,
    DATABASE_URL: wiring.databaseUrl,
    TEMPORAL_ADDRESS: wiring.temporalAddress,
    TEMPORAL_NAMESPACE: config.TEMPORAL_NAMESPACE,
    TEMPORAL_UI_URL: wiring.temporalUiUrl,
    KEK_FILE: config.KEK ? undefined : keyFile(config),
    HOST: config.HOST,
    PORT: String(wiring.ports.api),
    SITE: config.SITE,
    METRICS_PORT: String(who === 'api' ? wiring.ports.apiMetrics : wiring.ports.workerMetrics),
    MEDIA_SERVER_PORT: String(wiring.ports.media),
    MEDIA_BASE_URL: config.MEDIA_BASE_URL ?? (wiring.lab ? `http://127.0.0.1:${wiring.ports.media}` : undefined),
    ISO_DIRECTORY: isoDirectory(config),
    LAB_URL: wiring.lab?.url,
    DEVICE_TIME_SCALE: String(deviceTimeScale(config, wiring.lab)),
    LOG_LEVEL: config.LOG_LEVEL,
    // The supervisor reads these lines and shows them as its own LOG_FORMAT says.
    LOG_FORMAT: 'json',
  }
  const merged: NodeJS.ProcessEnv = { ...config.inherited, ...decided }
  for (const [name, value] of Object.entries(merged)) if (value === undefined || value === '') delete merged[name]
  return merged
}

/** The key-encryption key: made at the first start unless the operator names another place. */
export const keyFile = (config: SupervisorConfig): string => config.KEK_FILE ?? join(config.DATA_DIR, 'kek')
