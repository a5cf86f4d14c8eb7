import { createHash } from 'node:crypto'
import { Client } from 'ssh2'
import type { SimHost } from '../../lab/model-vsphere.js'

export interface ExecResult {
  out: string
  err: string
  /** exit code; null where the connection was lost before one came */
  code: number | null
}

/** An SSH connection to a simulated host, the tests' own; rejects with ssh2's error. */
export class HostShell {
  private constructor(
    private readonly client: Client,
    readonly fingerprint: string,
  ) {}

  static connect(
    host: SimHost,
    password = host.ssh.password,
    method: 'keyboard-interactive' | 'password' = 'keyboard-interactive',
  ): Promise<HostShell> {
    const client = new Client()
    let fingerprint = ''
    return new Promise((resolve, reject) => {
      client.on('keyboard-interactive', (_name, _instructions, _lang, prompts, finish) =>
        finish(prompts.map(() => password)),
      )
      client.once('ready', () => resolve(new HostShell(client, fingerprint)))
      client.once('error', reject)
      client.connect({
        host: host.ssh.address,
        port: host.ssh.port,
        username: host.ssh.username,
        password,
        tryKeyboard: method === 'keyboard-interactive',
        authHandler: [method],
        hostVerifier: (key: Buffer) => {
          fingerprint = createHash('sha256').update(key).digest('base64')
          return true
        },
      })
    })
  }

  exec(command: string): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      const result: ExecResult = { out: '', err: '', code: null }
      this.client.once('close', () => resolve(result))
      this.client.exec(command, (error, channel) => {
        if (error) {
          reject(error)
          return
        }
        channel.on('data', (chunk: Buffer) => {
          result.out += chunk.toString()
        })
        channel.stderr.on('data', (chunk: Buffer) => {
          result.err += chunk.toString()
        })
        channel.on('exit', (code: number | null) => {
          result.code = code
        })
        channel.on('close', () => resolve(result))
      })
    })
  }

  end(): void {
    this.client.on('error', () => undefined)
    this.client.end()
  }
}
