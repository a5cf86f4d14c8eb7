import type { Printer } from './print.js'

/** A column: its title and what stands in it. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => unknown]

const GAP = '  '
/** A longer cell pushes the rest of its own row only: one long address must not widen every row. */
const MOST_PADDED = 120

/** Lines of a table; columns are as wide as their widest cell, to a limit. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))))
  const widths = columns.map(([title], at) => {
    const lengths = cells.map((line) => line[at]?.length ?? 0)
    return Math.max(title.length, ...lengths.filter((length) => length <= MOST_PADDED))
  })
  const draw = (line: string[]) =>
    line
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd()
  return [draw(columns.map(([title]) => title)), ...cells.map(draw)]
}

/** Prints a list: the rows as the API gave them, or as a table. */
export function printList<Row>(print: Printer, columns: readonly Column<Row>[], items: readonly Row[]): void {
  if (print.json) print.body({ items })
  else if (items.length === 0) print.note('none')
  else for (const line of tableLines(columns, items)) print.line(line)
}

/** Prints one thing: as the API gave it, or a line for each of its fields and a paragraph for each of its blocks. */
export function printOne(print: Printer, body: object): void {
  if (print.json) print.body(body)
  else for (const line of blockLines(body)) print.line(line)
}

/** Fields as `name  value`; a block stands indented below its name, a list of blocks as a table. */
export function blockLines(body: object): string[] {
  const shown = Object.entries(body).filter(([, value]) => !isNothing(value))
  const [plain, blocks] = [shown.filter(([, value]) => !isBlock(value)), shown.filter(([, value]) => isBlock(value))]
  const width = Math.max(0, ...plain.map(([name]) => name.length))
  return [
    ...plain.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}`.trimEnd()),
    ...blocks.flatMap(([name, value]) => [`${name}:`, ...partLines(value as object).map((line) => `  ${line}`)]),
  ]
}

/** A block, or a list of blocks as a table of the fields that any of them has. */
function partLines(part: object): string[] {
  if (!Array.isArray(part)) return blockLines(part)
  const rows = part as Record<string, unknown>[]
  const names = [...new Set(rows.flatMap((row) => Object.keys(row).filter((name) => !isNothing(row[name]))))]
  return tableLines(
    names.map((name): Column<Record<string, unknown>> => [name.replaceAll('_', ' ').toUpperCase(), (row) => row[name]]),
    rows,
  )
}

/** What has nothing to show: null, and a block or list without content. */
const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (isBlock(value) && Object.values(value as object).every((one) => isNothing(one)))

const isBlock = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !(Array.isArray(value) && value.every((one) => typeof one !== 'object'))

/** A value as text of one line; blocks inside are words in brackets. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(cellText).join(value.some(isBlock) ? '; ' : ',') || '-'
  if (typeof value === 'object') return blockText(value)
  const text = String(value)
  if (text.startsWith('-----BEGIN ')) return `${text.slice(5, text.indexOf('-', 5))}, ${text.length} characters`
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

/** `(build 24859861, version 8.0.3)` */
function blockText(block: object): string {
  const words = Object.entries(block).filter(([, value]) => !isNothing(value))
  return words.length === 0
    ? '-'
    : `(${words.map(([name, value]) => `${name.replaceAll('_', ' ')} ${cellText(value)}`).join(', ')})`
}
