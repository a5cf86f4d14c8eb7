import { z } from 'zod'
import { createPayloadCodec } from '../../db/payload-codec.js'
import { Problem } from '../errors.js'
import { type Route, route } from '../route.js'
import type { Services } from '../services.js'

const payload = z.object({
  metadata: z.record(z.string(), z.string()).optional(),
  data: z.string().optional(),
})
const payloads = z.object({ payloads: z.array(payload).max(1000) })

/** Shows Temporal Web the payloads of histories in clear; for auditors and admins. There is no encode. */
export function codecRoutes(services: Services): Route[] {
  return [
    route({
      method: 'POST',
      path: '/codec/decode',
      permission: 'audit',
      summary: 'Opens payloads of histories, as far as their keys are in the ring',
      body: payloads,
      output: payloads,
      status: 200,
      handler: async ({ body }) => {
        const keys = services.keys()
        const codec = createPayloadCodec({ current: { kid: keys.kek_id, key: keys.deriveKey('temporal-payload') } })
        const sealed = body.payloads.map(({ metadata = {}, data = '' }) => ({
          metadata: Object.fromEntries(
            Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
          ),
          data: Buffer.from(data, 'base64'),
        }))
        const opened = await codec.decode(sealed).catch(() => {
          throw new Problem('KeyUnavailable', 'A payload was sealed with a key that is not in the ring.', {
            status: 409,
          })
        })
        return { body: { payloads: opened.map(asText) } }
      },
    }),
  ]
}

function asText({ metadata, data }: { metadata?: Record<string, Uint8Array> | null; data?: Uint8Array | null }) {
  const shown = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])
  return { metadata: Object.fromEntries(shown), data: Buffer.from(data ?? []).toString('base64') }
}
