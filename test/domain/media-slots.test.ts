import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkMediaGates, decideMount, type SlotFacts, servedName, slotsFor } from '../../domain/media-slots.js'

const slot = (id: string, kind: SlotFacts['kind'], more: Partial<SlotFacts> = {}): SlotFacts => ({
  id,
  kind,
  inserted: false,
  holds_wanted: false,
  ...more,
})
const other = { inserted: true }
const same = { inserted: true, holds_wanted: true }
const modern = (one: Partial<SlotFacts> = {}, two: Partial<SlotFacts> = {}) => [
  slot('1', 'both', one),
  slot('2', 'both', two),
]
const old = (cd: Partial<SlotFacts> = {}, disk: Partial<SlotFacts> = {}) => [
  slot('CD', 'cd', cd),
  slot('RemovableDisk', 'usb', disk),
]

const decide = (slots: SlotFacts[], more: Partial<Parameters<typeof decideMount>[0]> = {}) =>
  decideMount({ slots, wish: 'auto', image_kind: 'iso', one_at_a_time: false, replace: false, ...more })
const oldWay = { one_at_a_time: true }

describe('where an image goes', () => {
  test.each([
    ['an empty pair, iso', decide(modern()), '1', []],
    ['an empty pair, img', decide(modern(), { image_kind: 'img' }), '2', []],
    ['the first is taken: the second', decide(modern(other)), '2', []],
    ['the first is named and taken, replace', decide(modern(other), { wish: 'cd', replace: true }), '1', ['1']],
    ['all taken, replace', decide(modern(other, other), { replace: true }), '1', ['1']],
    ['old slots, iso', decide(old(), oldWay), 'CD', []],
    ['old slots, img', decide(old(), { ...oldWay, image_kind: 'img' }), 'RemovableDisk', []],
    [
      'old slots, the other one taken, replace',
      decide(old({}, other), { ...oldWay, replace: true }),
      'CD',
      ['RemovableDisk'],
    ],
    ['old slots of which both can be used', decide(old({}, other)), 'CD', []],
    ['silent slot, replace', decide(old({ inserted: null }), { ...oldWay, replace: true }), 'CD', ['CD']],
  ])('%s', (_name, decision, slot_id, eject_first) => {
    expect(decision).toEqual({ type: 'insert', slot_id, eject_first })
  })

  test.each([
    ['the same image in the first', decide(modern(same)), '1'],
    ['the same image in the second', decide(modern(other, same)), '2'],
    ['the same image, although it may replace', decide(old(same), { ...oldWay, replace: true }), 'CD'],
  ])('%s stays', (_name, decision, slot_id) => {
    expect(decision).toEqual({ type: 'already', slot_id })
  })

  test.each([
    ['both taken', decide(modern(other, other)), 'SlotOccupied'],
    ['the named one taken', decide(modern(other), { wish: 'cd' }), 'SlotOccupied'],
    ['old slots, the other one taken', decide(old({}, other), oldWay), 'SlotOccupied'],
    ['a slot that says nothing is not taken for empty', decide(old({ inserted: null }), oldWay), 'SlotOccupied'],
    ['no such slot', decide([slot('RemovableDisk', 'usb')], { wish: 'cd' }), 'Unsupported'],
    ['no slot at all', decide([]), 'Unsupported'],
  ])('%s: refused', (_name, decision, code) => {
    expect(decision).toMatchObject({ type: 'refuse', blockers: [{ code }] })
  })

  test('nothing is ever emptied that nobody asked to replace', () => {
    const one = fc.record({ inserted: fc.constantFrom(true, false, null), holds_wanted: fc.boolean() })
    fc.assert(
      fc.property(
        one,
        one,
        fc.constantFrom('auto', 'cd', 'usb'),
        fc.boolean(),
        fc.boolean(),
        (a, b, wish, limit, old_) => {
          const decision = decide(old_ ? old(a, b) : modern(a, b), { wish: wish as 'auto', one_at_a_time: limit })
          if (decision.type === 'insert') expect(decision.eject_first).toEqual([])
        },
      ),
    )
  })

  test('cd and usb mean the same slot for unmounting', () => {
    expect(slotsFor(modern(), 'cd', 'img').map(({ id }) => id)).toEqual(['1'])
    expect(slotsFor(modern(), 'usb', 'iso').map(({ id }) => id)).toEqual(['2'])
    expect(slotsFor(old(), 'all', 'iso')).toHaveLength(2)
  })
})

describe('the gates', () => {
  test.each([
    [{ enabled: true, attach_mode: 'AutoAttach', licences: ['iDRAC9 15g Enterprise License'] }, []],
    [{ enabled: null, attach_mode: null, licences: null }, []],
    [{ enabled: null, attach_mode: null, licences: [] }, []],
    [{ enabled: false, attach_mode: 'Attached', licences: null }, ['StateConflict']],
    [
      { enabled: true, attach_mode: 'Detached', licences: ['iDRAC9 Express License'] },
      ['StateConflict', 'LicenseMissing'],
    ],
  ])('%j', (gates, codes) => {
    expect(checkMediaGates(gates).map(({ code }) => code)).toEqual(codes)
  })
})

test('a served name has the ending that an iDRAC asks for, and nothing that leads elsewhere', () => {
  expect(servedName('tools.iso', 'iso')).toBe('tools.iso')
  expect(servedName('Rescue 12 (4).ISO', 'iso')).toBe('Rescue_12__4_.ISO')
  expect(servedName('disk', 'img')).toBe('disk.img')
  expect(servedName('../../x', 'iso')).toBe('_.._x.iso')
  expect(servedName('', 'iso')).toBe('image.iso')
})
