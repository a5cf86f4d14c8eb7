import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import type { BiosFacts } from './facts.js'
import { type JsonObject, objectAt, textAt, textsOf } from './json.js'
import { systemDocument } from './layout.js'
import { linkAt, safePath } from './links.js'
import { readResource } from './resource.js'

type AttributeValue = string | number | boolean | null

function isValue(value: unknown): value is AttributeValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** Attributes by name. Passwords are left out, also when a firmware shows something there. */
function attributesOf(body: JsonObject): Record<string, AttributeValue> {
  const found: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(objectAt(body, 'Attributes') ?? {})) {
    if (!/password/i.test(name) && isValue(value)) found[name] = value
  }
  return found
}

/**
 * Reads the current BIOS attributes. One GET. New values may show here before their job has ended, so after a change both
 * are looked at.
 * @throws DeviceError `LifecycleControllerNotReady` (`SYS435`) when the inventory was never collected.
 */
export async function readBios(client: RedfishClient): Promise<BiosFacts> {
  const link = linkAt(await systemDocument(client), 'Bios')
  if (!link) throw new DeviceError('Unsupported', 'The server shows no BIOS.', { sent: false, answered: false })
  const path = safePath(link, client.origin)
  const body = await readResource(client, path, { timeout_ms: 120_000, keep: ['AttributeRegistry'] })
  const settings = objectAt(body, '@Redfish.Settings')
  const settingsLink = linkAt(settings, 'SettingsObject')
  return {
    path,
    attributes: attributesOf(body),
    registry: textAt(body, 'AttributeRegistry'),
    settings_path: settingsLink === null ? null : safePath(settingsLink, client.origin),
    apply_times: textsOf(settings?.SupportedApplyTimes),
  }
}

/** Reads the values that wait for the next reboot; empty when none do. One GET. */
export async function readPendingBios(client: RedfishClient, bios: BiosFacts): Promise<Record<string, AttributeValue>> {
  if (bios.settings_path === null) return {}
  return attributesOf(await readResource(client, bios.settings_path))
}
