import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'

/** Lockdown mode of a host as it stands: its own, or the strict one that its personality gives it. */
export function lockdownMode(core: LabCore, host: SimHost): SimHost['lockdown_mode'] {
  return core.flags(host.name).ssh_disabled_by_lockdown ? 'lockdownStrict' : host.lockdown_mode
}
