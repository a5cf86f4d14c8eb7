import { describe, expect, it } from 'vitest'
import type { BiosEntry, BiosValues } from '../../domain/bios-attributes.js'
import { type BiosWish, type BiosWriteFacts, planBiosWrite, recoveryKeyBlockers } from '../../domain/bios-write.js'

const entry = (name: string, changes: Partial<BiosEntry> = {}): BiosEntry => ({
  name,
  type: 'Enumeration',
  values: ['On', 'Off'],
  lower_bound: null,
  upper_bound: null,
  min_length: null,
  max_length: null,
  read_only: false,
  hidden: false,
  ...changes,
})
const current: BiosValues = { A: 'On', B: 'On', Fixed: 'On' }
const registry = { entries: [entry('A'), entry('B'), entry('Fixed', { read_only: true })], rules: [] }
const job = (changes: object = {}) => ({
  id: 'JID_1',
  name: 'Configure: BIOS.Setup.1-1',
  job_type: 'BIOSConfiguration',
  raw_state: 'Scheduled',
  message_id: 'JCP001',
  ...changes,
})
const plan = (wish: Partial<BiosWish>, facts: Partial<BiosWriteFacts> = {}) =>
  planBiosWrite(
    { attributes: { A: 'Off' }, stored: null, only: null, override_pending: false, ...wish },
    { current, registry, pending: {}, jobs: [], ...facts },
  )
const codes = (wish: Partial<BiosWish>, facts: Partial<BiosWriteFacts> = {}) =>
  plan(wish, facts).blockers.map(({ code }) => code)

describe('writing BIOS values', () => {
  it('comes to the difference only', () => {
    expect(plan({ attributes: { A: 'Off', B: 'On' } })).toEqual({
      changes: [{ name: 'A', from: 'On', to: 'Off' }],
      blockers: [],
      device_job_id: null,
      discards: null,
    })
    expect(plan({ attributes: { A: 'On' } }).changes).toEqual([])
  })

  it('names everything that cannot be set in one sentence', () => {
    const [blocker] = plan({ attributes: { A: 'Perhaps', Nope: 'x', Fixed: 'Off' } }).blockers
    expect(blocker).toMatchObject({
      code: 'AttributeInvalid',
      data: { problems: [{ attribute: 'A', allowed: ['On', 'Off'] }, { attribute: 'Nope' }, { attribute: 'Fixed' }] },
    })
    expect(blocker?.message).toContain('Nope: this machine has no such attribute')
  })

  it('of a stored configuration takes what may be written, and judges names that were asked for', () => {
    const stored = { A: 'Off', B: 'Off', Fixed: 'Off', Gone: 'x' }
    expect(plan({ attributes: null, stored }).changes.map(({ name }) => name)).toEqual(['A', 'B'])
    expect(plan({ attributes: null, stored, only: ['B'] }).changes).toEqual([{ name: 'B', from: 'On', to: 'Off' }])
    expect(codes({ attributes: null, stored, only: ['Fixed'] })).toEqual(['AttributeInvalid'])
    expect(codes({ attributes: null, stored, only: ['Missing'] })).toEqual(['AttributeInvalid'])
  })
})

describe('what waits already', () => {
  it.each<[string, Partial<BiosWish>, Partial<BiosWriteFacts>, string[], string | null, string[] | null]>([
    ['equal values in a job are taken over', {}, { pending: { A: 'Off' }, jobs: [job()] }, [], 'JID_1', null],
    ['equal values without a job are staged again', {}, { pending: { A: 'Off' } }, [], null, null],
    ['another value', {}, { pending: { A: 'On' } }, ['PendingConfiguration'], null, null],
    ['one value more', {}, { pending: { A: 'Off', B: 'Off' }, jobs: [job()] }, ['PendingConfiguration'], null, null],
    [
      'one value less',
      { attributes: { A: 'Off', B: 'Off' } },
      { pending: { A: 'Off' } },
      ['PendingConfiguration'],
      null,
      null,
    ],
    ['a job without values', {}, { jobs: [job()] }, ['PendingConfiguration'], null, null],
    [
      'a stuck job with equal values',
      {},
      { pending: { A: 'Off' }, jobs: [job({ message_id: 'PR30' })] },
      ['PendingConfiguration'],
      null,
      null,
    ],
    [
      'an admin throws it away',
      { override_pending: true },
      { pending: { B: 'Off' }, jobs: [job()] },
      [],
      null,
      ['JID_1'],
    ],
    [
      'also a stuck one',
      { override_pending: true },
      { pending: { A: 'Off' }, jobs: [job({ message_id: 'PR30' })] },
      [],
      null,
      ['JID_1'],
    ],
    [
      'but not of several jobs',
      { override_pending: true },
      { pending: { B: 'Off' }, jobs: [job(), job({ id: 'JID_2' })] },
      ['PendingConfiguration'],
      null,
      null,
    ],
    [
      'nothing to change, others wait for others',
      { attributes: { A: 'On' } },
      { pending: { B: 'Off' }, jobs: [job()] },
      [],
      null,
      null,
    ],
    [
      'nothing to change, but it would not stay',
      { attributes: { A: 'On' } },
      { pending: { A: 'Off' }, jobs: [job()] },
      ['PendingConfiguration'],
      null,
      null,
    ],
  ])('%s', (_what, wish, facts, refused, taken, discarded) => {
    const answer = plan(wish, facts)
    expect(answer.blockers.map(({ code }) => code)).toEqual(refused)
    expect(answer.device_job_id).toBe(taken)
    expect(answer.discards?.device_job_ids ?? null).toEqual(discarded)
  })

  it('is named', () => {
    const [blocker] = plan({}, { pending: { B: 'Off' }, jobs: [job({ message_id: 'PR30' })] }).blockers
    expect(blocker?.message).toMatch(/the values of B and device job JID_1 \(Scheduled, stuck\)/)
  })
})

describe('the recovery key of a sealed host', () => {
  const host = { name: 'esx-1', tpm_sealed: true, has_recovery_key: false }
  it.each([
    [['SecureBoot'], host, 1],
    [['SecureBoot'], { ...host, tpm_sealed: null }, 1],
    [['SecureBoot'], { ...host, tpm_sealed: false }, 0],
    [['SecureBoot'], { ...host, has_recovery_key: true }, 0],
    [['SecureBoot'], null, 0],
    [[], host, 0],
  ])('%j on %j: %i', (guarded, sealed, count) => {
    const found = recoveryKeyBlockers(guarded, sealed)
    expect(found).toHaveLength(count)
    if (count > 0) expect(found[0]?.code).toBe('RecoveryKeyMissing')
  })
})
