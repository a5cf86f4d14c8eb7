import { constants, type X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { DeviceError } from './errors.js'
import type { IdentityCheck, SeenIdentity } from './identity.js'

export interface TlsTarget {
  address: string
  port: number
  identity: IdentityCheck
  ca?: string
  legacy_tls?: boolean
  connect_timeout_ms?: number
}

const CONNECT_TIMEOUT_MS = 10_000

/** A certificate time (`Mar  8 20:38:30 2024 GMT`) as ISO text; left out when it is no date. */
function isoTime(text: string): string | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

/** What the peer's certificate says. `trustedByCa` counts only with a CA that the site configured itself. */
export function describeCertificate(certificate: X509Certificate, trustedByCa: boolean): SeenIdentity {
  const notBefore = isoTime(certificate.validFrom)
  const notAfter = isoTime(certificate.validTo)
  return {
    protocol: 'tls',
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    ...(certificate.publicKey.asymmetricKeyType ? { algorithm: certificate.publicKey.asymmetricKeyType } : {}),
    subject: certificate.subject,
    issuer: certificate.issuer,
    ...(notBefore ? { not_before: notBefore } : {}),
    ...(notAfter ? { not_after: notAfter } : {}),
    trusted_by_ca: trustedByCa,
  }
}

/**
 * A connector for undici that speaks TLS, shows the peer's certificate to the identity check and hands the socket over
 * only when the check has passed, so before the first byte of a request.
 * The check is not in `checkServerIdentity`: with `rejectUnauthorized: false` and a self-signed certificate Node never calls it.
 */
export function tlsConnector(target: TlsTarget): buildConnector.connector {
  return (_options, callback) => {
    openVerifiedSocket(target).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    )
  }
}

async function openVerifiedSocket(target: TlsTarget): Promise<TLSSocket> {
  const socket = await shakeHands(target)
  let broken: Error | undefined
  const remember = (error: Error): void => {
    broken = error
  }
  socket.on('error', remember)
  try {
    const certificate = socket.getPeerX509Certificate()
    if (!certificate)
      throw new DeviceError('ProtocolError', 'The peer showed no certificate.', { sent: false, answered: false })
    await target.identity(describeCertificate(certificate, target.ca !== undefined && socket.authorized))
    if (broken) throw broken
    if (socket.destroyed) throw new Error('The peer closed the connection during the identity check.')
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    // A destroyed socket keeps its listener: a late error without one would end the process.
    if (!socket.destroyed) socket.off('error', remember)
  }
}

function shakeHands(target: TlsTarget): Promise<TLSSocket> {
  const timeoutMs = target.connect_timeout_ms ?? CONNECT_TIMEOUT_MS
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: target.address,
      port: target.port,
      servername: isIP(target.address) ? '' : target.address,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      secureContext: contextFor(target),
    })
    const timer = setTimeout(() => socket.destroy(new Error(`No connection within ${timeoutMs} ms.`)), timeoutMs)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    const closed = (): void => fail(new Error('The peer closed the connection during the handshake.'))
    socket.once('error', fail)
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.off('close', closed)
      socket.setKeepAlive(true, 60_000)
      socket.setNoDelay(true)
      resolve(socket)
    })
  })
}

const contexts = new Map<string, SecureContext>()

/** Connections with the same rules share one context: making one costs more than the handshake of a small key. */
function contextFor({ ca, legacy_tls }: TlsTarget): SecureContext {
  const key = `${legacy_tls === true} ${ca ?? ''}`
  const known = contexts.get(key)
  if (known) return known
  const made = createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(legacy_tls ? legacyOptions : { minVersion: 'TLSv1.2' }),
  })
  contexts.set(key, made)
  return made
}

/** For single old devices that an administrator has named, never for all. */
const legacyOptions = {
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const
