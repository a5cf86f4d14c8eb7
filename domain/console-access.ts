import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export type ConsoleType = 'kvm' | 'web'

/** What an iDRAC says about its remote console; null = it does not say. */
export interface ConsoleFacts {
  /** Does this firmware hand out console tickets (iDRAC9 and newer)? */
  tickets: boolean
  enabled: boolean | null
  /** Descriptions of the licences. */
  licences: readonly string[] | null
  sessions_open: number | null
  sessions_most: number | null
}

/** What is opened in the end, and why it is not what was asked for; or why nothing is. */
export type ConsoleAnswer = { type: ConsoleType; why: string | null } | { type: 'refuse'; blockers: Blocker[] }

/** Licences that are known to be without a remote console; a name that is not known decides nothing. */
const TOO_SMALL = /\b(basic|express)\b/i
const LARGE_ENOUGH = /\b(enterprise|datacenter)\b/i

/**
 * Decides how the console is opened. `web` is the iDRAC's own page and needs nothing; a ticket needs a console that is
 * switched on, a licence and a free session. Where there are no tickets at all, the page is the way. What the device does
 * not say is left to the device to refuse.
 */
export function decideConsole(asked: ConsoleType, facts: ConsoleFacts): ConsoleAnswer {
  if (asked === 'web') return { type: 'web', why: null }
  if (!facts.tickets)
    return { type: 'web', why: 'This firmware hands out no console tickets; sign in at its own page.' }
  const blockers = [enabledBlocker(facts), licenceBlocker(facts), sessionBlocker(facts)].filter((one) => one !== null)
  return blockers.length > 0 ? { type: 'refuse', blockers } : { type: 'kvm', why: null }
}

function enabledBlocker({ enabled }: ConsoleFacts): Blocker | null {
  if (enabled !== false) return null
  const remedy = 'Switch VirtualConsole.1.Enable on, or ask for type web.'
  return blocker('Unsupported', 'The virtual console of this iDRAC is switched off.', { remedy })
}

function licenceBlocker({ licences }: ConsoleFacts): Blocker | null {
  if (!licences || licences.length === 0 || licences.some((name) => LARGE_ENOUGH.test(name))) return null
  if (!licences.every((name) => TOO_SMALL.test(name))) return null
  return blocker('LicenseMissing', `The console needs an Enterprise licence; there is ${licences.join(', ')}.`)
}

function sessionBlocker({ sessions_open, sessions_most }: ConsoleFacts): Blocker | null {
  if (sessions_open === null || sessions_most === null || sessions_open < sessions_most) return null
  return blocker('SessionLimit', `All ${sessions_most} console sessions of this iDRAC are in use.`)
}
