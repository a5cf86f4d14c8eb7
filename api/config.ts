import { join, resolve } from 'node:path'
import { z } from 'zod'

const flag = z
  .enum(['0', '1', 'true', 'false', 'on', 'off'])
  .transform((text) => text === '1' || text === 'true' || text === 'on')
const port = z.coerce.number().int().min(0).max(65_535)

const schema = z.object({
  DATA_DIR: z.string().min(1).default('./.data'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/name'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'must look like 127.0.0.1:7233')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS_CA_FILE: z.string().optional(),
  TEMPORAL_TLS_CERT_FILE: z.string().optional(),
  TEMPORAL_TLS_KEY_FILE: z.string().optional(),
  TEMPORAL_UI_URL: z.url().optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  BEHIND_PROXY: flag.default(false),
  KEK: z.string().optional(),
  KEK_FILE: z.string().optional(),
  SITE: z.string().min(1).default('main'),
  DEVICE_TIME_SCALE: z.coerce.number().min(1).max(100_000).default(1),
  LAB_URL: z.url().optional(),
  ISO_DIRECTORY: z.string().optional(),
  ISO_MAX_STORAGE_GB: z.coerce.number().positive().default(100),
  METRICS_PORT: port.default(9464),
  IDRAC_DEFAULT_USER: z.string().optional(),
  ESXI_DEFAULT_USER: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
})

export interface ApiConfig {
  data_dir: string
  host: string
  port: number
  database_url: string
  temporal: {
    address: string
    namespace: string
    ca_file: string | undefined
    cert_file: string | undefined
    key_file: string | undefined
    ui_url: string | undefined
  }
  tls: { cert_file: string; key_file: string } | null
  behind_proxy: boolean
  kek: string | undefined
  kek_file: string
  site: string
  device_time_scale: number
  lab_in_use: boolean
  /** Files of uploads lie in its folder `uploads` under their storage name. */
  iso_directory: string
  max_storage_bytes: number
  metrics_port: number
  /** Is a default account configured in the environment? The accounts themselves stay with the workers. */
  environment_accounts: { idrac: boolean; esxi: boolean }
  log_level: string
}

/** Reads the environment once. @throws with the variable's name, what was wrong, and an example where there is one */
export function loadApiConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<ApiConfig> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`configuration: ${wrong.join('; ')}`)
  }
  const c = parsed.data
  const data_dir = resolve(c.DATA_DIR)
  const tls = c.TLS_CERT_FILE && c.TLS_KEY_FILE ? { cert_file: c.TLS_CERT_FILE, key_file: c.TLS_KEY_FILE } : null
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(c.HOST) || c.HOST.startsWith('127.')
  if (!loopback && !tls && !c.BEHIND_PROXY) {
    throw new Error('HOST: any other address than loopback needs TLS_CERT_FILE and TLS_KEY_FILE, or BEHIND_PROXY=1')
  }
  return Object.freeze({
    data_dir,
    host: c.HOST,
    port: c.PORT,
    database_url: c.DATABASE_URL,
    temporal: {
      address: c.TEMPORAL_ADDRESS,
      namespace: c.TEMPORAL_NAMESPACE,
      ca_file: c.TEMPORAL_TLS_CA_FILE,
      cert_file: c.TEMPORAL_TLS_CERT_FILE,
      key_file: c.TEMPORAL_TLS_KEY_FILE,
      ui_url: c.TEMPORAL_UI_URL,
    },
    tls,
    behind_proxy: c.BEHIND_PROXY,
    kek: c.KEK,
    kek_file: c.KEK_FILE ?? join(data_dir, 'kek'),
    site: c.SITE,
    device_time_scale: c.DEVICE_TIME_SCALE,
    lab_in_use: c.LAB_URL !== undefined,
    iso_directory: resolve(c.ISO_DIRECTORY ?? join(data_dir, 'isos')),
    max_storage_bytes: c.ISO_MAX_STORAGE_GB * 1024 ** 3,
    metrics_port: c.METRICS_PORT,
    environment_accounts: { idrac: c.IDRAC_DEFAULT_USER !== undefined, esxi: c.ESXI_DEFAULT_USER !== undefined },
    log_level: c.LOG_LEVEL,
  })
}
