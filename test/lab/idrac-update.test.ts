import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import type { SimServer } from '../../lab/model-server.js'
import { type IdracSite, type Reply, startIdracSite, uploadBody } from './idrac-site.js'

const ROOT = '/redfish/v1'
const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
const JOBS = `${MANAGER}/Oem/Dell/Jobs`
const UPLOAD = `${ROOT}/UpdateService/MultipartUpload`
const RESET = `${ROOT}/Systems/System.Embedded.1/Actions/ComputerSystem.Reset`

/** The depot's newest package of a component for a server: name, version, bytes. */
function packageFor(server: SimServer, component: string, alone = true) {
  const files = firmwareFiles(new Set([server.model]), (name) => `http://127.0.0.1/${name}`)
  const found = files
    .filter(
      ({ file }) =>
        file.component === component &&
        file.models.includes(server.model) &&
        (!alone || file.prerequisites.length === 0),
    )
    .sort((a, b) => a.file.version.localeCompare(b.file.version, 'en', { numeric: true }))
    .at(-1)
  if (!found) throw new Error(`no ${component} package for ${server.model}`)
  return { name: found.file.file_name, version: found.file.version, bytes: found.bytes }
}

const messageId = (reply: Reply): string => reply.json.error['@Message.ExtendedInfo'][0].MessageId
const jobId = (reply: Reply): string => String(reply.headers.location).split('/').at(-1) ?? ''

