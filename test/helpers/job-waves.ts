import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { ApiError, type JobView } from '../../scripts/demo/api-client.js'
import type { JobType } from '../../workflows/catalog.js'
import { labCall } from './crash-points.js'
import { JOB_CASES, type Order, post, watch } from './job-orders.js'
import type { JobWorld } from './job-world.js'
import { until } from './lab-process.js'

/** The request of a job that it is stopped at, as the simulated site names it; `*` stands for any text. */
export interface HeldAt {
  device: string
  kind: 'soap' | 'ssh' | 'redfish' | 'ldap' | 'ome'
  method?: string
  path: string
}

/** A job of a wave: the request that it is stopped at, and how often that may take effect. */
export interface WaveJob {
  job_type: JobType
  /** null: a job that asks no device, or whose device cannot hold; it is hit as soon as it is there. */
  at: HeldAt | null
  /** How often the request may take effect, from and to; null = a read. */
  effects: [least: number, most: number] | null
  /** Other than the order of JOB_CASES; `round` counts the passes over the same site. */
  order?: (world: JobWorld, round: number) => Order | Promise<Order>
  /** Codes with which it may end instead of completing. */
  may_end_with?: string
}

const HOLD_LIMIT_MS = 90_000
const JOB_LIMIT_MS = 240_000
const LOOK_MS = 50

export interface WaveEnd {
  wave_job: WaveJob
  job: JobView
  /** How often the held request took effect. */
  effects: number
  /** Where it was when all were struck. */
  struck: string
}

interface HeldRequest {
  id: string
  device: string
  path: string
}

export type When = 'before' | 'after'

const orderOf = (world: JobWorld, { job_type, order }: WaveJob, round: number) =>
  order ? order(world, round) : JOB_CASES[job_type].order(world)

/**
 * Starts the jobs of a wave, waits until each is stopped at its request, does `strike` and lets all go; resolves when
 * they have ended.
 */
export async function runWave(
  world: JobWorld,
  jobs: readonly WaveJob[],
  {
    when,
    round,
    strike,
  }: { when: When; round: number; strike: (ids: string[], release: () => Promise<void>) => Promise<void> },
): Promise<WaveEnd[]> {
  const since = await watch(world)
  const { system } = world
  const stopped = jobs.filter(({ at }) => at !== null)
  for (const { at } of stopped) {
    await labCall(system, 'POST', '/lab/faults', { selector: at, action: 'hold', when, remaining: 1 })
  }
  const ids = new Map<WaveJob, string>()
  const start = async (one: WaveJob) => {
    const posted = await post(world, one.job_type, await orderOf(world, one, round))
    if (posted instanceof ApiError) throw new Error(`${one.job_type}: ${posted.message}`)
    ids.set(one, posted.id)
  }
  await Promise.all(stopped.map(start))
  await allHeld(world, stopped.length, ids)
  // The web depot holds nothing, but it can be slow.
  const slow = { selector: { device: 'web-depot' }, action: 'latency', ms: 3_000, remaining: 1 }
  await labCall(system, 'POST', '/lab/faults', slow)
  const quick = jobs.filter(({ at }) => at === null)
  await Promise.all(quick.map(start))
  const begun = (one: WaveJob) => async () => (await statusOf(world, ids.get(one) ?? '')) !== 'pending'
  await Promise.all(quick.map((one) => until(`${one.job_type} to begin`, begun(one), 20_000)))
  const release = async () => {
    for (const { id } of await held(world)) await labCall(system, 'POST', `/lab/holds/${id}/release`)
  }
  const struck = new Map<string, string>()
  for (const id of ids.values()) struck.set(id, await statusOf(world, id))
  await strike([...ids.values()], release)
  const ends = [...ids].map(async ([wave_job, id]) => ({
    wave_job,
    struck: struck.get(id) ?? '',
    job: await world.api.waitForEnd(id, JOB_LIMIT_MS),
  }))
  const ended = await Promise.all(ends)
  const rows = await since.effects()
  return ended.map(({ wave_job, struck, job }) => {
    const { at } = wave_job
    const path = at && new RegExp(`^${at.path.split('*').map(plainly).join('.*')}$`, 's')
    const fits = rows.filter((row) => at && path && deviceFits(at.device, row.device) && path.test(row.path))
    const made = fits.filter(({ method }) => at?.method === undefined || method === at.method)
    return { wave_job, struck, job, effects: made.length }
  })
}

const plainly = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
const deviceFits = (pattern: string, name: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
const held = async ({ system }: JobWorld) =>
  (await labCall<{ items: HeldRequest[] }>(system, 'GET', '/lab/holds')).items

const statusOf = async ({ api }: JobWorld, id: string) => (await api.readPatiently<JobView>(`/jobs/${id}`)).status

async function allHeld(world: JobWorld, count: number, ids: ReadonlyMap<WaveJob, string>): Promise<void> {
  for (const end = Date.now() + HOLD_LIMIT_MS; ; await pause(LOOK_MS)) {
    const now = await held(world)
    if (now.length >= count) return
    if (Date.now() < end) continue
    const jobs = [...ids].map(async ([{ job_type }, id]) => {
      const { status, phase, error } = await world.api.readPatiently<JobView>(`/jobs/${id}`)
      return `${job_type} ${status} ${phase} ${error?.code ?? ''} ${error?.message ?? ''}`
    })
    const there = now.map(({ device, path }) => `${device} ${path}`).join(', ')
    throw new Error(`only ${now.length} of ${count} requests came (${there}): ${(await Promise.all(jobs)).join('; ')}`)
  }
}

/** Kills the worker while requests are held; they go on when its successor is there. */
export const killWorker =
  ({ system }: JobWorld) =>
  async (_ids: string[], release: () => Promise<void>): Promise<void> => {
    const pid = await system.kill('worker')
    await system.back('worker', pid)
    await release()
  }

/** After a crash: completed, with nothing for a person to do, and the request took effect as often as it may. */
export function expectRight({ wave_job, job, effects }: WaveEnd): void {
  const { job_type, may_end_with } = wave_job
  const { status, error, attention } = job
  if (may_end_with && status === 'failed') expect(error?.code, job_type).toBe(may_end_with)
  else {
    const end = { job_type, status, error, attention: attention ?? [] }
    expect(end).toEqual({ job_type, status: 'completed', error: null, attention: [] })
  }
  if (!wave_job.effects) return
  const [least, most] = wave_job.effects
  expect(effects, `${job_type}: effects of its request`).toBeGreaterThanOrEqual(least)
  expect(effects, `${job_type}: effects of its request`).toBeLessThanOrEqual(most)
}
