import fc from 'fast-check'
import type { ClusterFacts, ClusterHostFacts, PinCause, VmFacts, VmPin } from '../../domain/cluster-facts.js'
import { DEFAULT_SAFETY_POLICY, type SafetyPolicy } from '../../domain/safety-types.js'

export const NOW = Date.parse('2026-11-23T14:00:00Z')

export function vm(name: string, changes: Partial<VmFacts> = {}): VmFacts {
  return {
    id: name,
    name,
    power_state: 'poweredOn',
    is_service_vm: false,
    connection_state: 'connected',
    drs_behavior: 'default',
    pins: [],
    ...changes,
  }
}

export function host(id: string, changes: Partial<ClusterHostFacts> = {}): ClusterHostFacts {
  return {
    id,
    name: `esx-${id}`,
    connection_state: 'connected',
    power_state: 'poweredOn',
    in_maintenance_mode: false,
    entering_maintenance: false,
    in_quarantine: false,
    overall_status: 'green',
    ha_state: 'connectedToMaster',
    cpu_mhz: 100_000,
    memory_mb: 512_000,
    vms: [vm(`vm-${id}`)],
    ...changes,
  }
}

export const inMaintenance = (id: string): ClusterHostFacts =>
  host(id, { in_maintenance_mode: true, ha_state: null, vms: [] })

export function cluster(hosts: ClusterHostFacts[], changes: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    id: 'c1',
    name: 'Prod-A',
    facts_at: '2026-11-23T13:59:50Z',
    hosts,
    drs_enabled: true,
    drs_mode: 'fullyAutomated',
    drs_service_vms_healthy: true,
    ha_enabled: true,
    ha_admission_enabled: true,
    ha_policy: { kind: 'failover_level', failover_level: 1 },
    cpu_demand_mhz: 20_000,
    cpu_reservation_mhz: 10_000,
    memory_used_mb: 200_000,
    memory_reservation_mb: 50_000,
    rules: [],
    evacuation_checks: hosts.map((entry) => ({
      host_ids: [entry.id],
      evacuable_host_ids: [entry.id],
      faults: [],
    })),
    vsan_enabled: false,
    vsan_health: null,
    vsan_resync_bytes: null,
    vsan_what_ifs: null,
    lease_held_by_job_id: null,
    ...changes,
  }
}

export const five = (changes: Partial<ClusterFacts> = {}) =>
  cluster(
    ['1', '2', '3', '4', '5'].map((id) => host(id)),
    changes,
  )

export const policy = (changes: Partial<SafetyPolicy> = {}): SafetyPolicy => ({ ...DEFAULT_SAFETY_POLICY, ...changes })

/** Seed of the random tests of this run; `FC_SEED` repeats one. */
export const SEED = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Runs a property with the printed seed. */
export function assertProperty<T>(property: fc.IRawProperty<T>, runs: number): void {
  console.info(`seed ${SEED}, ${runs} runs`)
  fc.assert(property, { seed: SEED, numRuns: runs })
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>, freq = 25) => fc.option(arbitrary, { nil: null, freq })

/** Mostly good, sometimes bad, rarely unknown: so that many clusters are safe and many are not. */
const mostly = <T>(good: T, ...bad: T[]) =>
  orNull(fc.oneof({ weight: 20, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) }))

const pinArb: fc.Arbitrary<VmPin> = fc.record({
  cause: fc.constantFrom<PinCause[]>('passthrough', 'local_storage', 'question_pending', 'vgpu'),
  detail: fc.constant('x'),
})

const noPins: fc.Arbitrary<VmPin[]> = fc.constant([])

const vmArb = (name: string): fc.Arbitrary<VmFacts> =>
  fc.record({
    id: fc.constant(name),
    name: fc.constant(name),
    power_state: mostly('poweredOn', 'poweredOff'),
    is_service_vm: fc.boolean(),
    connection_state: mostly('connected', 'orphaned'),
    drs_behavior: orNull(
      fc.oneof(
        { weight: 20, arbitrary: fc.constant('default' as const) },
        { weight: 1, arbitrary: fc.constantFrom('manual' as const, 'disabled' as const) },
      ),
      40,
    ),
    pins: orNull(fc.oneof({ weight: 20, arbitrary: noPins }, { weight: 1, arbitrary: fc.array(pinArb) }), 40),
  })

