import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProfileActivities } from '../../activities/contracts/profile.js'
import { createProfileActivities } from '../../activities/profile.js'
import { listOperations } from '../../db/stores/device-operations.js'
import { openScpBackup } from '../../db/stores/scp-backups.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

const EXPORT = 'ExportSystemConfiguration'
const POST_EXPORT = { method: 'POST', path: `*${EXPORT}` }

let lab: LabProcess
let bench: ActivityBench
let activities: ProfileActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab({ LAB_SITE: 'small:6' }), startActivityBench()])
  activities = createProfileActivities(bench.deps)
  idracs.push(...lab.site.idracs.filter((idrac) => !idrac.personality))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})
/** Another ordinary iDRAC for each test, with its lease held by a job. */
async function place() {
  const idrac = idracs.shift()
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [`server:${server_id}`])
  const backup = () => untilDone(() => activities.backupProfile({ context, server_id }))
  const exports = async () =>
    (await lab.ledger(idrac.name)).filter((row) => row.method === 'POST' && row.path.endsWith(EXPORT))
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  return { idrac, server_id, context, backup, exports, fault }
}

test('keeps the profile sealed, once per job, and tells nothing of it', async () => {
  const { idrac, context, server_id, backup, exports } = await place()
  const kept = await backup()
  const opened = await openScpBackup(bench.deps.db, bench.deps.keys, kept.scp_backup_id)
  expect(opened).toMatchObject({ server_id, kind: 'before_change', service_tag: idrac.service_tag, format: 'XML' })
  expect(opened?.content).toContain(`ServiceTag="${idrac.service_tag}"`)
  expect(opened?.content).toHaveLength(kept.size_bytes)
  expect(await backup()).toEqual(kept)
  expect(await exports()).toHaveLength(1)
  expect(await listOperations(bench.deps.db, context.job_id)).toMatchObject([
    { operation: 'idrac.scp_export', state: 'done', attempt: 1 },
  ])
  const { rows } = await bench.database.pool.query<{ raw: Buffer }>('select content_encrypted as raw from scp_backups')
  expect(rows[0]?.raw.includes('SystemConfiguration')).toBe(false)
  const audit = await bench.database.pool.query<{ text: string }>(
    'select idrac_commands::text as text from idrac_commands',
  )
  expect(audit.rows.length).toBeGreaterThan(0)
  expect(audit.rows.some((row) => row.text.includes('<Component'))).toBe(false)
})

test('adopts an export whose answer was lost', async () => {
  const { context, backup, exports, fault } = await place()
  await fault(POST_EXPORT, { action: 'drop_answer', remaining: 1 })
  await backup()
  expect(await exports()).toHaveLength(1)
  expect(await listOperations(bench.deps.db, context.job_id)).toMatchObject([
    { settled_how: 'reconcile', state: 'done' },
  ])
})

test('exports anew when the content is gone', async () => {
  const { backup, exports, fault } = await place()
  const ended = JSON.stringify({ Id: 'JID_1', TaskState: 'Completed', TaskStatus: 'OK', Messages: [] })
  const selector = { method: 'GET', path: '*/TaskService/Tasks/*' }
  await fault(selector, { action: 'replace_body', body: ended, remaining: 2 })
  expect((await backup()).size_bytes).toBeGreaterThan(100)
  expect(await exports()).toHaveLength(2)
})

test('a device in lockdown is refused before anything is sent', async () => {
  const { server_id, backup, exports, fault } = await place()
  await fault({}, { action: 'personality', name: 'lockdown' })
  expect((await failureOf(backup())).type).toBe('LockdownMode')
  expect(await exports()).toHaveLength(0)
  const rows = await bench.database.pool.query('select 1 from scp_backups where server_id = $1', [server_id])
  expect(rows.rowCount).toBe(0)
})

test('a missing licence ends it, and is never tried again', async () => {
  const { backup, exports, fault } = await place()
  const body = JSON.stringify({
    error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.LIC501', Message: 'A required license is missing.' }] },
  })
  await fault(POST_EXPORT, { action: 'status', code: 400, body })
  expect((await failureOf(backup())).type).toBe('LicenseMissing')
  expect(await exports()).toHaveLength(1)
})

test('a device that stays busy ends it after the limit, with nothing kept', async () => {
  const { server_id, backup, fault } = await place()
  await fault(POST_EXPORT, { action: 'status', code: 503, body: '' })
  const failure = await failureOf(backup())
  expect([failure.type, failure.message]).toEqual(['DeviceBusy', expect.stringContaining('longer than 40 min')])
  const rows = await bench.database.pool.query('select 1 from scp_backups where server_id = $1', [server_id])
  expect(rows.rowCount).toBe(0)
})

const ORDER = { components: ['BIOS'], format: 'JSON', export_use: 'Clone', include_password_hashes: false } as const

test('an export that was asked for is kept once, as it was asked for', async () => {
  const { idrac, context, server_id, exports } = await place()
  const options = { ...ORDER, components: [...ORDER.components], name: 'mine' }
  const run = () => untilDone(() => activities.exportProfile({ context, server_id, options, requested_by: null }))
  const kept = await run()
  const opened = await openScpBackup(bench.deps.db, bench.deps.keys, kept.scp_backup_id)
  expect(opened).toMatchObject({
    kind: 'export',
    name: 'mine',
    format: 'JSON',
    export_use: 'Clone',
    components: ['BIOS'],
  })
  expect(JSON.parse(opened?.content ?? '').SystemConfiguration.ServiceTag).toBe(idrac.service_tag)
  expect(await run()).toEqual(kept)
  expect(await exports()).toHaveLength(1)
})

test('a component that the device does not have is refused before anything is sent; the dry run says the same', async () => {
  const { context, server_id, exports } = await place()
  const options = { ...ORDER, components: ['NoSuchPart'] }
  const judged = await untilDone(() => activities.judgeProfileExport({ context, server_id, options }))
  expect(judged).toMatchObject({ blockers: [{ code: 'Unsupported' }], last_backup: null })
  const refused = untilDone(() => activities.exportProfile({ context, server_id, options, requested_by: null }))
  expect((await failureOf(refused)).type).toBe('Unsupported')
  expect(await exports()).toHaveLength(0)
})
