import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RedfishClient } from '../../../clients/redfish/client.js'
import { readThermal } from '../../../clients/redfish/component-health.js'
import { deleteJob, listJobs } from '../../../clients/redfish/dell/jobs.js'
import { writeLifecycleNote } from '../../../clients/redfish/dell/lifecycle.js'
import { readFirmwareInventory } from '../../../clients/redfish/inventory.js'
import { readFaults, readLogPage } from '../../../clients/redfish/logs.js'
import { generationOf, resetManager } from '../../../clients/redfish/manager.js'
import { resetSystem } from '../../../clients/redfish/power.js'
import { readReadiness } from '../../../clients/redfish/readiness.js'
import { readRoot, sessionsPath } from '../../../clients/redfish/root.js'
import { openSession } from '../../../clients/redfish/session.js'
import { readSystem } from '../../../clients/redfish/system.js'
import { readTask } from '../../../clients/redfish/tasks.js'
import { anonymousClient, errorOf } from '../../helpers/redfish-client.js'
import {
  loadRecording,
  type Reply,
  type ServedRecording,
  serveRecording,
  TEST_LOGIN,
} from '../../helpers/redfish-recording.js'

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1'
const READY = `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.GetRemoteServicesAPIStatus`
const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`

let device: ServedRecording
let client: RedfishClient
let close: () => Promise<void>

beforeEach(async () => {
  device = await serveRecording('r750')
  const { client: anonymous } = anonymousClient(device)
  const { token } = await openSession(anonymous, TEST_LOGIN)
  client = anonymous.withTokens({ current: async () => token, renew: () => Promise.reject(new Error('renewed')) })
  close = async () => {
    await anonymous.close()
    await device.close()
  }
})
afterEach(() => close())

const info = (id: string, text = 'text') => ({ MessageId: id, Message: text })
const refuse = (status: number, body: unknown) => device.override('POST', RESET, () => ({ status, body }))
const envelope = (...entries: unknown[]) => ({
  error: { code: 'Base.1.8.GeneralError', '@Message.ExtendedInfo': entries },
})

describe('refusals', () => {
  const cases: [string, Reply, { code: string; id?: string; unclear: boolean }][] = [
    [
      'a generic entry before the telling one',
      { status: 400, body: envelope(info('Base.1.12.GeneralError'), info('IDRAC.2.9.SYS011')) },
      { code: 'DeviceBusy', id: 'SYS011', unclear: false },
    ],
    [
      'ExtendedInfo as an object',
      { status: 403, body: { error: { '@Message.ExtendedInfo': info('IDRAC.2.7.SYS479') } } },
      { code: 'PermissionMissing', id: 'SYS479', unclear: false },
    ],
    [
      'error.message as an object',
      { status: 403, body: { error: { code: '5', message: { '@Message.ExtendedInfo': info('IDRAC.SYS406') } } } },
      { code: 'LockdownMode', id: 'SYS406', unclear: false },
    ],
    [
      'an id without a version',
      { status: 400, body: envelope(info('SWC0700')) },
      { code: 'LifecycleControllerNotReady', id: 'SWC0700', unclear: false },
    ],
    [
      'a 500 with a refusal id',
      { status: 500, body: envelope(info('IDRAC.2.8.SYS518')) },
      { code: 'DeviceBusy', id: 'SYS518', unclear: false },
    ],
    [
      'a 500 with an id that says little',
      { status: 500, body: envelope(info('IDRAC.2.8.SYS446')) },
      { code: 'DeviceBusy', id: 'SYS446', unclear: true },
    ],
    ['a 503 without a body (iDRAC8)', { status: 503 }, { code: 'DeviceBusy', unclear: true }],
    [
      'a 503 in HTML while the web server starts',
      { status: 503, body: '<html><body>Service Unavailable</body></html>' },
      { code: 'DeviceBusy', unclear: true },
    ],
    [
      'a 502 with an unknown id',
      { status: 502, body: envelope(info('IDRAC.2.8.ZZZ999')) },
      { code: 'DeviceBusy', id: 'ZZZ999', unclear: true },
    ],
    [
      'a full session table',
      { status: 503, body: envelope(info('IDRAC.2.7.RAC0218')) },
      { code: 'SessionLimit', id: 'RAC0218', unclear: false },
    ],
    [
      'a password that must be changed',
      { status: 403, body: envelope(info('Base.1.8.PasswordChangeRequired')) },
      { code: 'PasswordChangeRequired', id: 'PasswordChangeRequired', unclear: false },
    ],
    [
      'a missing licence',
      { status: 400, body: envelope(info('IDRAC.2.9.LIC501')) },
      { code: 'LicenseMissing', id: 'LIC501', unclear: false },
    ],
    [
      'an existing job',
      { status: 400, body: envelope(info('IDRAC.2.8.RED014')) },
      { code: 'ForeignJob', id: 'RED014', unclear: false },
    ],
    [
      'a value that the action lacks',
      { status: 400, body: envelope(info('IDRAC.2.8.SYS426')) },
      { code: 'Unsupported', id: 'SYS426', unclear: false },
    ],
    ['a 429', { status: 429, headers: { 'retry-after': '7' } }, { code: 'DeviceBusy', unclear: false }],
    ['a 400 without any body', { status: 400 }, { code: 'StateConflict', unclear: false }],
  ]

  it.each(cases)('%s', async (_name, reply, expected) => {
    device.override('POST', RESET, () => reply)
    const error = await errorOf(resetSystem(client, 'ForceRestart'))
    expect({
      code: error.code,
      id: error.facts.message_id,
      unclear: error.unclear,
      status: error.facts.status,
    }).toEqual({
      id: undefined,
      ...expected,
      status: reply.status,
    })
  })

  it('keeps every message id and the time to wait', async () => {
    device.override('POST', RESET, () => ({
      status: 503,
      headers: { 'retry-after': '30' },
      body: envelope(info('A.1.B'), info('IDRAC.1.LC060')),
    }))
    const { facts } = await errorOf(resetSystem(client, 'ForceRestart'))
    expect(facts.data).toEqual({ message_ids: ['B', 'LC060'], retry_after_seconds: 30 })
  })

  it('takes a 200 that is nothing but an error for a refusal', async () => {
    device.override('GET', SYSTEM, () => ({ status: 200, body: envelope(info('IDRAC.2.7.LIC501')) }))
    expect((await errorOf(readSystem(client))).code).toBe('LicenseMissing')
  })

  it('takes a 200 that is no JSON object for no answer', async () => {
    for (const body of ['<html></html>', '[]', '"text"', '{"cut":']) {
      device.override('POST', RESET, () => ({ status: 200, body }))
      const error = await errorOf(resetSystem(client, 'ForceRestart'))
      expect([error.code, error.unclear]).toEqual(['ProtocolError', true])
    }
  })
})

describe('power', () => {
  it('takes "already" for an outcome of the same goal only', async () => {
    refuse(409, envelope(info('IDRAC.2.7.PSU501')))
    expect(await resetSystem(client, 'On')).toBe('already')
    expect((await errorOf(resetSystem(client, 'ForceOff'))).code).toBe('PowerActionNotAllowed')
    refuse(409, envelope(info('IDRAC.2.7.PSU502')))
    expect(await resetSystem(client, 'ForceOff')).toBe('already')
    expect((await errorOf(resetSystem(client, 'ForceRestart'))).code).toBe('PowerActionNotAllowed')
  })

  it('accepts 204 and 200 and sends just the type', async () => {
    for (const status of [204, 200]) {
      const bodies: string[] = []
      device.override('POST', RESET, (body) => {
        bodies.push(body)
        return { status }
      })
      expect(await resetSystem(client, 'ForceRestart')).toBe('sent')
      expect(bodies).toEqual(['{"ResetType":"ForceRestart"}'])
    }
  })

  it('sends no type that the device does not list', async () => {
    const old = await serveRecording('r630')
    const { client: anonymous } = anonymousClient(old)
    const { token } = await openSession(anonymous, TEST_LOGIN)
    const oldClient = anonymous.withTokens({ current: async () => token, renew: async () => token })
    const error = await errorOf(resetSystem(oldClient, 'GracefulRestart'))
    expect([error.code, error.facts.sent]).toEqual(['Unsupported', false])
    expect(old.ledger.filter((line) => line.path.includes('/Actions/'))).toEqual([])
    await anonymous.close()
    await old.close()
  })

  it('takes an unknown power word for Unknown', async () => {
    const body = loadRecording('r750').get(SYSTEM)
    for (const [word, state] of [
      ['PoweringOn', 'PoweringOn'],
      ['Paused', 'Unknown'],
      [null, 'Unknown'],
    ] as const) {
      device.override('GET', SYSTEM, () => ({ status: 200, body: { ...body, PowerState: word } }))
      expect((await readSystem(client)).power_state).toBe(state)
    }
  })
})

describe('untidy bodies', () => {
  it('drops dates that are none and health words that are unknown', async () => {
    const body = loadRecording('r750').get(SYSTEM)
    device.override('GET', SYSTEM, () => ({
      status: 200,
      body: {
        ...body,
        LastResetTime: '0000-00-00T00:00:00+00:00',
        Status: { Health: null, HealthRollup: 'Splendid' },
        SKU: ' tst0750 ',
      },
    }))
    expect(await readSystem(client)).toMatchObject({ last_reset_at: null, health: 'Unknown', service_tag: 'TST0750' })
  })

  it('survives a system that says nothing at all', async () => {
    device.override('GET', SYSTEM, () => ({ status: 200, body: {} }))
    expect(await readSystem(client)).toMatchObject({
      service_tag: null,
      power_state: 'Unknown',
      health: 'Unknown',
      reset_types: [],
    })
  })

  it('leaves out firmware rows without id or version and keeps odd versions', async () => {
    const link = (id: string) => ({ '@odata.id': `/redfish/v1/UpdateService/FirmwareInventory/${id}`, Id: id })
    device.override('GET', '/redfish/v1/UpdateService/FirmwareInventory', () => ({
      status: 200,
      body: {
        Members: [
          {
            ...link('Installed-0-4.3.0-0002'),
            Version: '4.3.0-0002',
            SoftwareId: '0',
            Updateable: null,
            ReleaseDate: '00:00:00Z',
          },
          { ...link('Installed-1-X__Disk.Bay.0:Enclosure.Internal.0-1'), Version: '4301A56', SoftwareId: 1 },
          { ...link('Installed-2'), Version: null },
          null,
        ],
      },
    }))
    expect(await readFirmwareInventory(client)).toMatchObject([
      { version: '4.3.0-0002', fqdd: null, updateable: null, released_at: null, kind: 'installed' },
      { version: '4301A56', fqdd: 'Disk.Bay.0:Enclosure.Internal.0-1', software_id: '1' },
    ])
  })

  it('does not take absent sensors of a switched-off host for faults', async () => {
    device.override('GET', '/redfish/v1/Chassis/System.Embedded.1/Thermal', () => ({
      status: 200,
      body: {
        Fans: [
          { Name: 'Fan1', MemberId: '0', Reading: null, Status: { Health: null, State: 'Absent' } },
          { Name: 'Fan2', MemberId: '1', Reading: null, Status: { Health: 'Critical', State: 'Absent' } },
          {
            Name: 'Fan3',
            MemberId: '2',
            Reading: 90,
            ReadingUnits: 'Percent',
            Status: { Health: 'Critical', State: 'Enabled' },
          },
        ],
        Temperatures: null,
      },
    }))
    const parts = await readThermal(client)
    expect(parts.map((part) => [part.health, part.faults.length, part.reading])).toEqual([
      ['Unknown', 0, {}],
      ['Unknown', 0, {}],
      ['Critical', 1, { percent: 90 }],
    ])
  })
})

describe('logs', () => {
  const entries = `${MANAGER}/LogServices/Sel/Entries`

  it('takes SYS417 past the end for the end', async () => {
    device.override('GET', entries, () => ({ status: 400, body: envelope(info('IDRAC.2.7.SYS417')) }))
    expect(await readLogPage(client, 'sel', `${entries}?$skip=50`)).toEqual({ entries: [], next: null, total: null })
  })

  it('lists active faults with the part they name', async () => {
    device.override('GET', `${MANAGER}/LogServices/FaultList/Entries`, () => ({
      status: 200,
      body: {
        Members: [
          {
            Id: '1',
            Severity: 'Critical',
            MessageId: 'IDRAC.2.7.PSU0003',
            Message: 'Power lost.',
            Created: '2024-01-01T00:00:00-06:00',
            Links: { OriginOfCondition: { '@odata.id': `${SYSTEM}/Processors//CPU.Socket.1` } },
          },
        ],
      },
    }))
    expect(await readFaults(client)).toEqual([
      {
        severity: 'Critical',
        message_id: 'PSU0003',
        message: 'Power lost.',
        component: 'CPU.Socket.1',
        since: '2024-01-01T00:00:00-06:00',
      },
    ])
  })

  it('stops when a device links its pages in a circle', async () => {
    device.override('GET', `${MANAGER}/Oem/Dell/Jobs`, () => ({
      status: 200,
      body: { Members: [], 'Members@odata.nextLink': `${MANAGER}/Oem/Dell/Jobs` },
    }))
    expect(await listJobs(client)).toEqual([])
  })
})

