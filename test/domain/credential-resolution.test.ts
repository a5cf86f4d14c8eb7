import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CredentialQuestion,
  type CredentialSetFacts,
  resolveCredential,
} from '../../domain/credential-resolution.js'
import { assertProperty } from './cluster-fixture.js'

const set = (id: string, changes: Partial<CredentialSetFacts> = {}): CredentialSetFacts => ({
  id,
  name: id,
  credential_type: 'idrac',
  is_default: false,
  priority: 0,
  vcenter_host_id: null,
  vcenter_id: null,
  ip_ranges: [],
  ...changes,
})

const question = (changes: Partial<CredentialQuestion> = {}): CredentialQuestion => ({
  kind: 'idrac',
  address: '10.0.0.5',
  job_set_ids: [],
  explicit_set_id: null,
  has_discovered: false,
  vcenter_host_id: null,
  vcenter_id: null,
  has_environment: false,
  ...changes,
})

const order = (asked: CredentialQuestion, sets: CredentialSetFacts[]) =>
  resolveCredential(asked, sets).candidates.map((entry) => `${entry.source}:${entry.credential_set_id ?? '-'}`)

describe('iDRAC', () => {
  const sets = [
    set('default', { is_default: true }),
    set('a-wide', { ip_ranges: [{ ip_range: '10.0.0.0/8', priority: 5 }] }),
    set('narrow', { ip_ranges: [{ ip_range: '10.0.0.0/24', priority: 5 }] }),
    set('strong', { ip_ranges: [{ ip_range: '10.0.0.1-10.0.0.9', priority: 10 }] }),
    set('elsewhere', { ip_ranges: [{ ip_range: '10.9.0.0/16', priority: 99 }] }),
    set('chosen'),
    set('job-1'),
    set('job-2'),
    set('esxi', { credential_type: 'esxi', is_default: true }),
  ]

  it('looks at the places in order: job, explicit, discovered, ranges, default, environment', () => {
    const asked = question({
      job_set_ids: ['job-2', 'esxi', 'job-1'],
      explicit_set_id: 'chosen',
      has_discovered: true,
      has_environment: true,
    })
    expect(order(asked, sets)).toEqual([
      'job:job-2',
      'job:job-1',
      'explicit:chosen',
      'discovered:-',
      'range:strong',
      'range:narrow',
      'range:a-wide',
      'default:default',
      'environment:-',
    ])
  })

  it('says why, and what gave nothing', () => {
    const answer = resolveCredential(question(), sets)
    expect(answer.why).toBe('10.0.0.5 lies in 10.0.0.1-10.0.0.9 (priority 10) of the set strong.')
    expect(answer.skipped.map((entry) => entry.source)).toEqual(['job', 'explicit', 'discovered', 'environment'])
  })

  it('has nothing built in', () => {
    expect(resolveCredential(question(), [])).toMatchObject({ choice: null, candidates: [] })
  })

  it('tries each set once', () => {
    const doubled = [set('a', { is_default: true, ip_ranges: [{ ip_range: '10.0.0.5', priority: 0 }] })]
    expect(order(question({ job_set_ids: ['a'], explicit_set_id: 'a' }), doubled)).toEqual(['job:a'])
  })

  it('takes the set with the higher priority among equal ranges', () => {
    const range = { ip_range: '10.0.0.0/24', priority: 1 }
    const tied = [set('a', { ip_ranges: [range] }), set('b', { priority: 7, ip_ranges: [range] })]
    expect(order(question(), tied)).toEqual(['range:b', 'range:a'])
  })
})

it('ESXi: host, then vCenter, before ranges and default', () => {
  const esxi = (id: string, changes: Partial<CredentialSetFacts>) => set(id, { credential_type: 'esxi', ...changes })
  const sets = [
    esxi('default', { is_default: true }),
    esxi('range', { ip_ranges: [{ ip_range: '10.0.0.0/24', priority: 1 }] }),
    esxi('vcenter', { vcenter_id: 'v' }),
    esxi('host', { vcenter_host_id: 'h', vcenter_id: 'v' }),
    esxi('other-host', { vcenter_host_id: 'x', vcenter_id: 'v' }),
  ]
  const asked = question({ kind: 'esxi', vcenter_host_id: 'h', vcenter_id: 'v', has_discovered: true })
  expect(order(asked, sets)).toEqual(['host:host', 'vcenter:vcenter', 'range:range', 'default:default'])
})

it('vCenter: its own set, then the default; no ranges, no environment', () => {
  const vcenter = (id: string, changes: Partial<CredentialSetFacts> = {}) =>
    set(id, { credential_type: 'vcenter', ...changes })
  const sets = [
    vcenter('default', { is_default: true }),
    vcenter('own'),
    vcenter('range', { ip_ranges: [{ ip_range: '10.0.0.0/8', priority: 9 }] }),
  ]
  const asked = question({ kind: 'vcenter', explicit_set_id: 'own', has_environment: true })
  expect(order(asked, sets)).toEqual(['explicit:own', 'default:default'])
})

it('does not depend on the order of the sets, and never answers a set of another kind', () => {
  const setArb = fc
    .record({
      kind: fc.constantFrom('idrac' as const, 'esxi' as const),
      is_default: fc.boolean(),
      priority: fc.nat(3),
      range: fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '10.0.0.5', '10.9.0.0/16'),
      range_priority: fc.nat(2),
    })
    .map((entry) => entry)
  assertProperty(
    fc.property(fc.array(setArb, { maxLength: 6 }), (entries) => {
      const sets = entries.map((entry, i) =>
        set(`s${i}`, {
          credential_type: entry.kind,
          is_default: entry.is_default,
          priority: entry.priority,
          ip_ranges: [{ ip_range: entry.range, priority: entry.range_priority }],
        }),
      )
      const answer = resolveCredential(question(), sets)
      expect(resolveCredential(question(), [...sets].reverse())).toEqual(answer)
      const kinds = answer.candidates.map((entry) => sets.find((known) => known.id === entry.credential_set_id))
      expect(kinds.every((known) => known?.credential_type === 'idrac')).toBe(true)
    }),
    10_000,
  )
})
