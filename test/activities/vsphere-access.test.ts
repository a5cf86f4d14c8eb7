import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClusterActivities } from '../../activities/cluster.js'
import type { HostActivities } from '../../activities/contracts/host.js'
import { createHostActivities } from '../../activities/host.js'
import { preflightHost } from '../../activities/preflight.js'
import { newId } from '../../db/new-id.js'
import { insertCredentialSet } from '../../db/stores/credentials.js'
import { listHostsOfClusters } from '../../db/stores/hosts.js'
import { createTasks, listTasks } from '../../db/stores/job-tasks.js'
import { insertJob } from '../../db/stores/jobs.js'
import { listLogins, reserveLogin, settleLogin } from '../../db/stores/login-budget.js'
import { getVcenter } from '../../db/stores/vcenters.js'
import { activityFrame } from '../../workers/activity-interceptor.js'
import { waitingNotes } from '../../workers/waiting-notes.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type VsphereSite, vsphereSite } from '../lab/vcenter-site.js'

let site: VsphereSite
let bench: ActivityBench
let activities: HostActivities
let vcenter_id: string
let hosts: { id: string; name: string }[]

beforeAll(async () => {
  ;[site, bench] = await Promise.all([vsphereSite(), startActivityBench()])
  activities = createHostActivities(bench.deps)
  vcenter_id = await bench.addVcenter(site.vcenter)
  const { rows } = await bench.database.pool.query<{ id: string }>("select id from clusters where name = 'Prod-A'")
  hosts = (await listHostsOfClusters(bench.deps.db, [rows[0]?.id ?? ''])).map(({ id, name }) => ({ id, name }))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await site?.stop()
})
beforeEach(async () => {
  await bench.database.pool.query('delete from login_attempts')
})

const hostAt = (index: number) => {
  const found = hosts[index]
  const sim = site.running.lab.state.hosts.find((one) => one.name === found?.name)
  if (!found || !sim) throw new Error(`the cluster has no host ${index}`)
  return { ...found, sim }
}

test('SSH that cannot be started because of lockdown mode is SshUnavailable, with the mode', async () => {
  const { id, name } = hostAt(0)
  const rule = { selector: { device: name }, action: 'personality', name: 'ssh_disabled_by_lockdown' }
  await fetch(`${site.running.url}/lab/faults`, { method: 'POST', body: JSON.stringify(rule) })
  const context = await bench.work(id, [], { job_id: newId() })
  const failure = await failureOf(untilDone(() => activities.borrowSsh({ context, host_id: id })))
  expect(failure).toMatchObject({ type: 'SshUnavailable', nonRetryable: true })
  expect(failure.message).toContain('lockdownStrict')
  await untilDone(() => activities.returnSsh({ context, host_id: id }))
})

test('while a vCenter is away the job says that it waits for it, by name, and since when; it ends when it answers', async () => {
  const { db } = bench.deps
  const { id, name } = hostAt(0)
  const targets = [{ kind: 'host' as const, id, name }]
  const asked = { job_type: 'prepare_host', created_by: null, target_scope: {}, details: {}, targets }
  const job = await insertJob(db, asked)
  const [task] = await createTasks(db, job.id, targets)
  const waits = async () => (await listTasks(db, job.id))[0]?.waiting_for ?? []
  const attempt = async (number: number, more: object = {}) => {
    const context = await bench.work(id, [], { job_id: job.id, task_id: task?.id ?? null, ...more })
    const inbound = activityFrame(waitingNotes(db))
    const env = new MockActivityEnvironment(
      { attempt: number },
      { interceptors: [() => ({ inbound })], logger: new DefaultLogger('ERROR', () => {}) },
    )
    return env.run((input: { context: WorkContext }) => activities.readHost({ ...input, host_id: id }), { context })
  }
  const rule = { selector: { kind: 'soap' }, action: 'status', code: 503 }
  const made = await fetch(`${site.running.url}/lab/faults`, { method: 'POST', body: JSON.stringify(rule) })
  const fault = (await made.json()) as { id: string }
  await expect(attempt(1, { job_type: 'discovery_scan' })).rejects.toThrow('does not answer')
  expect(await waits(), 'what a scan does not reach is no wait').toEqual([])
  await expect(attempt(1)).rejects.toThrow('does not answer')
  const [reason, more] = await waits()
  const vcenter = await getVcenter(db, vcenter_id)
  expect(reason).toMatchObject({ code: 'DeviceUnreachable' })
  expect(reason?.message).toContain(`vCenter ${vcenter?.name} does not answer`)
  expect(more).toBeUndefined()
  await expect(attempt(2, { task_id: null })).rejects.toThrow('does not answer')
  expect(await waits(), 'since the first').toEqual([reason])
  await fetch(`${site.running.url}/lab/faults/${fault.id}`, { method: 'DELETE' })
  await attempt(3)
  expect(await waits()).toEqual([])
})

