import { readActivitySettings } from '../db/stores/settings.js'
import { freeUploadSlot, takeUploadSlot } from '../db/stores/upload-slots.js'
import type { Deps } from './deps.js'
import { NotYet } from './failures.js'

const LOOK_AGAIN_MS = 2_000
/** Slots that this process holds. */
const held = new Set<string>()
/** One taking at a time in this process, so that a slot just taken is known before the next look clears up. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Runs an upload as one of those that a site may have under way at once, over all of its workers (`uploads_per_site`, as it
 * stands at this moment).
 * @throws NotYet while all are taken
 */
export async function inUploadSlot<T>(
  deps: Pick<Deps, 'db' | 'worker_id'>,
  site: string,
  upload: () => Promise<T>,
): Promise<T> {
  const taking = turn.then(() => take(deps, site))
  turn = taking.catch(() => undefined)
  const slot = await taking
  try {
    return await upload()
  } finally {
    held.delete(slot)
    // A row that could not be deleted is cleared up by the next taking.
    await freeUploadSlot(deps.db, slot).catch(() => undefined)
  }
}

async function take({ db, worker_id }: Pick<Deps, 'db' | 'worker_id'>, site: string): Promise<string> {
  const { uploads_per_site: limit } = await readActivitySettings(db)
  const slot = await takeUploadSlot(db, { site, worker_id, limit, known: [...held] })
  if (slot === null)
    throw new NotYet('DeviceBusy', `${limit} uploads are under way at site ${site}; this one is next.`, LOOK_AGAIN_MS)
  held.add(slot)
  return slot
}
