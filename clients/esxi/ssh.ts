import { createHash } from 'node:crypto'
import { Client } from 'ssh2'
import { DeviceError } from '../errors.js'
import type { IdentityCheck } from '../identity.js'
import type { CallRecorder } from '../recorder.js'
import type { CommandOutput, EsxiCommand, EsxiConnection, RunOptions } from './connection.js'
import { connectError } from './errors.js'
import { type AuthProgress, type SshSecret, singleAttempt } from './ssh-auth.js'
import { execute } from './ssh-exec.js'

/** Which host, who we are, how it is recognised. There is no connection without `identity` and `recorder`. */
export interface SshTarget {
  address: string
  port: number
  username: string
  secret: SshSecret
  identity: IdentityCheck
  recorder: CallRecorder
  /** TCP connection, key exchange and login together; default 25,000. */
  connect_timeout_ms?: number
  signal?: AbortSignal
}

const CONNECT_TIMEOUT_MS = 25_000
const KEEPALIVE_MS = 15_000

/** Name of the algorithm: the first text inside a public key blob. */
function keyAlgorithm(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0
  return key.subarray(4, 4 + Math.min(length, 64)).toString('latin1')
}

/** Compares the host key before anything secret is sent. ssh2 by itself would accept any key. */
function hostVerifier(check: IdentityCheck, onRefusal: (error: unknown) => void) {
  return (key: Buffer, verified: (valid: boolean) => void): void => {
    const sha256 = createHash('sha256').update(key).digest('hex')
    check({ protocol: 'ssh', sha256, algorithm: keyAlgorithm(key), trusted_by_ca: false }).then(
      () => verified(true),
      (error: unknown) => {
        onRefusal(error)
        verified(false)
      },
    )
  }
}

function refusalOf(error: unknown): DeviceError {
  if (error instanceof DeviceError) return error
  return new DeviceError(
    'ProtocolError',
    'The host key could not be checked',
    { sent: false, answered: false },
    { cause: error },
  )
}

function connect(target: SshTarget): Promise<Client> {
  const client = new Client()
  const progress: AuthProgress = { tried: null, offered: [] }
  let refusal: DeviceError | null = null
  return new Promise<Client>((resolve, reject) => {
    const fail = (error: unknown): void => {
      client.destroy()
      reject(refusal ?? connectError(error, progress))
    }
    const onAbort = (): void =>
      fail(new DeviceError('Cancelled', 'The connection was given up on demand', { sent: false, answered: false }))
    if (target.signal?.aborted) return onAbort()
    target.signal?.addEventListener('abort', onAbort, { once: true })
    client.on('error', fail)
    client.once('close', () => fail(new Error('The host closed the connection')))
    client.once('ready', () => {
      target.signal?.removeEventListener('abort', onAbort)
      resolve(client)
    })
    client.connect({
      host: target.address,
      port: target.port,
      username: target.username,
      readyTimeout: target.connect_timeout_ms ?? CONNECT_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: 4,
      hostVerifier: hostVerifier(target.identity, (error) => {
        refusal = refusalOf(error)
      }),
      authHandler: singleAttempt(target.username, target.secret, progress),
    })
    // Small packets that answer each other: held back for the other side's delayed acknowledgement each costs 40 ms.
    client.setNoDelay(true)
  })
}

async function recordedConnect(target: SshTarget, url: string): Promise<Client> {
  const call = await target.recorder.begin({
    protocol: 'ssh',
    command_type: 'SSH',
    endpoint: 'login',
    full_url: url,
    mutation: false,
  })
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  try {
    const client = await connect(target)
    await call.end({ success: true, outcome: 'ok', response_time_ms: elapsed() })
    return client
  } catch (error) {
    const answered = error instanceof DeviceError && error.facts.answered
    const error_message = error instanceof DeviceError ? `${error.code}: ${error.message}` : 'failed'
    const outcome = answered ? 'refused' : 'failed'
    await call.end({ success: false, outcome, response_time_ms: elapsed(), error_message })
    throw error
  }
}

class Connection implements EsxiConnection {
  readonly address: string
  readonly port: number
  /** Ends when the connection does, from either side. */
  readonly #closed: Promise<void>

  constructor(
    private readonly client: Client,
    private readonly target: SshTarget,
    private readonly url: string,
  ) {
    this.address = target.address
    this.port = target.port
    this.#closed = new Promise((resolve) => client.once('close', () => resolve()))
  }

  async run(command: EsxiCommand, options: RunOptions = {}): Promise<CommandOutput> {
    return await execute(this.client, this.target.recorder, this.url, command, options)
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(() => {
        this.client.destroy()
        resolve()
      }, 2_000)
      void this.#closed.then(() => {
        clearTimeout(giveUp)
        resolve()
      })
      this.client.end()
    })
  }
}

/**
 * Connects and logs in, with exactly one attempt: five wrong ones lock the account of the host for a quarter of an hour.
 * @throws DeviceError `SshUnavailable` (service off, method not offered), `AuthFailed`, `SshIdentity…`, `DeviceUnreachable`.
 */
export async function openEsxiConnection(target: SshTarget): Promise<EsxiConnection> {
  const url = `ssh://${target.username}@${target.address}:${target.port}`
  return new Connection(await recordedConnect(target, url), target, url)
}
