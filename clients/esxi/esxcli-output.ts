import { readTable } from './table.js'
import { labelled, normalKey, type Row } from './text.js'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function toRow(value: Record<string, unknown>): Row {
  const row: Record<string, string> = {}
  for (const [key, each] of Object.entries(value)) {
    row[normalKey(key)] = Array.isArray(each) ? each.join(', ') : each === null ? '' : String(each)
  }
  return row
}

/** The JSON in a text that may begin with a banner; `undefined` when there is none. */
function findJson(text: string): unknown {
  const starts = [...text.matchAll(/^\s*[[{]/gm)].map((match) => match.index)
  for (const start of starts) {
    try {
      return JSON.parse(text.slice(start))
    } catch {
      // Not the beginning of the JSON (a banner may begin with a bracket too): look further.
    }
  }
  return undefined
}

/**
 * Reads an esxcli list: JSON with whatever keys this version writes, else a table, else one structure of labels.
 * @returns `null` when the text is none of these.
 */
export function readRows(text: string): Row[] | null {
  const json = findJson(text)
  if (Array.isArray(json)) return json.filter(isRecord).map(toRow)
  if (isRecord(json)) return [toRow(json)]
  const table = readTable(text)
  if (table !== null) return table
  const row = labelled(text)
  return Object.keys(row).length > 0 ? [row] : null
}

/** Reads one structure: an object, an array of one object, or `Label: value` lines; `null` when there is nothing. */
export function readRow(text: string): Row | null {
  return readRows(text)?.[0] ?? null
}
