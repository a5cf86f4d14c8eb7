import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Prints each line of a stream behind a prefix, so that what runs side by side can be told apart. Resolves at its end. */
export async function printPrefixed(stream: Readable, prefix: string, print: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    print(line === '' ? prefix.trimEnd() : `${prefix}${line}`)
}
