/** Where a command writes: results to `out`, everything else to `err`. */
export interface Printer {
  json: boolean
  quiet: boolean
  /** The result as the API gave it, for scripts. */
  body(value: unknown): void
  /** A line of the result, for people. */
  line(text: string): void
  /** Something said beside the result; silent with --quiet. */
  note(text: string): void
  out: NodeJS.WriteStream
}

export function createPrinter(options: { json: boolean; quiet: boolean }): Printer {
  const { stdout, stderr } = process
  return {
    ...options,
    out: stdout,
    body: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    line: (text) => void stdout.write(`${text}\n`),
    note: (text) => void (options.quiet || stderr.write(`${text}\n`)),
  }
}
