/** Starts the company directories of the site: LDAPS on one port of each address, LDAP with StartTLS on another. */
import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls'
import { directoryAddress, MAX_SHIFT } from '../addresses.js'
import type { Face, LabCore } from '../core.js'
import type { TlsIdentity } from '../keys.js'
import type { SimDirectory } from '../model-directory.js'
import { signInsOf } from '../site/build-directories.js'
import { rememberBelow } from '../tcp-reset.js'
import type { SiteExtras } from '../views.js'
import { serveLdap } from './connection.js'

/** Rejects when an address cannot be bound. */
export async function startLdapFace(core: LabCore): Promise<Face> {
  const sockets = new Set<Socket>()
  const started = await Promise.all(core.state.directories.map(({ name }, index) => listen(core, name, index, sockets)))
  const servers = started.flat()
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    async close() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      dropConnections()
      await Promise.all(closed)
    },
    reset: dropConnections,
    extras: () => ({
      directories: core.state.directories.map((one, index) => shown(one, identityOf(core, one.name, index))),
    }),
  }
}

/** The name in the certificate fits every address the directory may get, so that it holds when the lab moves. */
function identityOf(core: LabCore, name: string, index: number): TlsIdentity {
  const addresses = Array.from({ length: MAX_SHIFT + 1 }, (_, shift) => directoryAddress(shift, index))
  return core.keys.tls(name, { common_name: `${name}.lab.example`, addresses, organisation: 'Lab Example' })
}

async function listen(core: LabCore, name: string, index: number, sockets: Set<Socket>): Promise<Server[]> {
  const directory = (): SimDirectory => {
    const found = core.state.directories.find((one) => one.name === name)
    if (!found) throw new Error(`the site has no directory ${name}`)
    return found
  }
  const { key, cert } = identityOf(core, name, index)
  const context: SecureContext = createSecureContext({ key, cert, minVersion: 'TLSv1.2' })
  const deps = { core, directory, context }
  const take = (socket: Socket): void => {
    if (core.gate.refusesConnection(name)) {
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }
  const secure = createTlsServer({ key, cert, minVersion: 'TLSv1.2' }, (socket) => serveLdap(deps, socket, true))
  secure.on('connection', (socket: Socket) => {
    take(socket)
    rememberBelow(socket)
  })
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  const plain = createServer((socket) => {
    take(socket)
    if (!socket.destroyed) serveLdap(deps, socket, false)
  })
  const { address, port, starttls_port } = directory()
  await Promise.all([bound(secure, address, port), bound(plain, address, starttls_port)])
  return [secure, plain]
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve()
    })
  })
}

function shown(directory: SimDirectory, { cert }: TlsIdentity): SiteExtras['directories'][number] {
  const { address, port, vendor, base_dn, bind_dn, bind_password } = directory
  const url = `ldaps://${address}:${port}`
  return { url, vendor, base_dn, bind_dn, bind_password, ca_pem: cert, users: signInsOf(directory) }
}
