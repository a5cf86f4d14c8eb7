import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { type CollectionPage, readPage } from './collection.js'
import { toHealth } from './enums.js'
import type { Fault, LogEntry, LogPage } from './facts.js'
import { arrayOf, dellOf, type JsonObject, labelAt, objectAt, objectsOf, textAt, timeAt } from './json.js'
import { managerDocument, remembered } from './layout.js'
import { linkAt, linksOf, safePath } from './links.js'
import { shortMessageId } from './messages.js'
import { readResource } from './resource.js'

export type LogName = 'sel' | 'lifecycle' | 'faults'

const SERVICE_IDS: Record<LogName, string> = { sel: 'sel', lifecycle: 'lclog', faults: 'faultlist' }

/**
 * Where a log's entries are, or null when this firmware has no such log. The log services are linked from the Manager;
 * their `Entries` link leads to `…/LogServices/Sel/Entries` or, on iDRAC7/8, to `…/Logs/Sel`.
 */
function entriesPath(client: RedfishClient, log: LogName): Promise<string | null> {
  return remembered(client, `path:log:${log}`, async () => {
    const services = linkAt(await managerDocument(client), 'LogServices')
    if (!services) return null
    const links = linksOf((await readResource(client, services)).Members)
    const link = links.find((one) => one.toLowerCase().replace(/\/+$/, '').endsWith(`/${SERVICE_IDS[log]}`))
    if (!link) return null
    const entries = linkAt(await readResource(client, link), 'Entries')
    return entries === null ? null : safePath(entries, client.origin)
  })
}

/** Past the last entry: the end of the log, not an error. */
function isPastEnd(error: unknown): boolean {
  return error instanceof DeviceError && error.facts.message_id === 'SYS417'
}

/**
 * Reads one page of a log, newest first, 50 entries; follow `next`. Ids begin anew after a clear, and `LOG007` stands for
 * repeated entries, so neither ids nor counts alone tell what is new.
 * @throws DeviceError `Unsupported` when this firmware has no such log.
 */
export async function readLogPage(client: RedfishClient, log: LogName, next?: string): Promise<LogPage> {
  const path = next ?? (await entriesPath(client, log))
  if (path === null) {
    throw new DeviceError('Unsupported', `This firmware has no ${log} log.`, { sent: true, answered: true })
  }
  const page = await readPage(client, path).catch((error: unknown): CollectionPage => {
    if (isPastEnd(error)) return { members: [], next: null, total: null }
    throw error
  })
  return { entries: page.members.map(toLogEntry), next: page.next, total: page.total }
}

/**
 * The active faults, or null when this firmware keeps no fault list (iDRAC7/8).
 * Pages are followed to the end.
 */
export async function readFaults(client: RedfishClient): Promise<Fault[] | null> {
  if ((await entriesPath(client, 'faults')) === null) return null
  const faults: Fault[] = []
  let next: string | undefined
  for (let pages = 0; pages < 20; pages += 1) {
    const page: LogPage = await readLogPage(client, 'faults', next)
    faults.push(...page.entries.map(toFault))
    if (page.next === null) break
    next = page.next
  }
  return faults
}

function toFault(entry: LogEntry): Fault {
  return {
    severity: entry.severity,
    message_id: entry.message_id,
    message: entry.message,
    component: linkAt(objectAt(entry.raw, 'Links'), 'OriginOfCondition')?.split('/').at(-1) ?? null,
    since: entry.logged_at,
  }
}

/**
 * One log entry.
 * QUIRK iDRAC8 2.81.81.81: `EntryCode` and `SensorType` are arrays of `{Member}`, names begin with a blank, message ids are
 * bare; on iDRAC9 they are a text or null. Source: both recordings.
 */
export function toLogEntry(body: JsonObject): LogEntry {
  const number = /(\d{1,15})$/.exec(labelAt(body, 'Id') ?? textAt(body, '@odata.id') ?? '')?.[1]
  const messageId = textAt(body, 'MessageId')
  return {
    entry_id: number === undefined ? null : Number(number),
    logged_at: timeAt(body, 'Created'),
    severity: toHealth(textAt(body, 'Severity')),
    message_id: messageId === null ? null : shortMessageId(messageId),
    message: textAt(body, 'Message') ?? '',
    message_args: arrayOf(body.MessageArgs).map(String),
    category: textAt(dellOf(body), 'Category'),
    sensor_type: wordOf(body.SensorType),
    entry_code: wordOf(body.EntryCode),
    raw: body,
  }
}

function wordOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() || null
  return textAt(objectsOf(value)[0], 'Member')
}
