import { DeviceError } from '../errors.js'
import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'
import { data } from './soap-writer.js'
import { children, refAt, textAt } from './xml-node.js'

export interface VimEvent {
  key: string
  /** Type on the wire: `EnteredMaintenanceModeEvent`, `VmFailedMigrateEvent`, … */
  type: string
  created_at: string | null
  message: string | null
  host_moid: string | null
  vm_moid: string | null
}

/** Events that tell how an evacuation goes. */
export const EVACUATION_EVENTS: readonly string[] = [
  'vim.event.EnteringMaintenanceModeEvent',
  'vim.event.EnteredMaintenanceModeEvent',
  'vim.event.ExitMaintenanceModeEvent',
  'vim.event.NoMaintenanceModeDrsRecommendationForVM',
  'vim.event.DrsVmMigratedEvent',
  'vim.event.VmFailedMigrateEvent',
  'vim.event.VmMigratedEvent',
  'vim.event.InsufficientFailoverResourcesEvent',
]

/**
 * Events of a host and of what runs on it, newest up to `maxCount`.
 * @param since vCenter's own clock, see `readServerTime`.
 * @throws DeviceError
 */
export async function readHostEvents(
  session: VsphereSession,
  hostMoid: string,
  since: string,
  options: CallOptions & { event_types?: readonly string[]; max_count?: number } = {},
): Promise<VimEvent[]> {
  const { event_types, max_count, ...callOptions } = options
  const manager = session.service.event_manager
  if (manager === null)
    throw new DeviceError('Unsupported', 'The server keeps no events', { sent: false, answered: true })
  const filter = data(
    ['entity', data(['entity', moRef('HostSystem', hostMoid)], ['recursion', 'all'])],
    ['time', data(['beginTime', since])],
    ['eventTypeId', event_types],
    ['maxCount', max_count ?? 200],
  )
  const response = await session.call(manager, 'QueryEvents', [['filter', filter]], callOptions)
  return children(response, 'returnval').map((each) => ({
    key: textAt(each, 'key') ?? '',
    type: each.xsi_type ?? 'Event',
    created_at: textAt(each, 'createdTime'),
    message: textAt(each, 'fullFormattedMessage'),
    host_moid: refAt(each, 'host', 'host')?.value ?? null,
    vm_moid: refAt(each, 'vm', 'vm')?.value ?? null,
  }))
}
