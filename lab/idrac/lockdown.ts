import { type Answer, refusal } from './answers.js'
import type { View } from './view.js'

/** Is system lockdown on (attribute `Lockdown.1.SystemLockdown`)? */
export const isLocked = (view: View): boolean => view.server.idrac.lockdown

/** 403 with the id that the operation's subsystem uses: `SYS406` settings, `RAC1201` updates, `LC087` profiles, `JCP041` jobs. */
export const lockdownRefusal = (view: View, id: 'SYS406' | 'RAC1201' | 'LC087' | 'JCP041' = 'SYS406'): Answer =>
  refusal(view, 403, { id })
