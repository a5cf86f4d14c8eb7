/** Keys without blanks, marks and case: versions differ in how they write them (`Volume Name`, `VolumeName`). */
export function normalKey(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** One structure of an esxcli answer: normalised keys, values as text. */
export type Row = Readonly<Record<string, string>>

/**
 * Reads `Label: value` lines. Lines before the first label are left out.
 * @returns Normalised labels; the first of several equal ones wins.
 */
export function labelled(text: string): Row {
  const row: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z][A-Za-z0-9 /()-]*?)\s*:\s*(.*)$/.exec(line)
    if (match === null) continue
    const key = normalKey(match[1] ?? '')
    if (!Object.hasOwn(row, key)) row[key] = (match[2] ?? '').trim()
  }
  return row
}

/** `true`, `1`, `yes`, `enabled` and their opposites; `null` for anything else. */
export function truth(text: string | undefined): boolean | null {
  const word = text?.trim().toLowerCase()
  if (word === 'true' || word === '1' || word === 'yes' || word === 'enabled') return true
  if (word === 'false' || word === '0' || word === 'no' || word === 'disabled') return false
  return null
}

/** A whole number that may stand behind a word (`Releasebuild-24677879`); `null` when there is none. */
export function trailingNumber(text: string | undefined): number | null {
  const digits = /(\d+)\s*$/.exec(text ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Text of a field; `null` when absent or empty. */
export function field(row: Row, key: string): string | null {
  const value = row[key]?.trim() ?? ''
  return value === '' ? null : value
}

/** Number of a field; `null` when absent or no number. */
export function numberField(row: Row, key: string): number | null {
  const text = field(row, key)
  const value = text === null ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
