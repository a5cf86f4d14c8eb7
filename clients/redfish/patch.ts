import { DeviceError } from '../errors.js'
import type { RedfishAnswer, RedfishClient, RedfishRequest } from './client.js'
import { textAt } from './json.js'

/** Refused for its ETag: nothing was changed. */
function wantsEtag(error: unknown): boolean {
  return error instanceof DeviceError && (error.facts.status === 412 || error.facts.status === 428)
}

/**
 * Sends a PATCH without `If-Match`, and once more with a fresh ETag where the device asks for one. Only for PATCH:
 * on actions a header `If-Match` is itself refused.
 * QUIRK iDRAC10 1.x: now and then answers 412 to a PATCH; the same with a fresh ETag works.
 * Seen: Base.1.18.PreconditionFailed. Source: dell/iDRAC-Redfish-Scripting issue 354.
 */
export async function patchResource(
  client: RedfishClient,
  request: Omit<RedfishRequest, 'method' | 'headers'>,
): Promise<RedfishAnswer> {
  const patch = { ...request, method: 'PATCH' as const }
  try {
    return await client.send(patch)
  } catch (error) {
    if (!wantsEtag(error)) throw error
    const fresh = await client.send({ method: 'GET', path: request.path })
    const etag = fresh.etag ?? textAt(fresh.body, '@odata.etag')
    if (etag === null) throw error
    return client.send({ ...patch, headers: { 'if-match': etag } })
  }
}
