import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from '@temporalio/worker'
import { failureConverterPath, workflowBundle } from '../../workers/bundle.js'
import { ROOT } from '../helpers/source-files.js'

export const HISTORIES = join(dirname(fileURLToPath(import.meta.url)), 'histories')

/** Only what this reads of an event; the rest goes through as it is. */
export interface HistoryEvent {
  workflowTaskStartedEventAttributes?: object | null
  activityTaskScheduledEventAttributes?: { activityType?: { name?: string | null } | null } | null
}

export interface StoredHistory {
  name: string
  history: { events: HistoryEvent[] }
}

/*
 * The SDK's own JSON form needs one single copy of its protobuf library, which npm does not promise. So bytes stand here as
 * `{"$bytes": base64}` and 64-bit numbers as plain numbers; both forms go straight into the binary encoder.
 */
const BYTES = '$bytes'
/** The queue of one worker: its process and machine. */
const STICKY_QUEUE = /^\d+@[\w.-]+$/

/** A history as text: one event per line, so that a new recording can be read as a difference. */
export function historyToText(history: { events?: unknown[] | null }): string {
  const lines = (history.events ?? []).map((event) => JSON.stringify(plain(event)))
  return `[\n${lines.join(',\n')}\n]\n`
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(withoutPlace(value)).toString('base64') }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string') return STICKY_QUEUE.test(value) ? 'recorder' : value
  if (typeof value !== 'object' || value === null) return value
  if (isLong(value)) return value.toNumber()
  const known = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
  return Object.fromEntries(known.map(([key, inner]) => [key, key === 'identity' ? 'recorder' : plain(inner)]))
}

/** Stack traces of failures name the folder where they were recorded; who reads them later has another one. */
function withoutPlace(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('utf8')
  return text.includes(ROOT) ? Buffer.from(text.replaceAll(`${ROOT}/`, '')) : bytes
}

function isLong(value: object): value is { toNumber(): number } {
  return 'low' in value && 'high' in value && 'toNumber' in value
}

function historyFromText(text: string): { events: HistoryEvent[] } {
  const revive = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && BYTES in value ? Buffer.from(String(value[BYTES]), 'base64') : value
  return { events: JSON.parse(text, revive) as HistoryEvent[] }
}

/** All stored histories by name. */
export function readHistories(): StoredHistory[] {
  return readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      history: historyFromText(readFileSync(join(HISTORIES, file), 'utf8')),
    }))
}

/** Every beginning of a history that ends where a workflow task has been handed to a worker: what a running job looks like. */
export function prefixesOf({ name, history: { events } }: StoredHistory): StoredHistory[] {
  const ends = events.flatMap((event, index) => (event.workflowTaskStartedEventAttributes ? [index] : []))
  return ends.map((end) => ({ name: `${name} up to event ${end + 1}`, history: { events: events.slice(0, end + 1) } }))
}

/** Names of the histories that this build does not replay, with the first words of why. */
export async function broken(histories: StoredHistory[]): Promise<string[]> {
  const results = Worker.runReplayHistories(
    { workflowBundle: await workflowBundle(), dataConverter: { failureConverterPath } },
    (async function* () {
      for (const { name, history } of histories) yield { workflowId: name, history }
    })(),
  )
  const wrong: string[] = []
  for await (const { workflowId, error } of results) {
    if (error) wrong.push(`${workflowId}: ${error.message.slice(0, 200)}`)
  }
  return wrong
}
