import type { JobStateClass } from '../facts.js'

/** What a job says about itself: state, message id (short form) and text. */
export interface JobWords {
  state: string | null
  message_id: string | null
  message: string | null
}

const setOf = (words: string) => new Set(words.split(' '))

const SUCCEEDED = setOf('Completed RebootCompleted')
const FAILED = setOf('Failed RebootFailed Exception Cancelled Killed')
const STAGED = setOf('Scheduled ReadyForExecution Downloaded')
const NEEDS_ACTION = setOf('UserIntervention PendingActivation RebootPending')
const RUNNING = setOf(
  'New Downloading Scheduling Running Waiting Paused Starting Pending Stopping Cancelling Suspended Interrupted Continue Service',
)

/** Ids that mean "done well", whatever the text around them says. SYS413, SYS414 and SYS430 are successes too. */
const GOOD_IDS = setOf(
  'PR19 JCP007 RED001 RED025 RED063 RED092 RED143 SUP0518 SYS018 SYS043 SYS053 SYS413 SYS414 SYS430 SYS526 SYS081 SYS089 ' +
    'SYS054 SYS066 SYS069 RED037 RED064 SUP029 RED030 PR36',
)
/** Done, but not everything. */
const PARTIAL_IDS = setOf('PR31 JCP008 SYS016 SYS033 SYS055 SYS060 SYS082')
/** Done as far as the device could: it takes effect after a restart, a power cycle or an AC cycle. */
const ACTION_IDS = setOf('RED029 SUP0200 SUP0544 SUP0545')
/** Did not happen. */
const BAD_IDS = setOf(
  'PR21 PR24 PR30 JCP003 JCP004 JCP009 JCP042 JCP052 RED006 RED007 RED008 RED010 RED013 RED016 RED017 RED022 RED027 RED060 RED062 ' +
    'RED095 RED097 RED098 RED101 RED103 RED106 RED107 RED108 RED113 RED114 RED115 RED116 RED144 RED145 RED146 RED147 RED148 RED149 ' +
    'SUP0515 SUP0517 SUP0525 SUP0540 SUP0543 SYS051 SYS068 SYS070 SYS071 SYS072 SYS045 SYS046 SYS047 SYS048 SYS050 SYS062 ' +
    'SYS063 SYS064 SYS065 SYS090 SYS073 SYS075 SYS097 SYS199 SYS226 SYS227 SYS229 SYS252 SYS261 RED132 RED136 RED137 RED140',
)

const BAD_TEXT = /\bfail|\berror|lc wipe|\bunable\b/i
const HARMLESS_TEXT = /\b(without|no|0) (errors?|failures?)\b/i

/**
 * Judges a device job by state and message together; the message beats the state.
 * A finished firmware job is still only believed after the inventory shows the version.
 * QUIRK iDRAC (any): a job stuck in `Scheduled` with `PR30` is dead. Source: NVIDIA/libredfish dell.rs.
 * QUIRK iDRAC (any): `Completed` carries failure ids and texts, at 100 percent. Source: dell/iDRAC-Redfish-Scripting.
 */
export function classifyJob({ state, message_id: id, message }: JobWords): JobStateClass {
  const word = state ?? ''
  if (SUCCEEDED.has(word)) return classifyFinished(id ?? '', message ?? '')
  if (word === 'CompletedWithErrors') return 'partial'
  if (FAILED.has(word)) return id !== null && PARTIAL_IDS.has(id) ? 'partial' : 'failed'
  if (NEEDS_ACTION.has(word)) return 'needs_action'
  if (STAGED.has(word)) return id === 'PR30' ? 'failed' : 'staged'
  return RUNNING.has(word) ? 'running' : 'unknown'
}

function classifyFinished(id: string, text: string): JobStateClass {
  if (GOOD_IDS.has(id)) return 'succeeded'
  if (PARTIAL_IDS.has(id)) return 'partial'
  if (ACTION_IDS.has(id)) return 'needs_action'
  if (BAD_IDS.has(id)) return 'failed'
  if (/completed with (errors?|failures?)/i.test(text)) return 'partial'
  return BAD_TEXT.test(text) && !HARMLESS_TEXT.test(text) ? 'failed' : 'succeeded'
}

/** Will this job never change again by itself? */
export function isFinal(stateClass: JobStateClass): boolean {
  return (
    stateClass === 'succeeded' || stateClass === 'failed' || stateClass === 'partial' || stateClass === 'needs_action'
  )
}
