import type { Printer } from './print.js'

/** A column: its title and what stands in it. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => unknown]

const GAP = '  '

/** Lines of a table; columns are as wide as their widest cell. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map(([, cell]) => cellText(cell(row))))
  const widths = columns.map(([title], at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)))
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

/** Prints one thing: as the API gave it, or a line for each of its fields. */
export function printOne(print: Printer, body: object): void {
  if (print.json) {
    print.body(body)
    return
  }
  const shown = Object.entries(body).filter(([, value]) => value !== null && value !== undefined)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  for (const [name, value] of shown) print.line(`${name.padEnd(width)}  ${cellText(value)}`)
}

/** A value as text of one line. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',') || '-'
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value).replaceAll(/\p{Cc}/gu, ' ')
}
