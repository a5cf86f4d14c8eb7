import type { Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VirtualMediaActivities } from '../../activities/contracts/virtual-media.js'
import { createVirtualMediaActivities } from '../../activities/virtual-media.js'
import type { IsoImage } from '../../db/schema/media.js'
import { listUnreturned } from '../../db/stores/borrowed-settings.js'
import { listOperations } from '../../db/stores/device-operations.js'
import { getIsoImage } from '../../db/stores/media.js'
import { openGrants } from '../../db/stores/media-grants.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'
import { isoBytes, serveMedia, storeImage } from '../helpers/media-store.js'

const INSERT = '*VirtualMedia.InsertMedia'
const EJECT = '*VirtualMedia.EjectMedia'

let lab: LabProcess
let bench: ActivityBench
let activities: VirtualMediaActivities
let media: { server: Server; base_url: string; warnings: object[] }
let image: IsoImage
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createVirtualMediaActivities(bench.deps)
  media = await serveMedia(bench)
  image = await storeImage(bench)
  idracs.push(...lab.site.idracs.filter((idrac) => !idrac.personality))
}, 120_000)
afterAll(async () => {
  media?.server.close()
  await bench?.close()
  await lab?.stop()
})

/** Another ordinary iDRAC for each test, with its lease held by a job. */
async function place(generation?: string) {
  const at = idracs.findIndex((idrac) => generation === undefined || idrac.generation === generation)
  const [idrac] = idracs.splice(Math.max(0, at), 1)
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [`server:${server_id}`], { job_type: 'virtual_media_mount' })
  const wish = { context, server_id, iso_image_id: image.id, slot: 'auto' as const, replace: false }
  const times = { write_protected: true, eject_after_minutes: 0 }
  const mount = (more: object = {}) => untilDone(() => activities.mountMedia({ ...wish, ...times, ...more }))
  const rest = { slot: 'all' as const, only_iso_image_id: null, clear_boot_once: true, dry_run: false }
  const eject = (more: object = {}) => untilDone(() => activities.ejectMedia({ context, server_id, ...rest, ...more }))
  const sent = async (what: string) =>
    (await lab.ledger(idrac.name)).filter((row) => row.method === 'POST' && row.path.endsWith(what.slice(1)))
  const fault = (path: string, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { method: 'POST', path, device: idrac.name }, ...rule })
  return { idrac, server_id, context, wish, mount, eject, sent, fault }
}

test.each(['14G', '17G'])(
  'on %s an image is inserted once, read by that iDRAC alone, and ejected',
  async (generation) => {
    const { idrac, server_id, context, wish, mount, eject, sent } = await place(generation)
    expect(await untilDone(() => activities.judgeMount(wish))).toMatchObject({ decision: 'insert', blockers: [] })
    const mounted = await mount()
    expect(mounted).toMatchObject({
      inserted: true,
      changed: true,
      eject_in_ms: 0,
      url_host: new URL(media.base_url).host,
    })
    expect(await untilDone(() => activities.judgeMount(wish))).toMatchObject({
      decision: 'already',
      slot: mounted.slot,
    })
    // The same step again, as after a crash, is still what this job did; another one finds it there.
    expect(await mount()).toMatchObject({ changed: true, slot: mounted.slot })
    const later = { context: { ...context, round: 2 } }
    expect(await mount(later)).toMatchObject({ changed: false, slot: mounted.slot })
    expect(await sent(INSERT)).toHaveLength(1)
    expect(await getIsoImage(bench.deps.db, image.id)).toMatchObject({ mounted_count: 1 })
    // The device has read from its own address; nobody else can, and the token alone is of no use.
    const [grant] = await openGrants(bench.deps.db, { server_id })
    if (!grant) throw new Error('no grant')
    expect(grant.allowed_address).toBe(idrac.address)
    await expect
      .poll(async () => (await openGrants(bench.deps.db, { server_id }))[0]?.bytes_read)
      .toBeGreaterThan(65_535)
    const foreign = await fetch(`${media.base_url}/m/${grant.token}/tools.iso`)
    expect([foreign.status, media.warnings.length]).toEqual([404, 1])
    media.warnings.length = 0
    const audit = await bench.database.pool.query<{ text: string }>(
      'select idrac_commands::text as text from idrac_commands',
    )
    expect(audit.rows.filter((row) => row.text.includes(grant.token))).toEqual([])
    expect(await eject()).toMatchObject({ ejected: [{ slot: mounted.slot, image: 'tools' }], boot_once_cleared: false })
    expect(await eject()).toMatchObject({ ejected: [{ slot: mounted.slot, image: 'tools' }] })
    expect(await eject(later)).toMatchObject({ ejected: [] })
    expect(await sent(EJECT)).toHaveLength(1)
    expect(await openGrants(bench.deps.db, { server_id })).toEqual([])
    expect(await getIsoImage(bench.deps.db, image.id)).toMatchObject({ mounted_count: 0 })
    expect(
      (await listOperations(bench.deps.db, context.job_id)).map(({ operation, state }) => [operation, state]),
    ).toEqual([
      ['idrac.vmedia_insert', 'accepted'],
      ['idrac.vmedia_eject', 'accepted'],
    ])
  },
)

