import { setTimeout as pause } from 'node:timers/promises'
import { identify } from '../../scripts/embedded/process-identity.js'
import type { TestSystem } from './system.js'

/** When the worker dies, seen from the device that it is talking to. */
export type Moment = 'before the effect' | 'after the effect' | 'after the answer'
export const MOMENTS: readonly Moment[] = ['before the effect', 'after the effect', 'after the answer']

/** One request of a job that changes a device, as the simulated site names it. */
export interface MutatingStep {
  name: string
  kind: 'soap' | 'ssh' | 'redfish'
  /** SOAP operation, SSH command or Redfish path; `*` stands for any text. */
  path: string
  /** Redfish only: where reads go to the same path. */
  method?: string
}

/**
 * Every request that changes something while one host gets ESXi, BIOS and iDRAC firmware, in the order in which they
 * come. SSH is not stopped at the end: the reboot has stopped the service already.
 */
export const ROLLING_STEPS: readonly MutatingStep[] = [
  { name: 'start SSH for the precheck', kind: 'soap', path: 'StartService' },
  { name: 'stop SSH after the precheck', kind: 'soap', path: 'StopService' },
  { name: 'suspend DPM', kind: 'soap', path: 'ReconfigureComputeResource_Task' },
  { name: 'start SSH', kind: 'soap', path: 'StartService' },
  { name: 'export the profile', kind: 'redfish', path: '*Manager.ExportSystemConfiguration' },
  { name: 'enter maintenance', kind: 'soap', path: 'EnterMaintenanceMode_Task' },
  { name: 'start the ESXi update', kind: 'ssh', path: '*esxcli software profile update*' },
  { name: 'reboot into the new ESXi', kind: 'soap', path: 'RebootHost_Task' },
  { name: 'upload the BIOS', kind: 'redfish', path: '/redfish/v1/UpdateService/MultipartUpload' },
  { name: 'reboot for the BIOS', kind: 'soap', path: 'RebootHost_Task' },
  { name: 'upload the iDRAC firmware', kind: 'redfish', path: '/redfish/v1/UpdateService/MultipartUpload' },
  { name: 'leave maintenance', kind: 'soap', path: 'ExitMaintenanceMode_Task' },
  { name: 'give DPM back', kind: 'soap', path: 'ReconfigureComputeResource_Task' },
]

export interface KillPoint {
  step: MutatingStep
  moment: Moment
  /** `after the answer` only: how long the worker lives on, in ms, to die in each of its next moves in turn. */
  lives_on_ms: number
}

interface HeldRequest {
  id: string
  kind: string
  path: string
}

const HOLD_LIMIT_MS = 120_000
const LOOK_MS = 20

/** One call of the control interface of the simulated site; throws unless it succeeds. */
export const labCall = async <T>(system: TestSystem, method: string, path: string, body?: unknown): Promise<T> => {
  const init = { method, headers: { 'content-type': 'application/json' } }
  const answer = await fetch(`${system.product.endpoints.lab}${path}`, {
    ...init,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`lab ${method} ${path}: ${answer.status} ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}

/** The next request of this step will be held, once. The steps of a host come one after the other, so kind and path are enough. */
function arm(system: TestSystem, { step, moment }: KillPoint): Promise<unknown> {
  const selector = { kind: step.kind, path: step.path, ...(step.method ? { method: step.method } : {}) }
  const when = moment === 'before the effect' ? 'before' : 'after'
  return labCall(system, 'POST', '/lab/faults', { selector, action: 'hold', when, remaining: 1 })
}

/** Waits for the held request; throws at once when `ended` says that the job is over, because then it never comes. */
async function heldRequest(
  system: TestSystem,
  point: KillPoint,
  ended: () => Promise<string | null>,
): Promise<HeldRequest> {
  const deadline = Date.now() + HOLD_LIMIT_MS
  for (let look = 0; ; look += 1) {
    const { items } = await labCall<{ items: HeldRequest[] }>(system, 'GET', '/lab/holds')
    if (items[0]) return items[0]
    const end = look % 50 === 49 ? await ended() : null
    if (end) throw new Error(`"${point.step.name}" never came: the job ${end}`)
    if (Date.now() > deadline) throw new Error(`"${point.step.name}" did not come within ${HOLD_LIMIT_MS / 1000} s`)
    await pause(LOOK_MS)
  }
}

/** SIGKILL at one point: the request is held, the worker dies, the request is let go into the void (or the answer first). */
async function killAt(system: TestSystem, point: KillPoint, held: HeldRequest): Promise<void> {
  const release = () => labCall(system, 'POST', `/lab/holds/${held.id}/release`)
  const pid = await system.product.pid('worker')
  if (!pid) throw new Error('a request is held, but no worker runs')
  if (point.moment === 'after the answer') {
    await release()
    await pause(point.lives_on_ms)
    process.kill(pid, 'SIGKILL')
    return
  }
  process.kill(pid, 'SIGKILL')
  // Only when its successor is there is the connection of the dead one surely closed at the device.
  await system.back('worker', pid)
  if (identify(pid)) throw new Error(`worker ${pid} survived SIGKILL`)
  await release()
}

/** Kills the worker at each point in turn while a job runs. Resolves when the last kill has been done. */
export async function killAtEach(
  system: TestSystem,
  points: readonly KillPoint[],
  start: () => Promise<() => Promise<string | null>>,
  say: (text: string) => void = () => {},
): Promise<void> {
  const [first, ...rest] = points
  if (!first) throw new Error('no point to kill at')
  await arm(system, first)
  const ended = await start()
  for (const [index, point] of points.entries()) {
    const held = await heldRequest(system, point, ended)
    const next = rest[index]
    if (next) await arm(system, next)
    await killAt(system, point, held)
    say(`killed the worker at "${point.step.name}", ${point.moment}`)
  }
}

/** A small repeatable source of numbers from 0 to 1, so that a printed seed repeats a run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
