import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ClusterFacts, ClusterHostFacts } from '../../domain/cluster-facts.js'
import { nextRollingStep } from '../../domain/rolling-plan.js'
import type { RollingHostState, RollingPolicy, RollingProgress } from '../../domain/rolling-types.js'
import { whyNotServing } from '../../domain/serving.js'
import { assertProperty, clusterArb, NOW, policy } from './cluster-fixture.js'
import { rollingFacts, rollingPolicy } from './rolling-fixture.js'

const RUNS = 10_000
const MOST_STEPS = 60

interface World {
  cluster: ClusterFacts
  states: Record<string, RollingHostState>
  found: Set<string>
}

const hostOf = (world: World, id: string) => world.cluster.hosts?.find((host) => host.id === id) as ClusterHostFacts

const isOut = (world: World, host: ClusterHostFacts) => whyNotServing(host, world.cluster.ha_enabled).length > 0

function factsOf(world: World) {
  const changes = Object.fromEntries(
    (world.cluster.hosts ?? []).map((host) => [
      host.id,
      { found_in_maintenance: world.found.has(host.id) && host.in_maintenance_mode === true },
    ]),
  )
  return rollingFacts(world.cluster, changes)
}

const progressOf = (world: World): RollingProgress => ({
  hosts: Object.fromEntries(Object.entries(world.states).map(([id, state]) => [id, { state }])),
  retry_queue: [],
})

/** Hosts that count: out for any reason, without the failed ones that may stand aside. */
function counted(world: World, rules: RollingPolicy): number {
  const failed = Object.keys(world.states).filter((id) => world.states[id] === 'failed')
  const aside = rules.on_failure === 'continue' ? failed.slice(0, rules.failed_hosts_tolerance) : []
  return (world.cluster.hosts ?? []).filter((host) => isOut(world, host) && !aside.includes(host.id)).length
}

function start(world: World, id: string, entering: boolean): void {
  const host = hostOf(world, id)
  world.states[id] = 'running'
  if (host.in_maintenance_mode === true) return
  host.entering_maintenance = entering
  host.in_maintenance_mode = !entering
  if (!entering) host.vms = []
}

function finish(world: World, id: string, ok: boolean, keeps: boolean): void {
  const host = hostOf(world, id)
  world.states[id] = ok ? 'succeeded' : 'failed'
  host.entering_maintenance = false
  host.in_maintenance_mode = !ok || (keeps && world.found.has(id))
}

/** Plays a whole rolling update with random ends and a host that drops out; returns how many hosts were updated. */
function play(world: World, rules: RollingPolicy, dice: () => number): number {
  for (let step = 0; step < MOST_STEPS; step++) {
    const before = counted(world, rules)
    const decision = nextRollingStep(factsOf(world), progressOf(world), rules, NOW)
    expect(nextRollingStep(factsOf(world), progressOf(world), rules, NOW)).toEqual(decision)
    for (const entry of decision.settled) world.states[entry.host_id] = entry.state
    const running = Object.keys(world.states).filter((id) => world.states[id] === 'running')
    if (decision.type === 'step') {
      const taken = decision.hosts.filter((entry) => hostOf(world, entry.host_id).in_maintenance_mode !== true)
      for (const entry of decision.hosts) start(world, entry.host_id, dice() < 0.3)
      if (taken.length > 0) expect(counted(world, rules)).toBeLessThanOrEqual(rules.safety.max_unavailable)
      else expect(counted(world, rules)).toBe(before)
      expect((world.cluster.hosts ?? []).some((host) => !isOut(world, host)) || taken.length === 0).toBe(true)
      continue
    }
    if (running.length === 0) break
    const id = running[Math.floor(dice() * running.length)] as string
    finish(world, id, dice() < 0.8, rules.hosts_found_in_maintenance === 'keep')
    if (dice() < 0.1)
      hostOf(world, String(Math.floor(dice() * (world.cluster.hosts?.length ?? 1)))).connection_state = 'notResponding'
  }
  expect(Object.values(world.states)).not.toContain('running')
  return Object.values(world.states).filter((state) => state === 'succeeded').length
}

const policyArb: fc.Arbitrary<RollingPolicy> = fc
  .record({
    max: fc.integer({ min: 1, max: 3 }),
    on_failure: fc.constantFrom('stop' as const, 'continue' as const, 'pause' as const),
    failed_hosts_tolerance: fc.integer({ min: 0, max: 2 }),
    canary_hosts: fc.integer({ min: 0, max: 2 }),
    hosts_found_in_maintenance: fc.constantFrom('keep' as const, 'return' as const, 'skip' as const),
    on_blocked: fc.constantFrom('wait' as const, 'skip' as const, 'fail' as const),
    host_order: fc.subarray(['3', '1', '0']),
  })
  .map(({ max, ...changes }) => rollingPolicy({ ...changes, safety: policy({ max_unavailable: max }) }))

/** Healthy enough that much happens: no VM ties, known figures; the rest of the troubles stay random. */
function calm(facts: ClusterFacts): ClusterFacts {
  const hosts = (facts.hosts ?? []).map((host) => ({
    ...host,
    vms: [],
    cpu_mhz: 100_000,
    memory_mb: 500_000,
    entering_maintenance: false,
    in_maintenance_mode: host.in_maintenance_mode ?? false,
    ha_state: 'connectedToMaster',
  }))
  const figures = { cpu_demand_mhz: 10, cpu_reservation_mhz: 10, memory_used_mb: 10, memory_reservation_mb: 10 }
  const quiet = {
    lease_held_by_job_id: null,
    facts_at: '2026-11-23T13:59:50Z',
    evacuation_checks: 'unsupported' as const,
  }
  return { ...facts, ...figures, ...quiet, hosts, vsan_enabled: false, ha_enabled: false, rules: [] }
}

it('never takes out more hosts than allowed, always ends, and repeats its answer', () => {
  let updated = 0
  assertProperty(
    fc.property(
      clusterArb,
      policyArb,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (facts, rules, stream) => {
        const cluster = structuredClone(calm(facts))
        const found = new Set((cluster.hosts ?? []).filter((host) => host.in_maintenance_mode).map((host) => host.id))
        const world: World = { cluster, states: {}, found }
        updated += play(world, rules, () => stream.next().value as number)
      },
    ),
    RUNS,
  )
  expect(updated).toBeGreaterThan(RUNS)
})

it('never starts a host in a cluster with any trouble beyond the limit', () => {
  assertProperty(
    fc.property(clusterArb, policyArb, (facts, rules) => {
      const world: World = { cluster: structuredClone(facts), states: {}, found: new Set() }
      const decision = nextRollingStep(factsOf(world), progressOf(world), rules, NOW)
      if (decision.type !== 'step') return
      const taken = decision.hosts.filter((entry) => hostOf(world, entry.host_id).in_maintenance_mode !== true)
      for (const entry of decision.hosts) start(world, entry.host_id, false)
      if (taken.length > 0) expect(counted(world, rules)).toBeLessThanOrEqual(rules.safety.max_unavailable)
    }),
    RUNS,
  )
})
