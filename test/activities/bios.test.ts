import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBiosActivities } from '../../activities/bios.js'
import type { BiosActivities } from '../../activities/contracts/bios.js'
import { getBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { listOperations } from '../../db/stores/device-operations.js'
import type { AttributeChange } from '../../domain/bios-difference.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: BiosActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createBiosActivities(bench.deps)
  idracs.push(...lab.site.idracs.filter(({ personality }) => !personality || personality === 'other_password'))
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
  const read = (more: object = {}) =>
    untilDone(() =>
      activities.readBiosConfiguration({
        context,
        server_id,
        attributes: null,
        compare_with: null,
        store: true,
        ...more,
      }),
    )
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  const sent = async (method: string) =>
    (await lab.ledger(idrac.name)).filter((row) => row.method === method && row.path.includes('/Bios'))
  const order = { attributes: {}, from_configuration_id: null, only: null, override_pending: false }
  const plan = (attributes: Record<string, string | number>, more: object = {}) =>
    untilDone(() => activities.planBios({ context, server_id, order: { ...order, attributes, ...more } }))
  const stage = (changes: AttributeChange[]) =>
    untilDone(() => activities.stageBios({ context, server_id, changes, step: 'bios_stage' }))
  const unstage = (changes: AttributeChange[], device_job_id: string | null) =>
    untilDone(() => activities.unstageBios({ context, server_id, changes, device_job_id }))
  return { idrac, server_id, context, read, fault, sent, plan, stage, unstage }
}

describe('reading', () => {
  test('keeps one row for equal readings, and nothing of a password', async () => {
    const { read, idrac, sent } = await place()
    const first = await read()
    expect(first).toMatchObject({ pending_count: 0, changed_since_last: true })
    const again = await read({ attributes: ['SystemServiceTag', 'Nope'], compare_with: first.configuration_id })
    expect(again).toMatchObject({
      configuration_id: first.configuration_id,
      changed_since_last: false,
      attributes: { SystemServiceTag: idrac.service_tag },
      unknown_attributes: ['Nope'],
      differences: [],
    })
    const row = await getBiosConfiguration(bench.deps.db, first.configuration_id ?? '')
    expect(row).toMatchObject({ reason: 'read', attribute_count: first.attribute_count, pending: {} })
    expect(Object.keys(row?.attributes ?? {}).filter((name) => /password/i.test(name))).toEqual([])
    const registries = (await sent('GET')).filter(({ path }) => path.endsWith('/BiosRegistry'))
    expect(registries.length).toBeLessThanOrEqual(1)
  })

  test('that shall not store anything stores nothing', async () => {
    const { read, server_id } = await place()
    expect(await read({ store: false })).toMatchObject({ configuration_id: null, changed_since_last: true })
    const rows = await bench.database.pool.query('select 1 from bios_configurations where server_id = $1', [server_id])
    expect(rows.rowCount).toBe(0)
  })

  test('says what to switch on when the inventory was never collected', async () => {
    const { read, fault } = await place()
    const body = JSON.stringify({
      error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.SYS435', Message: 'BIOS data is not available.' }] },
    })
    await fault({ method: 'GET', path: '*/Bios' }, { action: 'status', code: 503, body })
    const failure = await failureOf(read())
    expect([failure.type, failure.message]).toEqual(['Unsupported', expect.stringContaining('CSIOR')])
  })
})

const WISH = { LogicalProc: 'Disabled' }
const PATCH_SETTINGS = { method: 'PATCH', path: '*/Bios/Settings' }

describe('writing', () => {
  test('refuses all wrong values at once, sends nothing, and names values that did not come', async () => {
    const { plan, sent, context, server_id } = await place()
    const { blockers } = await plan({ NoSuchAttribute: 'x', LogicalProc: 'Perhaps', SystemServiceTag: 'Y' })
    expect(blockers.map(({ code }) => code)).toEqual(['AttributeInvalid'])
    for (const name of ['NoSuchAttribute', 'LogicalProc', 'SystemServiceTag'])
      expect(blockers[0]?.message).toContain(name)
    expect(await sent('PATCH')).toEqual([])
    const { changes } = await plan(WISH)
    const verdict = await untilDone(() => activities.verifyBios({ context, server_id, changes }))
    expect(verdict.not_applied).toEqual(changes)
    const row = await getBiosConfiguration(bench.deps.db, verdict.configuration_id)
    expect(row).toMatchObject({ reason: 'after_write', server_id })
  })

  test('stages once, is taken over by another plan, and blocks what wants something else', async () => {
    const { plan, stage, sent, server_id } = await place()
    const { changes } = await plan(WISH)
    expect(changes).toEqual([{ name: 'LogicalProc', from: 'Enabled', to: 'Disabled' }])
    const { device_job_id } = await stage(changes)
    expect(await stage(changes)).toEqual({ device_job_id })
    expect(await sent('PATCH')).toHaveLength(1)
    expect(await plan(WISH)).toMatchObject({ device_job_id, blockers: [] })
    expect(await plan({ NumLock: 'Off' })).toMatchObject({ blockers: [{ code: 'PendingConfiguration' }] })
    const discards = { device_job_ids: [device_job_id], attributes: ['LogicalProc'] }
    expect(await plan({ NumLock: 'Off' }, { override_pending: true })).toMatchObject({ discards, blockers: [] })
    const { rows } = await bench.database.pool.query('select reason from bios_configurations where server_id = $1', [
      server_id,
    ])
    expect(rows).toEqual([{ reason: 'before_write' }])
  })

  test('adopts what arrived without an answer, and sends again what never did', async () => {
    const one = await place()
    await one.fault(PATCH_SETTINGS, { action: 'drop_answer', remaining: 1 })
    const { changes } = await one.plan(WISH)
    expect((await one.stage(changes)).device_job_id).toMatch(/^JID_/)
    expect(await one.sent('PATCH')).toHaveLength(1)
    expect(await listOperations(bench.deps.db, one.context.job_id)).toMatchObject([{ state: 'adopted', attempt: 1 }])
    const two = await place()
    await two.fault(PATCH_SETTINGS, { action: 'reset', after_bytes: 0, remaining: 1 })
    const staged = await two.stage((await two.plan(WISH)).changes)
    expect(staged.device_job_id).toMatch(/^JID_/)
  })

  test('takes back exactly what is ours, also without knowing the job', async () => {
    const { plan, stage, unstage, context, server_id } = await place()
    const { changes } = await plan(WISH)
    await stage(changes)
    await unstage([{ name: 'NumLock', from: 'On', to: 'Off' }], null)
    expect(await plan({ NumLock: 'Off' })).toMatchObject({ blockers: [{ code: 'PendingConfiguration' }] })
    await unstage(changes, null)
    expect(await plan({ NumLock: 'Off' })).toMatchObject({ blockers: [], device_job_id: null })
    await untilDone(() => activities.discardPendingBios({ context, server_id, device_job_ids: [] }))
  })
})
