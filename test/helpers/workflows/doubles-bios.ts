import type { BiosActivities } from '../../../activities/contracts/bios.js'
import type { BootActivities } from '../../../activities/contracts/boot.js'
import { biosDifference } from '../../../domain/bios-difference.js'
import { isBootAsWanted } from '../../../domain/boot-settings.js'
import { hostOf, serverOf, type World } from './world.js'

/** How often the machine has booted, by whichever way. */
export const bootsOf = (world: World, server_id: string): number => {
  const { boots, host_id } = serverOf(world, server_id)
  return boots + (host_id ? hostOf(world, host_id).boots : 0)
}

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
    async planBios({ server_id, order }) {
      const { bios } = serverOf(world, server_id)
      const changes = biosDifference(bios, order.attributes ?? {}, Object.keys(order.attributes ?? {}))
      return { changes, blockers: [], device_job_id: null, discards: null }
    },
    discardPendingBios: async () => {},
    async stageBios({ server_id, changes }) {
      serverOf(world, server_id).staged_bios = { changes, boots: bootsOf(world, server_id) }
      return { device_job_id: 'JID_bios' }
    },
    async unstageBios({ server_id }) {
      serverOf(world, server_id).staged_bios = null
    },
    async verifyBios({ server_id, changes }) {
      const server = serverOf(world, server_id)
      if (server.staged_bios && server.staged_bios.boots < bootsOf(world, server_id)) {
        for (const { name, to } of server.staged_bios.changes) server.bios[name] = to
        server.staged_bios = null
      }
      return { not_applied: changes.filter(({ name, to }) => server.bios[name] !== to), configuration_id: 'after' }
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