test('an answer that was lost is found by reading, and nothing is sent twice', async () => {
  const { mount, eject, sent, fault } = await place()
  await fault(INSERT, { action: 'drop_answer', remaining: 1 })
  expect(await mount()).toMatchObject({ inserted: true })
  expect(await sent(INSERT)).toHaveLength(1)
  await fault(EJECT, { action: 'drop_answer', remaining: 1 })
  expect(await eject()).toMatchObject({ ejected: [{ image: 'tools' }] })
  expect(await sent(EJECT)).toHaveLength(1)
})

test('another image is left alone, unless it may be replaced; then it goes first', async () => {
  const other = await storeImage(bench, { name: 'other', filename: 'other.iso' }, isoBytes(200_000))
  const { wish, context, mount, eject, sent } = await place()
  await mount({ slot: 'cd', iso_image_id: other.id })
  const refused = await failureOf(mount({ slot: 'cd' }))
  expect(refused.type).toBe('SlotOccupied')
  expect(await untilDone(() => activities.judgeMount({ ...wish, slot: 'cd' }))).toMatchObject({
    decision: 'refused',
    slots: expect.arrayContaining([expect.objectContaining({ inserted: true, image: 'other' })]),
  })
  expect(await sent(EJECT)).toHaveLength(0)
  const again = { ...context, round: 2 }
  expect(await mount({ slot: 'cd', replace: true, context: again })).toMatchObject({ changed: true })
  expect(await sent(EJECT)).toHaveLength(1)
  expect(await eject({ only_iso_image_id: other.id })).toMatchObject({ ejected: [] })
  expect(await eject({ only_iso_image_id: image.id })).toMatchObject({ ejected: [{ image: 'tools' }] })
})

test('a media server that the iDRAC cannot reach is named with address and port', async () => {
  const { mount, server_id } = await place()
  bench.deps.media.base_url = 'http://127.0.0.1:9'
  const failed = await failureOf(mount({ eject_after_minutes: 30 }))
  bench.deps.media.base_url = media.base_url
  expect(failed.type).toBe('UrlUnreachable')
  expect(failed.message).toMatch(/cannot read from 127\.0\.0\.1 port 9: .*RAC0904/)
  // What was recorded as borrowed before the insert is settled by the eject that follows.
  const open = () => listUnreturned(bench.deps.db, { device_id: server_id })
  expect(await open()).toMatchObject([{ kind: 'virtual_media', wanted: { iso_image_id: image.id } }])
  const context = await bench.work(server_id, [])
  await untilDone(() =>
    activities.ejectMedia({
      context,
      server_id,
      slot: 'all',
      only_iso_image_id: image.id,
      clear_boot_once: true,
      dry_run: false,
    }),
  )
  expect(await open()).toEqual([])
})

test('what cannot be mounted is refused before the device is asked', async () => {
  const { mount, sent, wish } = await place()
  const unknown = await failureOf(mount({ iso_image_id: wish.server_id }))
  const depot = await storeImage(bench, { name: 'depot', kind: 'esxi_depot' }, isoBytes(180_000))
  const gone = await storeImage(bench, { name: 'gone', status: 'missing' }, isoBytes(190_000))
  const elsewhere = await storeImage(
    bench,
    { name: 'far', source_type: 'url', source_url: 'http://10.9.9.9/far.iso', storage_name: null },
    isoBytes(195_000),
  )
  expect(unknown.type).toBe('MediaNotFound')
  expect((await failureOf(mount({ iso_image_id: depot.id }))).type).toBe('MediaNotFound')
  expect((await failureOf(mount({ iso_image_id: gone.id }))).type).toBe('MediaNotFound')
  expect((await failureOf(mount({ iso_image_id: elsewhere.id }))).type).toBe('UrlRefused')
  expect(await sent(INSERT)).toHaveLength(0)
})

test('the next boot is from CD once; only what a mount job of ours had set is taken back', async () => {
  const { server_id, context, mount, eject } = await place()
  await mount()
  await untilDone(() => activities.bootFromMedia({ context, server_id }))
  await untilDone(() => activities.bootFromMedia({ context, server_id }))
  // No job row of ours asked for it: a person may have.
  expect(await eject()).toMatchObject({ boot_once_cleared: false })
})
