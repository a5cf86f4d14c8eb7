import { expect } from 'vitest'
import type { ApiClient, JobView } from '../../scripts/demo/api-client.js'
import type { LabInvariants, LabState } from '../../scripts/demo/lab-client.js'
import { onboardSite } from '../../scripts/demo/onboard.js'
import { type KillPoint, killAtEach, type MutatingStep } from './crash-points.js'
import { countOf, endOf, type LedgerRow, ledger } from './crash-site.js'
import { startSystem, type TestSystem } from './system.js'

const JOB_LIMIT_MS = 300_000
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'

/** Requests that change one server, as the simulated site names them. Several resources answer GET and PATCH at one path. */
const STAGE_BIOS: MutatingStep = {
  name: 'stage BIOS values',
  kind: 'redfish',
  method: 'PATCH',
  path: `${SYSTEM}/Bios/Settings`,
}
const RESET: MutatingStep = {
  name: 'reset the server',
  kind: 'redfish',
  method: 'POST',
  path: `${SYSTEM}/Actions/ComputerSystem.Reset`,
}
const SET_BOOT: MutatingStep = { name: 'set the boot device', kind: 'redfish', method: 'PATCH', path: SYSTEM }

/** One job on a single server, and every request of it that changes something, in order. A job type is one row here. */
export interface ServerJob {
  job_type: string
  /** `round` grows, so that a job has something to change each time. */
  details: (round: number) => Record<string, unknown>
  steps: readonly MutatingStep[]
  boots: number
}

export const SERVER_JOBS: readonly ServerJob[] = [
  {
    job_type: 'bios_config_write',
    details: (round) => ({ attributes: { LogicalProc: round % 2 === 0 ? 'Disabled' : 'Enabled' } }),
    steps: [STAGE_BIOS, RESET],
    boots: 1,
  },
  {
    job_type: 'boot_configuration',
    details: (round) => ({ target: ['Pxe', 'Cd', 'Hdd'][round % 3], enabled: 'continuous' }),
    steps: [SET_BOOT],
    boots: 0,
  },
  { job_type: 'power_action', details: () => ({ action: 'reset' }), steps: [RESET], boots: 1 },
]

/** A whole system with a server that carries no host. */
export interface CrashServer {
  system: TestSystem
  api: ApiClient
  server: { id: string; service_tag: string }
  /** Name of its iDRAC in the simulated site. */
  device: string
}

export async function startCrashServer(): Promise<CrashServer> {
  const system = await startSystem({ env: { LAB_SITE: 'small', LAB_SPEED: '600' } })
  try {
    const api = await system.signIn()
    const site = await system.lab.site()
    await onboardSite(api, site, () => {})
    const hosted = site.vcenters.flatMap(({ clusters }) =>
      clusters.flatMap(({ hosts }) => hosts.map((h) => h.service_tag)),
    )
    const idrac = site.idracs.find((one) => !one.personality && !hosted.includes(one.service_tag))
    const known = await api.list<{ id: string; service_tag: string }>('/servers')
    const server = known.find(({ service_tag }) => service_tag === idrac?.service_tag)
    if (!idrac || !server) throw new Error('the site has no ordinary server without a host')
    return { system, api, server, device: idrac.name }
  } catch (error) {
    await system.end()
    throw error
  }
}

export interface ServerAftermath {
  job: JobView
  before: LabState
  after: LabState
  invariants: LabInvariants
  /** Requests to this server that took effect, without logins. */
  effects: LedgerRow[]
}

/** Runs one job and kills the worker at each of its mutating requests, at the moments given. */
export async function crashThrough(
  site: CrashServer,
  job: ServerJob,
  round: number,
  points: readonly KillPoint[],
  say: (text: string) => void,
): Promise<ServerAftermath> {
  const { system, api, server, device } = site
  const before = await system.lab.state()
  const { next } = await ledger(system, 0)
  const started: { id?: string } = {}
  const start = async () => {
    started.id = (await api.createJob(job.job_type, { server_ids: [server.id] }, job.details(round))).id
    return () => endOf(api, started.id ?? '')
  }
  await killAtEach(system, points, start, say)
  const ended = await api.waitForEnd(started.id ?? '', JOB_LIMIT_MS)
  const { items } = await ledger(system, next)
  const effects = items.filter(
    (row) =>
      row.device === device &&
      row.effect !== undefined &&
      !row.effect.startsWith('client gone') &&
      !/Sessions|RemoteServicesAPIStatus/.test(row.path),
  )
  return { job: ended, before, after: await system.lab.state(), invariants: await system.lab.invariants(), effects }
}

/** The job completed, each request took effect exactly once, nothing else changed the server, and it booted as often as it should. */
export function expectOnceEach(site: CrashServer, job: ServerJob, aftermath: ServerAftermath): void {
  const { before, after, effects, invariants } = aftermath
  const { status, error, attention } = aftermath.job
  expect({ status, error, attention: attention ?? [] }).toEqual({ status: 'completed', error: null, attention: [] })
  for (const step of job.steps) expect(countOf(effects, step.path), `${step.name}: ${told(effects)}`).toBe(1)
  expect(effects.length, told(effects)).toBe(job.steps.length)
  const boots = (state: LabState) =>
    state.servers.find(({ service_tag }) => service_tag === site.server.service_tag)?.boot_count ?? 0
  expect(boots(after) - boots(before), 'boots').toBe(job.boots)
  expect(invariants.checks.filter((check) => !check.ok)).toEqual([])
}

const told = (effects: readonly LedgerRow[]) => effects.map(({ path, effect }) => `${path} ${effect}`).join('; ')
