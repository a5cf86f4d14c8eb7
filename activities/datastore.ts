import { cancellationSignal } from '@temporalio/activity'
import { DeviceError } from '../clients/errors.js'
import { readBrowseResult, startBrowse } from '../clients/vsphere/datastore-browse.js'
import type { DatastoreFacts, DatastoreFile } from '../clients/vsphere/datastore-facts.js'
import { readAllDatastores } from '../clients/vsphere/inventory.js'
import { cancelTask, readTask, taskEnded, waitTaskStep } from '../clients/vsphere/task.js'
import { getHost, listHosts } from '../db/stores/hosts.js'
import { chooseStore, cutListing, folderInside } from '../domain/datastore-listing.js'
import { scaledLimit } from '../domain/time-scale.js'
import type { DatastoreActivities } from './contracts/datastore.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { type AtVcenter, withVcenter } from './with-vcenter.js'

type Input = Parameters<DatastoreActivities['browseDatastore']>[0]

const LIMIT_MS = 20_000
/** Recursion may take minutes and holds locks. */
const RECURSIVE_LIMIT_MS = 60_000
const STEP_MS = 1_000

/** Activities that look into datastores. */
export function createDatastoreActivities(deps: Deps): DatastoreActivities {
  return {
    browseDatastore: (input) =>
      withVcenter(deps, input.context, input.vcenter_id, (at) => browse(deps, at, input), input.host_id),
  }
}

async function browse(deps: Deps, at: AtVcenter, input: Input) {
  const host = input.host_id === null ? null : await hostOf(deps, input.host_id, input.vcenter_id)
  const choice = chooseStore(await readAllDatastores(at.session), input.datastore, host)
  if (!choice.ok) throw new Refused(choice.blockers)
  const { store } = choice
  const found = await search(at, store, input)
  const mounting = new Set((store.mounts ?? []).filter((one) => one.mounted !== false).map((one) => one.host_moid))
  const hosts = (await listHosts(deps.db, input.vcenter_id)).filter((one) => one.moid && mounting.has(one.moid))
  const { moid, name, type, capacity_bytes, free_bytes } = store
  return {
    datastore: { moid, name, type, capacity_bytes },
    ...cutListing(found, input.limit),
    free_bytes,
    hosts_mounting: hosts.map((one) => ({ host_id: one.id, name: one.name })),
  }
}

async function hostOf(deps: Deps, host_id: string, vcenter_id: string): Promise<{ moid: string; name: string }> {
  const host = await getHost(deps.db, host_id)
  if (!host || host.removed_at) throw new StepFailed('UnknownTarget', `Host ${host_id} is not there any more.`)
  if (host.vcenter_id !== vcenter_id || !host.moid)
    throw new StepFailed('NotFound', `${host.name} does not belong to this vCenter.`)
  return { moid: host.moid, name: host.name }
}

async function search({ session, scale }: AtVcenter, store: DatastoreFacts, input: Input): Promise<DatastoreFile[]> {
  if (!store.browser_moid) throw new StepFailed('PermissionMissing', `The account may not look into ${store.name}.`)
  const task = await startBrowse(session, {
    browser_moid: store.browser_moid,
    datastore: store.name,
    path: folderInside(input.path, store.name),
    patterns: input.patterns,
    recursive: input.recursive,
  })
  const end = Date.now() + scaledLimit(input.recursive ? RECURSIVE_LIMIT_MS : LIMIT_MS, scale)
  const stopped = cancellationSignal()
  try {
    let state = await readTask(session, task)
    while (!taskEnded(state) && Date.now() < end && !stopped.aborted) state = await waitTaskStep(session, task, STEP_MS)
    stopped.throwIfAborted()
    if (!taskEnded(state))
      throw new StepFailed(
        'StepTimeout',
        `The search of ${store.name} took too long; name a folder, or fewer patterns.`,
      )
  } catch (thrown) {
    // Nobody waits for it any more, and it holds locks.
    await cancelTask(session, task).catch(() => undefined)
    throw thrown
  }
  return resultOf(await readTask(session, task, { with_result: true }), store.name)
}

function resultOf(state: Awaited<ReturnType<typeof readTask>>, store: string): DatastoreFile[] {
  const files = readBrowseResult(state)
  if (files) return files
  const { code, message, fault } = state.error ?? { code: 'ProtocolError' as const, message: 'no result', fault: '' }
  throw new DeviceError(code, `${store}: ${message}`, { sent: true, answered: true, message_id: fault, text: message })
}
