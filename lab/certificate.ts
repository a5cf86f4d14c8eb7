/** Writes a self-signed X.509 certificate (EC P-256, SHA-256) with nothing but node:crypto and a little DER. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { TlsIdentity } from './keys.js'

export interface CertificateFacts {
  common_name: string
  organisation: string
  /** IPv4 addresses of the device, as subject alternative names */
  addresses: string[]
  /** first second of validity; ten years from there */
  not_before: Date
}

const YEARS = 10

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(body.length > 255 ? [0x82, body.length >> 8, body.length & 255] : [0x81, body.length])
  return Buffer.concat([Buffer.from([tag]), length, body])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const text = (value: string): Buffer => der(0x0c, Buffer.from(value, 'utf8'))
const bits = (value: Buffer): Buffer => der(0x03, Buffer.from([0]), value)
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes))
const explicit = (number: number, body: Buffer): Buffer => der(0xa0 + number, body)

const OID_COMMON_NAME = oid(0x55, 0x04, 0x03)
const OID_ORGANISATION = oid(0x55, 0x04, 0x0a)
const OID_BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13)
const OID_ALTERNATIVE_NAMES = oid(0x55, 0x1d, 0x11)
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))

/** UTCTime until 2049, as X.509 asks. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`, 'latin1'))
}

function name(facts: CertificateFacts): Buffer {
  const set = (type: Buffer, value: string): Buffer => der(0x31, sequence(type, text(value)))
  return sequence(set(OID_ORGANISATION, facts.organisation), set(OID_COMMON_NAME, facts.common_name))
}

function alternativeNames(facts: CertificateFacts): Buffer {
  const dns = der(0x82, Buffer.from(facts.common_name, 'latin1'))
  const addresses = facts.addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))))
  return sequence(OID_ALTERNATIVE_NAMES, der(0x04, sequence(dns, ...addresses)))
}

/** A new key and its certificate; about a millisecond. */
export function selfSigned(facts: CertificateFacts): TlsIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const notAfter = new Date(facts.not_before)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS)
  const serial = Buffer.concat([Buffer.from([0x40]), randomBytes(15)])
  const extensions = sequence(sequence(OID_BASIC_CONSTRAINTS, der(0x04, sequence())), alternativeNames(facts))
  const subject = name(facts)
  const body = sequence(
    explicit(0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    subject,
    sequence(time(facts.not_before), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, extensions),
  )
  const certificate = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, privateKey)))
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
