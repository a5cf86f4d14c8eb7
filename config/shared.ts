import { join, resolve } from 'node:path'
import { z } from 'zod'

/* Environment variables that API and workers read alike, so that both mean the same by them. */

export const port = z.coerce.number().int().min(0).max(65_535)

export const sharedVariables = {
  DATA_DIR: z.string().min(1).default('./.data'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must look like postgres://user:password@host:5432/name'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'must look like 127.0.0.1:7233')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS_CA_FILE: z.string().optional(),
  TEMPORAL_TLS_CERT_FILE: z.string().optional(),
  TEMPORAL_TLS_KEY_FILE: z.string().optional(),
  KEK: z.string().optional(),
  KEK_FILE: z.string().optional(),
  SITE: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits and dashes, e.g. berlin-2')
    .default('main'),
  LAB_URL: z.url().optional(),
  IDRAC_DEFAULT_USER: z.string().optional(),
  ESXI_DEFAULT_USER: z.string().optional(),
  ISO_DIRECTORY: z.string().optional(),
  ISO_MAX_STORAGE_GB: z.coerce.number().positive().default(100),
  METRICS_PORT: port.default(9464),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
}

export interface SharedConfig {
  database_url: string
  temporal: {
    address: string
    namespace: string
    ca_file: string | undefined
    cert_file: string | undefined
    key_file: string | undefined
  }
  kek: string | undefined
  kek_file: string
  site: string
  lab_in_use: boolean
  /** Files of uploads lie in its folder `uploads` under their storage name. */
  iso_directory: string
  max_storage_bytes: number
  metrics_port: number
  log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
}

/**
 * Reads environment variables by a schema; an empty one counts as absent.
 * @throws with each variable's name, what was wrong, and an example where there is one
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: NodeJS.ProcessEnv,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = z.object(shape).safeParse(given)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`configuration: ${wrong.join('; ')}`)
}

const GIB = 1024 ** 3

/** What both processes make of the shared variables. */
export function sharedConfig(variables: z.output<z.ZodObject<typeof sharedVariables>>): SharedConfig {
  const data_dir = resolve(variables.DATA_DIR)
  return {
    database_url: variables.DATABASE_URL,
    temporal: {
      address: variables.TEMPORAL_ADDRESS,
      namespace: variables.TEMPORAL_NAMESPACE,
      ca_file: variables.TEMPORAL_TLS_CA_FILE,
      cert_file: variables.TEMPORAL_TLS_CERT_FILE,
      key_file: variables.TEMPORAL_TLS_KEY_FILE,
    },
    kek: variables.KEK,
    kek_file: variables.KEK_FILE ?? join(data_dir, 'kek'),
    site: variables.SITE,
    lab_in_use: variables.LAB_URL !== undefined,
    iso_directory: resolve(variables.ISO_DIRECTORY ?? join(data_dir, 'isos')),
    max_storage_bytes: variables.ISO_MAX_STORAGE_GB * GIB,
    metrics_port: variables.METRICS_PORT,
    log_level: variables.LOG_LEVEL,
  }
}
