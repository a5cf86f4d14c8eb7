import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBios, readPendingBios } from '../../../clients/redfish/bios.js'
import type { RedfishClient } from '../../../clients/redfish/client.js'
import {
  readMemory,
  readPower,
  readProcessors,
  readStorage,
  readThermal,
} from '../../../clients/redfish/component-health.js'
import { readAttributes, readLockdown } from '../../../clients/redfish/dell/attributes.js'
import { listJobs, readJob, readJobElsewhere } from '../../../clients/redfish/dell/jobs.js'
import { readDrives, readLicences, readNetworkPorts } from '../../../clients/redfish/hardware.js'
import { readHealth } from '../../../clients/redfish/health.js'
import { readFirmwareInventory } from '../../../clients/redfish/inventory.js'
import { readLogPage } from '../../../clients/redfish/logs.js'
import { readManager } from '../../../clients/redfish/manager.js'
import { readReadiness } from '../../../clients/redfish/readiness.js'
import { readRoot } from '../../../clients/redfish/root.js'
import { closeSession, openSession } from '../../../clients/redfish/session.js'
import { readSystem } from '../../../clients/redfish/system.js'
import { readUpdateRoutes } from '../../../clients/redfish/update.js'
import { anonymousClient, errorOf } from '../../helpers/redfish-client.js'
import {
  type RecordingName,
  type ServedRecording,
  serveRecording,
  TEST_LOGIN,
} from '../../helpers/redfish-recording.js'

/** What the two machines are known to be; read by hand from the recordings, not by the client. */
const FACTS = {
  r630: {
    tag: 'TST0630',
    model: 'PowerEdge R630',
    bios: '2.13.0',
    idrac: '2.81.81.81',
    generation: 'idrac8',
    vendor: null,
    redfish: '1.4.0',
    sessions: '/redfish/v1/Sessions',
    system_id: null,
    rows: { installed: 14, previous: 2, current: 1 },
    resets: ['On', 'ForceOff', 'ForceRestart', 'GracefulShutdown', 'PushPowerButton', 'Nmi'],
    bios_attributes: 249,
    sel: 5,
    lclog: 823,
    lclog_pages: 17,
    faults: null,
    lockdown: null,
    licences: null,
    multipart: null,
    ready: false,
    jobs: 0,
  },
  r750: {
    tag: 'TST0750',
    model: 'PowerEdge R750',
    bios: '1.8.2',
    idrac: '6.00.30.00',
    generation: 'idrac9',
    vendor: 'Dell',
    redfish: '1.13.1',
    sessions: '/redfish/v1/SessionService/Sessions',
    system_id: '090E',
    rows: { installed: 21, previous: 2, current: 6 },
    resets: [
      'On',
      'ForceOff',
      'ForceRestart',
      'GracefulRestart',
      'GracefulShutdown',
      'PushPowerButton',
      'Nmi',
      'PowerCycle',
    ],
    bios_attributes: 455,
    sel: 5,
    lclog: 5,
    lclog_pages: 1,
    faults: [],
    lockdown: false,
    licences: ['iDRAC9 15g Enterprise License'],
    multipart: '/redfish/v1/UpdateService/MultipartUpload',
    ready: true,
    jobs: 1,
  },
} as const

