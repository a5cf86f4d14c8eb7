/** A value of an answer. Lists of names are one comma-separated line in the text form. */
export type CliValue = string | number | boolean | string[]
/** Fields by the label of the text form: `Boot Bank` → `BootBank` in JSON. */
export type CliFields = Record<string, CliValue>

/** What a command answers. */
export type CliAnswer =
  | { kind: 'structure'; title?: string; fields: CliFields }
  | { kind: 'list'; rows: CliFields[] }
  | { kind: 'text'; text: string }
  | { kind: 'nothing' }
  /** Printed as it is, with exit code 1; `stdout` since esxcli writes faults there too on some builds. */
  | { kind: 'failure'; text: string }

export type CliFormat = 'text' | 'json' | 'csv' | 'keyvalue'

/** Writes an answer in the wanted form. */
export function formatAnswer(answer: Exclude<CliAnswer, { kind: 'failure' }>, format: CliFormat): string {
  if (answer.kind === 'nothing') return ''
  if (format === 'json') return `${JSON.stringify(toJson(answer), null, 4)}\n`
  if (answer.kind === 'text') return `${answer.text}\n`
  if (format === 'csv') return csv(answer.kind === 'list' ? answer.rows : [answer.fields])
  if (format === 'keyvalue') return keyValue(answer.kind === 'list' ? answer.rows : [answer.fields])
  return answer.kind === 'list' ? table(answer.rows) : structure(answer.fields, answer.title)
}

/** `VIBs Installed` → `VIBsInstalled`. */
const key = (label: string): string => label.replace(/[^A-Za-z0-9]/g, '')

function toJson(answer: Exclude<CliAnswer, { kind: 'failure' | 'nothing' }>): unknown {
  if (answer.kind === 'text') return answer.text
  const object = (fields: CliFields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [key(name), value]))
  return answer.kind === 'list' ? answer.rows.map(object) : object(answer.fields)
}

/** A structure: three blanks, label, value. A title stands above it, flush left. */
function structure(fields: CliFields, title: string | undefined): string {
  const rows = Object.entries(fields).map(([name, value]) => `   ${name}: ${plain(value)}`.trimEnd())
  return `${[...(title === undefined ? [] : [title]), ...rows].join('\n')}\n`
}

/** A list: columns padded to the longest value, two blanks between them, a ruler of dashes under the titles. */
function table(rows: CliFields[]): string {
  const first = rows[0]
  if (!first) return ''
  const titles = Object.keys(first)
  const widths = titles.map((title) => Math.max(title.length, ...rows.map((row) => plain(row[title] ?? '').length)))
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  const body = rows.map((row) => line(titles.map((title) => plain(row[title] ?? ''))))
  return `${[line(titles), widths.map((width) => '-'.repeat(width)).join('  '), ...body].join('\n')}\n`
}

const plain = (value: CliValue): string => (Array.isArray(value) ? value.join(', ') : String(value))

function csv(rows: CliFields[]): string {
  const titles = Object.keys(rows[0] ?? {}).sort()
  const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const cells = (values: string[]) => `${values.map(quote).join(',')},`
  const body = rows.map((row) => cells(titles.map((title) => plain(row[title] ?? ''))))
  return `${[cells(titles.map(key)), ...body].join('\n')}\n`
}

function keyValue(rows: CliFields[]): string {
  return rows
    .flatMap((row, index) =>
      Object.entries(row).map(([name, value]) => `${rows.length > 1 ? `[${index}].` : ''}${key(name)}=${plain(value)}`),
    )
    .map((line) => `${line}\n`)
    .join('')
}
