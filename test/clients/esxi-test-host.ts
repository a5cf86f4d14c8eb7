import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import ssh2 from 'ssh2'
import type { EsxiConnection } from '../../clients/esxi/connection.js'
import { openEsxiConnection, type SshTarget } from '../../clients/esxi/ssh.js'
import type { CallResult, DeviceCall } from '../../clients/recorder.js'

export interface TestHostOptions {
  /** Methods that are offered after `none`. */
  methods?: ('keyboard-interactive' | 'password' | 'publickey')[]
  password?: string
  /** Public key that may log in. */
  authorized_key?: string
  /** Runs each command; default: a real shell with `bin` first in its path. */
  exec?: (command: string, stream: ssh2.ServerChannel, client: ssh2.Connection) => void
  bin?: string
  host_key?: string
}

export interface TestHost {
  port: number
  /** SHA-256 of the host key, hex. */
  fingerprint: string
  /** Authentication methods that clients tried, in order. */
  attempts: string[]
  commands: string[]
  ptys: number
  recorded: { call: DeviceCall; result: CallResult | null }[]
  connect(options?: Partial<SshTarget>): Promise<EsxiConnection>
  close(): Promise<void>
}

export const newHostKey = (): string => ssh2.utils.generateKeyPairSync('ed25519').private

/** SHA-256 of the public part of a private key, as clients see it. */
export function fingerprintOf(privateKey: string): string {
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error) throw parsed
  return createHash('sha256').update(parsed.getPublicSSH()).digest('hex')
}

function shell(command: string, stream: ssh2.ServerChannel, bin: string | undefined): void {
  const path = `${bin === undefined ? '' : `${bin}:`}${process.env.PATH ?? ''}`
  const child = spawn('/bin/sh', ['-c', command], { env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(stream, { end: false })
  child.stderr.pipe(stream.stderr, { end: false })
  child.on('close', (code) => {
    stream.exit(code ?? 255)
    stream.end()
  })
}

/** Does this public key log in? Without a signature the client only asks whether the key would do. */
function keyFits(context: ssh2.PublicKeyAuthContext, authorizedKey: string): boolean {
  const allowed = ssh2.utils.parseKey(authorizedKey)
  if (allowed instanceof Error || !allowed.getPublicSSH().equals(context.key.data)) return false
  return !context.signature || !context.blob || allowed.verify(context.blob, context.signature) === true
}

function authenticate(context: ssh2.AuthContext, options: TestHostOptions, attempts: string[]): void {
  const methods = options.methods ?? ['keyboard-interactive']
  attempts.push(context.method)
  const settle = (good: boolean): void => (good ? context.accept() : context.reject(methods))
  if (!methods.some((each) => each === context.method)) settle(false)
  else if (context.method === 'password') settle(context.password === options.password)
  else if (context.method === 'publickey') settle(keyFits(context, options.authorized_key ?? ''))
  else if (context.method === 'keyboard-interactive') {
    context.prompt([{ prompt: 'Password: ', echo: false }], 'ESXi', (answers) =>
      settle(answers[0] === options.password),
    )
  } else settle(false)
}

/** A real SSH server on loopback whose commands run in a real shell, and connections of the real client to it. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const hostKey = options.host_key ?? newHostKey()
  const attempts: string[] = []
  const commands: string[] = []
  const recorded: TestHost['recorded'] = []
  const clients = new Set<ssh2.Connection>()
  const host = { ptys: 0 }
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    client.on('authentication', (context) => authenticate(context, options, attempts))
    client.on('session', (accept) => {
      const session = accept()
      session.on('pty', (acceptPty) => {
        host.ptys += 1
        acceptPty?.()
      })
      session.on('exec', (acceptExec, _reject, info) => {
        commands.push(info.command)
        const stream = acceptExec()
        if (options.exec) options.exec(info.command, stream, client)
        else shell(info.command, stream, options.bin)
      })
    })
  })
  const server = createServer({ noDelay: true }, (socket) => ssh.injectSocket(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const recorder: SshTarget['recorder'] = {
    begin: async (call) => {
      const entry: TestHost['recorded'][number] = { call, result: null }
      recorded.push(entry)
      return {
        end: async (result) => {
          entry.result = result
        },
      }
    },
  }
  return {
    port,
    fingerprint: fingerprintOf(hostKey),
    attempts,
    commands,
    get ptys() {
      return host.ptys
    },
    recorded,
    connect: (more = {}) =>
      openEsxiConnection({
        address: '127.0.0.1',
        port,
        username: 'root',
        secret: { kind: 'password', password: options.password ?? '' },
        identity: async () => {},
        recorder,
        ...more,
      }),
    close: async () => {
      for (const client of clients) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
