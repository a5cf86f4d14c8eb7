import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ApiClient, JobView } from '../../scripts/demo/api-client.js'
import { newestFirmware, newestImage } from '../../scripts/demo/lab-client.js'
import { onboardSite, takePackage } from '../../scripts/demo/onboard.js'
import { until } from '../helpers/lab-process.js'
import { startSystem, type TestSystem } from '../helpers/system.js'

/* Jobs that meet trouble, one system, each verdict from the ledger and the invariants of the simulated site. */

interface Host {
  id: string
  name: string
  cluster_id: string
  server_id: string
}
interface LedgerRow {
  seq: number
  device: string
  path: string
  status: number
}

const LIMIT_MS = 120_000
const OUTAGE_MS = 8_000
const IDRAC = 'idrac-standalone-03'

let system: TestSystem
let api: ApiClient
let hosts: Host[]
let server_id: string
let packages: { bios: string; diagnostics: string }
let esxi: { depot_path: string; profile_name: string }
let before: number
const faults: string[] = []

beforeAll(async () => {
  system = await startSystem()
  api = await system.signIn()
  const site = await system.lab.site()
  await onboardSite(api, site, () => {})
  const idrac = site.idracs.find((one) => one.name === IDRAC)
  if (!idrac) throw new Error(`the site has no ${IDRAC}`)
  const servers = await api.list<{ id: string; service_tag: string }>('/servers')
  server_id = servers.find((server) => server.service_tag === idrac.service_tag)?.id ?? ''
  hosts = await api.list<Host>('/hosts')
  const image = newestImage(site)
  esxi = { depot_path: image.depot_path, profile_name: image.name }
  const take = (component: string) => takePackage(api, newestFirmware(site, [idrac.service_tag], component))
  packages = { bios: await take('bios'), diagnostics: await take('diagnostics') }
}, 400_000)
afterAll(async () => {
  await system?.end()
}, 60_000)
beforeEach(async () => {
  before = (await ledger(0)).next
})
afterEach(async () => {
  for (const id of faults.splice(0)) await lab('DELETE', `/lab/faults/${id}`)
  expect((await system.lab.invariants()).checks.filter(({ ok }) => !ok)).toEqual([])
  const { hosts: now } = await system.lab.state()
  expect(now.filter((host) => host.in_maintenance || host.ssh_enabled).map(({ name }) => name)).toEqual([])
})

async function lab(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const text = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  const answer = await fetch(`${system.product.endpoints.lab}${path}`, { method, ...text })
  if (!answer.ok) throw new Error(`lab ${method} ${path}: ${answer.status} ${await answer.text()}`)
  const content = await answer.text()
  return content ? JSON.parse(content) : {}
}

async function fault(rule: object): Promise<void> {
  faults.push(String((await lab('POST', '/lab/faults', rule)).id))
}

async function ledger(since: number): Promise<{ items: LedgerRow[]; next: number }> {
  return (await lab('GET', `/lab/ledger?since=${since}&mutations=1`)) as unknown as { items: LedgerRow[]; next: number }
}

/** Accepted requests of this test whose path contains the text. */
const accepted = async (text: string) =>
  (await ledger(before)).items.filter((row) => row.path.includes(text) && row.status >= 200 && row.status < 300)

const hostOf = (name: string): Host => {
  const host = hosts.find((one) => one.name.startsWith(name))
  if (!host) throw new Error(`the site has no ${name}`)
  return host
}
const firmware = (package_id: string, options: object = {}) =>
  api.createJob('firmware_update', { server_ids: [server_id] }, { package_id, ...options })
const read = (id: string) => api.readPatiently<JobView>(`/jobs/${id}`)
const outcome = (job: JobView) =>
  ((job.result as { targets?: { outcome: string }[] } | null)?.targets ?? []).map((target) => target.outcome)

test('two updates of one server: the answer of the upload is lost, and yet it is sent once', {
  timeout: LIMIT_MS,
}, async () => {
  await fault({ selector: { device: IDRAC }, action: 'personality', name: 'answer_of_upload_lost' })
  const first = await firmware(packages.bios)
  await until('the first to hold the server', async () => (await read(first.id)).status === 'running', 20_000)
  const [second, impatient] = [await firmware(packages.bios), await firmware(packages.bios, { lease_wait_minutes: 0 })]
  const refused = await api.waitForEnd(impatient.id, LIMIT_MS)
  expect(refused.error?.code).toBe('LeaseHeld')
  expect((await api.waitForEnd(first.id, LIMIT_MS)).status).toBe('completed')
  const late = await api.waitForEnd(second.id, LIMIT_MS)
  expect([late.status, outcome(late)]).toEqual(['completed', ['unchanged']])
  expect(await accepted('MultipartUpload')).toHaveLength(1)
})

