import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import type { JsonObject } from './json.js'
import { missingInAnswer } from './refusals.js'

export interface ReadOptions {
  timeout_ms?: number
  keep?: string[]
  signal?: AbortSignal
}

/**
 * Reads one resource.
 * @throws DeviceError `NotFound` when it is absent, `LicenseMissing`, `ProtocolError` when the body is empty.
 */
export async function readResource(
  client: RedfishClient,
  path: string,
  options: ReadOptions = {},
): Promise<JsonObject> {
  const answer = await client.send({ method: 'GET', path, ...options })
  if (!answer.body) throw missingInAnswer('a body', answer.status)
  return answer.body
}

/** Does the device say that it has no such thing: absent, not offered, not licensed? */
export function isNotThere(error: unknown): boolean {
  return error instanceof DeviceError && ['NotFound', 'Unsupported', 'LicenseMissing'].includes(error.code)
}

/** Reads one resource, or gives null where the device says that it has none. */
export async function readIfThere(
  client: RedfishClient,
  path: string,
  options: ReadOptions = {},
): Promise<JsonObject | null> {
  try {
    return await readResource(client, path, options)
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}
