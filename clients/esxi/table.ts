import { normalKey, type Row } from './text.js'

interface Column {
  key: string
  start: number
  end: number
}

/** Columns as the ruler of dashes under the header draws them. */
function columnsOf(header: string, ruler: string): Column[] {
  const columns: Column[] = []
  for (const match of ruler.matchAll(/-+/g)) {
    const start = match.index
    const next = ruler.indexOf('-', start + match[0].length)
    const end = next === -1 ? Number.POSITIVE_INFINITY : next
    columns.push({
      key: normalKey(header.slice(start, end === Number.POSITIVE_INFINITY ? undefined : end)),
      start,
      end,
    })
  }
  return columns
}

function rowAt(columns: readonly Column[], line: string): Row {
  const row: Record<string, string> = {}
  for (const { key, start, end } of columns) row[key] = line.slice(start, Math.min(end, line.length)).trim()
  return row
}

/** Cells split on two or more blanks, for lines that do not keep to the ruler. */
function rowSplit(keys: readonly string[], line: string): Row {
  const cells = line.trim().split(/\s{2,}/)
  const row: Record<string, string> = {}
  keys.forEach((key, index) => {
    row[key] = cells[index] ?? ''
  })
  return row
}

/**
 * Reads a table as esxcli prints it: header, ruler of dashes, rows. Columns are padded to their longest value, so the ruler
 * tells where they begin; rows with as many cells as columns are split on blanks, which also reads tables whose padding
 * was lost. Lines before the header are skipped.
 * @returns Rows with normalised keys; `null` when the text has no ruler.
 */
export function readTable(text: string): Row[] | null {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const rulerAt = lines.findIndex((line, index) => index > 0 && /^\s*-{2,}[\s-]*$/.test(line))
  if (rulerAt < 1) return null
  const columns = columnsOf(lines[rulerAt - 1] ?? '', lines[rulerAt] ?? '')
  const headings = (lines[rulerAt - 1] ?? '')
    .trim()
    .split(/\s{2,}/)
    .map(normalKey)
  const body = lines.slice(rulerAt + 1).filter((line) => line.trim() !== '')
  return body.map((line) => {
    const cells = line.trim().split(/\s{2,}/).length
    return cells === headings.length ? rowSplit(headings, line) : rowAt(columns, line)
  })
}
