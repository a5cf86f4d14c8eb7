import type { MediaGates } from '../../domain/media-slots.js'
import type { RedfishClient } from './client.js'
import { readAttributes } from './dell/attributes.js'
import { readLicences } from './hardware.js'
import { textAt } from './json.js'

/** What this iDRAC says about virtual media as a whole: two attributes and the licences. What it does not tell is null. */
export async function readMediaGates(client: RedfishClient): Promise<MediaGates> {
  const attributes = (await readAttributes(client, 'iDRAC')) ?? {}
  const enable = textAt(attributes, 'VirtualMedia.1.Enable')
  const licences = await readLicences(client)
  return {
    enabled: enable === null ? null : enable === 'Enabled',
    attach_mode: textAt(attributes, 'VirtualMedia.1.Attached'),
    licences: licences?.flatMap(({ description }) => description ?? []) ?? null,
  }
}