test('a cancel ends a wait for a lease at once', { timeout: LIMIT_MS }, async () => {
  await fault({ selector: { device: IDRAC, method: 'GET' }, action: 'latency', ms: 1500 })
  const holder = await firmware(packages.diagnostics)
  await until('the holder to work', async () => (await read(holder.id)).status === 'running', 20_000)
  const waiter = await api.createJob('power_action', { server_ids: [server_id] }, { action: 'graceful_restart' })
  const waits = async () => (await read(waiter.id)).waiting_for.some(({ code }) => code === 'LeaseHeld')
  await until('the job to say that it waits for the lease', waits, 20_000)
  await api.send('POST', `/jobs/${waiter.id}/cancel`, { mode: 'graceful' })
  expect((await api.waitForEnd(waiter.id, 10_000)).status).toBe('cancelled')
  expect((await read(holder.id)).status).toBe('running')
  for (const id of faults.splice(0)) await lab('DELETE', `/lab/faults/${id}`)
  expect((await api.waitForEnd(holder.id, LIMIT_MS)).status).toBe('completed')
  expect(await accepted('ComputerSystem.Reset')).toEqual([])
})

test('a restart is done when the server has booted again, not before', { timeout: LIMIT_MS }, async () => {
  const boots = async () => {
    const { servers } = await system.lab.state()
    return servers.find((server) => server.name === IDRAC)?.boot_count ?? 0
  }
  const count = await boots()
  const options = { action: 'graceful_restart', wait_for: 'os' }
  await api.runJob('power_action', { server_ids: [server_id] }, options, LIMIT_MS)
  expect(await boots()).toBe(count + 1)
})

test('an abort while a host is emptied gives it back', { timeout: LIMIT_MS }, async () => {
  const host = hostOf('esx-edge-b-01')
  const device = host.name
  await fault({ selector: { device }, action: 'personality', name: 'slow_vmotion' })
  const job = await api.createJob('esxi_upgrade', { host_ids: [host.id] }, esxi)
  await until('the host to be emptied', async () => (await read(job.id)).phase === 'evacuate', 60_000)
  await api.send('POST', `/jobs/${job.id}/cancel`, { mode: 'abort' })
  const end = await api.waitForEnd(job.id, LIMIT_MS)
  expect([end.status, outcome(end)]).toEqual(['cancelled', ['not_started']])
  expect(await accepted('RebootHost_Task')).toEqual([])
})

test('an update that the host refuses, and that changed nothing, gives the host back', {
  timeout: LIMIT_MS,
}, async () => {
  const host = hostOf('esx-edge-b-01')
  await fault({ selector: { device: host.name }, action: 'personality', name: 'no_space' })
  const job = await api.createJob('esxi_upgrade', { host_ids: [host.id] }, esxi)
  const end = await api.waitForEnd(job.id, LIMIT_MS)
  expect([end.status, outcome(end)]).toEqual(['failed', ['failed']])
  expect(JSON.stringify(end.result)).toContain('NotEnoughSpace')
  expect(await accepted('RebootHost_Task')).toEqual([])
})

test('a host that cannot be emptied serves on; the next one is updated', { timeout: LIMIT_MS }, async () => {
  const [stuck, next] = [hostOf('esx-prod-a-03'), hostOf('esx-prod-a-04')]
  await fault({ selector: { device: 'idrac-prod-a-03' }, action: 'personality', name: 'evacuation_hangs' })
  const options = { esxi, on_blocked: 'skip', maintenance_timeout_minutes: 5, host_order: [stuck.id] }
  const job = await api.createJob('rolling_update', { host_ids: [stuck.id, next.id] }, options)
  const end = await api.waitForEnd(job.id, LIMIT_MS)
  expect([end.status, outcome(end)]).toEqual(['completed', ['skipped', 'changed']])
  expect(await accepted('RebootHost_Task')).toHaveLength(1)
})

test('vCenter is away while a host is updated: it is waited for, nothing is done twice', {
  timeout: LIMIT_MS,
}, async () => {
  const host = hostOf('esx-prod-a-02')
  const job = await api.createJob('rolling_update', { host_ids: [host.id] }, { esxi })
  await until('the update to run', async () => (await read(job.id)).phase === 'esxi', 60_000)
  await fault({ selector: { device: 'vcenter-01' }, action: 'status', code: 503 })
  const during = Date.now() + OUTAGE_MS
  let said: { code: string; message: string }[] = []
  while (Date.now() < during) {
    const { status, waiting_for } = await read(job.id)
    expect(status).toBe('running')
    if (waiting_for.length > 0) said = waiting_for
    await sleep(500)
  }
  expect(said.map(({ code, message }) => `${code}: ${message}`)).toContainEqual(
    expect.stringContaining('DeviceUnreachable: vCenter vcenter-01 does not answer'),
  )
  for (const id of faults.splice(0)) await lab('DELETE', `/lab/faults/${id}`)
  const waits = async () => (await read(job.id)).waiting_for.some(({ code }) => code === 'DeviceUnreachable')
  await until('the job to go on', async () => !(await waits()), 40_000)
  const end = await api.waitForEnd(job.id, LIMIT_MS)
  expect([end.status, outcome(end)]).toEqual(['completed', ['changed']])
  expect(await accepted('RebootHost_Task')).toHaveLength(1)
})
