/** Distinguished names as text (RFC 4514), compared without regard to case and blanks. */

/** The parts of a name, first the entry itself; escaped commas stay inside their part. */
export function partsOf(dn: string): string[] {
  if (dn.trim() === '') return []
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < dn.length; i++) {
    const letter = dn.charAt(i)
    if (letter === '\\') {
      part += letter + dn.charAt(i + 1)
      i += 1
    } else if (letter === ',' || letter === ';') {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part].map(canonicalPart)
}

function canonicalPart(part: string): string {
  const at = part.indexOf('=')
  if (at < 0) return part.trim().toLowerCase()
  return `${part.slice(0, at).trim()}=${plain(part.slice(at + 1).trim())}`.toLowerCase()
}

/** A value with its escapes resolved: `\2C`, `\,`. */
function plain(value: string): string {
  return value.replace(/\\([0-9a-f]{2})|\\(.)/gi, (_whole, hex: string | undefined, sign: string | undefined) =>
    hex === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** One text per name, however it was written. */
export const canonical = (dn: string): string => partsOf(dn).join('\u0000')

/** How far `dn` lies below `base`: 0 the same, 1 a child; null = not below it. */
export function depthBelow(dn: string, base: string): number | null {
  const own = partsOf(dn)
  const above = partsOf(base)
  const depth = own.length - above.length
  if (depth < 0) return null
  return above.every((part, i) => part === own[depth + i]) ? depth : null
}
