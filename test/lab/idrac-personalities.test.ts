import { connect } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { firmwareFiles } from '../../lab/firmware/packages.js'
import type { SimServer } from '../../lab/model-server.js'
import { type IdracSite, type Reply, startIdracSite, uploadBody } from './idrac-site.js'

const ROOT = '/redfish/v1'
const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
const UPLOAD = `${ROOT}/UpdateService/MultipartUpload`

describe('personalities of a simulated iDRAC', () => {
  let site: IdracSite
  afterEach(() => site.close())

  const get = (server: SimServer, path: string) =>
    site.call(server, 'GET', path, { basic: ['root', server.idrac.password] })
  const upload = (server: SimServer, component = 'diagnostics', apply = 'Immediate'): Promise<Reply> => {
    const found = firmwareFiles(new Set([server.model]), (name) => name).find(
      ({ file }) =>
        file.component === component && file.models.includes(server.model) && file.prerequisites.length === 0,
    )
    if (!found) throw new Error(`no ${component} package`)
    const { raw, headers } = uploadBody(
      { Targets: [], '@Redfish.OperationApplyTime': apply },
      found.file.file_name,
      found.bytes,
    )
    return site.call(server, 'POST', UPLOAD, { basic: ['root', server.idrac.password], raw, headers })
  }
  const only = (server: SimServer) => server.idrac.jobs.at(-1)

  it('no_location_header: the job exists, its id stands nowhere in the answer', async () => {
    site = await startIdracSite({ '15G': 'no_location_header' })
    const server = site.server('15G')
    const reply = await upload(server)
    expect([reply.status, reply.headers.location]).toEqual([202, undefined])
    expect(reply.text).not.toContain(only(server)?.id)
  })

  it('answer_of_upload_lost: the first upload makes its job and breaks the connection; the second is told of it', async () => {
    site = await startIdracSite({ '15G': 'answer_of_upload_lost' })
    const server = site.server('15G')
    await expect(upload(server)).rejects.toThrow()
    expect(server.idrac.jobs).toHaveLength(1)
    const again = await upload(server)
    expect(again.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/RED014$/)
  })

  it('upload_rac964: HTTP 500 until the iDRAC was restarted', async () => {
    site = await startIdracSite({ '15G': 'upload_rac964' })
    const server = site.server('15G')
    const refused = await upload(server)
    expect([refused.status, refused.json.error['@Message.ExtendedInfo'][0].MessageId]).toEqual([
      500,
      expect.stringMatching(/RAC964$/),
    ])
    site.lab.lifecycle.restartIdrac(server, 'reset')
    await site.until('ready', () => server.idrac.loading_until === null)
    await site.listens(server)
    expect((await upload(server)).status).toBe(202)
  })

  it('idrac_reboots_mid_upload: no job, a ledger row without effect, and the next try works', async () => {
    site = await startIdracSite({ '15G': 'idrac_reboots_mid_upload' })
    const server = site.server('15G')
    await expect(upload(server)).rejects.toThrow()
    expect(server.idrac.jobs).toHaveLength(0)
    expect(
      site.lab.ledger.read({ since: 0, device: server.name, mutations: true }).map(({ status }) => status),
    ).toEqual([0])
    await site.until('ready', () => server.idrac.loading_until === null)
    await site.listens(server)
    expect((await upload(server)).status).toBe(202)
  })

  it('session_table_full: 503 RAC0218 at login', async () => {
    site = await startIdracSite({ '16G': 'session_table_full' })
    const server = site.server('16G')
    await expect(site.login(server)).rejects.toThrow(/503.*RAC0218/s)
  })

  it('task_vanishes: the task is 404 when the job has ended, the Dell job stays', async () => {
    site = await startIdracSite({ '15G': 'task_vanishes' })
    const server = site.server('15G')
    const task = String((await upload(server)).headers.location)
    const job = only(server)
    await site.until('Completed', () => job?.state === 'Completed')
    expect((await get(server, task)).status).toBe(404)
    expect((await get(server, `${MANAGER}/Oem/Dell/Jobs/${job?.id}`)).json.JobState).toBe('Completed')
  })

  it('job_404_at_first: a new job cannot be found for some seconds', async () => {
    site = await startIdracSite({ '15G': 'job_404_at_first' }, 50)
    const server = site.server('15G')
    await upload(server)
    const path = `${MANAGER}/Oem/Dell/Jobs/${only(server)?.id}`
    expect((await get(server, path)).status).toBe(404)
    const created = only(server)?.created_at ?? 0
    await site.until('20 simulated seconds', () => site.lab.clock.now() - created > 20_000)
    expect((await get(server, path)).status).toBe(200)
  })

  it('task_monitor_204: an iDRAC9 that points to monitors', async () => {
    site = await startIdracSite({ '15G': 'task_monitor_204' })
    const server = site.server('15G')
    const location = String((await upload(server)).headers.location)
    expect(location).toContain('TaskMonitors')
    expect((await get(server, location)).status).toBe(204)
  })

  it('busy_sys518: reads fail for a while after a change, the root does not', async () => {
    site = await startIdracSite({ '16G': 'busy_sys518' }, 50)
    const server = site.server('16G')
    await upload(server)
    const busy = await get(server, MANAGER)
    expect([busy.status, busy.json.error['@Message.ExtendedInfo'][0].MessageId]).toEqual([
      500,
      expect.stringMatching(/SYS518$/),
    ])
    expect((await get(server, ROOT)).status).toBe(200)
    const due = site.lab.clock.now() + 46_000
    await site.until('the end of it', () => site.lab.clock.now() > due)
    expect((await get(server, MANAGER)).status).toBe(200)
  })

  it('certificate_changes: another certificate after each restart', async () => {
    site = await startIdracSite({ '15G': 'certificate_changes' })
    const server = site.server('15G')
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(
          { host: server.idrac.address, port: server.idrac.port, rejectUnauthorized: false },
          () => {
            resolve(socket.getPeerCertificate().fingerprint256)
            socket.destroy()
          },
        )
        socket.once('error', reject)
      })
    const before = await shown()
    site.lab.lifecycle.restartIdrac(server, 'reset')
    await site.until('ready', () => server.idrac.loading_until === null)
    await site.listens(server)
    expect(await shown()).not.toBe(before)
  })

  it('power_conflict: the first power command is answered 409 and changes nothing', async () => {
    site = await startIdracSite({ '17G': 'power_conflict' })
    const server = site.server('17G')
    const off = () =>
      site.call(server, 'POST', `${ROOT}/Systems/System.Embedded.1/Actions/ComputerSystem.Reset`, {
        basic: ['root', server.idrac.password],
        body: { ResetType: 'ForceOff' },
      })
    expect((await off()).status).toBe(409)
    expect(server.power).toBe('On')
    expect((await off()).status).toBe(204)
  })

  it('completed_with_errors: the Dell view says so, the DMTF view says Exception, the version is the new one', async () => {
    site = await startIdracSite({ '15G': 'completed_with_errors' })
    const server = site.server('15G')
    await upload(server)
    const job = only(server)
    await site.until('the end', () => job?.state === 'CompletedWithErrors')
    expect((await get(server, `${ROOT}/JobService/Jobs/${job?.id}`)).json).toMatchObject({
      JobState: 'Exception',
      JobStatus: 'Critical',
    })
    expect(server.firmware.find((row) => row.component === 'diagnostics')?.version).toBe(job?.target_version)
  })

  it('untidy_data: impossible dates, trailing blanks, double slashes', async () => {
    site = await startIdracSite({ '15G': 'untidy_data' })
    const server = site.server('15G')
    expect((await get(server, `${ROOT}/Systems/System.Embedded.1`)).json.LastResetTime).toBe(
      '0000-00-00T00:00:00+00:00',
    )
    expect((await get(server, `${ROOT}/Chassis/System.Embedded.1/Power`)).json.PowerSupplies[0].Model).toMatch(/ $/)
    expect((await get(server, `${MANAGER}/LogServices/Lclog/Entries`)).text).toContain('Processors//CPU')
  })

  it('fault rules work on Redfish requests: lost answer, TCP reset, cut body, status in the place of the device', async () => {
    site = await startIdracSite()
    const server = site.server('15G')
    const once = (path: string, action: Record<string, unknown>) =>
      site.lab.rules.add({ selector: { device: server.name, path }, remaining: 1, ...action })
    once('*MultipartUpload', { action: 'drop_answer' })
    await expect(upload(server)).rejects.toThrow()
    expect(server.idrac.jobs).toHaveLength(1)
    once('*iDRAC.Embedded.1', { action: 'reset', after_bytes: 100 })
    await expect(get(server, MANAGER)).rejects.toThrow(/ECONNRESET|aborted/)
    once('*iDRAC.Embedded.1', { action: 'truncate' })
    await expect(get(server, MANAGER)).rejects.toThrow()
    once('*iDRAC.Embedded.1', { action: 'status', code: 503 })
    expect((await get(server, MANAGER)).status).toBe(503)
    expect((await get(server, MANAGER)).status).toBe(200)
  })

  it('lockdown given by a rule: updates are refused for as long as the rule is there', async () => {
    site = await startIdracSite()
    const server = site.server('15G')
    const rule = site.lab.rules.add({ selector: { device: server.name }, action: 'personality', name: 'lockdown' })
    const refused = await upload(server)
    expect([refused.status, refused.json.error['@Message.ExtendedInfo'][0].MessageId]).toEqual([
      403,
      expect.stringMatching(/RAC1201$/),
    ])
    site.lab.rules.remove(rule.id)
    expect((await upload(server)).status).toBe(202)
  })

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('a request held %s its effect waits there: %i jobs while it is held', async (when, jobs) => {
    site = await startIdracSite()
    const server = site.server('15G')
    site.lab.rules.add({
      selector: { device: server.name, path: '*MultipartUpload' },
      action: 'hold',
      when,
      remaining: 1,
    })
    const sent = upload(server)
    await site.until('held', () => site.lab.holds.list().length === 1)
    expect(server.idrac.jobs).toHaveLength(jobs)
    site.lab.holds.releaseAll()
    expect((await sent).status).toBe(202)
    expect(server.idrac.jobs).toHaveLength(1)
  })
})
