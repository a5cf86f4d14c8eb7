import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBios } from '../../../clients/redfish/bios.js'
import { clearPendingBios, readBiosRegistry, stageBios } from '../../../clients/redfish/bios-changes.js'
import { readBoot, readBootOptions, setBootOrder, setBootOverride } from '../../../clients/redfish/boot.js'
import type { RedfishClient } from '../../../clients/redfish/client.js'
import { readConsoleTarget, requestConsoleTicket } from '../../../clients/redfish/dell/console.js'
import { readScpTargets, startScpExport, startScpImport, startScpPreview } from '../../../clients/redfish/scp.js'
import { openSession } from '../../../clients/redfish/session.js'
import { ejectMedia, insertMedia, readMediaSlots } from '../../../clients/redfish/virtual-media.js'
import { anonymousClient, errorOf, type RecordedCall } from '../../helpers/redfish-client.js'
import {
  loadRecording,
  type RecordingName,
  type Reply,
  type ServedRecording,
  serveRecording,
  TEST_LOGIN,
} from '../../helpers/redfish-recording.js'

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1'
const JOB: Reply = { status: 202, headers: { location: '/redfish/v1/TaskService/Tasks/JID_5' } }

interface Opened {
  device: ServedRecording
  client: RedfishClient
  calls: RecordedCall[]
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function open(name: RecordingName): Promise<Opened> {
  const device = await serveRecording(name)
  const { client: anonymous, recorder } = anonymousClient(device)
  const { token } = await openSession(anonymous, TEST_LOGIN)
  closers.push(async () => {
    await anonymous.close()
    await device.close()
  })
  return {
    device,
    client: anonymous.withTokens({ current: async () => token, renew: async () => token }),
    calls: recorder.calls,
  }
}

/** Answers a mutation and keeps the bodies it got. */
function listen(device: ServedRecording, method: string, path: string, ...replies: Reply[]): unknown[] {
  const bodies: unknown[] = []
  device.override(method, path, (body) => {
    bodies.push(JSON.parse(body))
    return replies[Math.min(bodies.length, replies.length) - 1]
  })
  return bodies
}

const refusal = (status: number, id: string): Reply => ({
  status,
  body: { error: { '@Message.ExtendedInfo': [{ MessageId: `IDRAC.2.8.${id}`, Message: 'no' }] } },
})

let r750: Opened
beforeEach(async () => {
  r750 = await open('r750')
})

describe('boot', () => {
  it('is changed on the System up to 16G', async () => {
    const bodies = listen(r750.device, 'PATCH', SYSTEM, { status: 200 })
    const state = await readBoot(r750.client)
    expect(state).toMatchObject({
      settings_path: SYSTEM,
      takes_mode: true,
      override_target: 'None',
      override_enabled: 'Disabled',
    })
    await setBootOverride(r750.client, state, { target: 'Cd', enabled: 'Once', mode: 'UEFI' })
    expect(bodies).toEqual([
      { Boot: { BootSourceOverrideTarget: 'Cd', BootSourceOverrideMode: 'UEFI', BootSourceOverrideEnabled: 'Once' } },
    ])
    expect((await readBootOptions(r750.client)).map((option) => option.reference).sort()).toEqual(
      [...state.boot_order].sort(),
    )
  })

  it('is changed on System/Settings on 17G, without a mode', async () => {
    const system = loadRecording('r750').get(SYSTEM) as { Boot: object }
    const manager = loadRecording('r750').get(MANAGER)
    const boot = Object.fromEntries(Object.entries(system.Boot).filter(([key]) => !key.includes('Redfish')))
    r750.device.override('GET', MANAGER, () => ({ status: 200, body: { ...manager, Model: '17G Monolithic' } }))
    r750.device.override('GET', SYSTEM, () => ({
      status: 200,
      body: { ...system, Boot: boot, '@Redfish.Settings': { SettingsObject: { '@odata.id': `${SYSTEM}/Settings` } } },
    }))
    r750.device.override('GET', `${SYSTEM}/Settings`, () => ({
      status: 200,
      body: { Boot: { 'BootSourceOverrideTarget@Redfish.AllowableValues': ['None', 'Cd'] } },
    }))
    const bodies = listen(r750.device, 'PATCH', `${SYSTEM}/Settings`, JOB)
    const state = await readBoot(r750.client)
    expect(state).toMatchObject({ settings_path: `${SYSTEM}/Settings`, takes_mode: false, targets: ['None', 'Cd'] })
    expect(await setBootOverride(r750.client, state, { target: 'Cd', enabled: 'Once', mode: 'UEFI' })).toEqual({
      job_id: 'JID_5',
    })
    expect(bodies).toEqual([{ Boot: { BootSourceOverrideTarget: 'Cd', BootSourceOverrideEnabled: 'Once' } }])
  })

  it('stays on the System where a settings object stands beside the allowable values (7.10)', async () => {
    const system = loadRecording('r750').get(SYSTEM)
    r750.device.override('GET', SYSTEM, () => ({
      status: 200,
      body: { ...system, '@Redfish.Settings': { SettingsObject: { '@odata.id': `${SYSTEM}/Settings` } } },
    }))
    expect((await readBoot(r750.client)).settings_path).toBe(SYSTEM)
  })

  it('drops Enabled beside a UEFI target where a firmware refuses it, once', async () => {
    const bodies = listen(r750.device, 'PATCH', SYSTEM, refusal(400, 'SYS425'), { status: 200 })
    const state = await readBoot(r750.client)
    await setBootOverride(r750.client, state, { target: 'UefiTarget', enabled: 'Once', uefi_target: 'PciRoot(0)' })
    const boot = { BootSourceOverrideTarget: 'UefiTarget', UefiTargetBootSourceOverride: 'PciRoot(0)' }
    expect(bodies).toEqual([{ Boot: { ...boot, BootSourceOverrideEnabled: 'Once' } }, { Boot: boot }])
  })

  it('is sent once more with a fresh ETag where the device asks for one', async () => {
    const seen: unknown[] = []
    r750.device.override('PATCH', SYSTEM, (_body, request) => {
      seen.push(request.headers['if-match'])
      return seen.length === 1 ? refusal(412, 'PreconditionFailed') : { status: 200 }
    })
    const system = loadRecording('r750').get(SYSTEM)
    r750.device.override('GET', SYSTEM, () => ({ status: 200, headers: { etag: 'W/"7"' }, body: system }))
    await setBootOverride(r750.client, await readBoot(r750.client), { target: 'Cd', enabled: 'Once' })
    expect(seen).toEqual([undefined, 'W/"7"'])
  })

  it('takes no target that is not offered, and a whole order in one go', async () => {
    const state = await readBoot(r750.client)
    expect((await errorOf(setBootOverride(r750.client, state, { target: 'Tape', enabled: 'Once' }))).facts.sent).toBe(
      false,
    )
    const bodies = listen(r750.device, 'PATCH', SYSTEM, JOB)
    expect(await setBootOrder(r750.client, state, ['Boot0001', 'Boot0000'])).toEqual({ job_id: 'JID_5' })
    expect(bodies).toEqual([{ Boot: { BootOrder: ['Boot0001', 'Boot0000'] } }])
  })
})

describe('BIOS', () => {
  it.each([
    ['r750', 682],
    ['r630', 249],
  ] as const)('the registry of the %s has %i entries', async (name, count) => {
    const { client } = await open(name)
    const registry = await readBiosRegistry(client, await readBios(client))
    expect(registry.entries).toHaveLength(count)
    const boot = registry.entries.find((entry) => entry.name === 'BootMode')
    expect(boot).toMatchObject({ type: 'Enumeration', values: expect.arrayContaining(['Uefi']) })
    expect(registry.entries.some((entry) => entry.type === 'Integer' && entry.upper_bound !== null)).toBe(true)
    expect(registry.dependencies.length).toBeGreaterThan(10)
    expect(registry.dependencies[0]?.conditions[0]).toMatchObject({ condition: 'EQU' })
  })

  it('values are staged together, once, with their job', async () => {
    const bodies = listen(r750.device, 'PATCH', `${SYSTEM}/Bios/Settings`, JOB)
    const bios = await readBios(r750.client)
    const attributes = { ProcVirtualization: 'Enabled', AcPwrRcvryUserDelay: 130 }
    expect(await stageBios(r750.client, bios, attributes)).toEqual({ job_id: 'JID_5' })
    expect(bodies).toEqual([{ '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' }, Attributes: attributes }])
  })

  it('says what the device says about values and jobs', async () => {
    const bios = await readBios(r750.client)
    for (const [id, code] of [
      ['SYS426', 'AttributeInvalid'],
      ['BIOS015', 'AttributeInvalid'],
      ['SYS011', 'DeviceBusy'],
      ['BIOS006', 'DeviceBusy'],
      ['SYS023', 'StateConflict'],
    ]) {
      listen(r750.device, 'PATCH', `${SYSTEM}/Bios/Settings`, refusal(400, id ?? ''))
      const error = await errorOf(stageBios(r750.client, bios, { X: 1 }))
      expect([error.code, error.facts.message_id, error.unclear]).toEqual([code, id, false])
    }
    expect((await errorOf(stageBios(r750.client, bios, { SetupPassword: 'x' }))).facts.sent).toBe(false)
  })

  it('pending values are cleared; none are fine; a job that holds them is named', async () => {
    const target = `${SYSTEM}/Bios/Settings/Actions/Oem/DellManager.ClearPending`
    const bios = await readBios(r750.client)
    listen(r750.device, 'POST', target, { status: 200 })
    expect(await clearPendingBios(r750.client, bios)).toBe('cleared')
    listen(r750.device, 'POST', target, refusal(400, 'BIOS012'))
    expect(await clearPendingBios(r750.client, bios)).toBe('nothing')
    listen(r750.device, 'POST', target, refusal(400, 'BIOS011'))
    expect((await errorOf(clearPendingBios(r750.client, bios))).code).toBe('ForeignJob')
  })
})

