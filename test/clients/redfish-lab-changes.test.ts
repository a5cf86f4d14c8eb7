import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBios, readPendingBios } from '../../clients/redfish/bios.js'
import { readBiosRegistry, stageBios } from '../../clients/redfish/bios-changes.js'
import { readBoot, readBootOptions, setBootOverride } from '../../clients/redfish/boot.js'
import { createRedfishClient, type RedfishClient } from '../../clients/redfish/client.js'
import { readConsoleTarget, requestConsoleTicket } from '../../clients/redfish/dell/console.js'
import { findJob } from '../../clients/redfish/dell/job-lookup.js'
import { isFinal } from '../../clients/redfish/dell/job-state.js'
import { resetSystem } from '../../clients/redfish/power.js'
import { startScpExport, startScpPreview } from '../../clients/redfish/scp.js'
import { closeSession, openSession } from '../../clients/redfish/session.js'
import { readTask } from '../../clients/redfish/tasks.js'
import { ejectMedia, insertMedia, readMediaSlot, readMediaSlots } from '../../clients/redfish/virtual-media.js'
import { type LabIdrac, type LabProcess, startLab, until } from '../helpers/lab-process.js'
import { errorOf, memoryRecorder } from '../helpers/redfish-client.js'

let lab: LabProcess
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  lab = await startLab()
  console.log(`lab site ${lab.site.site}, seed ${lab.site.seed}, speed ${lab.site.speed}`)
})
afterAll(async () => {
  for (const close of closers) await close().catch(() => {})
  await lab?.stop()
})

async function login(pick: (idrac: LabIdrac) => boolean): Promise<RedfishClient> {
  const idrac = lab.site.idracs.find(pick)
  if (!idrac) throw new Error('the site has no such iDRAC')
  const { address, port } = idrac
  const client = createRedfishClient({ address, port, identity: async () => {}, recorder: memoryRecorder() })
  let session = await openSession(client, idrac)
  closers.push(async () => {
    await closeSession(client, session)
    await client.close()
  })
  return client.withTokens({
    current: async () => session.token,
    renew: async () => {
      session = await openSession(client, idrac)
      return session.token
    },
  })
}
const model = (name: string) => (idrac: LabIdrac) => idrac.model === name && !idrac.personality

describe('BIOS values', () => {
  it('wait for the reboot, show as pending, and are there afterwards', async () => {
    const client = await login(model('PowerEdge R750'))
    const bios = await readBios(client)
    const registry = await readBiosRegistry(client, bios)
    const entry = registry.entries.find((one) => one.name === 'ProcTurboMode' || one.name === 'LogicalProc')
    if (!entry) throw new Error('no attribute to change')
    const before = bios.attributes[entry.name]
    const wanted = entry.values.find((value) => value !== before) ?? ''
    const wrong = await errorOf(stageBios(client, bios, { [entry.name]: 'Sideways' }))
    expect([wrong.code, wrong.unclear]).toEqual(['AttributeInvalid', false])
    const { job_id: jobId } = await stageBios(client, bios, { [entry.name]: wanted })
    expect(await readPendingBios(client, bios)).toEqual({ [entry.name]: wanted })
    expect((await readBios(client)).attributes[entry.name]).toBe(before)
    const again = await errorOf(stageBios(client, bios, { [entry.name]: wanted }))
    expect([again.code, again.unclear]).toEqual(['DeviceBusy', false])
    // New for a moment, then scheduled for the next boot; it does not run before.
    await until('a staged job', async () => (await findJob(client, jobId))?.state_class === 'staged')
    await resetSystem(client, 'ForceRestart')
    const job = await until('the end of the job', async () => {
      const now = await findJob(client, jobId)
      return now && isFinal(now.state_class) ? now : null
    })
    expect([job.state_class, job.job_type]).toEqual(['succeeded', 'BIOSConfiguration'])
    expect((await readBios(client)).attributes[entry.name]).toBe(wanted)
    expect(await readPendingBios(client, bios)).toEqual({})
  })
})

