import type { BiosActivities } from '../../../activities/contracts/bios.js'
import { serverOf, type World } from './world.js'

/** BIOS settings over a world in memory. */
export function biosDoubles(world: World): BiosActivities {
  return {
    async readBiosConfiguration({ server_id, store }) {
      const { name } = serverOf(world, server_id)
      return {
        configuration_id: store ? `bios-of-${name}` : null,
        attribute_count: 2,
        pending_count: 0,
        changed_since_last: false,
      }
    },
  }
}
