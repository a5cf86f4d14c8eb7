import type { HostFacts } from './host-facts.js'
import { HOST_PROPERTIES, readHostContent, recentTasks } from './host-reading.js'
import { moRef } from './mo-ref.js'
import type { ObjectContent } from './object-content.js'
import { retrieveAll } from './property-collector.js'
import type { CallOptions, VsphereSession } from './session.js'
import { ENTER_MAINTENANCE, readTasks } from './task.js'
import type { TaskState } from './task-state.js'

const isEntering = (task: TaskState): boolean =>
  task.description_id === ENTER_MAINTENANCE && (task.state === 'running' || task.state === 'queued')

/** Reads the recent tasks of hosts; an empty map entry says that none of them enters maintenance. */
async function enteringTasks(
  session: VsphereSession,
  contents: readonly ObjectContent[],
  options: CallOptions,
): Promise<Map<string, TaskState>> {
  const ids = [...new Set(contents.flatMap((each) => recentTasks(each) ?? []))]
  const tasks = await readTasks(session, ids, options)
  return new Map(tasks.filter(isEntering).map((each) => [each.moid, each]))
}

/**
 * Completes facts with the entering state: the maintenance flag is not set while a host is still entering, only its task
 * shows it.
 */
export async function toHostFacts(
  session: VsphereSession,
  contents: readonly ObjectContent[],
  options: CallOptions = {},
): Promise<HostFacts[]> {
  const factsAt = new Date().toISOString()
  const entering = await enteringTasks(session, contents, options)
  return contents.map((content) => {
    const facts = readHostContent(content, factsAt)
    const recent = recentTasks(content)
    if (recent === null) return facts
    const task = recent.find((each) => entering.has(each)) ?? null
    return { ...facts, entering_maintenance: task !== null, entering_task_moid: task }
  })
}

/**
 * Reads several hosts: one request (paged by 200) and one for their tasks. Hosts that are gone are missing in the answer.
 * @throws DeviceError
 */
export async function readHosts(
  session: VsphereSession,
  moids: readonly string[],
  options: CallOptions = {},
): Promise<HostFacts[]> {
  const objects = moids.map((moid) => moRef('HostSystem', moid))
  return await toHostFacts(session, await retrieveAll(session, [HOST_PROPERTIES], { objects }, options), options)
}

/** Reads one host; `null` when vCenter does not know it. */
export async function readHost(
  session: VsphereSession,
  moid: string,
  options: CallOptions = {},
): Promise<HostFacts | null> {
  const [facts] = await readHosts(session, [moid], options)
  return facts ?? null
}