describe('boot override', () => {
  it.each(['PowerEdge R760', 'PowerEdge R770'])('is set for one boot on a %s', async (name) => {
    const client = await login((idrac) => idrac.model === name)
    const state = await readBoot(client)
    expect(state.settings_path.endsWith('/Settings')).toBe(name === 'PowerEdge R770')
    await setBootOverride(client, state, { target: 'Pxe', enabled: 'Once', mode: 'UEFI' })
    expect(await until('the override', async () => (await readBoot(client)).override_target === 'Pxe')).toBe(true)
    expect((await readBootOptions(client)).map((option) => option.reference).sort()).toEqual(
      [...state.boot_order].sort(),
    )
    await setBootOverride(client, await readBoot(client), { target: 'None', enabled: 'Disabled' })
  })
})

describe('profiles', () => {
  it.each(['PowerEdge R760', 'PowerEdge R770'])('of a %s come out of the task itself', async (name) => {
    const client = await login((idrac) => idrac.model === name)
    const task = await startScpExport(client, { components: ['ALL'], format: 'XML', use: 'Default' })
    const document = await until('the profile', async () => {
      const answer = await readTask(client, task.task_path)
      return answer.kind === 'document' ? answer : null
    })
    expect(document.format).toBe('XML')
    expect(document.text).toContain('<SystemConfiguration')
    const job = await until('the end of the job', async () => {
      const now = await findJob(client, task.job_id)
      return now && isFinal(now.state_class) ? now : null
    })
    expect([job.state_class, job.message_id]).toEqual(['succeeded', 'SYS043'])
    const preview = await startScpPreview(client, document.text)
    const judged = await until('the verdict', async () => {
      const now = await findJob(client, preview.job_id)
      return now && isFinal(now.state_class) ? now : null
    })
    expect(['SYS081', 'SYS089']).toContain(judged.message_id)
  })
})

/** Serves a small image on loopback, with ranges, as the media server does. */
async function serveImage(): Promise<string> {
  const bytes = Buffer.alloc(64 * 1024, 1)
  const server = createServer((request, response) => {
    const [from = 0, to = bytes.length - 1] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [])
      .slice(1)
      .map(Number)
    const part = bytes.subarray(from, to + 1)
    response.writeHead(request.headers.range ? 206 : 200, { 'accept-ranges': 'bytes', 'content-length': part.length })
    response.end(request.method === 'HEAD' ? undefined : part)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/one.iso`
}

describe('virtual media', () => {
  it('is inserted from a URL, seen, and ejected; a second eject finds nothing', async () => {
    const client = await login(model('PowerEdge R760'))
    const [slot] = await readMediaSlots(client)
    if (!slot) throw new Error('no slot')
    const missing = await errorOf(
      insertMedia(client, slot, { url: 'http://127.70.0.1:1/none.iso', write_protected: true }),
    )
    expect(missing.code).toBe('UrlUnreachable')
    const url = await serveImage()
    await insertMedia(client, slot, { url, write_protected: true })
    expect(await readMediaSlot(client, slot.path)).toMatchObject({ inserted: true, image: url, write_protected: true })
    const other = await errorOf(insertMedia(client, slot, { url: url.replace('one', 'two'), write_protected: true }))
    expect([other.code, other.unclear]).toEqual(['SlotOccupied', false])
    expect(await ejectMedia(client, slot)).toBe('ejected')
    expect(await ejectMedia(client, slot)).toBe('empty')
    expect((await readMediaSlot(client, slot.path)).inserted).toBe(false)
  })
})

describe('the console', () => {
  it('gives a ticket', async () => {
    const client = await login(model('PowerEdge R760'))
    const target = await readConsoleTarget(client)
    const ticket = await requestConsoleTicket(client, target ?? '', 'a1b2c3d4e5f6a7b8')
    expect(ticket.temp_username.length).toBeGreaterThan(0)
    expect(ticket.temp_password.length).toBeGreaterThan(0)
  })
})
