import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTransferActivities } from '../../activities/firmware.js'
import { upsertFirmwarePackage } from '../../db/stores/media.js'
import { openGrants } from '../../db/stores/media-grants.js'
import type { PlannedUpdate } from '../../domain/update-plan-types.js'
import { newestFirmware } from '../../scripts/demo/lab-client.js'
import { type ActivityBench, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { serveMedia } from '../helpers/media-store.js'

/* An iDRAC that fetches its package itself: it gets an address of its own, for a while, and nobody else may read there. */

let lab: LabProcess
let bench: ActivityBench
let media: { server: Server; base_url: string }
beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  media = await serveMedia(bench)
}, 120_000)
afterAll(async () => {
  media?.server.close()
  await bench?.close()
  await lab?.stop()
})

test('a pulled package is read under a grant of this device that ends, not under the address of the file', async () => {
  const idrac = lab.site.idracs.find(({ personality }) => !personality)
  if (!idrac) throw new Error('the lab has no ordinary iDRAC')
  const offered = newestFirmware(lab.site as never, [idrac.service_tag], 'bios')
  const bytes = Buffer.from(await (await fetch(offered.url)).arrayBuffer())
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(bench.iso_directory, sha256), bytes)
  const { item } = await upsertFirmwarePackage(bench.deps.db, {
    filename: offered.file_name,
    version: offered.version,
    size_bytes: bytes.length,
    sha256,
    storage_name: sha256,
    media_token: 'the-own-address-of-the-package',
  })
  const server_id = await bench.addServer(idrac)
  const context = await bench.work(server_id, [`server:${server_id}`], { job_type: 'firmware_update' })
  const component = { package_id: item.id, component: 'bios', filename: item.filename } as PlannedUpdate
  const wish = { context, server_id, component, apply_time: 'OnReset' as const, transfer: 'pull' as const }
  const sent = await untilDone(() =>
    createTransferActivities(bench.deps).submitFirmware({ ...wish, limit_minutes: 30 }),
  )
  expect(sent.device_job_id).toMatch(/^JID_/)

  const [grant, second] = await openGrants(bench.deps.db, { server_id })
  expect(second).toBeUndefined()
  expect(grant).toMatchObject({ package_id: item.id, allowed_address: idrac.address, job_id: context.job_id })
  const minutes = (Date.parse(grant?.expires_at ?? '') - Date.now()) / 60_000
  expect([minutes > 80, minutes < 91]).toEqual([true, true])
  await expect.poll(async () => (await openGrants(bench.deps.db, { server_id }))[0]?.bytes_read).toBeGreaterThan(0)
  // The same address is of no use from anywhere else.
  expect((await fetch(`${media.base_url}/m/${grant?.token}/x.EXE`)).status).toBe(404)
}, 60_000)
