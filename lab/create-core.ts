/** Builds the core of one lab: state, clock and every service on them. The only place where they are put together. */
import { createAgenda } from './agenda.js'
import { createClock } from './clock.js'
import type { LabCore } from './core.js'
import { createLifecycle } from './create-lifecycle.js'
import { type Index, indexOf } from './directory.js'
import { createFaultRules, type FaultRules } from './fault-rules.js'
import type { Gate } from './gate.js'
import { createHolds, type Holds } from './holds.js'
import { type ClusterSettings, settingsOf } from './invariants.js'
import { createJobQueue } from './job-queue.js'
import type { JobQueue } from './jobs.js'
import type { Judge } from './judge.js'
import { createJudge } from './judge-history.js'
import { createKeys } from './keys.js'
import { createLedger } from './ledger.js'
import type { Lifecycle } from './lifecycle.js'
import type { SimSite } from './model.js'
import { flagsOf } from './presets.js'
import { createDice } from './random.js'
import { createGate } from './request-gate.js'

export interface LabOptions {
  state: SimSite
  /** settings of the clusters at the seed's first state */
  firstSettings: ClusterSettings
  speed: number
  /** null = in memory only */
  files: { keys: string | null; ledger: string | null }
}

/** The core with what only main and the control API need. */
export interface Lab extends LabCore {
  readonly rules: FaultRules
  readonly holds: Holds
  readonly firstSettings: ClusterSettings
  /** Takes another state (a reset): ledger, rules and holds begin anew, time goes on from the state's. */
  replace(state: SimSite): void
  /** The state with the time of now, ready to be written. */
  snapshot(): SimSite
}

/** Settings of all clusters, to be compared at rest. */
export function firstSettingsOf(state: SimSite): ClusterSettings {
  return Object.fromEntries(
    state.clusters.map((cluster) => [`${cluster.vcenter}/${cluster.name}`, settingsOf(cluster)]),
  )
}

/** Makes a lab; nothing runs until `agenda.start()`. */
export function createLab(options: LabOptions): Lab {
  let state = options.state
  let index = indexOf(state)
  const clock = createClock(state.sim_now, options.speed)
  const stateOf = (): SimSite => state
  const ledger = createLedger({ file: options.files.ledger, simIso: () => clock.iso() })
  const holds = createHolds()
  const dice = createDice(stateOf)
  const rules = createFaultRules(() => dice.roll('fault rules'))
  const late: { gate?: Gate; judge?: Judge; jobs?: JobQueue; lifecycle?: Lifecycle } = {}
  const must = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the core is not complete yet')
    return part
  }

  const lab: Lab = {
    clock,
    ledger,
    holds,
    rules,
    dice,
    agenda: createAgenda(stateOf, clock, (item, error) => {
      console.error(`lab: ${item.type} ${JSON.stringify(item.data)}:`, error)
      lab.judge.violation(
        'no bug of the lab itself',
        `${item.type}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }),
    keys: createKeys(options.files.keys),
    firstSettings: options.firstSettings,
    get state() {
      return state
    },
    get find(): Index {
      return index
    },
    get gate() {
      return must(late.gate)
    },
    get judge() {
      return must(late.judge)
    },
    get jobs() {
      return must(late.jobs)
    },
    get lifecycle() {
      return must(late.lifecycle)
    },
    tryServer: (name) => index.tryServer(name),
    tryHost: (name) => index.tryHost(name),
    moveVm: (vm, toHost) => index.moveVm(vm, toHost),
    setMaintenance(host, inMaintenance) {
      host.in_maintenance = inMaintenance
      lab.judge.clusterChanged(index.clusterOf(host))
    },
    setConnection(host, connection) {
      host.connection = connection
      lab.judge.clusterChanged(index.clusterOf(host))
    },
    flags: (device) => {
      const server = index.tryServer(device)
      const host = server ? index.hostOf(server) : index.tryHost(device)
      const machine = server ?? (host ? index.serverOf(host) : undefined)
      // A rule on a server's iDRAC is one on the host that runs on it, and the other way round.
      const names = machine ? [machine.name, ...(host ? [host.name] : [])] : [device]
      const given = names.flatMap((name) => rules.personalities(name, index.addressOf(name)))
      return flagsOf([machine?.personality ?? null, ...given])
    },
    replace(next) {
      holds.releaseAll()
      rules.clear()
      ledger.clear()
      state = next
      index = indexOf(next)
      clock.set(next.sim_now)
      lab.agenda.start()
    },
    snapshot: () => Object.assign(state, { sim_now: Math.floor(clock.now()) }),
  }
  late.judge = createJudge({
    stateOf,
    clock,
    hostsOf: (cluster) => index.hostsOf(cluster),
    isUp: (host) => lab.lifecycle.hostIsUp(host),
  })
  late.jobs = createJobQueue(lab)
  late.lifecycle = createLifecycle(lab)
  late.gate = createGate({
    clock,
    ledger,
    rules,
    holds,
    flags: lab.flags,
    phase: (device) => lab.lifecycle.phase(device),
    addressOf: (device) => index.addressOf(device),
  })
  return lab
}