describe('readiness', () => {
  const answer = (reply: Reply) => device.override('POST', READY, () => reply)

  it('needs all three words', async () => {
    answer({ status: 200, body: { LCStatus: 'InUse', RTStatus: 'NotReady', ServerStatus: 'InPOST' } })
    expect(await readReadiness(client)).toMatchObject({
      supported: true,
      ready: false,
      blocking: ['LCStatus=InUse', 'RTStatus=NotReady', 'ServerStatus=InPOST'],
    })
    answer({ status: 200, body: { LCStatus: 'Ready', RTStatus: 'Ready', ServerStatus: 'HaltedF1/F2Prompt' } })
    expect((await readReadiness(client)).ready).toBe(false)
    answer({ status: 200, body: { LCStatus: 'Ready', RTStatus: 'Ready', ServerStatus: 'PoweredOff' } })
    expect((await readReadiness(client)).ready).toBe(true)
    answer({ status: 200, body: {} })
    expect(await readReadiness(client)).toMatchObject({
      ready: false,
      blocking: ['LCStatus=unknown', 'RTStatus=unknown'],
    })
    answer({ status: 200, body: { LCStatus: 'Disabled', RTStatus: 'Ready' } })
    expect(await readReadiness(client)).toMatchObject({ ready: false, disabled: true })
  })

  it('takes "not ready" for a fact and an absent call for an old firmware', async () => {
    answer({ status: 400, body: envelope(info('IDRAC.2.7.SWC0700')) })
    expect(await readReadiness(client)).toMatchObject({ supported: true, ready: false, blocking: ['SWC0700'] })
    answer({ status: 405, body: envelope(info('IDRAC.2.7.SYS402')) })
    expect(await readReadiness(client)).toMatchObject({ supported: false })
  })

  it('is no mutation on record', async () => {
    const { client: anonymous, recorder } = anonymousClient(device)
    const { token } = await openSession(anonymous, TEST_LOGIN)
    answer({ status: 200, body: { LCStatus: 'Ready', RTStatus: 'Ready' } })
    await readReadiness(anonymous.withTokens({ current: async () => token, renew: async () => token }))
    expect(recorder.calls.at(-1)?.call).toMatchObject({ command_type: 'POST', mutation: false })
    await anonymous.close()
  })
})

