import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProfileActivities, ProfileImportOrder } from '../../activities/contracts/profile.js'
import { createProfileActivities } from '../../activities/profile.js'
import { listOperations } from '../../db/stores/device-operations.js'
import { getScpBackup, keepScpBackup } from '../../db/stores/scp-backups.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

const IMPORT = 'ImportSystemConfiguration'
const POST_IMPORT = { method: 'POST', path: `*.${IMPORT}` }

let lab: LabProcess
let bench: ActivityBench
let activities: ProfileActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab({ LAB_SITE: 'small:10' }), startActivityBench()])
  activities = createProfileActivities(bench.deps)
  idracs.push(...lab.site.idracs.filter((idrac) => !idrac.personality))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

const xml = ({ service_tag, model }: LabIdrac, fqdd: string, attributes: Record<string, string>) =>
  [
    `<SystemConfiguration Model="${model}" ServiceTag="${service_tag}">`,
    `<Component FQDD="${fqdd}">`,
    ...Object.entries(attributes).map(([name, value]) => ` <Attribute Name="${name}">${value}</Attribute>`),
    '</Component>\n</SystemConfiguration>\n',
  ].join('\n')

/** Another ordinary iDRAC for each test, with its lease held by a job and a profile in the store. */
async function place(fqdd: string, attributes: Record<string, string>, more: Partial<ProfileImportOrder> = {}) {
  const idrac = idracs.shift()
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [`server:${server_id}`])
  const { id } = await keepScpBackup(bench.deps.db, bench.deps.keys, {
    server_id,
    name: 'given',
    components: ['ALL'],
    format: 'XML',
    content: xml(idrac, fqdd, attributes),
    kind: 'uploaded',
    contains_hashes: false,
  })
  const order: ProfileImportOrder = {
    scp_backup_id: id,
    components: ['ALL'],
    allow: [],
    shutdown_type: 'Graceful',
    host_power_state: 'On',
    time_to_wait_seconds: 300,
    ...more,
  }
  const at = { context, server_id, order }
  const start = () =>
    untilDone(() => activities.startProfileImport({ ...at, reboots: false, allow_running_vms: false }))
  const follow = (device_job_id: string) =>
    untilDone(() => activities.followProfileImport({ ...at, device_job_id, limit_minutes: 60 }))
  const imports = async () =>
    (await lab.ledger(idrac.name)).filter((row) => row.method === 'POST' && row.path.endsWith(`.${IMPORT}`))
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  return { idrac, at, context, order, start, follow, imports, fault }
}

const BIOS = 'BIOS.Setup.1-1'

test('a BIOS change is judged, previewed, applied with a restart, and read back', async () => {
  const { at, order, start, follow, imports, context } = await place(BIOS, { LogicalProc: 'Disabled' })
  const change = { component: BIOS, attribute: 'LogicalProc' }
  const judged = await untilDone(() => activities.judgeProfileImport(at))
  expect(judged).toMatchObject({ blockers: [], reboots: true, attribute_count: 1, bios_changes: [change] })
  const preview = await untilDone(() => activities.previewProfileImport(at))
  expect(preview).toEqual({ supported: true, blockers: [], would_change: [change] })
  const sent = await start()
  const end = await follow(sent.device_job_id)
  expect(end).toMatchObject({ outcome: 'changed', applied: [change], not_applied: [], password_changed: false })
  const { boot_marker_before } = sent
  const read = await untilDone(() =>
    activities.verifyProfileImport({ ...at, applied: end.applied, boot_marker_before }),
  )
  expect(read).toEqual({ differing: [], rebooted: true })
  expect(await imports()).toHaveLength(1)
  expect(await getScpBackup(bench.deps.db, order.scp_backup_id)).toMatchObject({ last_import_job_id: context.job_id })
  const { rows } = await bench.database.pool.query('select reason from bios_configurations order by captured_at')
  expect(rows.map((row) => row.reason)).toEqual(['before_write', 'after_write'])
  const audit = await bench.database.pool.query<{ text: string }>(
    'select idrac_commands::text as text from idrac_commands',
  )
  expect(audit.rows.some((row) => row.text.includes('<Attribute'))).toBe(false)
})

