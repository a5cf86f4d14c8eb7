import { join, resolve } from 'node:path'
import { z } from 'zod'
import { QUEUE_KINDS, type QueueKind } from '../domain/task-queues.js'

const port = z.coerce.number().int().min(0).max(65_535)
const ROLES = [...QUEUE_KINDS, 'media'] as const

const schema = z.object({
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
  WORKER_ROLES: z.string().default(ROLES.join(',')),
  LAB_URL: z.url().optional(),
  IDRAC_DEFAULT_USER: z.string().optional(),
  IDRAC_DEFAULT_PASSWORD: z.string().optional(),
  ESXI_DEFAULT_USER: z.string().optional(),
  ESXI_DEFAULT_PASSWORD: z.string().optional(),
  ISO_DIRECTORY: z.string().optional(),
  ISO_MAX_STORAGE_GB: z.coerce.number().positive().default(100),
  MEDIA_SERVER_PORT: port.default(8888),
  MEDIA_BASE_URL: z.string().optional(),
  METRICS_PORT: port.default(9464),
  PORT: port.default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
})

export type WorkerRole = QueueKind | 'media'

export interface WorkerConfig {
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
  roles: WorkerRole[]
  lab_in_use: boolean
  defaults: {
    idrac: { username: string; password: string } | null
    esxi: { username: string; password: string } | null
  }
  iso_directory: string
  max_storage_bytes: number
  media_port: number
  media_base_url: string | null
  metrics_port: number
  /** Ports of our own parts, as far as this process knows them. */
  own_ports: number[]
  log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
}

const GIB = 1024 ** 3

/** Reads the environment once. @throws with the variable's name, what was wrong, and an example where there is one */
export function loadWorkerConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<WorkerConfig> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    throw new Error(
      `configuration: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    )
  }
  const c = parsed.data
  const data_dir = resolve(c.DATA_DIR)
  return Object.freeze({
    database_url: c.DATABASE_URL,
    temporal: {
      address: c.TEMPORAL_ADDRESS,
      namespace: c.TEMPORAL_NAMESPACE,
      ca_file: c.TEMPORAL_TLS_CA_FILE,
      cert_file: c.TEMPORAL_TLS_CERT_FILE,
      key_file: c.TEMPORAL_TLS_KEY_FILE,
    },
    kek: c.KEK,
    kek_file: c.KEK_FILE ?? join(data_dir, 'kek'),
    site: c.SITE,
    roles: rolesOf(c.WORKER_ROLES),
    lab_in_use: c.LAB_URL !== undefined,
    defaults: {
      idrac: account(c.IDRAC_DEFAULT_USER, c.IDRAC_DEFAULT_PASSWORD),
      esxi: account(c.ESXI_DEFAULT_USER, c.ESXI_DEFAULT_PASSWORD),
    },
    iso_directory: resolve(c.ISO_DIRECTORY ?? join(data_dir, 'isos')),
    max_storage_bytes: c.ISO_MAX_STORAGE_GB * GIB,
    media_port: c.MEDIA_SERVER_PORT,
    media_base_url: c.MEDIA_BASE_URL ?? null,
    metrics_port: c.METRICS_PORT,
    own_ports: [
      c.PORT,
      c.MEDIA_SERVER_PORT,
      c.METRICS_PORT,
      ...[c.DATABASE_URL, `http://${c.TEMPORAL_ADDRESS}`, c.LAB_URL].flatMap(portOf),
    ],
    log_level: c.LOG_LEVEL,
  })
}

function portOf(url: string | undefined): number[] {
  const port = url === undefined ? '' : new URL(url).port
  return port === '' ? [] : [Number(port)]
}

function rolesOf(text: string): WorkerRole[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)
  const unknown = words.filter((word) => !(ROLES as readonly string[]).includes(word))
  if (unknown.length > 0)
    throw new Error(
      `configuration: WORKER_ROLES: ${unknown.join(', ')} is no role; roles are ${ROLES.join(', ')}. Example: wf,core`,
    )
  return words as WorkerRole[]
}

const account = (username: string | undefined, password: string | undefined) =>
  username && password ? { username, password } : null
