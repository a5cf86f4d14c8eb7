export const MASK = '***'

/** Names of fields that never are stored or shown, wherever they occur. */
const SECRET_NAME =
  /pass(word|wd|phrase)?$|^pwd$|secret|token$|^authorization$|cookie|private[_-]?key|recovery[_-]?key|api[_-]?key|^credential$|^importbuffer$|snmpcommunity|community[_-]?name/i

/** Does a field of this name hold a secret? A name like `password_changed_at` does not. */
export function isSecretName(name: string): boolean {
  return !name.startsWith('has_') && SECRET_NAME.test(name.replace(/[.#\d]+$/, ''))
}

/**
 * Text without what looks like a secret: user info of URLs, authorization headers, and values of secret parameters.
 * The second line of defence; the first is that secrets do not get here.
 */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+(?::[^\s/@]*)?@/gi, `$1${MASK}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`)
    .replace(/(x-auth-token|set-cookie|cookie)\s*:\s*[^\r\n]+/gi, `$1: ${MASK}`)
    .replace(
      /\b([\w.-]*(?:password|passwd|pwd|secret|token|passphrase))(["']?\s*[=:]\s*)(["']?)[^\s"'&,;<>]+\3/gi,
      `$1$2$3${MASK}$3`,
    )
    .replace(/<((?:\w+:)?password)\b([^>]*)>[^<]*<\//gi, `<$1$2>${MASK}</`)
}

/** `keys`: every value masked, the shape kept; a list: only these field names keep their value. */
export type AllowedFields = 'keys' | readonly string[]

const MOST_DEPTH = 12
const MOST_ITEMS = 200

function redactList(items: readonly unknown[], allowed: AllowedFields, open: boolean, depth: number): unknown[] {
  const kept = items.slice(0, MOST_ITEMS).map((item) => redactValue(item, allowed, open, depth + 1))
  return items.length > MOST_ITEMS ? [...kept, `... ${items.length - MOST_ITEMS} more`] : kept
}

function redactValue(value: unknown, allowed: AllowedFields, open: boolean, depth: number): unknown {
  if (value === null || value === undefined) return null
  if (depth > MOST_DEPTH) return '...'
  if (Array.isArray(value)) return redactList(value, allowed, open, depth)
  if (typeof value !== 'object') {
    if (!open) return MASK
    return typeof value === 'string' ? redactText(value) : value
  }
  const out: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    const secret = isSecretName(name)
    const shown = !secret && (open || (allowed !== 'keys' && allowed.includes(name)))
    out[name] = secret ? MASK : redactValue(field, allowed, shown, depth + 1)
  }
  return out
}

/**
 * A body as it may be stored: only fields on the allow-list keep their value (with everything below them), all others
 * show their names alone; secret names are masked even below an allowed one. Inputs are not changed.
 */
export function redactBody(body: unknown, allowed: AllowedFields): unknown {
  return redactValue(body, allowed, false, 0)
}

/** Everything but secrets, for log lines and error data. */
export function redactSecrets(value: unknown): unknown {
  return redactValue(value, 'keys', true, 0)
}

/** Number of bytes that a text takes in UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** A redacted body cut to so many bytes of JSON; what was cut is said, never silently lost. */
export function truncateBody(body: unknown, max_bytes: number): unknown {
  const text = JSON.stringify(body) ?? 'null'
  const bytes = utf8Length(text)
  if (bytes <= max_bytes) return body
  const room = Math.max(0, max_bytes - 100)
  return { truncated: true, bytes, begin: text.slice(0, Math.floor(room / 4)) }
}

/** A text of at most so many characters, with a mark where it was cut. */
export function truncateText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, Math.max(0, max - 1))}…`
}
