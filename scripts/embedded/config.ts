import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'

/** Everything the supervisor was told, after validation. Ports are as written; 0 means any free one. */
export type SupervisorConfig = z.infer<typeof schema> & {
  /** The environment that children start from; never printed. */
  readonly inherited: NodeJS.ProcessEnv
}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const text = z.string().min(1).optional()
const url = (protocols: RegExp) => z.url({ protocol: protocols }).optional()

const schema = z.object({
  DATA_DIR: z.string().min(1).default('./.data'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port(8080),
  TLS_CERT_FILE: text,
  TLS_KEY_FILE: text,
  BEHIND_PROXY: z.enum(['0', '1']).default('0'),
  DATABASE_URL: url(/^postgres(ql)?$/),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d{1,5}$/, 'is not host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS_CA_FILE: text,
  TEMPORAL_TLS_CERT_FILE: text,
  TEMPORAL_TLS_KEY_FILE: text,
  TEMPORAL_CLI_PATH: text,
  TEMPORAL_UI_PORT: port(8233),
  TEMPORAL_UI_URL: url(/^https?$/),
  LAB: z.enum(['auto', 'on', 'off']).default('auto'),
  LAB_URL: url(/^http$/),
  LAB_SITE: z
    .string()
    .regex(/^(small|medium|small:\d{1,2}|fleet:\d{1,5})$/, 'is not a site')
    .default('small'),
  LAB_SPEED: z.coerce.number().positive().max(100_000).default(100),
  LAB_SEED: z.coerce.number().int().min(0).default(1),
  LAB_PORT: port(8090),
  DEVICE_TIME_SCALE: z.coerce.number().positive().optional(),
  KEK_FILE: text,
  KEK: text,
  ISO_DIRECTORY: text,
  MEDIA_SERVER_PORT: port(8888),
  MEDIA_BASE_URL: url(/^https?$/),
  WORKER_ROLES: text,
  SITE: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'is not a site name')
    .default('main'),
  METRICS_PORT: port(9464),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
})

const EXAMPLES: Record<keyof typeof schema.shape, string> = {
  DATA_DIR: '/var/lib/dsm',
  HOST: '127.0.0.1',
  PORT: '8080',
  TLS_CERT_FILE: '/etc/dsm/tls.crt',
  TLS_KEY_FILE: '/etc/dsm/tls.key',
  BEHIND_PROXY: '1',
  DATABASE_URL: 'postgres://dsm:PASSWORD@db.example:5432/dsm',
  TEMPORAL_ADDRESS: 'temporal.example:7233',
  TEMPORAL_NAMESPACE: 'default',
  TEMPORAL_TLS_CA_FILE: '/etc/dsm/temporal-ca.crt',
  TEMPORAL_TLS_CERT_FILE: '/etc/dsm/temporal.crt',
  TEMPORAL_TLS_KEY_FILE: '/etc/dsm/temporal.key',
  TEMPORAL_CLI_PATH: '/opt/temporal/temporal',
  TEMPORAL_UI_PORT: '8233',
  TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
  LAB: 'auto, on or off',
  LAB_URL: 'http://127.0.0.1:8090',
  LAB_SITE: 'small, small:16, medium or fleet:1000',
  LAB_SPEED: '100',
  LAB_SEED: '1',
  LAB_PORT: '8090',
  DEVICE_TIME_SCALE: '1',
  KEK_FILE: '/etc/dsm/kek',
  KEK: '32 bytes in base64',
  ISO_DIRECTORY: '/srv/dsm/isos',
  MEDIA_SERVER_PORT: '8888',
  MEDIA_BASE_URL: 'http://10.0.0.10:8888',
  WORKER_ROLES: 'wf,core,redfish',
  SITE: 'main',
  METRICS_PORT: '9464',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'pretty or json',
}

/** A variable that cannot be used. The message is one line: name, what is wrong, an example; never the value of a secret. */
export class ConfigError extends Error {
  constructor(variable: string, wrong: string, example: string) {
    super(`${variable} ${wrong}. Example: ${variable}=${example}`)
    this.name = 'ConfigError'
  }
}

/** Reads the configuration of the embedded form once. Empty variables count as absent. Throws {@link ConfigError}. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): SupervisorConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw firstProblem(parsed.error)
  const config = { ...parsed.data, DATA_DIR: resolve(parsed.data.DATA_DIR), inherited: environment }
  checkTogether(config)
  return Object.freeze(config)
}

function firstProblem(error: z.ZodError): ConfigError {
  const issue = error.issues[0]
  const name = String(issue?.path[0] ?? 'configuration') as keyof typeof EXAMPLES
  const message = issue?.message ?? 'cannot be used'
  const wrong = message.startsWith('is ') ? message : `cannot be used (${message})`
  return new ConfigError(name, wrong, EXAMPLES[name] ?? '')
}

/** Rules about several variables at once. */
function checkTogether(config: z.infer<typeof schema>): void {
  const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(config.HOST)
  const guarded = (config.TLS_CERT_FILE && config.TLS_KEY_FILE) || config.BEHIND_PROXY === '1'
  if (!loopback && !guarded) {
    throw new ConfigError(
      'HOST',
      'is not a loopback address and needs TLS_CERT_FILE with TLS_KEY_FILE, or BEHIND_PROXY=1',
      '127.0.0.1',
    )
  }
  for (const name of ['KEK_FILE', 'ISO_DIRECTORY'] as const) {
    const path = config[name]
    if (path && !isAbsolute(path)) throw new ConfigError(name, 'is not an absolute path', EXAMPLES[name])
  }
}

/** One line for the log: what differs from the defaults matters, secrets are masked. */
export function describeConfig(config: SupervisorConfig): string {
  const { inherited: _, ...plain } = config
  return Object.entries(plain)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${redact(name, String(value))}`)
    .join(' ')
}

function redact(name: string, value: string): string {
  if (name === 'KEK') return '***'
  if (!name.endsWith('URL')) return value
  return withoutPassword(value)
}

/** A URL as it may be shown: user and password left out. */
export function withoutPassword(value: string): string {
  const parsed = new URL(value)
  parsed.username = ''
  parsed.password = ''
  return parsed.toString().replace(/\/$/, '')
}

/** Where ISO images lie when ISO_DIRECTORY does not say. */
export const isoDirectory = (config: SupervisorConfig): string => config.ISO_DIRECTORY ?? join(config.DATA_DIR, 'isos')
