import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { type CollectionPage, readPage } from './collection.js'
import { toHealth } from './enums.js'
import type { Fault, LogEntry, LogPage } from './facts.js'
import { arrayOf, dellOf, type JsonObject, labelAt, objectAt, objectsOf, textAt, timeAt } from './json.js'
import { managerDocument, remembered } from './layout.js'
import { lastPart, linkAt, linksOf, safePath } from './links.js'
import { shortMessageId } from './messages.js'
import { isNotThere, readIfThere } from './resource.js'

export type LogName = 'sel' | 'lifecycle' | 'faults'

/** What a log service is called: the end of its path, its id or the beginning of its name. */
const CALLED: Record<LogName, RegExp> = {
  sel: /^sel\b/i,
  lifecycle: /^(lc|lclog|life ?cycle)\b/i,
  faults: /^fault ?list/i,
}

/**
 * Where a log's entries are, or null when this firmware has no such log. The log services are linked from the Manager;
 * their `Entries` link leads to `…/LogServices/Sel/Entries` or, on iDRAC7/8, to `…/Logs/Sel`. `LogEntryType` does not tell
 * them apart: QUIRK iDRAC9 6.00.30.00: the fault list calls itself `SEL` too. Source: recording R750 6.00.30.00.
 */
function entriesPath(client: RedfishClient, log: LogName): Promise<string | null> {
  return remembered(client, `path:log:${log}`, async () => {
    const services = linkAt(await managerDocument(client), 'LogServices')
    const listed = services === null ? null : await readIfThere(client, services)
    const service = await serviceCalled(client, linksOf(listed?.Members), CALLED[log])
    const entries = linkAt(service ?? undefined, 'Entries')
    return entries === null ? null : safePath(entries, client.origin)
  })
}

/** The service whose path says what it is, else the one whose id or name does. */
async function serviceCalled(client: RedfishClient, links: string[], called: RegExp): Promise<JsonObject | null> {
  const plain = links.find((link) => called.test(lastPart(link)))
  if (plain) return readIfThere(client, plain)
  for (const link of links) {
    const body = await readIfThere(client, link)
    if (body && [textAt(body, 'Id'), textAt(body, 'Name')].some((word) => word !== null && called.test(word)))
      return body
  }
  return null
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
    const page: LogPage | null = await readLogPage(client, 'faults', next).catch((error: unknown) => {
      if (isNotThere(error)) return null
      throw error
    })
    if (page === null) return null
    faults.push(...page.entries.map(toFault))
    if (page.next === null) break
    next = page.next
  }
  return faults
}

function toFault(entry: LogEntry): Fault {
  const origin = linkAt(objectAt(entry.raw, 'Links'), 'OriginOfCondition')
  return {
    severity: entry.severity,
    message_id: entry.message_id,
    message: entry.message,
    component: origin === null ? null : lastPart(origin) || null,
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