describe('jobs and tasks', () => {
  it('deletes exactly one job; an absent one is fine, a running one is refused', async () => {
    const job = `${MANAGER}/Oem/Dell/Jobs/JID_1`
    device.override('DELETE', job, () => ({ status: 200 }))
    expect(await deleteJob(client, 'JID_1')).toBe('deleted')
    device.override('DELETE', job, () => ({ status: 404, body: envelope(info('IDRAC.2.7.SYS403')) }))
    expect(await deleteJob(client, 'JID_1')).toBe('absent')
    device.override('DELETE', job, () => ({ status: 400, body: envelope(info('IDRAC.2.7.JCP015')) }))
    expect((await errorOf(deleteJob(client, 'JID_1'))).code).toBe('DeviceBusy')
    for (const id of ['JID_CLEARALL/../x', '../System', '', 'JID_', 'JID_1?x']) {
      expect((await errorOf(deleteJob(client, id))).facts.sent).toBe(false)
    }
  })

  it('never deletes the whole queue', async () => {
    const before = device.ledger.length
    for (const id of ['JID_CLEARALL', 'JID_CLEARALL_FORCE']) {
      expect((await errorOf(deleteJob(client, id))).facts.sent).toBe(false)
    }
    expect(device.ledger.slice(before).filter((line) => line.method === 'DELETE')).toEqual([])
  })

  it('tells a task from the document at its end', async () => {
    const path = '/redfish/v1/TaskService/Tasks/JID_2'
    const answer = (body: unknown) => device.override('GET', path, () => ({ status: 200, body }))
    answer({
      Id: 'JID_2',
      TaskState: 'Running',
      Oem: { Dell: { JobState: 'Running', MessageId: 'SYS057', Message: 'Exporting' } },
    })
    expect(await readTask(client, path)).toMatchObject({
      kind: 'task',
      job: { id: 'JID_2', state_class: 'running', view: 'task' },
    })
    answer('<SystemConfiguration Model="PowerEdge R750">\n</SystemConfiguration>')
    expect(await readTask(client, path)).toMatchObject({ kind: 'document', format: 'XML' })
    answer({ SystemConfiguration: { Components: [] } })
    expect(await readTask(client, path)).toMatchObject({ kind: 'document', format: 'JSON' })
    answer('<html>Service Unavailable</html>')
    expect((await errorOf(readTask(client, path))).code).toBe('ProtocolError')
    device.override('GET', path, () => ({ status: 204 }))
    expect((await errorOf(readTask(client, path))).code).toBe('ProtocolError')
  })
})

