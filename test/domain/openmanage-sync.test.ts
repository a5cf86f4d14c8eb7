import { describe, expect, test } from 'vitest'
import { decideDevice, type KnownServer, missingDevices, type SeenDevice, tagOf } from '../../domain/openmanage-sync.js'

const options = { create_missing: true, update_existing: true, include_unmanaged: false }
const seen = (changes: Partial<SeenDevice> = {}): SeenDevice => ({
  device_id: 1,
  service_tag: 'ABC1234',
  ip_address: '10.0.0.1',
  idrac_port: 443,
  managed: true,
  ...changes,
})
const server = (changes: Partial<KnownServer> = {}): KnownServer => ({
  id: 's1',
  service_tag: 'ABC1234',
  ip_address: '10.0.0.1',
  idrac_port: 443,
  verified: true,
  openmanage_device_id: null,
  ...changes,
})

test.each([
  ['', null],
  ['  ', null],
  ['N/A', null],
  ['0000000', null],
  ['Not Specified', null],
  [' abc1234 ', 'ABC1234'],
])('the tag %o is %o', (text, tag) => expect(tagOf(text)).toBe(tag))

describe('a device', () => {
  test('without a tag, not managed, without an address, or not wanted is left out', () => {
    expect(decideDevice(seen({ service_tag: null }), [], options)).toEqual({ type: 'skip', why: 'no_tag' })
    expect(decideDevice(seen({ managed: false }), [], options)).toEqual({ type: 'skip', why: 'unmanaged' })
    expect(decideDevice(seen({ managed: false }), [], { ...options, include_unmanaged: true }).type).toBe('create')
    expect(decideDevice(seen({ ip_address: null }), [], options)).toEqual({ type: 'skip', why: 'no_address' })
    expect(decideDevice(seen(), [], { ...options, create_missing: false })).toMatchObject({ why: 'not_wanted' })
    expect(decideDevice(seen(), [server()], { ...options, update_existing: false })).toMatchObject({
      why: 'not_wanted',
    })
  })

  test('that is new is created, but never at an address that somebody holds', () => {
    expect(decideDevice(seen(), [], options)).toEqual({ type: 'create' })
    const holder = server({ id: 's2', service_tag: 'XYZ9999', verified: false })
    expect(decideDevice(seen(), [holder], options)).toMatchObject({ type: 'conflict', conflict: { server_id: 's2' } })
  })

  test('that contradicts a verified address is a finding; an unverified address gives way', () => {
    const moved = seen({ ip_address: '10.0.0.9' })
    expect(decideDevice(moved, [server()], options)).toMatchObject({
      type: 'update',
      address: false,
      conflict: { ours: '10.0.0.1:443', theirs: '10.0.0.9:443' },
    })
    expect(decideDevice(moved, [server({ verified: false })], options)).toMatchObject({ address: true, conflict: null })
    const taken = [server({ verified: false }), server({ id: 's2', service_tag: 'X', ip_address: '10.0.0.9' })]
    expect(decideDevice(moved, taken, options)).toMatchObject({
      type: 'update',
      address: false,
      conflict: { server_id: 's2' },
    })
  })

  test('whose port is not told is compared with the port that we have', () => {
    const own = server({ idrac_port: 8443 })
    expect(decideDevice(seen({ idrac_port: null }), [own], options)).toMatchObject({ conflict: null })
  })
})

describe('what is missing', () => {
  const marked = (count: number) =>
    Array.from({ length: count }, (_, n) => server({ id: `s${n}`, service_tag: `T${n}`, openmanage_device_id: n }))
  const without = (count: number, gone: number) => new Set(Array.from({ length: count - gone }, (_, n) => n))

  test.each([
    [10, 3, false],
    [10, 4, true],
    [100, 20, false],
    [100, 21, true],
    [4, 4, true],
  ])('of %i marked servers %i: refused %s, and never when an admin allows it', (count, gone, refused) => {
    const answer = missingDevices(marked(count), without(count, gone), false)
    expect([answer.missing.length, answer.refusal?.code ?? null]).toEqual([
      gone,
      refused ? 'SyncWouldRemoveTooMany' : null,
    ])
    expect(missingDevices(marked(count), without(count, gone), true).refusal).toBeNull()
  })

  test('a server that OpenManage never had is not missing', () => {
    expect(missingDevices([server()], new Set(), false).missing).toEqual([])
  })
})
