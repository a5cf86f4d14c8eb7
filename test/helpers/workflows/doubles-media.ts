import type { VirtualMediaActivities } from '../../../activities/contracts/virtual-media.js'
import { serverOf, type World } from './world.js'

const MINUTE_MS = 60_000

/** Virtual media over a world in memory: one slot per server. */
export function mediaDoubles(world: World): VirtualMediaActivities {
  return {
    async judgeMount({ server_id }) {
      const inserted = world.mounted.has(serverOf(world, server_id).id)
      const slots = [{ slot: '1', inserted, image: inserted ? 'tools' : null }]
      return { decision: inserted ? 'already' : 'insert', slot: '1', blockers: [], slots, url_host: '127.0.0.1:8888' }
    },
    async mountMedia({ server_id, eject_after_minutes }) {
      const changed = !world.mounted.has(server_id)
      world.mounted.add(server_id)
      return {
        slot: '1',
        inserted: true,
        changed,
        url_host: '127.0.0.1:8888',
        expires_at: '2030-01-01T00:00:00.000Z',
        eject_in_ms: eject_after_minutes * MINUTE_MS,
      }
    },
    async bootFromMedia({ server_id }) {
      world.boot_once.add(server_id)
    },
    async ejectMedia({ server_id, clear_boot_once, dry_run }) {
      const ejected = world.mounted.has(server_id) ? [{ slot: '1', image: 'tools' }] : []
      if (dry_run) return { ejected, boot_once_cleared: false }
      world.mounted.delete(server_id)
      return { ejected, boot_once_cleared: clear_boot_once && world.boot_once.delete(server_id) }
    },
  }
}
