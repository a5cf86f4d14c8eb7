import { resolve } from 'node:path'
import { z } from 'zod'
import { port, readEnvironment, type SharedConfig, sharedConfig, sharedVariables } from '../config/shared.js'

const flag = z
  .enum(['0', '1', 'true', 'false', 'on', 'off'])
  .transform((text) => text === '1' || text === 'true' || text === 'on')

const variables = {
  ...sharedVariables,
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  TEMPORAL_UI_URL: z.url().optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  BEHIND_PROXY: flag.default(false),
  DEVICE_TIME_SCALE: z.coerce.number().min(1).max(100_000).default(1),
}

export interface ApiConfig extends SharedConfig {
  data_dir: string
  host: string
  port: number
  temporal: SharedConfig['temporal'] & { ui_url: string | undefined }
  tls: { cert_file: string; key_file: string } | null
  behind_proxy: boolean
  device_time_scale: number
  /** Is a default account configured in the environment? The accounts themselves stay with the workers. */
  environment_accounts: { idrac: boolean; esxi: boolean }
}

/** Reads the environment once. @throws with the variable's name, what was wrong, and an example where there is one */
export function loadApiConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<ApiConfig> {
  const c = readEnvironment(variables, environment)
  const shared = sharedConfig(c)
  const tls = c.TLS_CERT_FILE && c.TLS_KEY_FILE ? { cert_file: c.TLS_CERT_FILE, key_file: c.TLS_KEY_FILE } : null
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(c.HOST) || c.HOST.startsWith('127.')
  if (!loopback && !tls && !c.BEHIND_PROXY) {
    throw new Error('HOST: any other address than loopback needs TLS_CERT_FILE and TLS_KEY_FILE, or BEHIND_PROXY=1')
  }
  return Object.freeze({
    ...shared,
    data_dir: resolve(c.DATA_DIR),
    host: c.HOST,
    port: c.PORT,
    temporal: { ...shared.temporal, ui_url: c.TEMPORAL_UI_URL },
    tls,
    behind_proxy: c.BEHIND_PROXY,
    device_time_scale: c.DEVICE_TIME_SCALE,
    environment_accounts: { idrac: c.IDRAC_DEFAULT_USER !== undefined, esxi: c.ESXI_DEFAULT_USER !== undefined },
  })
}
