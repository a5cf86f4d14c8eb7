import { networkInterfaces } from 'node:os'
import { z } from 'zod'
import { port, readEnvironment, type SharedConfig, sharedConfig, sharedVariables } from '../config/shared.js'
import { QUEUE_KINDS, type QueueKind } from '../domain/task-queues.js'
import { isLoopback } from '../domain/time-scale.js'

const ROLES = [...QUEUE_KINDS, 'media'] as const

const variables = {
  ...sharedVariables,
  WORKER_ROLES: z.string().default(ROLES.join(',')),
  IDRAC_DEFAULT_PASSWORD: z.string().optional(),
  ESXI_DEFAULT_PASSWORD: z.string().optional(),
  MEDIA_SERVER_PORT: port.default(8888),
  MEDIA_BASE_URL: z.url({ protocol: /^https?$/, error: 'must look like http://10.0.0.10:8888' }).optional(),
  PORT: port.default(8080),
}

export type WorkerRole = QueueKind | 'media'

export interface WorkerConfig extends SharedConfig {
  roles: WorkerRole[]
  defaults: {
    idrac: { username: string; password: string } | null
    esxi: { username: string; password: string } | null
  }
  media_port: number
  /** Where the media server listens: on loopback as long as devices are told to come there, else everywhere. */
  media_host: string
  media_base_url: string | null
  /** Ports of our own parts, as far as this process knows them. */
  own_ports: number[]
}

/** Reads the environment once. @throws with the variable's name, what was wrong, and an example where there is one */
export function loadWorkerConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<WorkerConfig> {
  const c = readEnvironment(variables, environment)
  return Object.freeze({
    ...sharedConfig(c),
    roles: rolesOf(c.WORKER_ROLES),
    defaults: {
      idrac: account(c.IDRAC_DEFAULT_USER, c.IDRAC_DEFAULT_PASSWORD),
      esxi: account(c.ESXI_DEFAULT_USER, c.ESXI_DEFAULT_PASSWORD),
    },
    media_port: c.MEDIA_SERVER_PORT,
    ...mediaPlace(c.MEDIA_BASE_URL, c.MEDIA_SERVER_PORT),
    own_ports: [
      c.PORT,
      c.MEDIA_SERVER_PORT,
      c.METRICS_PORT,
      ...[c.DATABASE_URL, `http://${c.TEMPORAL_ADDRESS}`, c.LAB_URL].flatMap(portOf),
    ],
  })
}

/** Devices are told the address of this machine unless the operator names another one. */
function mediaPlace(given: string | undefined, port: number) {
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)
  const derived = own && port !== 0 ? `http://${own.address}:${port}` : null
  const media_base_url = given?.replace(/\/+$/, '') ?? derived
  const on_loopback = media_base_url === null || isLoopback(new URL(media_base_url).hostname)
  return { media_base_url, media_host: on_loopback ? '127.0.0.1' : '0.0.0.0' }
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