describe('profiles', () => {
  const target = (name: string) => `${MANAGER}/Actions/Oem/EID_674_Manager.${name}`

  it('are exported by the target given, with arrays', async () => {
    expect(await readScpTargets(r750.client)).toContain('EventFilters')
    const bodies = listen(r750.device, 'POST', target('ExportSystemConfiguration'), JOB)
    const job = await startScpExport(r750.client, { components: ['BIOS', 'RAID'], format: 'XML', use: 'Clone' })
    expect(job).toEqual({ job_id: 'JID_5', task_path: '/redfish/v1/TaskService/Tasks/JID_5' })
    expect(bodies).toEqual([
      {
        ExportFormat: 'XML',
        ExportUse: 'Clone',
        IncludeInExport: ['Default'],
        ShareParameters: { Target: ['BIOS', 'RAID'] },
      },
    ])
  })

  it('are asked for once more in text form where arrays are refused, and only then', async () => {
    const { device, client } = await open('r630')
    const path = target('ExportSystemConfiguration')
    const bodies = listen(device, 'POST', path, refusal(400, 'SYS424'), JOB)
    await startScpExport(client, {
      components: ['BIOS', 'RAID'],
      format: 'XML',
      use: 'Default',
      include_password_hashes: true,
    })
    expect(bodies).toMatchObject([
      { IncludeInExport: ['IncludePasswordHashValues'], ShareParameters: { Target: ['BIOS', 'RAID'] } },
      { IncludeInExport: 'IncludePasswordHashValues', ShareParameters: { Target: 'BIOS,RAID' } },
    ])
    const busy = listen(device, 'POST', path, refusal(400, 'RAC0679'))
    expect((await errorOf(startScpExport(client, { components: ['ALL'], format: 'XML', use: 'Default' }))).code).toBe(
      'DeviceBusy',
    )
    expect(busy).toHaveLength(1)
  })

  it('are imported as raw text that is never recorded', async () => {
    const content = '<SystemConfiguration><Attribute Name="Users.2#Password">c4n4ry</Attribute></SystemConfiguration>'
    const imports = listen(r750.device, 'POST', target('ImportSystemConfiguration'), JOB)
    const previews = listen(r750.device, 'POST', target('ImportSystemConfigurationPreview'), JOB)
    await startScpImport(r750.client, {
      content,
      components: ['ALL'],
      shutdown_type: 'Graceful',
      host_power_state: 'On',
      time_to_wait_seconds: 300,
    })
    await startScpPreview(r750.client, content)
    expect(imports).toEqual([
      {
        ImportBuffer: content,
        ShutdownType: 'Graceful',
        HostPowerState: 'On',
        TimeToWait: 300,
        ShareParameters: { Target: ['ALL'] },
      },
    ])
    expect(previews).toEqual([{ ImportBuffer: content, ShareParameters: { Target: ['ALL'] } }])
    expect(JSON.stringify(r750.calls)).not.toContain('c4n4ry')
  })
})

