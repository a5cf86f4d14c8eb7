/** Options of a command: long and short names, values or flags. */
export interface CliOptions {
  /** Value of the first of these names that is given; undefined where none is. */
  value(...names: string[]): string | undefined
  /** Is one of these given, with or without a value? */
  has(...names: string[]): boolean
}

/** Options that take no value. */
const FLAGS = new Set([
  'dry-run',
  'no-sig-check',
  'force',
  'f',
  'ok-to-remove',
  'no-live-install',
  'maintenance-mode',
  'no-hardware-warning',
  'allow-downgrades',
  'rebooting-image',
  'per-namespace',
])

/** Reads `-d x`, `--depot x`, `--depot=x` and flags. */
export function readOptions(words: string[]): CliOptions {
  const values = new Map<string, string>()
  const given = new Set<string>()
  for (let index = 0; index < words.length; index += 1) {
    const match = /^--?([A-Za-z][A-Za-z-]*)(?:=(.*))?$/s.exec(words[index] ?? '')
    if (!match) continue
    const name = match[1] ?? ''
    given.add(name)
    if (match[2] !== undefined) values.set(name, match[2])
    else if (!FLAGS.has(name)) {
      index += 1
      values.set(name, words[index] ?? '')
    }
  }
  return {
    value: (...names) => names.map((name) => values.get(name)).find((value) => value !== undefined),
    has: (...names) => names.some((name) => given.has(name)),
  }
}
