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
