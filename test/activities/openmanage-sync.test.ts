import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { OpenmanageActivities } from '../../activities/contracts/openmanage.js'
import { createOpenmanageActivities } from '../../activities/openmanage.js'
import { newId } from '../../db/new-id.js'
import { listFindings } from '../../db/stores/findings.js'
import { readOpenmanageSettings, updateOpenmanageSettings } from '../../db/stores/openmanage-settings.js'
import { findServerByTag, listActiveServers } from '../../db/stores/servers.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: OpenmanageActivities
let account: { address: string; port: number; username: string; password: string }

/** More servers than one page holds. */
const SERVERS = 60

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab({ LAB_SITE: `fleet:${SERVERS}` }), startActivityBench()])
  activities = createOpenmanageActivities(bench.deps)
  const site = await lab.control<{ openmanage: (typeof account)[] }>('GET', '/lab/site')
  account = site.openmanage[0] as typeof account
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

const OPTIONS = {
  create_missing: true,
  update_existing: true,
  include_unmanaged: false,
  read_compliance: false,
  allow_mass_removal: false,
  dry_run: false,
}
const configure = (patch: object = {}) => {
  const { address: host, port, username, password } = account
  return updateOpenmanageSettings(bench.deps.db, () => bench.deps.keys, {
    enabled: true,
    host,
    port,
    username,
    password,
    ...patch,
  })
}
/** `limit_ms` 0: the first failure is enough, also of a code that is tried again later. */
async function sync(options: Partial<typeof OPTIONS> = {}, job_id = newId(), limit_ms = 30_000) {
  const context = await bench.work('openmanage', ['openmanage'], { job_id })
  const run = () => untilDone(() => activities.syncOpenmanage({ context, ...OPTIONS, ...options }), limit_ms)
  try {
    return await run()
  } finally {
    await bench.database.pool.query('delete from device_leases')
  }
}
const fault = (selector: object, rule: object) =>
  lab.control<{ id: string }>('POST', '/lab/faults', { selector: { ...selector, device: 'openmanage-01' }, ...rule })
const sessions = async () => {
  const rows = await lab.ledger('openmanage-01')
  const of = (method: string) => rows.filter((row) => row.method === method && row.path.includes('/Sessions')).length
  return [of('POST'), of('DELETE')]
}

beforeEach(() => configure())

test('a dry run counts and stores nothing', async () => {
  expect(await sync({ dry_run: true })).toMatchObject({
    devices: SERVERS + 2,
    created: SERVERS,
    skipped_no_tag: 1,
    skipped_unmanaged: 1,
  })
  expect(await listActiveServers(bench.deps.db)).toEqual([])
  expect((await readOpenmanageSettings(bench.deps.db)).last_sync_at).toBeNull()
})

test('all pages are read whatever the count says; servers are created without credentials, and the session is ended', async () => {
  const idrac = lab.site.idracs[5]
  await bench.addServer(lab.site.idracs[1] as (typeof lab.site.idracs)[number])
  const job_id = newId()
  const answer = await sync({ read_compliance: true }, job_id)
  expect(answer).toMatchObject({ created: SERVERS - 1, updated: 1, skipped_no_tag: 1, skipped_unmanaged: 1 })
  expect(answer.compliance).toEqual([
    { baseline: 'Compute 2026-01', devices: { CRITICAL: 1, OK: SERVERS } },
    { baseline: 'Edge', devices: { CRITICAL: 1, OK: SERVERS } },
  ])
  expect(await listActiveServers(bench.deps.db)).toHaveLength(SERVERS)
  expect(await findServerByTag(bench.deps.db, idrac?.service_tag ?? '')).toMatchObject({
    ip_address: idrac?.address,
    idrac_port: idrac?.port,
    model: idrac?.model,
    source: 'openmanage',
    credential_state: 'unknown',
    openmanage_device_id: expect.any(Number),
  })
  const [logins, logouts] = await sessions()
  expect(logins).toBe(logouts)
  // The second server was found by us at another address than the one that OpenManage still has.
  expect(answer.address_conflicts).toMatchObject([{ service_tag: lab.site.idracs[1]?.service_tag }])
  expect(await findServerByTag(bench.deps.db, lab.site.idracs[1]?.service_tag ?? '')).toMatchObject({
    ip_address: lab.site.idracs[1]?.address,
  })
  expect(await listFindings(bench.deps.db, job_id)).toMatchObject([{ kind: 'address_conflict' }])
  expect((await readOpenmanageSettings(bench.deps.db)).last_sync_result).toMatchObject({
    created: SERVERS - 1,
    address_conflicts: 1,
  })
})

test('the same again changes no verified server, and the password is nowhere on record', async () => {
  const answer = await sync()
  expect(answer).toMatchObject({ created: 0, not_in_openmanage: 0 })
  const { rows } = await bench.database.pool.query<{ text: string }>(
    'select idrac_commands::text as text from idrac_commands',
  )
  expect(rows.length).toBeGreaterThan(3)
  expect(rows.some((row) => row.text.includes(account.password))).toBe(false)
})

test('an answer with far too few devices is not believed, and takes no mark', async () => {
  const { id } = await fault({}, { action: 'personality', name: 'few_devices' })
  const failure = await failureOf(sync())
  await lab.control('DELETE', `/lab/faults/${id}`)
  expect(failure.type).toBe('SyncWouldRemoveTooMany')
  const marked = (await listActiveServers(bench.deps.db)).filter((row) => row.openmanage_device_id !== null)
  expect(marked).toHaveLength(SERVERS)
})

test('a link to another host is refused, and its host is never asked', async () => {
  const { id } = await fault({}, { action: 'personality', name: 'foreign_next_link' })
  const failure = await failureOf(sync({}, newId(), 0))
  await lab.control('DELETE', `/lab/faults/${id}`)
  expect([failure.type, failure.message]).toEqual(['ProtocolError', expect.stringContaining('another host')])
})

test('a wrong password, a full session table and missing settings have their codes', async () => {
  await configure({ password: 'wrong' })
  expect((await failureOf(sync())).type).toBe('AuthFailed')
  await configure()
  const { id } = await fault({}, { action: 'personality', name: 'session_table_full' })
  expect((await failureOf(sync({}, newId(), 0))).type).toBe('SessionLimit')
  await lab.control('DELETE', `/lab/faults/${id}`)
  await configure({ enabled: false })
  expect((await failureOf(sync())).type).toBe('StateConflict')
})
