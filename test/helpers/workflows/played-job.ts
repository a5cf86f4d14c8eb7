import type {
  CoreQueue,
  ProjectionActivities,
  RedfishQueue,
  SshQueue,
  TransferQueue,
  VsphereQueue,
} from '../../../activities/index.js'
import { coreDoubles, emptyRows, type JobRows, projectionDoubles } from './doubles-core.js'
import { credentialDoubles } from './doubles-credentials.js'
import { redfishDoubles, transferDoubles } from './doubles-server.js'
import { sshDoubles, vsphereDoubles } from './doubles-vsphere.js'
import type { World } from './world.js'

export type AllActivities = ProjectionActivities & CoreQueue & RedfishQueue & VsphereQueue & SshQueue & TransferQueue
export type ActivityName = keyof AllActivities
type AnyActivity = (input: unknown) => Promise<unknown>

/** Writes status rows: they happen at every turn and are no step of the work. */
export const PROJECTIONS: readonly ActivityName[] = ['claimJob', 'writeStatus']

/** Activities that change a device or keep something of it: none of them may run in a dry run. */
export const MUTATING: readonly ActivityName[] = [
  'enterMaintenance',
  'undoMaintenance',
  'exitMaintenance',
  'rebootHost',
  'borrowSsh',
  'returnSsh',
  'borrowClusterSetting',
  'returnClusterSettings',
  'startUpdate',
  'storeRecoveryKey',
  'submitFirmware',
  'backupProfile',
  'exportProfile',
  'startProfileImport',
  'placeDepot',
  'deleteDeviceJob',
  'sendPower',
  'setBoot',
  'stageBios',
  'unstageBios',
  'discardPendingBios',
  'noteSilentServers',
  'noteUnreadDevice',
  'linkServers',
  'handOverMaintenance',
  'dropUpload',
  'openConsole',
  'tryDirectoryLogin',
  'keepLoginTrial',
  'mountMedia',
  'bootFromMedia',
  'saveCredentialTest',
  'tryServerCredential',
  'tryHostCredential',
]

/** The `nth` call (from 1) of an activity fails: before it did anything, or after, as if only the answer was lost. */
export interface Fault {
  name: ActivityName
  nth: number
  when: 'before' | 'after'
  error: Error
}

export interface Call {
  name: ActivityName
  /** From 1, per activity. */
  nth: number
  input: Record<string, unknown>
}

interface Hold {
  name: ActivityName
  reach: () => void
  let: Promise<void>
}

const REACH_LIMIT_MS = 30_000

/** One job with doubles for all its activities: what they were asked, and what they changed. */
export class PlayedJob {
  readonly calls: Call[] = []
  readonly rows: JobRows = emptyRows()
  readonly faults: Fault[] = []
  readonly #activities: AllActivities
  readonly #holds: Hold[] = []

  constructor(
    readonly world: World,
    answers: Partial<AllActivities> = {},
  ) {
    this.#activities = {
      ...projectionDoubles(this.rows),
      ...coreDoubles(world, this.rows),
      ...redfishDoubles(world),
      ...vsphereDoubles(world),
      ...sshDoubles(world),
      ...transferDoubles(world),
      ...credentialDoubles(),
      ...answers,
    }
  }

  static get names(): ActivityName[] {
    const empty: World = {
      hosts: new Map(),
      servers: new Map(),
      borrowed: new Set(),
      leases: new Map(),
      handed_over: new Set(),
      asked_for: new Set(),
      mounted: new Set(),
      boot_once: new Set(),
      wanted_build: 0,
      packages: [],
    }
    return Object.keys(new PlayedJob(empty).#activities) as ActivityName[]
  }

  /** Runs the double of one activity; called by the worker. */
  async run(name: ActivityName, input: unknown): Promise<unknown> {
    const nth = this.count(name) + 1
    this.calls.push({ name, nth, input: input as Record<string, unknown> })
    const hold = this.#holds.find((one) => one.name === name)
    if (hold) {
      this.#holds.splice(this.#holds.indexOf(hold), 1)
      hold.reach()
      await hold.let
    }
    const fault = this.faults.find((one) => one.name === name && one.nth === nth)
    if (fault?.when === 'before') throw fault.error
    const answer = await (this.#activities[name] as AnyActivity)(input)
    if (fault) throw fault.error
    return answer
  }

  /** The next call of an activity stands still until `release`. Do not wait for the job's result meanwhile: time would skip. */
  hold(name: ActivityName): { reached: Promise<void>; release: () => void } {
    let release = () => {}
    const open = new Promise<void>((resolve) => {
      release = resolve
    })
    const reached = new Promise<void>((resolve, reject) => {
      const late = new Error(`${name} was not called within ${REACH_LIMIT_MS / 1000} s`)
      const timer = setTimeout(() => reject(late), REACH_LIMIT_MS)
      const reach = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#holds.push({ name, reach, let: open })
    })
    return { reached, release }
  }

  count(name: ActivityName): number {
    return this.calls.filter((call) => call.name === name).length
  }

  /** The calls that are steps of the work, in order. */
  get steps(): Call[] {
    return this.calls.filter((call) => !PROJECTIONS.includes(call.name))
  }
  get stepNames(): ActivityName[] {
    return this.steps.map((call) => call.name)
  }
  get mutations(): ActivityName[] {
    return this.stepNames.filter((name) => MUTATING.includes(name))
  }
  /** The one final state; throws when the end was written never or twice. */
  get end() {
    const [end, second] = this.rows.finished
    if (!end || second) throw new Error(`finishJob was called ${this.rows.finished.length} times`)
    return end
  }
}
