import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** A virtual media slot as its iDRAC shows it. `null` stands for: not told. */
export interface SlotFacts {
  id: string
  kind: 'cd' | 'usb' | 'both'
  inserted: boolean | null
  /** Does it hold the image that is wanted? */
  holds_wanted: boolean
}

export type SlotWish = 'auto' | 'cd' | 'usb'

export type MountDecision =
  | { type: 'already'; slot_id: string }
  /** `eject_first`: slots that must be emptied before. */
  | { type: 'insert'; slot_id: string; eject_first: string[] }
  | { type: 'refuse'; blockers: Blocker[] }

/**
 * Which slots stand for the wish. Where each slot takes both kinds (System of iDRAC9 from 6.00 and iDRAC10), the first one
 * stands for `cd` and the last one for `usb`, so that mounting and unmounting mean the same.
 */
export function slotsFor(slots: readonly SlotFacts[], wish: SlotWish | 'all', image_kind: 'iso' | 'img'): SlotFacts[] {
  if (wish === 'all') return [...slots]
  const own = (kind: 'cd' | 'usb') => {
    const exact = slots.filter((slot) => slot.kind === kind)
    if (exact.length > 0) return exact
    const both = slots.filter((slot) => slot.kind === 'both')
    return kind === 'cd' ? both.slice(0, 1) : both.slice(-1)
  }
  if (wish !== 'auto') return own(wish)
  const preferred = own(image_kind === 'iso' ? 'cd' : 'usb')
  return [...preferred, ...slots.filter((slot) => slot.kind === 'both' && !preferred.includes(slot))]
}

/**
 * Where an image goes. The same image is never inserted twice; a slot that holds another one is emptied only when that was
 * asked for. `one_at_a_time`: slots of the Manager, of which only one can be in use.
 */
export function decideMount(given: {
  slots: readonly SlotFacts[]
  wish: SlotWish
  image_kind: 'iso' | 'img'
  one_at_a_time: boolean
  replace: boolean
}): MountDecision {
  const candidates = slotsFor(given.slots, given.wish, given.image_kind)
  const held = candidates.find((slot) => slot.inserted === true && slot.holds_wanted)
  if (held) return { type: 'already', slot_id: held.id }
  const [first] = candidates
  if (!first)
    return { type: 'refuse', blockers: [blocker('Unsupported', 'This device offers no such virtual media slot.')] }
  const rival = given.one_at_a_time ? given.slots.find((slot) => slot.inserted !== false) : undefined
  const free = candidates.find((slot) => slot.inserted === false)
  if (free && !rival) return { type: 'insert', slot_id: free.id, eject_first: [] }
  const occupied = rival ?? first
  if (!given.replace) return { type: 'refuse', blockers: [occupiedBlocker(occupied)] }
  return { type: 'insert', slot_id: (free ?? first).id, eject_first: [occupied.id] }
}

function occupiedBlocker(slot: SlotFacts): Blocker {
  const sentence =
    slot.inserted === null
      ? `Slot ${slot.id} does not say whether something is in it.`
      : `Slot ${slot.id} holds another image.`
  return blocker('SlotOccupied', sentence, { data: { slot: slot.id } })
}

/** What an iDRAC says about virtual media as a whole. `null` stands for: not told, and the device itself will refuse. */
export interface MediaGates {
  enabled: boolean | null
  /** `Attached`, `AutoAttach`, `Detached`. */
  attach_mode: string | null
  /** Names of the licences; null where this firmware shows none. */
  licences: string[] | null
}

/** May images be inserted at all? Only what the device says is judged; an Express licence has no images by address. */
export function checkMediaGates(gates: MediaGates): Blocker[] {
  const blockers: Blocker[] = []
  if (gates.enabled === false)
    blockers.push(
      blocker('StateConflict', 'Virtual media is switched off on this iDRAC.', {
        remedy: 'Set the attribute VirtualMedia.1.Enable to Enabled.',
      }),
    )
  if (gates.attach_mode === 'Detached')
    blockers.push(
      blocker('StateConflict', 'Virtual media is detached on this iDRAC.', {
        remedy: 'Set the attribute VirtualMedia.1.Attached to AutoAttach.',
      }),
    )
  const { licences } = gates
  if (licences !== null && licences.length > 0 && !licences.some((name) => /enterprise|datacenter/i.test(name)))
    blockers.push(
      blocker('LicenseMissing', `Images by address need an Enterprise licence; there is ${licences.join(', ')}.`),
    )
  return blockers
}

/** The name that a device sees at the end of an address: harmless letters, and the ending that it asks for. */
export function servedName(filename: string, kind: string): string {
  const clean = filename.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '') || 'image'
  if (kind !== 'iso' && kind !== 'img') return clean
  return /\.(iso|img)$/i.test(clean) ? clean : `${clean}.${kind}`
}
