import { arrayOf, type JsonObject, objectAt, textAt } from './json.js'

/** One entry of `@Message.ExtendedInfo`. */
export interface DeviceMessage {
  /** As sent: `IDRAC.2.7.SYS403`. */
  full_id: string
  /** The last segment: `SYS403`. Prefix and version differ per firmware and within one body, so they are never compared. */
  id: string
  text: string
  args: string[]
  resolution: string | null
  /** From the `Base` registry: says little; a vendor entry beside it says more. */
  generic: boolean
}

const MAX_TEXT = 2_000

/** `IDRAC.2.8.SYS518`, `IDRAC.SYS518` and `SYS518` are the same message: the text after the last dot. */
export function shortMessageId(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1)
}

function toMessage(entry: JsonObject): DeviceMessage | undefined {
  const fullId = textAt(entry, 'MessageId')
  const text = textAt(entry, 'Message')
  if (fullId === null && text === null) return undefined
  return {
    full_id: fullId ?? '',
    id: shortMessageId(fullId ?? ''),
    text: (text ?? '').slice(0, MAX_TEXT),
    args: arrayOf(entry.MessageArgs).map(String),
    resolution: textAt(entry, 'Resolution'),
    generic: (fullId ?? '').startsWith('Base.') || fullId === null,
  }
}

/**
 * All messages of a body, wherever the firmware puts them: under `error`, at the top level, or as `error.message` alone.
 * QUIRK iDRAC (several): `@Message.ExtendedInfo` is an object instead of an array, `error.message` an object, the body empty.
 * Seen: error envelope. Source: Dell iDRAC-Redfish-Scripting, sushy.
 */
export function readMessages(body: JsonObject | undefined): DeviceMessage[] {
  if (!body) return []
  const error = objectAt(body, 'error')
  const entries = [...infoOf(error), ...infoOf(objectAt(error, 'message')), ...infoOf(body)]
  const messages = entries.map(toMessage).filter((message) => message !== undefined)
  if (messages.length > 0 || !error) return messages
  const lone = toMessage({ MessageId: textAt(error, 'code') ?? '', Message: textAt(error, 'message') ?? '' })
  return lone && (lone.full_id || lone.text) ? [lone] : []
}

function infoOf(holder: JsonObject | undefined): JsonObject[] {
  const info = holder?.['@Message.ExtendedInfo']
  const list = Array.isArray(info) ? info : [info]
  return list.filter(
    (entry): entry is JsonObject => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
  )
}

/** The message that tells most: the first that is not a generic `Base` one, else the first. */
export function tellingMessage(messages: DeviceMessage[]): DeviceMessage | undefined {
  return messages.find((message) => !message.generic) ?? messages[0]
}
