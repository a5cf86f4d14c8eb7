import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ClusterFacts } from '../../domain/cluster-facts.js'
import { checkClusterSafety } from '../../domain/cluster-safety.js'
import type { SafetyPolicy } from '../../domain/safety-types.js'
import { whyNotServing } from '../../domain/serving.js'
import { assertProperty, clusterArb, NOW, policy } from './cluster-fixture.js'

const RUNS = 12_000

const policyArb: fc.Arbitrary<SafetyPolicy> = fc
  .record({
    max_unavailable: fc.integer({ min: 1, max: 3 }),
    max_cpu_percent: fc.integer({ min: 50, max: 100 }),
    max_memory_percent: fc.integer({ min: 50, max: 100 }),
    require_drs: fc.boolean(),
    require_vsan_green: fc.boolean(),
    ignore_ha_admission: fc.boolean(),
    evacuation: fc.constantFrom('drs' as const, 'migrate' as const, 'none' as const),
  })
  .map((changes) => policy(changes))

/** Facts where null means "could not be read"; in the others null is an answer. */
const HOST_FACTS = [
  'connection_state',
  'power_state',
  'in_maintenance_mode',
  'entering_maintenance',
  'in_quarantine',
  'overall_status',
  'ha_state',
  'cpu_mhz',
  'memory_mb',
  'vms',
] as const
const CLUSTER_FACTS = [
  'facts_at',
  'hosts',
  'drs_enabled',
  'drs_mode',
  'drs_service_vms_healthy',
  'ha_enabled',
  'ha_admission_enabled',
  'ha_policy',
  'cpu_demand_mhz',
  'cpu_reservation_mhz',
  'memory_used_mb',
  'memory_reservation_mb',
  'rules',
  'evacuation_checks',
  'vsan_enabled',
  'vsan_health',
  'vsan_resync_bytes',
  'vsan_what_ifs',
] as const
const VM_FACTS = ['power_state', 'connection_state', 'drs_behavior', 'pins'] as const

type Loss = { on: 'cluster' | 'host' | 'vm'; at: number; fact: number }
const lossArb: fc.Arbitrary<Loss> = fc.record({
  on: fc.constantFrom('cluster' as const, 'host' as const, 'vm' as const),
  at: fc.nat(6),
  fact: fc.nat(100),
})

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

function lose(facts: ClusterFacts, loss: Loss): ClusterFacts {
  const copy = structuredClone(facts)
  if (loss.on === 'cluster') return { ...copy, [pick(CLUSTER_FACTS, loss.fact)]: null }
  const host = copy.hosts ? pick(copy.hosts, loss.at) : undefined
  if (!host) return copy
  if (loss.on === 'host') Object.assign(host, { [pick(HOST_FACTS, loss.fact)]: null })
  else if (host.vms?.length) Object.assign(pick(host.vms, loss.at), { [pick(VM_FACTS, loss.fact)]: null })
  return copy
}

const asked = fc.uniqueArray(fc.nat(6).map(String), { minLength: 1, maxLength: 2 })

it('never turns a no into a yes when facts get lost', () => {
  let yes = 0
  assertProperty(
    fc.property(
      clusterArb,
      asked,
      policyArb,
      fc.array(lossArb, { minLength: 1, maxLength: 3 }),
      (facts, ids, rules, losses) => {
        const poorer = losses.reduce(lose, facts)
        const before = checkClusterSafety(facts, ids, rules, NOW).safe
        if (before) yes++
        if (checkClusterSafety(poorer, ids, rules, NOW).safe) expect(before).toBe(true)
      },
    ),
    RUNS,
  )
  // A generator that only makes unsafe clusters would prove nothing.
  // About one cluster in fifty is safe at first; a hundred of them are enough for the property to mean something.
  expect(yes).toBeGreaterThan(100)
})

it('never calls a state safe in which more hosts are out than allowed, or none serves', () => {
  assertProperty(
    fc.property(clusterArb, asked, policyArb, (facts, ids, rules) => {
      const verdict = checkClusterSafety(facts, ids, rules, NOW)
      const out = (facts.hosts ?? []).filter(
        (host) => ids.includes(host.id) || whyNotServing(host, facts.ha_enabled).length > 0,
      )
      expect(verdict.blockers.length > 0).toBe(!verdict.safe)
      if (!verdict.safe) return
      expect(out.length).toBeLessThanOrEqual(rules.max_unavailable)
      expect(out.length).toBeLessThan(facts.hosts?.length ?? 0)
      expect(ids.every((id) => facts.hosts?.some((host) => host.id === id))).toBe(true)
    }),
    RUNS,
  )
})

it('answers the same for the same facts, whatever the order of hosts and ids', () => {
  assertProperty(
    fc.property(clusterArb, asked, policyArb, (facts, ids, rules) => {
      const mirrored = { ...facts, hosts: facts.hosts ? [...facts.hosts].reverse() : null }
      const [a, b] = [
        checkClusterSafety(facts, ids, rules, NOW),
        checkClusterSafety(mirrored, [...ids].reverse(), rules, NOW),
      ]
      expect(b.safe).toBe(a.safe)
      expect(b.blockers.map((entry) => entry.code).sort()).toEqual(a.blockers.map((entry) => entry.code).sort())
      expect(checkClusterSafety(facts, ids, rules, NOW)).toEqual(a)
    }),
    RUNS / 4,
  )
})

it('becomes stricter with a smaller max_unavailable', () => {
  assertProperty(
    fc.property(clusterArb, asked, policyArb, (facts, ids, rules) => {
      const wider = { ...rules, max_unavailable: rules.max_unavailable + 1 }
      if (checkClusterSafety(facts, ids, rules, NOW).safe) {
        expect(checkClusterSafety(facts, ids, wider, NOW).safe).toBe(true)
      }
    }),
    RUNS / 4,
  )
})
