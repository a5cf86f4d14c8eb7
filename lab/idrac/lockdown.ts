import { type Answer, refusal } from './answers.js'
import type { View } from './view.js'

/**
 * Is system lockdown on (attribute `Lockdown.1.SystemLockdown`)? A server built with the personality has it in its
 * state, where the attribute can end it; a fault rule that gives the personality holds for as long as the rule.
 */
export const isLocked = ({ server, flags }: View): boolean =>
  server.idrac.lockdown || (flags.lockdown && server.personality !== 'lockdown')

/** 403 with the id that the operation's subsystem uses: `SYS406` settings, `RAC1201` updates, `LC087` profiles, `JCP041` jobs. */
export const lockdownRefusal = (view: View, id: 'SYS406' | 'RAC1201' | 'LC087' | 'JCP041' = 'SYS406'): Answer =>
  refusal(view, 403, { id })
