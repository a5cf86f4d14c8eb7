import { core } from '../lib/proxies.js'

/** Internal, on a schedule: begins the reading that is done in the background, as ordinary jobs. */
export async function backgroundWork() {
  return core.startBackgroundWork({})
}
