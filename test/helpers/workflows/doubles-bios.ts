import type { BiosActivities } from '../../../activities/contracts/bios.js'
import type { BootActivities } from '../../../activities/contracts/boot.js'
import { isBootAsWanted } from '../../../domain/boot-settings.js'
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

/** Boot settings over a world in memory. */
export function bootDoubles(world: World): BootActivities {
  const now = (server_id: string) => serverOf(world, server_id).boot
  return {
    async judgeBoot({ server_id, wanted }) {
      const before = now(server_id)
      return { decision: isBootAsWanted(wanted, before) ? 'already' : 'send', before, blockers: [] }
    },
    async setBoot({ server_id, wanted }) {
      if ('boot_order' in wanted) return { device_job_id: 'JID_boot' }
      serverOf(world, server_id).boot = {
        ...now(server_id),
        override_target: wanted.target,
        override_enabled: { once: 'Once', continuous: 'Continuous', disabled: 'Disabled' }[wanted.enabled],
      }
      return { device_job_id: null }
    },
    verifyBoot: async ({ server_id }) => ({ after: now(server_id) }),
  }
}