describe.each(['r630', 'r750'] as const)('the recorded %s', (name: RecordingName) => {
  const facts = FACTS[name]
  let device: ServedRecording
  let anonymous: RedfishClient
  let client: RedfishClient
  let session: { token: string; session_uri: string }

  beforeAll(async () => {
    device = await serveRecording(name)
    anonymous = anonymousClient(device).client
    session = await openSession(anonymous, TEST_LOGIN)
    client = anonymous.withTokens({ current: async () => session.token, renew: async () => session.token })
  })

  afterAll(async () => {
    await closeSession(anonymous, session)
    expect(device.sessions.size).toBe(0)
    await anonymous.close()
    await device.close()
  })

  it('is an iDRAC by its root, without a login', async () => {
    const root = await readRoot(anonymous)
    expect(root).toMatchObject({
      is_idrac: true,
      vendor: facts.vendor,
      service_tag: facts.tag,
      redfish_version: facts.redfish,
      sessions_path: facts.sessions,
      supports_expand: true,
    })
    expect(device.ledger.filter((line) => line.path === '/redfish/v1').every((line) => line.user === null)).toBe(true)
  })

  it('logs in at the place that the root names', () => {
    expect(session.session_uri.startsWith(`${facts.sessions}/`)).toBe(true)
    expect(device.ledger.find((line) => line.method === 'POST')?.path).toBe(facts.sessions)
  })

  it('names system and manager', async () => {
    expect(await readSystem(client)).toMatchObject({
      service_tag: facts.tag,
      model: facts.model,
      bios_version: facts.bios,
      power_state: 'On',
      health: 'OK',
      memory_gib: 512,
      processor_count: 2,
      host_name: null,
      system_id: facts.system_id,
      reset_types: facts.resets,
    })
    const manager = await readManager(client)
    expect(manager).toMatchObject({ generation: facts.generation, firmware_version: facts.idrac, health: 'OK' })
    expect(manager.reset_types).toEqual(['GracefulRestart'])
    expect(manager.features).toMatchObject({ jobs: true, scp: true, lifecycle_service: name === 'r750' })
  })

  it('lists every firmware row under its kind', async () => {
    const rows = await readFirmwareInventory(client)
    const count = (kind: string) => rows.filter((row) => row.kind === kind).length
    expect({ installed: count('installed'), previous: count('previous'), current: count('current') }).toEqual(
      facts.rows,
    )
    const bios = rows.filter((row) => row.kind === 'installed' && row.software_id === '159')
    expect(bios.map((row) => row.version)).toEqual([facts.bios])
    const idrac = rows.filter((row) => row.software_id === '25227')
    expect(idrac.map((row) => row.kind).sort()).toEqual(['installed', 'previous'])
    expect(rows.every((row) => row.path?.startsWith('/redfish/v1/UpdateService/FirmwareInventory/'))).toBe(true)
  })

  it('gives the same rows one by one when the device does not expand', async () => {
    const together = await readFirmwareInventory(client)
    device.override('GET', '/redfish/v1/UpdateService/FirmwareInventory', (_body, request) =>
      request.url?.includes('$expand')
        ? {
            status: 400,
            body: { error: { '@Message.ExtendedInfo': { MessageId: 'IDRAC.1.6.SYS451', Message: 'no' } } },
          }
        : undefined,
    )
    const single = await readFirmwareInventory(client)
    device.override('GET', '/redfish/v1/UpdateService/FirmwareInventory', () => undefined)
    expect(single).toEqual(together)
  })

  it('pages its logs to the end', async () => {
    const sel = await readLogPage(client, 'sel')
    expect(sel.entries.length).toBe(facts.sel)
    expect(sel.entries.every((entry) => entry.entry_code === 'Assert' || entry.entry_code === 'Deassert')).toBe(true)
    let page = await readLogPage(client, 'lifecycle')
    const ids = new Set(page.entries.map((entry) => entry.entry_id))
    let pages = 1
    while (page.next) {
      page = await readLogPage(client, 'lifecycle', page.next)
      for (const entry of page.entries) ids.add(entry.entry_id)
      pages += 1
    }
    expect({ entries: ids.size, pages }).toEqual({ entries: facts.lclog, pages: facts.lclog_pages })
    expect(ids.has(null)).toBe(false)
  })

  it('is healthy, with or without a fault list', async () => {
    expect(await readHealth(client)).toMatchObject({ health: 'OK', power_state: 'On', faults: facts.faults })
  })

  it('has healthy parts', async () => {
    const parts = [
      ...(await readThermal(client)),
      ...(await readPower(client)),
      ...(await readMemory(client)),
      ...(await readProcessors(client)),
      ...(await readStorage(client)),
    ]
    expect(parts.filter((part) => part.faults.length > 0)).toEqual([])
    expect(new Set(parts.map((part) => part.component)).size).toBe(parts.length)
    expect(parts.find((part) => part.component === 'psu:PSU.Slot.1')?.health).toBe('OK')
    const kinds = new Set(parts.map((part) => part.kind))
    for (const kind of ['fan', 'temperature', 'psu', 'dimm', 'cpu', 'controller', 'drive'] as const) {
      expect(kinds).toContain(kind)
    }
    expect(parts.find((part) => part.kind === 'fan')?.reading.rpm).toBeGreaterThan(600)
  })

  it('tells current and pending BIOS values', async () => {
    const bios = await readBios(client)
    const passwords = Object.keys(bios.attributes).filter((key) => /password/i.test(key))
    expect(passwords).toEqual([])
    expect(Object.keys(bios.attributes).length).toBeGreaterThan(facts.bios_attributes - 10)
    expect(bios).toMatchObject({
      registry: 'BiosAttributeRegistry.v1_0_3',
      apply_times: expect.arrayContaining(['OnReset']),
    })
    expect(await readPendingBios(client, bios)).toEqual({})
  })

  it('tells lockdown, attributes, licences, ports and drives as far as it has them', async () => {
    expect(await readLockdown(client)).toBe(facts.lockdown)
    expect((await readAttributes(client, 'LifecycleController'))?.['LCAttributes.1.SystemID'] ?? null).toBe(
      name === 'r750' ? '090e' : null,
    )
    expect((await readLicences(client))?.map((one) => one.description) ?? null).toEqual(facts.licences)
    expect((await readNetworkPorts(client)).map((port) => port.fqdd).sort()).toContain('NIC.Integrated.1-1-1')
    const drives = await readDrives(client)
    expect(drives.length).toBe(name === 'r750' ? 3 : 2)
    expect(drives.every((drive) => drive.manufacturer === drive.manufacturer?.trim())).toBe(true)
  })

  it('offers the upload routes it links', async () => {
    const routes = await readUpdateRoutes(client)
    expect(routes.multipart_uri).toBe(facts.multipart)
    expect(routes.push_uri).toBe('/redfish/v1/UpdateService/FirmwareInventory')
    expect(routes.install?.install_upon).toEqual(['Now', 'NowAndReboot', 'NextReboot'])
    expect(routes.simple_update?.apply_times).toEqual(
      name === 'r750' ? ['Immediate', 'OnReset', 'OnStartUpdateRequest'] : [],
    )
  })

  it('shows its job queue', async () => {
    const jobs = await listJobs(client)
    expect(jobs.length).toBe(facts.jobs)
    if (name === 'r630') return
    const expected = {
      id: 'JID_102241909559',
      state_class: 'succeeded',
      message_id: 'PR19',
      component_hint: 'BIOS.Setup.1-1',
    }
    expect(jobs[0]).toMatchObject({
      ...expected,
      job_type: 'BIOSConfiguration',
      end_time: '2024-03-26T22:17:44',
      view: 'dell',
    })
    expect(await readJob(client, 'JID_102241909559')).toMatchObject({
      ...expected,
      raw_state: 'Completed',
      percent: 100,
    })
    expect(await readJobElsewhere(client, 'JID_102241909559')).toMatchObject({ ...expected, view: 'dmtf' })
    expect((await errorOf(readJob(client, 'JID_000000000001'))).code).toBe('NotFound')
  })

  it('answers the readiness call only where the firmware has one', async () => {
    const target =
      '/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DellLCService/Actions/DellLCService.GetRemoteServicesAPIStatus'
    device.override('POST', target, () => ({
      status: 200,
      body: { LCStatus: 'Ready', RTStatus: 'Ready', ServerStatus: 'OutOfPOST', Status: 'Ready' },
    }))
    expect(await readReadiness(client)).toMatchObject({ supported: facts.ready, ready: facts.ready })
  })
})
