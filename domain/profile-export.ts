import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** What a Server Configuration Profile can be made of, or limited to. `ALL` stands alone. */
export const PROFILE_COMPONENTS = [
  'ALL',
  'IDRAC',
  'BIOS',
  'NIC',
  'RAID',
  'FC',
  'System',
  'LifecycleController',
  'EventFilters',
  'InfiniBand',
  'PCIeSSD',
  'SupportAssist',
] as const
export type ProfileComponent = (typeof PROFILE_COMPONENTS)[number]

export interface ExportingDevice {
  name: string
  generation: string
  /** What this firmware lists; empty where it lists nothing. */
  components: readonly string[]
}

/**
 * Can this device write such a profile? JSON is there from iDRAC9 on; components are those that the firmware lists. A
 * firmware that lists none is not refused: it says so itself when it is asked.
 */
export function checkExportWish(
  device: ExportingDevice,
  wish: { components: readonly string[]; format: 'XML' | 'JSON' },
): Blocker[] {
  const blockers: Blocker[] = []
  if (wish.format === 'JSON' && (device.generation === 'idrac7' || device.generation === 'idrac8')) {
    const text = `${device.name} writes profiles as XML only.`
    blockers.push(blocker('Unsupported', text, { target: device.name, remedy: 'Use format XML.' }))
  }
  const missing =
    device.components.length === 0 ? [] : wish.components.filter((one) => !device.components.includes(one))
  if (missing.length > 0) {
    const text = `${device.name} has no profile component ${missing.join(', ')}.`
    const data = { missing, offered: [...device.components] }
    blockers.push(blocker('Unsupported', text, { target: device.name, data, remedy: 'Leave them out.' }))
  }
  return blockers
}