describe('firmware updates of a simulated iDRAC', () => {
  let site: IdracSite
  beforeEach(async () => {
    site = await startIdracSite()
  })
  afterEach(() => site.close())

  const basicOf = (server: SimServer): [string, string] => ['root', server.idrac.password]
  const get = (server: SimServer, path: string) => site.call(server, 'GET', path, { basic: basicOf(server) })
  const upload = (
    server: SimServer,
    name: string,
    bytes: Buffer,
    apply: string,
    order: 'right' | 'wrong' = 'right',
  ) => {
    const { raw, headers } = uploadBody(
      { Targets: [], '@Redfish.OperationApplyTime': apply, Oem: {} },
      name,
      bytes,
      order,
    )
    return site.call(server, 'POST', UPLOAD, { basic: basicOf(server), raw, headers })
  }
  const stateOf = (server: SimServer, id: string) => site.lab.jobs.find(server, id)?.state
  const installed = (server: SimServer, component: string) =>
    server.firmware.find((row) => row.component === component)?.version

  it('stages a BIOS with OnReset until the host boots, shows the same job in three views, then runs the new version', async () => {
    const server = site.server('15G')
    const { name, version, bytes } = packageFor(server, 'bios')
    const before = installed(server, 'bios')
    const reply = await upload(server, name, bytes, 'OnReset')
    expect(reply.status).toBe(202)
    expect(reply.headers.location).toMatch(/^\/redfish\/v1\/TaskService\/Tasks\/JID_\d{12}$/)
    const id = jobId(reply)
    await site.until('Scheduled', () => stateOf(server, id) === 'Scheduled')
    expect((await get(server, `${JOBS}/${id}`)).json).toMatchObject({
      JobState: 'Scheduled',
      MessageId: 'JCP001',
      JobType: 'FirmwareUpdate',
      Name: 'Firmware Update: BIOS',
    })
    expect((await get(server, `${ROOT}/JobService/Jobs/${id}`)).json).toMatchObject({
      JobState: 'Starting',
      JobStatus: 'OK',
    })
    const task = await get(server, String(reply.headers.location))
    expect(task.status).toBe(202)
    expect(task.json).toMatchObject({ TaskState: 'Starting', Oem: { Dell: { JobState: 'Scheduled' } } })
    expect(installed(server, 'bios')).toBe(before)
    const boots = server.boot_count
    expect(
      (await site.call(server, 'POST', RESET, { basic: basicOf(server), body: { ResetType: 'GracefulRestart' } }))
        .status,
    ).toBe(204)
    await site.until('the job has ended', () => stateOf(server, id) === 'Completed')
    await site.until('the host runs', () => server.boot.phase === 'running')
    expect(server.boot_count).toBe(boots + 1)
    const system = (await get(server, `${ROOT}/Systems/System.Embedded.1`)).json
    expect(system.BiosVersion).toBe(version)
    const rows = (await get(server, `${ROOT}/UpdateService/FirmwareInventory?$expand=*($levels=1)`)).json.Members as {
      Id: string
    }[]
    expect(rows.map((row) => row.Id)).toEqual(
      expect.arrayContaining([`Installed-159-${version}__BIOS.Setup.1-1`, `Previous-159-${before}__BIOS.Setup.1-1`]),
    )
  })

  it('reboots the host by itself when a BIOS is sent with Immediate', async () => {
    const server = site.server('16G')
    const { name, version, bytes } = packageFor(server, 'bios')
    const boots = server.boot_count
    const id = jobId(await upload(server, name, bytes, 'Immediate'))
    await site.until('Completed', () => stateOf(server, id) === 'Completed')
    expect(server.boot_count).toBe(boots + 1)
    expect(installed(server, 'bios')).toBe(version)
  })

  it('goes dark for its own update, loses its sessions, answers 503 and SWC0700 while it loads, then runs the new version', async () => {
    site.lab.clock.setSpeed(300)
    const server = site.server('15G')
    const { name, version, bytes } = packageFor(server, 'idrac')
    const token = await site.login(server)
    const boots = server.boot_count
    const id = jobId(await upload(server, name, bytes, 'Immediate'))
    await site.until('dark', () => site.lab.lifecycle.idracState(server) === 'dark')
    await expect(get(server, ROOT)).rejects.toThrow()
    await site.until('loading', () => site.lab.lifecycle.idracState(server) === 'loading')
    site.lab.clock.setSpeed(20)
    await site.listens(server)
    expect((await get(server, ROOT)).status).toBe(503)
    await site.until(
      'the last seconds of loading',
      () => (server.idrac.loading_until ?? 0) - site.lab.clock.now() < 25_000,
    )
    const early = await get(server, MANAGER)
    expect([early.status, messageId(early)]).toEqual([400, expect.stringMatching(/SWC0700$/)])
    site.lab.clock.setSpeed(600)
    await site.until('ready', () => site.lab.lifecycle.idracState(server) === 'ready')
    expect((await site.call(server, 'GET', MANAGER, { token })).status).toBe(401)
    expect((await get(server, MANAGER)).json.FirmwareVersion).toBe(version)
    expect(stateOf(server, id)).toBe('Completed')
    expect(server.boot_count).toBe(boots)
  })

  it('answers 17G uploads with a task monitor that says nothing, and the task beside it', async () => {
    const server = site.server('17G')
    const bios = packageFor(server, 'bios', false)
    expect(messageId(await upload(server, bios.name, bios.bytes, 'OnReset'))).toMatch(/RED145$/)
    const { name, bytes } = packageFor(server, 'cpld')
    const reply = await upload(server, name, bytes, 'OnReset')
    expect(reply.headers.location).toMatch(/TaskMonitors\/JID_/)
    const monitor = await get(server, String(reply.headers.location))
    expect([monitor.status, monitor.text]).toEqual([204, ''])
    expect((await get(server, String(reply.headers.location).replace('TaskMonitors', 'Tasks'))).json.Id).toBe(
      jobId(reply),
    )
    const matched = await site.call(server, 'POST', RESET, {
      basic: basicOf(server),
      body: { ResetType: 'On' },
      headers: { 'If-Match': '"x"' },
    })
    expect([matched.status, messageId(matched)]).toEqual([412, expect.stringMatching(/PreconditionFailed$/)])
  })

  it('refuses a second job for the same device, and a CPLD beside other staged work', async () => {
    const server = site.server('15G')
    const bios = packageFor(server, 'bios')
    expect((await upload(server, bios.name, bios.bytes, 'OnReset')).status).toBe(202)
    const again = await upload(server, bios.name, bios.bytes, 'OnReset')
    expect([again.status, messageId(again)]).toEqual([400, expect.stringMatching(/RED014$/)])
    const cpld = packageFor(server, 'cpld')
    expect(messageId(await upload(server, cpld.name, cpld.bytes, 'OnReset'))).toMatch(/RED149$/)
    expect(server.idrac.jobs).toHaveLength(1)
  })

  it('refuses chunked bodies, wrong order of parts, Linux packages, damaged files and packages of other machines', async () => {
    const server = site.server('15G')
    const { name, bytes } = packageFor(server, 'bios')
    const { raw, headers } = uploadBody({ '@Redfish.OperationApplyTime': 'OnReset' }, name, bytes)
    const chunked = await site.call(server, 'POST', UPLOAD, {
      basic: basicOf(server),
      headers,
      raw: [raw.subarray(0, 5000), raw.subarray(5000)],
    })
    expect(chunked.status).toBe(411)
    expect(messageId(await upload(server, name, bytes, 'OnReset', 'wrong'))).toMatch(/SYS428$/)
    expect(messageId(await upload(server, 'BIOS_0W1XP_LN_2.6.0.BIN', bytes, 'OnReset'))).toMatch(/SYS434$/)
    const damaged = Buffer.from(bytes)
    damaged.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64)
    expect(messageId(await upload(server, name, damaged, 'OnReset'))).toMatch(/RED007$/)
    expect(messageId(await upload(server, name, Buffer.from('no package at all'), 'OnReset'))).toMatch(/RED008$/)
    const other = packageFor(site.server('14G'), 'bios')
    expect(messageId(await upload(server, other.name, other.bytes, 'OnReset'))).toMatch(/RED017$/)
    expect(messageId(await upload(server, name, bytes, 'Someday'))).toMatch(/SYS426$/)
    expect(server.idrac.jobs).toHaveLength(0)
  })

  it('deletes a staged job by its exact id, and says what it cannot find', async () => {
    const server = site.server('16G')
    const { name, bytes } = packageFor(server, 'bios')
    const id = jobId(await upload(server, name, bytes, 'OnReset'))
    await site.until('Scheduled', () => stateOf(server, id) === 'Scheduled')
    expect((await site.call(server, 'DELETE', `${JOBS}/${id}`, { basic: basicOf(server) })).status).toBe(200)
    expect((await get(server, `${JOBS}/${id}`)).status).toBe(404)
    const gone = await site.call(server, 'DELETE', `${JOBS}/${id}`, { basic: basicOf(server) })
    expect([gone.status, messageId(gone)]).toEqual([404, expect.stringMatching(/JCP022$/)])
  })

  it('rolls back from the Previous row through SimpleUpdate', async () => {
    const server = site.server('15G')
    const row = server.firmware.find((one) => one.component === 'bios')
    const [now, before] = [row?.version, row?.previous_version]
    const uri = `${ROOT}/UpdateService/FirmwareInventory/Previous-159-${before}__BIOS.Setup.1-1`
    const reply = await site.call(server, 'POST', `${ROOT}/UpdateService/Actions/UpdateService.SimpleUpdate`, {
      basic: basicOf(server),
      body: { ImageURI: uri, '@Redfish.OperationApplyTime': 'Immediate' },
    })
    expect(reply.status).toBe(202)
    await site.until('Completed', () => stateOf(server, jobId(reply)) === 'Completed')
    expect([row?.version, row?.previous_version]).toEqual([before, now])
  })

  it('stores a package through HttpPushUri with the inventory ETag and installs it from there', async () => {
    const server = site.server('14G')
    const { name, bytes } = packageFor(server, 'bios')
    const path = `${ROOT}/UpdateService/FirmwareInventory`
    const boundary = 'one-part'
    const raw = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` }
    expect((await site.call(server, 'POST', path, { basic: basicOf(server), raw, headers })).status).toBe(428)
    const etag = String((await get(server, path)).headers.etag)
    const pushed = await site.call(server, 'POST', path, {
      basic: basicOf(server),
      raw,
      headers: { ...headers, 'If-Match': etag },
    })
    expect([pushed.status, pushed.json.Id]).toEqual([201, expect.stringMatching(/^Available-159-/)])
    const done = await site.call(server, 'POST', `${ROOT}/UpdateService/Actions/Oem/DellUpdateService.Install`, {
      basic: basicOf(server),
      body: { SoftwareIdentityURIs: [String(pushed.headers.location)], InstallUpon: 'NextReboot' },
    })
    expect(done.status).toBe(202)
    await site.until('Scheduled', () => stateOf(server, jobId(done)) === 'Scheduled')
  })

  it('writes each accepted upload into the ledger as one mutation, with its effect', async () => {
    const server = site.server('15G')
    const { name, version, bytes } = packageFor(server, 'diagnostics')
    const id = jobId(await upload(server, name, bytes, 'Immediate'))
    const rows = site.lab.ledger.read({ since: 0, device: server.name, mutations: true })
    expect(rows.map(({ method, path, status, effect }) => [method, path, status, effect])).toEqual([
      ['POST', UPLOAD, 202, expect.stringContaining(`${id} Immediate`)],
    ])
    await site.until('Completed', () => stateOf(server, id) === 'Completed')
    expect(installed(server, 'diagnostics')).toBe(version)
  })
})
