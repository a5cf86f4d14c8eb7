import { createHash } from 'node:crypto'
import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import type { JsonObject } from './recorded.js'

const MAC = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/i
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const SERIAL_KEYS = new Set(['SerialNumber', 'PPID', 'PartNumberSerial'])

/** Hex digits that belong to this server and this text, always the same. */
export function serverDigits(server: SimServer, salt: string, length: number): string {
  return createHash('sha256').update(`${server.service_tag}/${salt}`).digest('hex').slice(0, length)
}

/** A MAC address of Dell's shape for a port of this server that the site does not name itself. */
export function macFor(server: SimServer, salt: string): string {
  const digits = serverDigits(server, `mac ${salt}`, 6).toUpperCase()
  return `02:00:5E:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`
}

/** A serial number of the same length and alphabet as the sample. */
export function serialFor(server: SimServer, salt: string, sample: string): string {
  const digits = createHash('sha512').update(`${server.service_tag}/serial ${salt}`).digest('hex').toUpperCase()
  return digits.slice(0, Math.max(6, Math.min(sample.length, 20)))
}

function guidFor(server: SimServer, salt: string): string {
  const d = serverDigits(server, `guid ${salt}`, 32)
  return `${d.slice(0, 8)}-${d.slice(8, 12)}-${d.slice(12, 16)}-${d.slice(16, 20)}-${d.slice(20)}`
}

function personaliseText(server: SimServer, key: string, text: string): string {
  if (MAC.test(text)) return text === '00:00:00:00:00:00' ? text : macFor(server, text)
  if (GUID.test(text)) return guidFor(server, text)
  if (SERIAL_KEYS.has(key) && text !== '') return serialFor(server, text, text)
  return text
    .replaceAll('TST0750', server.service_tag)
    .replaceAll('PowerEdge R750', server.model)
    .replaceAll('192.0.2.22', server.idrac.address)
    .replaceAll('6.00.30.00', server.idrac.firmware_version)
}

function walk(server: SimServer, key: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return personaliseText(server, key, value)
  if (Array.isArray(value)) return value.map((item) => walk(server, key, item))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(server, name, item)]))
  return value
}

/**
 * A recorded body as this server would give it: its own service tag, model, addresses, serial numbers, MAC addresses
 * and iDRAC version in the place of the recorded machine's. A deep copy; the recorded body stays as it is.
 */
export function personalise(server: SimServer, body: JsonObject): JsonObject {
  return walk(server, '', body) as JsonObject
}
