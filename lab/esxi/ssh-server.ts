import { createServer, type Socket } from 'node:net'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import type { LabCore } from '../core.js'
import type { ClientConnection, Verdict } from '../gate.js'
import type { SimHost } from '../model-vsphere.js'
import { changesHost, createMachine } from './machine.js'
import type { ProcessTable } from './process-table.js'
import { authenticate } from './ssh-login.js'

/** A listening sshd. */
export interface SshListener {
  /** Stops listening and ends all connections; processes go on. */
  close(): Promise<void>
}

/** What ESXi 8 names itself. */
const IDENT = 'OpenSSH_9.8'
/** A connection that is lost in the middle of an update, by personality: after this much simulated time. */
const LOST_AFTER_MS = 45_000

/** Opens the sshd of a host; rejects when the address cannot be bound. */
export function listenSsh(core: LabCore, host: SimHost, processes: ProcessTable): Promise<SshListener> {
  const sockets = new Set<Socket>()
  const ssh = new ssh2.Server({ hostKeys: [core.keys.sshHostKey(host.name)], ident: IDENT }, (client) => {
    serveClient(core, host.name, processes, client)
  })
  // As sshd does: the small packets of a login are not held back.
  const server = createServer({ noDelay: true }, (socket) => {
    if (core.gate.refusesConnection(host.name)) {
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    ssh.injectSocket(socket)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: host.ssh.address, port: host.ssh.port }, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve({
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}

function serveClient(core: LabCore, hostName: string, processes: ProcessTable, client: Connection): void {
  let closed = false
  const listeners = new Set<() => void>()
  client.on('close', () => {
    closed = true
    for (const listener of [...listeners]) listener()
  })
  // A client that breaks off is the client's business.
  client.on('error', () => undefined)
  client.on('authentication', (context) => authenticate(core, core.find.host(hostName), context))
  const connection: ClientConnection = {
    get closed() {
      return closed
    },
    onClose(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  client.on('session', (accept) => {
    const session = accept()
    session.on('pty', (_accept, reject) => reject?.())
    session.on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec()
      loseConnection(core, core.find.host(hostName), command, client)
      execute(core, hostName, processes, command, connection)
        .then((verdict) => deliver(client, channel, verdict))
        .catch((error: unknown) => {
          console.error(`ESXi ${hostName}: ${command}:`, error)
          client.end()
        })
    })
  })
}

async function execute(
  core: LabCore,
  hostName: string,
  processes: ProcessTable,
  command: string,
  connection: ClientConnection,
): Promise<Verdict> {
  const mutation = changesHost(command)
  return core.gate.handle(
    { device: hostName, kind: 'ssh', method: 'EXEC', path: command, mutation, connection },
    async () => {
      let body = ''
      let stderr = ''
      const streams = {
        input: '',
        out(text: string) {
          body += text
        },
        err(text: string) {
          stderr += text
        },
      }
      const status = await processes.start(command, streams, (tree) => createMachine(core, hostName, processes, tree))
      return { status, body, stderr, ...(mutation ? { effect: `exit ${status}` } : {}) }
    },
  )
}

/** By personality the first connection that starts an update is lost; the update goes on. */
function loseConnection(core: LabCore, host: SimHost, command: string, client: Connection): void {
  if (!core.flags(host.name).ssh_lost_mid_update || !changesHost(command) || host.face.ssh_was_lost === true) return
  host.face.ssh_was_lost = true
  core.clock.after(LOST_AFTER_MS, () => client.end())
}

function deliver(client: Connection, channel: ServerChannel, { answer, delivery }: Verdict): void {
  if (delivery.how === 'stall') return
  if (delivery.how === 'close') {
    client.end()
    return
  }
  const body = Buffer.from(answer.body)
  if (delivery.how === 'reset' || delivery.how === 'truncate') {
    channel.write(body.subarray(0, delivery.how === 'reset' ? delivery.after_bytes : body.length >> 1))
    client.end()
    return
  }
  if (answer.stderr) channel.stderr.write(answer.stderr)
  channel.write(body, () => {
    channel.exit(answer.status)
    channel.end()
  })
}
