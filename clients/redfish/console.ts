import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import { readConsoleTarget } from './dell/console.js'
import { readLicences } from './hardware.js'
import { flagAt, numberAt, objectAt, textAt } from './json.js'
import { managerPath, rootDocument } from './layout.js'
import { linkAt } from './links.js'
import { isNotThere, readResource } from './resource.js'

/** What a device says about its remote console; null = it does not say. */
export interface ConsoleState {
  tickets: boolean
  enabled: boolean | null
  licences: string[] | null
  sessions_open: number | null
  sessions_most: number | null
}

/** Reads whether and how the remote console can be opened. Nothing is changed. */
export async function readConsoleState(client: RedfishClient): Promise<ConsoleState> {
  const manager = await readResource(client, await managerPath(client))
  const graphical = objectAt(manager, 'GraphicalConsole')
  const licences = await readLicences(client)
  return {
    tickets: (await readConsoleTarget(client)) !== null,
    enabled: flagAt(graphical, 'ServiceEnabled'),
    licences: licences?.flatMap((one) => (one.description === null ? [] : [one.description])) ?? null,
    sessions_open: await countConsoles(client),
    sessions_most: numberAt(graphical, 'MaxConcurrentSessions'),
  }
}

/** Open console sessions by their type, or null where the service lists no sessions. */
async function countConsoles(client: RedfishClient): Promise<number | null> {
  const link = linkAt(await rootDocument(client), 'Links', 'Sessions')
  if (link === null) return null
  const sessions = await readMembers(client, link).catch((error: unknown) => {
    if (isNotThere(error)) return null
    throw error
  })
  if (sessions === null) return null
  return sessions.filter((session) => textAt(session, 'SessionType') === 'KVMIP').length
}
