import { DeviceError } from '../errors.js'
import { type JsonObject, objectAt, objectsOf, textAt } from './json.js'

const PRINTABLE = /^[\x21-\x7e]+$/

function refused(link: string): DeviceError {
  return new DeviceError('ProtocolError', 'The device handed out a link that leaves it; it was not followed.', {
    sent: false,
    answered: false,
    data: { link: link.slice(0, 200) },
  })
}

/**
 * Turns a link of the device into a path that may be requested: same origin, under `/redfish/`, without fragment,
 * doubled or trailing slashes; percent-escapes stay as given (iDRAC8 ids hold `%23` and `%7C%7C`).
 * @throws DeviceError `ProtocolError` (not sent) for another origin, another tree, dot segments or odd characters:
 * a link is an instruction of the device, and with it would go our token.
 */
export function safePath(link: string, origin: string): string {
  const trimmed = link.trim()
  const local = trimmed.startsWith(`${origin}/`) ? trimmed.slice(origin.length) : trimmed
  const bare = local.split('#', 1)[0] ?? ''
  if (!bare.startsWith('/redfish') || bare.length > 2_048 || !PRINTABLE.test(bare)) throw refused(link)
  if (bare.includes('\\') || /(^|\/)(\.|%2e){1,2}(\/|\?|$)/i.test(bare)) throw refused(link)
  const [path = '', query] = bare.split(/\?(.*)/s, 2)
  const clean = path.replace(/\/{2,}/g, '/').replace(/\/+$/, '')
  if (clean !== '/redfish' && !clean.startsWith('/redfish/')) throw refused(link)
  return query === undefined ? clean : `${clean}?${query}`
}

/** The raw `@odata.id` of a reference below a path of keys, or null; an empty one is none. */
export function linkAt(value: JsonObject | undefined, ...keys: string[]): string | null {
  return textAt(objectAt(value, ...keys), '@odata.id')
}

/** The raw `@odata.id`s of an array of references. */
export function linksOf(value: unknown): string[] {
  return objectsOf(value)
    .map((entry) => textAt(entry, '@odata.id'))
    .filter((link) => link !== null)
}

/** The last part of a link's path: `…/Sel/` is `Sel`. */
export function lastPart(link: string): string {
  return link.split(/[?#]/, 1)[0]?.split('/').filter(Boolean).at(-1) ?? ''
}

/**
 * An action by the last part of its key: keys carry versions and odd `#` (`DellUpdateService.v1_0_0#DellUpdateService.Install`),
 * and the target need not be what the key suggests (`EID_674_Manager.…`), so it is taken verbatim.
 */
export function findAction(
  resource: JsonObject | undefined,
  name: string,
): { target: string; info: JsonObject } | null {
  const actions = objectAt(resource, 'Actions')
  const oem = objectAt(actions, 'Oem')
  for (const [key, info] of [...Object.entries(actions ?? {}), ...Object.entries(oem ?? {})]) {
    const matches = key === name || key.endsWith(`#${name}`)
    const entry = matches ? objectAt({ info }, 'info') : undefined
    if (entry && typeof entry.target === 'string') return { target: entry.target, info: entry }
  }
  return null
}
