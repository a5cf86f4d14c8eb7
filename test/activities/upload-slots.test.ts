import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inUploadSlot } from '../../activities/upload-slots.js'
import { updateActivitySettings } from '../../db/stores/settings.js'
import { takeUploadSlot } from '../../db/stores/upload-slots.js'
import { holdWorkerPresence } from '../../db/worker-presence.js'
import { type ActivityBench, startActivityBench } from '../helpers/activity-bench.js'

let bench: ActivityBench
beforeAll(async () => {
  bench = await startActivityBench()
})
afterAll(() => bench?.close())

const rows = async () => (await bench.database.pool.query('select worker_id from upload_slots')).rows.length

test('no more uploads at a site than the setting says, over all workers; dead ones count for nothing', async () => {
  const { deps } = bench
  await updateActivitySettings(deps.db, { uploads_per_site: 2 })
  let most = 0
  let now = 0
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const upload = (site = 'main') =>
    inUploadSlot(deps, site, async () => {
      now += 1
      most = Math.max(most, now)
      await gate
      now -= 1
    })
  const running = [upload(), upload()]
  await expect.poll(() => now).toBe(2)
  await expect(upload()).rejects.toMatchObject({ code: 'DeviceBusy', message: expect.stringContaining('2 uploads') })
  const elsewhere = upload('annex')
  await expect.poll(() => now).toBe(3)
  await updateActivitySettings(deps.db, { uploads_per_site: 3 })
  const third = upload()
  await expect.poll(() => now).toBe(4)
  // Another worker sees the same, and its death frees what it held.
  const url = bench.database.pool.options.connectionString ?? ''
  const other = await holdWorkerPresence(url, `other-${randomUUID()}`)
  const wish = { site: 'main', worker_id: other.worker_id, known: [] }
  expect(await takeUploadSlot(deps.db, { ...wish, limit: 3 })).toBeNull()
  expect(await takeUploadSlot(deps.db, { ...wish, limit: 4 })).not.toBeNull()
  release()
  await Promise.all([...running, elsewhere, third])
  expect([now, await rows()]).toEqual([0, 1])
  await other.close()
  await updateActivitySettings(deps.db, { uploads_per_site: 1 })
  await expect
    .poll(() => inUploadSlot(deps, 'main', async () => 'sent').catch(() => 'busy'), { timeout: 20_000 })
    .toBe('sent')
  expect(await rows()).toBe(0)
})
