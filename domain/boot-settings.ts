import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

export const BOOT_TARGETS = [
  'None',
  'Pxe',
  'Hdd',
  'Cd',
  'UefiTarget',
  'BiosSetup',
  'Utilities',
  'SDCard',
  'UefiHttp',
] as const
export type BootTarget = (typeof BOOT_TARGETS)[number]

/** The next or permanent boot device, or the whole boot order: one of the two. */
export type BootWanted =
  | {
      target: BootTarget
      enabled: 'once' | 'continuous' | 'disabled'
      mode?: 'uefi' | 'legacy' | undefined
      uefi_target?: string | undefined
    }
  | { boot_order: readonly string[] }

/** Boot settings as read. */
export interface BootNow {
  override_target: string | null
  override_enabled: string | null
  override_mode: string | null
  uefi_target: string | null
  boot_order: readonly string[]
}

export interface BootFacts extends BootNow {
  /** Targets that the device offers; empty = it does not say. */
  targets: readonly string[]
  /** False on generations that boot by UEFI only. */
  takes_mode: boolean
  /** BIOS configuration jobs in the queue: while there is one, a boot order is refused. */
  bios_job_ids: readonly string[]
}

export type BootDecision = { type: 'already' } | { type: 'send' } | { type: 'refuse'; blockers: Blocker[] }

const ENABLED = { once: 'Once', continuous: 'Continuous', disabled: 'Disabled' } as const

/**
 * Do the settings say what is wanted? The word beside an override that is off differs by generation (`Once` with target
 * `None` on an R630, `Disabled` on an R750), so an override that is off is judged by either.
 */
export function isBootAsWanted(wanted: BootWanted, now: BootNow): boolean {
  if ('boot_order' in wanted) return sameOrder(wanted.boot_order, now.boot_order)
  const off = now.override_target === 'None' || now.override_enabled === 'Disabled'
  if (wanted.target === 'None' || wanted.enabled === 'disabled') return off
  return (
    !off &&
    now.override_target === wanted.target &&
    now.override_enabled === ENABLED[wanted.enabled] &&
    (wanted.mode === undefined || now.override_mode === null || now.override_mode.toLowerCase() === wanted.mode) &&
    (wanted.target !== 'UefiTarget' || now.uefi_target === wanted.uefi_target)
  )
}

const sameOrder = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name, place) => name === b[place])

/** What a change of the boot settings comes to on this machine: nothing, a request, or a refusal that says what it offers. */
export function decideBoot(wanted: BootWanted, facts: BootFacts): BootDecision {
  const blockers = 'boot_order' in wanted ? orderBlockers(wanted.boot_order, facts) : overrideBlockers(wanted, facts)
  if (blockers.length > 0) return { type: 'refuse', blockers }
  return isBootAsWanted(wanted, facts) ? { type: 'already' } : { type: 'send' }
}

function overrideBlockers(wanted: Extract<BootWanted, { target: string }>, facts: BootFacts): Blocker[] {
  const blockers: Blocker[] = []
  if (facts.targets.length > 0 && !facts.targets.includes(wanted.target)) {
    const offered = [...facts.targets]
    const text = `It cannot boot from ${wanted.target}; it offers ${offered.join(', ')}.`
    blockers.push(blocker('Unsupported', text, { data: { offered } }))
  }
  if (wanted.mode === 'legacy' && !facts.takes_mode)
    blockers.push(blocker('Unsupported', 'This generation boots by UEFI only.', { data: { offered: ['uefi'] } }))
  return blockers
}

function orderBlockers(order: readonly string[], facts: BootFacts): Blocker[] {
  const there = facts.boot_order
  const unknown = order.filter((name) => !there.includes(name))
  const missing = there.filter((name) => !order.includes(name))
  const twice = order.filter((name, place) => order.indexOf(name) !== place)
  if (unknown.length > 0 || missing.length > 0 || twice.length > 0) {
    const parts = [
      unknown.length > 0 ? `not there: ${unknown.join(', ')}` : '',
      missing.length > 0 ? `left out: ${missing.join(', ')}` : '',
      twice.length > 0 ? `named twice: ${twice.join(', ')}` : '',
    ].filter(Boolean)
    const text = `The boot order must name each option once (${parts.join('; ')}); there are ${there.join(', ')}.`
    return [blocker('Unsupported', text, { data: { offered: [...there], unknown, missing, twice } })]
  }
  if (facts.bios_job_ids.length === 0 || sameOrder(order, there)) return []
  const text = `BIOS settings wait for a reboot in device job ${facts.bios_job_ids.join(', ')}; a boot order cannot be set beside them.`
  return [blocker('PendingConfiguration', text, { data: { device_job_ids: [...facts.bios_job_ids] } })]
}
