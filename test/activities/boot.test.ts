import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBootActivities } from '../../activities/boot.js'
import type { BootActivities } from '../../activities/contracts/boot.js'
import { listOperations } from '../../db/stores/device-operations.js'
import type { BootWanted } from '../../domain/boot-settings.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: BootActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createBootActivities(bench.deps)
  // The only 17G server of this site has another password than the rest, which is no trouble here.
  idracs.push(...lab.site.idracs.filter(({ personality }) => !personality || personality === 'other_password'))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

const PXE: BootWanted = { target: 'Pxe', enabled: 'once' }

/** An ordinary iDRAC of a generation, with its lease held by a job. */
async function place(fits: (idrac: LabIdrac) => boolean = () => true) {
  const at = idracs.findIndex(fits)
  const [idrac] = at < 0 ? [] : idracs.splice(at, 1)
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [`server:${server_id}`])
  const at_server = { context, server_id }
  const fault = (rule: object) => {
    const selector = { device: idrac.name, method: 'PATCH', path: '*/Systems/System.Embedded.1*' }
    return lab.control('POST', '/lab/faults', { selector, remaining: 1, ...rule })
  }
  return {
    context,
    fault,
    judge: (wanted: BootWanted) => untilDone(() => activities.judgeBoot({ ...at_server, wanted })),
    set: (wanted: BootWanted) => untilDone(() => activities.setBoot({ ...at_server, wanted, step: 'boot_set' })),
    verify: (wanted: BootWanted) => untilDone(() => activities.verifyBoot({ ...at_server, wanted })),
    /** PATCHes that the device carried out. */
    effects: async () =>
      (await lab.ledger(idrac.name)).filter(({ effect }) => /system settings:|boot order/.test(effect ?? '')),
  }
}

describe('the next boot', () => {
  test.each([['PowerEdge R770'], ['PowerEdge R750']])('is set once on a %s and reads back as wanted', async (model) => {
    const { judge, set, verify, effects } = await place((idrac) => idrac.model === model)
    expect(await judge(PXE)).toMatchObject({ decision: 'send', before: { override_target: 'None' } })
    expect(await set(PXE)).toEqual({ device_job_id: null })
    expect(await set(PXE)).toEqual({ device_job_id: null })
    expect(await verify(PXE)).toMatchObject({ after: { override_target: 'Pxe', override_enabled: 'Once' } })
    expect(await judge(PXE)).toMatchObject({ decision: 'already' })
    expect(await effects()).toHaveLength(1)
  })

  test('is adopted when the answer was lost, and sent again when it never arrived', async () => {
    const one = await place()
    await one.fault({ action: 'drop_answer' })
    expect(await one.set(PXE)).toEqual({ device_job_id: null })
    expect(await one.effects()).toHaveLength(1)
    expect(await listOperations(bench.deps.db, one.context.job_id)).toMatchObject([{ state: 'adopted', attempt: 1 }])
    const two = await place()
    await two.fault({ action: 'status', code: 500, body: '' })
    await two.set(PXE)
    expect(await two.effects()).toHaveLength(1)
    expect((await listOperations(bench.deps.db, two.context.job_id)).map(({ state }) => state).sort()).toEqual([
      'accepted',
      'failed',
    ])
  })

  test('by a UEFI path leaves out what older firmware refuses beside it', async () => {
    const { set, verify } = await place((idrac) => idrac.model !== 'PowerEdge R770')
    const wanted: BootWanted = { target: 'UefiTarget', enabled: 'once', uefi_target: 'PciRoot(0x0)/Pci(0x1,0x0)' }
    await set(wanted)
    expect(await verify(wanted)).toMatchObject({ after: { uefi_target: 'PciRoot(0x0)/Pci(0x1,0x0)' } })
  })

  test('that was not taken is a failed proof', async () => {
    const { verify } = await place()
    expect((await failureOf(verify(PXE))).type).toBe('VerifyFailed')
  })
})

describe('the boot order', () => {
  test('waits in a device job, is adopted by it, and blocks another one', async () => {
    const { judge, set, fault, effects } = await place()
    const { before } = await judge(PXE)
    const wanted: BootWanted = { boot_order: [...before.boot_order].reverse() }
    await fault({ action: 'drop_answer' })
    const { device_job_id } = await set(wanted)
    expect(device_job_id).toMatch(/^JID_/)
    expect(await effects()).toHaveLength(1)
    expect(await judge(wanted)).toMatchObject({ decision: 'refused', blockers: [{ code: 'PendingConfiguration' }] })
    expect(await judge({ boot_order: ['Boot9999'] })).toMatchObject({ blockers: [{ code: 'Unsupported' }] })
  })
})
