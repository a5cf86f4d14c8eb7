import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Payload, PayloadCodec } from '@temporalio/common'
import { openBytes, sealBytes } from './crypto.js'

const ENCODING = 'binary/encrypted'

export interface PayloadKeys {
  /** Key for new payloads. */
  current: { kid: string; key: Buffer }
  /** Older keys, for histories that still live. */
  older?: ReadonlyMap<string, Buffer>
}

/**
 * Seals every Temporal payload with AES-256-GCM; the key's id stands in the metadata and is bound into the value. Payloads in
 * another encoding pass unchanged. Use the same codec on client and worker:
 * `{ payloadCodecs: [createPayloadCodec({ current: { kid: ring.kek_id, key: ring.deriveKey('temporal-payload') } })] }`.
 */
export function createPayloadCodec(keys: PayloadKeys): PayloadCodec {
  const ring = new Map(keys.older ?? [])
  ring.set(keys.current.kid, keys.current.key)
  return {
    encode: async (payloads) => payloads.map((payload) => sealPayload(keys.current.kid, keys.current.key, payload)),
    decode: async (payloads) => payloads.map((payload) => openPayload(ring, payload)),
  }
}

function sealPayload(kid: string, key: Buffer, payload: Payload): Payload {
  const { nonce, sealed } = sealBytes(key, pack(payload), kid)
  return {
    metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(kid) },
    data: Buffer.concat([nonce, sealed]),
  }
}

function openPayload(ring: Map<string, Buffer>, payload: Payload): Payload {
  if (text(payload.metadata?.encoding) !== ENCODING) return payload
  const kid = text(payload.metadata?.['encryption-key-id'])
  const key = ring.get(kid)
  if (!key) throw new Error(`no key ${kid} to open a payload with`)
  const data = Buffer.from(payload.data ?? [])
  return unpack(openBytes(key, data.subarray(0, 12), data.subarray(12), kid))
}

/** A list of a fleet's targets is megabytes of text and Temporal bears two: longer data is compressed before it is sealed. */
const COMPRESSED_FROM_BYTES = 4_096
const MOST_PLAIN_BYTES = 64 * 1024 * 1024
/** Stands among the packed metadata; no payload has a field of that name. */
const DEFLATED = 'dsm-deflated'

/** Length of the metadata (4 bytes), metadata as JSON with base64 values, then the data, compressed if it is long. */
function pack(payload: Payload): Buffer {
  const data = Buffer.from(payload.data ?? [])
  const deflated = data.length >= COMPRESSED_FROM_BYTES
  const metadata = Object.entries(payload.metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ])
  if (deflated) metadata.push([DEFLATED, ''])
  const head = Buffer.from(JSON.stringify(Object.fromEntries(metadata)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, deflated ? deflateRawSync(data, { level: 3 }) : data])
}

function unpack(plain: Buffer): Payload {
  const end = 4 + plain.readUInt32BE(0)
  const head: unknown = JSON.parse(plain.subarray(4, end).toString('utf8'))
  const entries = Object.entries(head !== null && typeof head === 'object' ? head : {})
  const metadata = Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(String(value), 'base64')]))
  const { [DEFLATED]: deflated, ...own } = metadata
  const data = plain.subarray(end)
  return { metadata: own, data: deflated ? inflateRawSync(data, { maxOutputLength: MOST_PLAIN_BYTES }) : data }
}

function text(value: Uint8Array | null | undefined): string {
  return value ? Buffer.from(value).toString('utf8') : ''
}
