import { readFileSync } from 'node:fs'
import type { JsonValue } from '../model.js'

export type JsonObject = { [key: string]: JsonValue }

export type RecordedMessage = {
  id: string
  message: string
  resolution: string
  severity: string | null
  message_severity: string | null
}

export type RecordedBios = {
  resource: JsonObject
  registry: JsonObject
  attributes: JsonObject[]
  dependencies: JsonObject[]
  menus: JsonObject[]
}

function readLines<T>(file: string): T[] {
  const text = readFileSync(new URL(`./recorded/${file}`, import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

/** Computes once, at the first call: a lab without iDRAC traffic never parses the recorded bodies. */
function once<T>(make: () => T): () => T {
  let value: { made: T } | undefined
  return () => {
    value ??= { made: make() }
    return value.made
  }
}

const tree = once(
  () => new Map(readLines<{ path: string; body: JsonObject }>('tree.jsonl').map((row) => [row.path, row.body])),
)

/** The body that a real R750 with iDRAC9 6.00.30.00 gave for this path, to be taken as the shape; undefined when it was not kept. */
export const recordedBody = (path: string): JsonObject | undefined => tree().get(path)

/** The message registry (2.7.0) of the recorded machine, by bare id such as `SYS403`. */
export const recordedMessages = once(
  () => new Map(readLines<RecordedMessage>('messages.jsonl').map((row) => [row.id, row])),
)

/** BIOS resource and attribute registry of the recorded machine, cut to the attributes that matter. */
export const recordedBios = once((): RecordedBios => {
  const lines = readLines<{ kind: string; body: JsonObject }>('bios.jsonl')
  const of = (kind: string) => lines.filter((line) => line.kind === kind).map((line) => line.body)
  return {
    resource: of('resource')[0] ?? {},
    registry: of('registry')[0] ?? {},
    attributes: of('attribute'),
    dependencies: of('dependency'),
    menus: of('menu'),
  }
})