const hostArb = (id: string): fc.Arbitrary<ClusterHostFacts> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(`esx-${id}`),
    connection_state: mostly('connected', 'notResponding', 'disconnected'),
    power_state: mostly('poweredOn', 'poweredOff', 'standBy'),
    in_maintenance_mode: mostly(false, true),
    entering_maintenance: mostly(false, true),
    in_quarantine: mostly(false, true),
    overall_status: mostly('green', 'yellow', 'red'),
    ha_state: mostly('connectedToMaster', 'master', 'initializationError'),
    cpu_mhz: orNull(fc.integer({ min: 10_000, max: 200_000 }), 40),
    memory_mb: orNull(fc.integer({ min: 64_000, max: 1_000_000 }), 40),
    vms: orNull(
      fc.integer({ min: 0, max: 3 }).chain((n) => fc.tuple(...range(n, id).map(vmArb))),
      40,
    ),
  })

const range = (n: number, id: string) => Array.from({ length: n }, (_, i) => `vm-${id}-${i}`)

const policyArb = fc.oneof(
  fc.record({ kind: fc.constant('failover_level' as const), failover_level: fc.integer({ min: 1, max: 2 }) }),
  fc.record({
    kind: fc.constant('percentage' as const),
    cpu_percent: fc.integer({ min: 0, max: 60 }),
    memory_percent: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ kind: fc.constant('failover_hosts' as const), host_ids: fc.constant(['0']) }),
)

const rulesArb = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('vm_host' as const),
      name: fc.constant('must'),
      vm_ids: fc.constant(['vm-1-0', 'vm-2-0']),
      host_ids: fc.subarray(['0', '1', '2', '3']),
      affine: fc.boolean(),
      mandatory: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('anti_affinity' as const),
      name: fc.constant('apart'),
      vm_ids: fc.subarray(['vm-0-0', 'vm-1-0', 'vm-2-0', 'vm-3-0']),
      mandatory: fc.boolean(),
    }),
  ),
  { maxLength: 1 },
)

/** A random cluster of 1 to 7 hosts, with all kinds of bad and missing facts. */
export const clusterArb: fc.Arbitrary<ClusterFacts> = fc.integer({ min: 1, max: 7 }).chain((n) => {
  const ids = Array.from({ length: n }, (_, i) => String(i))
  const check = (id: string) =>
    fc.record({
      host_ids: fc.constant([id]),
      evacuable_host_ids: fc.oneof(
        { weight: 15, arbitrary: fc.constant([id]) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      faults: fc.constant([]),
    })
  const what_if = (id: string) => fc.record({ host_ids: fc.constant([id]), fits: mostly(true, false) })
  return fc.record({
    id: fc.constant('c'),
    name: fc.constant('C'),
    facts_at: mostly('2026-11-23T13:59:50Z', '2026-11-23T13:00:00Z'),
    hosts: fc.tuple(...ids.map(hostArb)),
    drs_enabled: mostly(true, false),
    drs_mode: mostly('fullyAutomated', 'manual'),
    drs_service_vms_healthy: mostly(true, false),
    ha_enabled: orNull(fc.boolean()),
    ha_admission_enabled: orNull(fc.boolean()),
    ha_policy: orNull(policyArb),
    cpu_demand_mhz: orNull(fc.integer({ min: 0, max: 300_000 }), 40),
    cpu_reservation_mhz: orNull(fc.integer({ min: 0, max: 100_000 }), 40),
    memory_used_mb: orNull(fc.integer({ min: 0, max: 900_000 }), 40),
    memory_reservation_mb: orNull(fc.integer({ min: 0, max: 300_000 }), 40),
    rules: orNull(rulesArb),
    evacuation_checks: fc.oneof(
      { weight: 10, arbitrary: fc.tuple(...ids.map(check)) },
      { weight: 1, arbitrary: fc.constantFrom('unsupported' as const, null) },
    ),
    vsan_enabled: mostly(false, true),
    vsan_health: mostly('green', 'red'),
    vsan_resync_bytes: mostly(0, 4096),
    vsan_what_ifs: orNull(fc.tuple(...ids.map(what_if))),
    lease_held_by_job_id: fc.oneof(
      { weight: 30, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant('j') },
    ),
  }) as fc.Arbitrary<ClusterFacts>
})