describe('generations and paths', () => {
  it.each([
    ['12G Monolithic', 'idrac7'],
    ['13G DCS', 'idrac8'],
    ['14G Monolithic', 'idrac9'],
    ['16G Monolithic', 'idrac9'],
    ['17G Monolithic', 'idrac10'],
    [null, 'unknown'],
    ['Satellite', 'unknown'],
  ])('%s is %s', (model, generation) => {
    expect(generationOf(model)).toBe(generation)
  })

  it('chooses the session path by the link, else by the version', () => {
    expect(sessionsPath({ Links: { Sessions: { '@odata.id': '/redfish/v1/X' } }, RedfishVersion: '1.0.2' })).toBe(
      '/redfish/v1/X',
    )
    expect(sessionsPath({ RedfishVersion: '1.0.2' })).toBe('/redfish/v1/Sessions')
    expect(sessionsPath({ RedfishVersion: '1.13.1' })).toBe('/redfish/v1/SessionService/Sessions')
  })

  it('sees what is no iDRAC, what does not say, and what is no Redfish', async () => {
    const root = (body: unknown, status = 200) => device.override('GET', '/redfish/v1', () => ({ status, body }))
    const { client: fresh } = anonymousClient(device)
    root({ Vendor: 'HPE', Product: 'ProLiant', RedfishVersion: '1.6.0' })
    expect((await readRoot(fresh)).is_idrac).toBe(false)
    root({ RedfishVersion: '1.0.2' })
    expect((await readRoot(fresh)).is_idrac).toBe(null)
    root({ hello: 'world' })
    expect((await errorOf(readRoot(fresh))).code).toBe('ProtocolError')
    root('<html>login</html>')
    expect((await errorOf(readRoot(fresh))).code).toBe('ProtocolError')
    root({}, 404)
    expect((await errorOf(readRoot(fresh))).code).toBe('NotFound')
    await fresh.close()
  })

  it('finds the job queue of an old generation that does not link it', async () => {
    const manager = loadRecording('r750').get(MANAGER)
    device.override('GET', MANAGER, () => ({ status: 200, body: { ...manager, Model: '12G Monolithic', Links: {} } }))
    device.override('GET', `${MANAGER}/Jobs`, () => ({ status: 200, body: { Members: [] } }))
    expect(await listJobs(client)).toEqual([])
    expect(device.ledger.at(-1)?.path).toBe(`${MANAGER}/Jobs?$expand=*($levels=1)`)
  })
})

describe('manager', () => {
  it('restarts gracefully, and only where that is offered', async () => {
    device.override('POST', `${MANAGER}/Actions/Manager.Reset`, () => ({ status: 204 }))
    await resetManager(client)
    expect(device.ledger.at(-1)).toMatchObject({ method: 'POST', path: `${MANAGER}/Actions/Manager.Reset` })
  })

  it('writes a short note into the log of the device', async () => {
    const bodies: string[] = []
    device.override('POST', `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.InsertCommentInLCLog`, (body) => {
      bodies.push(body)
      return { status: 200, body: { '@Message.ExtendedInfo': [info('IDRAC.2.7.SYS413')] } }
    })
    await writeLifecycleNote(client, `job 1 ${'x'.repeat(500)}`)
    expect(JSON.parse(bodies[0] ?? '').Comment).toHaveLength(256)
  })
})
