import {
  attributeProblems,
  type BiosRegistryFacts,
  type BiosValue,
  type BiosValues,
  writableOf,
} from './bios-attributes.js'
import { type AttributeChange, biosDifference } from './bios-difference.js'
import type { NamedDeviceJob } from './bios-jobs.js'
import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** What is asked for: values by name, or what may be written of a stored configuration. */
export interface BiosWish {
  attributes: BiosValues | null
  stored: BiosValues | null
  /** Of the stored ones only these; null = all. */
  only: readonly string[] | null
  /** An admin said so: what waits on the machine may be thrown away. */
  override_pending: boolean
}

export interface BiosWriteFacts {
  current: BiosValues
  registry: BiosRegistryFacts
  /** Values that wait for the next boot and differ from those in force. */
  pending: BiosValues
  /** BIOS configuration jobs in the queue. */
  jobs: readonly (NamedDeviceJob & { message_id: string | null })[]
}

export interface BiosWritePlan {
  changes: AttributeChange[]
  blockers: Blocker[]
  /** A job that holds exactly these values already: it is taken over instead of staging them again. */
  device_job_id: string | null
  /** Jobs and values that are thrown away first; null = nothing is. */
  discards: { device_job_ids: string[]; attributes: string[] } | null
}

/**
 * What writing the wish comes to on this machine. Every attribute that cannot be set is named at once, with what would be
 * allowed. What waits for the next boot is taken over when it is exactly what is wanted; anything else that waits is named
 * and refused, unless an admin has said that it may be thrown away.
 */
export function planBiosWrite(wish: BiosWish, facts: BiosWriteFacts): BiosWritePlan {
  const wanted = wish.attributes ?? storedPart(wish, facts)
  const changes = biosDifference(facts.current, wanted, Object.keys(wanted))
  const blockers = invalid(wish.only || wish.attributes ? wanted : valuesOf(changes), facts)
  const plan = { changes, blockers, device_job_id: null, discards: null }
  const waiting = Object.keys(facts.pending)
  const idle = waiting.length === 0 && facts.jobs.length === 0
  const touched = waiting.some((name) => Object.hasOwn(wanted, name))
  if (blockers.length > 0 || idle || (changes.length === 0 && !touched)) return plan
  const [job, second] = facts.jobs
  if (changes.length > 0 && sameValues(facts.pending, valuesOf(changes)) && !second && job?.message_id !== 'PR30')
    return { ...plan, device_job_id: job?.id ?? null }
  if (wish.override_pending && !second)
    return { ...plan, discards: { device_job_ids: job ? [job.id] : [], attributes: waiting } }
  return { ...plan, blockers: [pendingBlocker(waiting, facts)] }
}

function storedPart({ stored, only }: BiosWish, { current, registry }: BiosWriteFacts): BiosValues {
  const writable = writableOf(stored ?? {}, current, registry)
  if (only === null) return writable
  // A name that is not in it is judged like any other value that cannot be written.
  return Object.fromEntries(only.map((name) => [name, writable[name] ?? stored?.[name] ?? null]))
}

/** The changes as values by name. */
export const valuesOf = (changes: readonly AttributeChange[]): Record<string, BiosValue> =>
  Object.fromEntries(changes.map(({ name, to }) => [name, to]))

function invalid(values: BiosValues, { current, registry }: BiosWriteFacts): Blocker[] {
  const problems = attributeProblems(values, current, registry)
  if (problems.length === 0) return []
  const sentence = problems.map(({ attribute, why }) => `${attribute}: ${why}`).join('; ')
  return [blocker('AttributeInvalid', `${sentence}.`, { data: { problems } })]
}

function pendingBlocker(waiting: string[], { jobs }: BiosWriteFacts): Blocker {
  const held = jobs.map(
    (job) => `device job ${job.id} (${job.raw_state ?? 'unknown'}${job.message_id === 'PR30' ? ', stuck' : ''})`,
  )
  const what = [waiting.length > 0 ? `the values of ${waiting.join(', ')}` : '', ...held].filter(Boolean).join(' and ')
  return blocker('PendingConfiguration', `For the next boot wait ${what}, which are not what this job wants.`, {
    data: { attributes: waiting, device_job_ids: jobs.map((job) => job.id) },
    remedy: 'Reboot the server, or let an admin repeat the job with override_pending.',
  })
}

/** Do two sets of values say the same? */
export function sameValues(a: BiosValues, b: BiosValues): boolean {
  return Object.keys(a).length > 0 && biosDifference(a, b).length === 0
}

/** What the proof of a recovery key knows of the host on a machine; null = none is linked. */
export interface SealedHost {
  name: string
  /** Null: could not be read, which is never taken for "not sealed". */
  tpm_sealed: boolean | null
  has_recovery_key: boolean
}

/**
 * May attributes be changed on which the sealing of a host's configuration depends? Only with its recovery key on record:
 * without it the host does not boot again.
 */
export function recoveryKeyBlockers(guarded: readonly string[], host: SealedHost | null): Blocker[] {
  if (guarded.length === 0 || !host || host.tpm_sealed === false || host.has_recovery_key) return []
  const state = host.tpm_sealed === null ? 'may seal' : 'seals'
  const text = `${host.name} ${state} its configuration to the TPM, and no recovery key of it is stored; ${guarded.join(', ')} would lock it out.`
  return [blocker('RecoveryKeyMissing', text, { data: { attributes: [...guarded] } })]
}