test('a login that lockdown mode refuses is a blocker of the preflight, not a wrong password', async () => {
  const { id, name, sim } = hostAt(1)
  const { username, password } = sim.ssh
  const set = { name: `esxi ${name}`, credential_type: 'esxi' as const, username, password, is_default: true }
  await insertCredentialSet(bench.deps.db, bench.deps.keys, set)
  const context = await bench.work(id, [], { job_id: newId() })
  await untilDone(() => activities.borrowSsh({ context, host_id: id }))
  sim.lockdown_mode = 'lockdownNormal'
  const selection = {
    depot_path: '/vmfs/volumes/Depots/any.zip',
    profile_name: null,
    target_build: null,
    flavor: 'standard' as const,
    method: 'update' as const,
    accept_removed_vibs: [],
    allow_hardware_warnings: false,
  }
  const input = { context, host_id: id, selection, ssh_available: true, run_dry_run: false, store: false }
  const answer = await untilDone(() => preflightHost(bench.deps, input))
  expect(answer.verdict).toBe('blocked')
  const ssh = answer.checks.find((check) => check.name === 'ssh')
  expect(ssh).toMatchObject({ outcome: 'blocker', code: 'SshUnavailable' })
  expect(ssh?.fact).toContain('lockdownNormal')
  sim.lockdown_mode = 'lockdownDisabled'
  await untilDone(() => activities.returnSsh({ context, host_id: id }))
})

test('a synchronisation says whether anything changed', async () => {
  const { sim } = hostAt(2)
  const context = await bench.work(vcenter_id, [], { job_id: newId() })
  const options = { cluster_moids: null, link_hosts: true, allow_mass_removal: false, dry_run: false }
  const cluster = createClusterActivities(bench.deps)
  const changed = async () => (await untilDone(() => cluster.syncVcenter({ context, vcenter_id, ...options }))).changed
  await changed()
  expect(await changed()).toBe(false)
  const store = site.running.lab.state.datastores[0]
  if (store) store.name = `${store.name}-renamed`
  expect(await changed()).toBe(true)
  sim.connection = 'disconnected'
  expect(await changed()).toBe(true)
  sim.connection = 'connected'
})

test('a session that ended is opened again inside the login budget only', async () => {
  const { id } = hostAt(2)
  const vcenter = await getVcenter(bench.deps.db, vcenter_id)
  if (!vcenter) throw new Error('no vCenter')
  const address = `${vcenter.host}:${vcenter.port}`
  const context = await bench.work(id, [], { job_id: newId() })
  const read = () => untilDone(() => activities.readHost({ context, host_id: id }), 0)
  await read()
  for (const _ of [1, 2]) {
    const spent = { device_kind: 'vcenter' as const, address, account: site.vcenter.username, limit: 2 }
    const budget = await reserveLogin(bench.deps.db, { ...spent, per_account: true, window_seconds: 60 })
    if (budget.reserved) await settleLogin(bench.deps.db, budget.attempt_id, 'refused')
  }
  // Wrong passwords of the far future, so that the scaled window of the simulated vCenter does not forget them meanwhile.
  await bench.database.pool.query("update login_attempts set settled_at = now() + interval '1 minute'")
  site.vcenter.sessions = []
  expect(await failureOf(read())).toMatchObject({ type: 'LoginBudget', nonRetryable: false })
  expect(site.vcenter.sessions).toEqual([])
  await bench.database.pool.query('delete from login_attempts')
  await read()
  expect((await listLogins(bench.deps.db, 'vcenter', address)).map((one) => one.outcome)).toEqual(['ok'])
})