describe('virtual media', () => {
  it('slots are the System’s where it has them, else the Manager’s', async () => {
    expect((await readMediaSlots(r750.client)).map((slot) => [slot.path, slot.kind])).toEqual([
      [`${SYSTEM}/VirtualMedia/1`, 'both'],
      [`${SYSTEM}/VirtualMedia/2`, 'both'],
    ])
    const { client } = await open('r630')
    expect((await readMediaSlots(client)).map((slot) => [slot.id, slot.kind]).sort()).toEqual([
      ['CD', 'cd'],
      ['RemovableDisk', 'usb'],
    ])
  })

  it('are inserted by URL, of which only the host is recorded, and ejected', async () => {
    const [slot] = await readMediaSlots(r750.client)
    if (!slot?.insert_target || !slot.eject_target) throw new Error('no slot')
    const image = { url: 'http://192.0.2.5:8888/media/c4n4ry-token/esxi.iso', write_protected: true }
    const bodies = listen(
      r750.device,
      'POST',
      slot.insert_target,
      { status: 204 },
      refusal(400, 'VRM0012'),
      refusal(500, 'RAC0904'),
    )
    await insertMedia(r750.client, slot, image)
    expect(bodies).toEqual([{ Image: image.url, Inserted: true, WriteProtected: true }])
    expect((await errorOf(insertMedia(r750.client, slot, image))).code).toBe('SlotOccupied')
    const unreachable = await errorOf(insertMedia(r750.client, slot, image))
    expect([unreachable.code, unreachable.unclear]).toEqual(['UrlUnreachable', false])
    listen(r750.device, 'POST', slot.eject_target, { status: 204 }, refusal(400, 'VRM0009'))
    expect([await ejectMedia(r750.client, slot), await ejectMedia(r750.client, slot)]).toEqual(['ejected', 'empty'])
    expect(JSON.stringify(r750.calls)).not.toContain('c4n4ry')
  })
})

describe('the console', () => {
  it('gives a ticket that is recorded nowhere', async () => {
    const target = await readConsoleTarget(r750.client)
    if (target === null) throw new Error('no console')
    listen(
      r750.device,
      'POST',
      target,
      { status: 200, body: { TempUsername: 'c4n4ry-u', TempPassword: 'c4n4ry-p' } },
      refusal(400, 'LIC501'),
    )
    const name = 'a1b2c3d4e5f6a7b8'
    expect(await requestConsoleTicket(r750.client, target, name)).toEqual({
      temp_username: 'c4n4ry-u',
      temp_password: 'c4n4ry-p',
    })
    expect((await errorOf(requestConsoleTicket(r750.client, target, name))).code).toBe('LicenseMissing')
    expect((await errorOf(requestConsoleTicket(r750.client, target, 'x'.repeat(33)))).facts.sent).toBe(false)
    expect(JSON.stringify(r750.calls)).not.toMatch(/c4n4ry|a1b2c3d4/)
  })

  it('is absent on iDRAC8', async () => {
    const { client } = await open('r630')
    expect(await readConsoleTarget(client)).toBe(null)
  })
})
