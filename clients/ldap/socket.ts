import { isIP, type Socket, connect as tcpConnect } from 'node:net'
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { DeviceError } from '../errors.js'
import type { IdentityCheck, SeenIdentity } from '../identity.js'
import { describeCertificate } from '../tls-connector.js'
import { misconfigured } from './refusals.js'

export interface DirectoryPlace {
  server: string
  port: number
  ca_pem: string | null
  connect_timeout_ms: number
  identity: IdentityCheck
}

/** TLS as the directory is asked for it: at least 1.2, name and chain judged by {@link checkPeer}, not by a default. */
export function tlsOptions({ server, ca_pem }: DirectoryPlace): ConnectionOptions {
  return {
    host: server,
    servername: isIP(server) ? '' : server,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    ...(ca_pem === null ? {} : { ca: ca_pem }),
  }
}

/** A TCP connection. @throws DeviceError `DirectoryUnavailable` */
export function openTcp(place: DirectoryPlace): Promise<Socket> {
  return settled(place, tcpConnect({ host: place.server, port: place.port }), 'connect')
}

/** A TLS connection from the first byte. @throws DeviceError `DirectoryUnavailable` */
export function openTls(place: DirectoryPlace): Promise<TLSSocket> {
  return settled(place, tlsConnect({ ...tlsOptions(place), port: place.port }), 'secureConnect')
}

/** Waits for an event of a socket, at most `connect_timeout_ms`. */
export function settled<S extends Socket>(
  place: DirectoryPlace,
  socket: S,
  event: 'connect' | 'secureConnect',
): Promise<S> {
  const { server, port, connect_timeout_ms } = place
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error(`nothing within ${connect_timeout_ms} ms`)), connect_timeout_ms)
    const end = (): void => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.off('close', closed)
    }
    const fail = (error: Error): void => {
      end()
      // A late error of a socket without a listener would end the process.
      socket.on('error', () => undefined)
      socket.destroy()
      const text = 'code' in error && typeof error.code === 'string' ? error.code : error.message
      const what = event === 'connect' ? 'connection' : 'TLS connection'
      reject(
        new DeviceError(
          'DirectoryUnavailable',
          `No ${what} to ${server}:${port}: ${text}.`,
          { sent: false, answered: false, text },
          { cause: error },
        ),
      )
    }
    const closed = (): void => fail(new Error('closed by the other side'))
    socket.once('error', fail)
    socket.once('close', closed)
    socket.once(event, () => {
      end()
      resolve(socket)
    })
  })
}

/**
 * Judges who answered, before anything is sent: with a CA its signature and the name must fit, without one the pin decides.
 * @throws DeviceError `DirectoryMisconfigured`, or what the identity check throws
 */
export async function checkPeer(place: DirectoryPlace, socket: TLSSocket): Promise<SeenIdentity> {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) throw misconfigured(`${place.server}:${place.port} showed no certificate.`)
  const seen = describeCertificate(certificate, place.ca_pem !== null && socket.authorized)
  if (place.ca_pem !== null && !socket.authorized) {
    const { authorizationError: why } = socket
    const text = why instanceof Error ? ((why as NodeJS.ErrnoException).code ?? why.message) : String(why)
    throw misconfigured(
      `The certificate of ${place.server}:${place.port} is not signed by the CA given, or not for this name: ${text}. Nothing was sent.`,
      { check: 'tls', sha256: seen.sha256, reason: text },
    )
  }
  await place.identity(seen)
  return seen
}