test('the same profile again changes nothing and is sent in one piece', async () => {
  const { start, follow, imports } = await place(BIOS, { LogicalProc: 'Enabled' })
  const { device_job_id } = await start()
  expect(await follow(device_job_id)).toMatchObject({ outcome: 'unchanged', applied: [] })
  expect(await imports()).toHaveLength(1)
})

test('an attribute that the machine refuses is told by the preview, and makes the import partial', async () => {
  const { at, start, follow } = await place(BIOS, { LogicalProc: 'Disabled', ProcVirtualization: 'Perhaps' })
  const preview = await untilDone(() => activities.previewProfileImport(at))
  expect(preview.blockers).toMatchObject([{ code: 'ScpPartial' }])
  const end = await follow((await start()).device_job_id)
  expect(end).toMatchObject({
    outcome: 'partial',
    code: 'ScpPartial',
    applied: [{ attribute: 'LogicalProc' }],
    not_applied: [{ component: BIOS, attribute: 'ProcVirtualization' }],
  })
})

test('an import whose answer was lost is adopted, never sent again', async () => {
  const { start, follow, imports, fault, context } = await place(BIOS, { LogicalProc: 'Disabled' })
  await fault(POST_IMPORT, { action: 'drop_answer', remaining: 1 })
  const { device_job_id } = await start()
  expect(await follow(device_job_id)).toMatchObject({ outcome: 'changed' })
  expect(await imports()).toHaveLength(1)
  expect(await listOperations(bench.deps.db, context.job_id)).toMatchObject([
    { operation: 'idrac.scp_import', state: 'adopted' },
  ])
})

test('a busy refusal is waited for, a job whose task is gone is judged by the job', async () => {
  const { start, follow, imports, fault } = await place(
    BIOS,
    { LogicalProc: 'Disabled' },
    { shutdown_type: 'NoReboot' },
  )
  const body = JSON.stringify({
    error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.LC068', Message: 'Busy.' }] },
  })
  await fault(POST_IMPORT, { action: 'status', code: 400, body, remaining: 2 })
  await fault({}, { action: 'personality', name: 'task_vanishes' })
  const { device_job_id } = await start()
  expect(await follow(device_job_id)).toMatchObject({ outcome: 'staged' })
  expect((await imports()).filter((row) => row.status === 202)).toHaveLength(1)
})

test('a password that the profile sets is taken up, after the old one was refused once', async () => {
  const given = { 'Users.2#UserName': 'root', 'Users.2#Password': 'Ganz-Neu-1234' }
  const { idrac, start, follow } = await place('iDRAC.Embedded.1', given, { allow: ['users'] })
  expect(idrac.username).toBe('root')
  const { device_job_id } = await start()
  expect(await follow(device_job_id)).toMatchObject({ outcome: 'changed', password_changed: true })
  const audit = await bench.database.pool.query<{ text: string }>(
    'select idrac_commands::text as text from idrac_commands',
  )
  expect(audit.rows.some((row) => row.text.includes('Ganz-Neu'))).toBe(false)
})

test('a profile that cannot be read, is dangerous or of another machine is refused without a question to the device', async () => {
  const { at } = await place('iDRAC.Embedded.1', { 'IPv4Static.1#Address': '10.9.9.9', 'Users.2#Password': 'x1' })
  const judged = await untilDone(() => activities.judgeProfileImport(at))
  expect(judged.blockers.map((entry) => entry.data?.content)).toEqual(['network', 'users'])
  expect(judged.reboots).toBe(false)
  const gone = { ...at, order: { ...at.order, scp_backup_id: at.server_id } }
  expect((await failureOf(untilDone(() => activities.judgeProfileImport(gone)))).type).toBe('UnknownTarget')
})
