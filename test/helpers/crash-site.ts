import type { ApiClient, JobView } from '../../scripts/demo/api-client.js'
import type { LabFirmware, LabInvariants, LabState } from '../../scripts/demo/lab-client.js'
import { newestFirmware, newestImage } from '../../scripts/demo/lab-client.js'
import { clusterIdOf, onboardSite, takePackage } from '../../scripts/demo/onboard.js'
import { type KillPoint, killAtEach, ROLLING_STEPS } from './crash-points.js'
import { until } from './lab-process.js'
import { startSystem, type TestSystem } from './system.js'

const CLUSTER = 'Prod-A'
const JOB_LIMIT_MS = 300_000
const FINAL = ['completed', 'failed', 'cancelled']

/** What the simulated site recorded of one request. */
export interface LedgerRow {
  seq: number
  device: string
  kind: string
  method: string
  path: string
  status: number
  effect?: string
}

/** A whole system with a known site: three hosts of one cluster, ready to be updated one job each. */
export interface CrashSite {
  system: TestSystem
  api: ApiClient
  hosts: { id: string; name: string; service_tag: string }[]
  image: { depot_path: string; name: string; build: string }
  firmware: LabFirmware[]
  package_ids: string[]
}

export async function startCrashSite(): Promise<CrashSite> {
  const system = await startSystem({ env: { LAB_SITE: 'small:3', LAB_SPEED: '600' } })
  try {
    const api = await system.signIn()
    const site = await system.lab.site()
    await onboardSite(api, site, () => {})
    const inLab = site.vcenters.flatMap(({ clusters }) => clusters).find(({ name }) => name === CLUSTER)?.hosts ?? []
    const tags = inLab.map((host) => host.service_tag)
    const firmware = ['bios', 'idrac'].map((component) => newestFirmware(site, tags, component))
    const package_ids = []
    for (const file of firmware) package_ids.push(await takePackage(api, file))
    const cluster_id = await clusterIdOf(api, CLUSTER)
    const known = await api.list<{ id: string; name: string; cluster_id: string }>('/hosts')
    const hosts = known
      .filter((host) => host.cluster_id === cluster_id)
      .map(({ id, name }) => ({ id, name, service_tag: inLab.find((host) => host.name === name)?.service_tag ?? '' }))
    return { system, api, hosts, image: newestImage(site), firmware, package_ids }
  } catch (error) {
    await system.end()
    throw error
  }
}

/** What the simulated site says after a rolling update of one host. */
export interface Aftermath {
  job: JobView
  before: LabState
  after: LabState
  invariants: LabInvariants
  /** Requests of this run that changed something, without those that never arrived. */
  effects: LedgerRow[]
  /** Mutating requests of this run that fit no step that workers are killed at. */
  strangers: LedgerRow[]
}

/** Rolls one host (ESXi, then BIOS and iDRAC), killing the worker at each point, and waits for the end of the job. */
export async function rollThrough(
  site: CrashSite,
  host: { id: string },
  points: readonly KillPoint[],
  say: (text: string) => void,
): Promise<Aftermath> {
  const { system, api } = site
  const before = await system.lab.state()
  const { next } = await ledger(system, 0)
  const started: { id?: string } = {}
  const start = async () => {
    started.id = (await orderRoll(site, host)).id
    return () => endOf(api, started.id ?? '')
  }
  await killAtEach(system, points, start, say)
  const job = await api.waitForEnd(started.id ?? '', JOB_LIMIT_MS)
  const { items } = await ledger(system, next)
  const effects = items.filter((row) => row.effect !== undefined && !row.effect.startsWith('client gone'))
  return {
    job,
    before,
    after: await system.lab.state(),
    invariants: await whenSessionsEnded(system),
    effects,
    strangers: effects.filter((row) => !isKnown(row)),
  }
}

function orderRoll({ api, image, package_ids }: CrashSite, host: { id: string }): Promise<JobView> {
  const esxi = { depot_path: image.depot_path, profile_name: image.name }
  const firmware = { firmware_source: 'local', package_ids }
  return api.createJob('rolling_update', { host_ids: [host.id] }, { order: 'esxi_first', esxi, firmware })
}

/** How a job ended, or null while it runs. */
export async function endOf(api: ApiClient, id: string): Promise<string | null> {
  const job = await api.readPatiently<JobView>(`/jobs/${id}`)
  return FINAL.includes(job.status) ? `ended ${job.status} ${JSON.stringify(job.error)}` : null
}

/** The mutating requests that the simulated site got since a number. */
export async function ledger(system: TestSystem, since: number): Promise<{ items: LedgerRow[]; next: number }> {
  const answer = await fetch(`${system.product.endpoints.lab}/lab/ledger?since=${since}&mutations=1`)
  return (await answer.json()) as { items: LedgerRow[]; next: number }
}

/** A session whose answer a kill swallowed belongs to nobody; the device ends it by its own idle limit. */
export function whenSessionsEnded(system: TestSystem): Promise<LabInvariants> {
  const look = async () => {
    const invariants = await system.lab.invariants()
    return invariants.figures.sessions_open === 0 ? invariants : null
  }
  return until('the end of all sessions', look, 30_000).catch(() => system.lab.invariants())
}

/** Setting up HA anew after the return is a repair of its own; it is asked for only when the agent is broken. */
const REPAIRS = ['ReconfigureHostForDAS_Task']

function isKnown(row: LedgerRow): boolean {
  if (REPAIRS.includes(row.path)) return true
  return ROLLING_STEPS.some(({ kind, path }) => kind === row.kind && fits(path, row.path))
}

function fits(pattern: string, text: string): boolean {
  return pattern
    .split('*')
    .filter(Boolean)
    .every((part) => text.includes(part))
}

/** How often a step took effect in a run. */
export function countOf(effects: readonly LedgerRow[], path: string): number {
  return effects.filter((row) => fits(path, row.path)).length
}
