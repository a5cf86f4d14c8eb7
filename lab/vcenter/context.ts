import type { LabCore } from '../core.js'
import type { SimVcenter } from '../model-vsphere.js'
import type { CollectorMemory } from './collector-memory.js'

/** One simulated vCenter: the site's state by name (a reset replaces the objects) and what it holds in memory only. */
export interface VcenterContext {
  core: LabCore
  name: string
  vcenter(): SimVcenter
  memory: CollectorMemory
}

/** One call: the vCenter, the client's session (undefined before login) and where it came from. */
export interface CallContext extends VcenterContext {
  session: SimVcenter['sessions'][number] | undefined
  remoteAddress: string
  userAgent: string
  /** Set by Login: the cookie that the answer carries. */
  setCookie?: string
}
