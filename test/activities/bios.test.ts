import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBiosActivities } from '../../activities/bios.js'
import type { BiosActivities } from '../../activities/contracts/bios.js'
import { getBiosConfiguration } from '../../db/stores/bios-configurations.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: BiosActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createBiosActivities(bench.deps)
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
  return { idrac, server_id, context, read, fault, sent }
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
