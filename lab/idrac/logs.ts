import type { JsonValue } from '../model.js'
import type { SimLogEntry } from '../model-server.js'
import { type Answer, noContent } from './answers.js'
import { standingFaults } from './health.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { type Call, pathPattern, type Route } from './route.js'
import { link, MANAGER, offsetTime, type Reader, ROOT, sample, type View } from './view.js'

const LOGS = `${MANAGER}/LogServices`
const SEL_CLEARED = '2ffff'
const NO_DATE = '0000-00-00T00:00:00+00:00'

/** An untidy device does not know when some of its entries were written. */
const createdOf = (view: View, entry: SimLogEntry): string =>
  view.flags.untidy_data && entry.id % 4 === 0 ? NO_DATE : offsetTime(entry.at)

function selEntry(view: View, entry: SimLogEntry): JsonObject {
  return {
    '@odata.id': `${LOGS}/Sel/Entries/${entry.id}`,
    '@odata.type': '#LogEntry.v1_9_0.LogEntry',
    Created: createdOf(view, entry),
    Description: `Log Entry ${entry.id}`,
    EntryCode: 'Assert',
    EntryType: 'SEL',
    GeneratorId: '0x0020',
    Id: String(entry.id),
    Links: {},
    Message: entry.message,
    MessageArgs: [],
    'MessageArgs@odata.count': 0,
    MessageId: entry.message_id,
    Name: `Log Entry ${entry.id}`,
    SensorNumber: 0,
    SensorType: null,
    Severity: entry.severity,
  }
}

function lifecycleEntry(view: View, entry: SimLogEntry): JsonObject {
  const note = entry.category === 'WorkNotes'
  // QUIRK iDRAC10 1.x: MessageIds may lack the registry version. Seen: IDRAC.TMP0120. Source: dell/iDRAC-Redfish-Scripting issue 353.
  const prefix = view.profile.idrac === 10 ? 'IDRAC' : view.profile.registry
  return {
    '@odata.id': `${LOGS}/Lclog/Entries/${entry.id}`,
    '@odata.type': '#LogEntry.v1_9_0.LogEntry',
    Created: createdOf(view, entry),
    Description: `Log Entry ${entry.id}`,
    EntryType: 'Oem',
    Id: String(entry.id),
    Links: view.flags.untidy_data
      ? { OriginOfCondition: link(`${ROOT}/Systems/System.Embedded.1/Processors//CPU.Socket.1`) }
      : {},
    Message: entry.message,
    MessageArgs: entry.message_args,
    'MessageArgs@odata.count': entry.message_args.length,
    MessageId: `${prefix}.${entry.message_id}`,
    Name: `Log Entry ${entry.id}`,
    Oem: {
      Dell: {
        '@odata.type': '#DellLCLogEntry.v1_1_0.DellLCLogEntry',
        Category: note ? 'Work Notes' : entry.category,
        Comment: note ? entry.message : null,
        LastUpdatedByUser: note ? (entry.message_args[0] ?? null) : null,
      },
    },
    OemRecordFormat: 'Dell',
    Severity: entry.severity,
  }
}

function entries(path: string, name: string, description: string, members: JsonValue[]): JsonObject {
  return {
    '@odata.context': `${ROOT}/$metadata#LogEntryCollection.LogEntryCollection`,
    '@odata.id': path,
    '@odata.type': '#LogEntryCollection.LogEntryCollection',
    Description: description,
    Members: members,
    'Members@odata.count': members.length,
    Name: name,
  }
}

const newestFirst = <T>(list: readonly T[]): T[] => [...list].reverse()

const readSel: Reader = (view) =>
  entries(
    `${LOGS}/Sel/Entries`,
    'Log Entry Collection',
    'System Event Logs for this manager',
    newestFirst(view.server.idrac.sel).map((entry) => selEntry(view, entry)),
  )

const readLifecycle: Reader = (view) =>
  entries(
    `${LOGS}/Lclog/Entries`,
    'Log Entry Collection',
    'LC Logs for this manager',
    newestFirst(view.server.idrac.lifecycle_log).map((entry) => lifecycleEntry(view, entry)),
  )

const readFaults: Reader = (view) =>
  entries(
    `${LOGS}/FaultList/Entries`,
    'FaultList Entries Collection',
    'Providing additional health information for the devices which support rolled up health data',
    standingFaults(view.server).map((fault, index) => ({
      '@odata.id': `${LOGS}/FaultList/Entries/${index + 1}`,
      '@odata.type': '#LogEntry.v1_9_0.LogEntry',
      Created: offsetTime(fault.at),
      Description: 'FaultList Entry',
      EntryType: 'Event',
      Id: String(index + 1),
      Message: fault.message,
      MessageArgs: [],
      'MessageArgs@odata.count': 0,
      MessageId: fault.message_id,
      Name: `FaultList Entry ${index + 1}`,
      Oem: { Dell: { FQDD: fault.fqdd } },
      Severity: fault.severity,
    })),
  )

const withTime =
  (name: string): Reader =>
  (view) => {
    const body = sample(view, `${LOGS}/${name}`)
    return body && { ...body, DateTime: offsetTime(view.core.clock.now()) }
  }

const memberOf =
  (read: Reader): Reader =>
  (view, [id]) => {
    const members = read(view, [])?.Members
    return Array.isArray(members) ? members.find((one): one is JsonObject => (one as JsonObject).Id === id) : undefined
  }

export const logReaders: Resource[] = [
  [pathPattern(`${LOGS}/Sel/Entries`), readSel],
  [pathPattern(`${LOGS}/Sel/Entries/{id}`), memberOf(readSel)],
  [pathPattern(`${LOGS}/Lclog/Entries`), readLifecycle],
  [pathPattern(`${LOGS}/Lclog/Entries/{id}`), memberOf(readLifecycle)],
  [pathPattern(`${LOGS}/FaultList/Entries`), readFaults],
  [pathPattern(`${LOGS}/FaultList/Entries/{id}`), memberOf(readFaults)],
  ...['Sel', 'Lclog', 'FaultList'].map((name): Resource => [pathPattern(`${LOGS}/${name}`), withTime(name)]),
]

/**
 * Clears the SEL: ids begin anew with the entry that says so; both logs tell it. The Lifecycle log has no such action.
 * Source: recorded iDRAC8, SEL 1 and Lclog 243, 244.
 */
function clearSel({ view, user, client }: Call): Answer {
  const { core, server } = view
  const count = server.idrac.sel.length
  server.idrac.sel = []
  core.lifecycle.log(server, { message_id: 'SEL0004', message: 'Log cleared.', category: 'System Health' })
  core.lifecycle.log(server, {
    message_id: 'SEL0014',
    message: `The System Event Log (SEL) was cleared by ${user} from ${client}.`,
    message_args: [user, client],
    category: 'Audit',
  })
  core.lifecycle.log(server, { message_id: SEL_CLEARED, message: 'Log cleared.', log: 'sel' })
  return noContent(`SEL cleared (${count} entries)`)
}

export const logRoutes: Route[] = [
  { method: 'POST', pattern: pathPattern(`${LOGS}/Sel/Actions/LogService.ClearLog`), mutation: true, act: clearSel },
]
