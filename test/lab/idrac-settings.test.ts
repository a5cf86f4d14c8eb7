import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimServer } from '../../lab/model-server.js'
import { type IdracSite, type Reply, startIdracSite } from './idrac-site.js'

const ROOT = '/redfish/v1'
const SYSTEM = `${ROOT}/Systems/System.Embedded.1`
const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
const SETTINGS = `${SYSTEM}/Bios/Settings`
const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`
const EXPORT = 'ExportSystemConfiguration'

const messageId = (reply: Reply): string => reply.json.error['@Message.ExtendedInfo'][0].MessageId
const jobId = (reply: Reply): string => String(reply.headers.location).split('/').at(-1) ?? ''

describe('power and settings of a simulated iDRAC', () => {
  let site: IdracSite
  beforeEach(async () => {
    site = await startIdracSite()
  })
  afterEach(() => site.close())

  const ask = (server: SimServer, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    site.call(server, method, path, {
      basic: ['root', server.idrac.password],
      headers,
      ...(body === undefined ? {} : { body }),
    })
  const stateOf = (server: SimServer, id: string) => site.lab.jobs.find(server, id)?.state

  it('answers 409 PSU501 and PSU502 for what is so already, and 400 SYS426 for unknown reset types', async () => {
    const server = site.server('15G')
    const on = await ask(server, 'POST', RESET, { ResetType: 'On' })
    expect([on.status, messageId(on)]).toEqual([409, expect.stringMatching(/PSU501$/)])
    expect((await ask(server, 'POST', RESET, { ResetType: 'ForceOff' })).status).toBe(204)
    expect((await ask(server, 'GET', SYSTEM)).json.PowerState).toBe('Off')
    const off = await ask(server, 'POST', RESET, { ResetType: 'ForceOff' })
    expect([off.status, messageId(off)]).toEqual([409, expect.stringMatching(/PSU502$/)])
    expect(messageId(await ask(server, 'POST', RESET, { ResetType: 'Explode' }))).toMatch(/SYS426$/)
    expect((await ask(server, 'POST', RESET, { ResetType: 'On' })).status).toBe(204)
    await site.until('the system runs', () => server.boot.phase === 'running')
    expect((await ask(server, 'GET', SYSTEM)).json).toMatchObject({
      PowerState: 'On',
      BootProgress: { LastState: 'OSRunning' },
    })
  })

  it('tells the phase of a boot through the Lifecycle Controller', async () => {
    site.lab.clock.setSpeed(200)
    const server = site.server('14G')
    const status = async () =>
      (
        await ask(
          server,
          'POST',
          `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.GetRemoteServicesAPIStatus`,
          {},
        )
      ).json
    expect(await status()).toMatchObject({
      LCStatus: 'Ready',
      RTStatus: 'Ready',
      ServerStatus: 'OutOfPOST',
      Status: 'Ready',
    })
    await ask(server, 'POST', RESET, { ResetType: 'ForceRestart' })
    expect(await status()).toMatchObject({ ServerStatus: 'InPOST', Status: 'NotReady' })
    await site.until('the inventory phase', () => server.boot.phase === 'inventory')
    expect(await status()).toMatchObject({ ServerStatus: 'CollectingSystemInventory', Status: 'NotReady' })
    await site.until('the system runs', () => server.boot.phase === 'running')
    expect(await status()).toMatchObject({ ServerStatus: 'OutOfPOST', Status: 'Ready' })
  })

  it('restarts the iDRAC on Manager.Reset: dark, then back with empty session table and a log entry', async () => {
    const server = site.server('16G')
    const token = await site.login(server)
    expect(
      (await ask(server, 'POST', `${MANAGER}/Actions/Manager.Reset`, { ResetType: 'GracefulRestart' })).status,
    ).toBe(204)
    await site.until('dark', () => site.lab.lifecycle.idracState(server) === 'dark')
    await site.until('ready', () => server.idrac.loading_until === null)
    await site.listens(server)
    expect((await site.call(server, 'GET', MANAGER, { token })).status).toBe(401)
    const log = (await ask(server, 'GET', `${MANAGER}/LogServices/Lclog/Entries`)).json.Members as {
      MessageId: string
    }[]
    expect(log.some((entry) => entry.MessageId.endsWith('RAC0182'))).toBe(true)
  })

  it('stages BIOS values with one job, refuses a second set, and shows the values after the boot', async () => {
    const server = site.server('15G')
    const before = (await ask(server, 'GET', `${SYSTEM}/Bios`)).json.Attributes.ProcVirtualization
    const wanted = before === 'Enabled' ? 'Disabled' : 'Enabled'
    const apply = { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } }
    const staged = await ask(server, 'PATCH', SETTINGS, { ...apply, Attributes: { ProcVirtualization: wanted } })
    expect([staged.status, jobId(staged)]).toEqual([202, expect.stringMatching(/^JID_/)])
    expect((await ask(server, 'GET', SETTINGS)).json.Attributes).toEqual({ ProcVirtualization: wanted })
    const second = await ask(server, 'PATCH', SETTINGS, { ...apply, Attributes: { NumLock: 'Off' } })
    expect([second.status, messageId(second)]).toEqual([400, expect.stringMatching(/SYS011$/)])
    expect(messageId(await ask(server, 'POST', `${SETTINGS}/Actions/Oem/DellManager.ClearPending`, {}))).toMatch(
      /BIOS011$/,
    )
    expect((await ask(server, 'GET', `${SYSTEM}/Bios`)).json.Attributes.ProcVirtualization).toBe(before)
    await site.until('Scheduled', () => stateOf(server, jobId(staged)) === 'Scheduled')
    await ask(server, 'POST', RESET, { ResetType: 'ForceRestart' })
    await site.until('Completed', () => stateOf(server, jobId(staged)) === 'Completed')
    expect((await ask(server, 'GET', `${SYSTEM}/Bios`)).json.Attributes.ProcVirtualization).toBe(wanted)
    expect((await ask(server, 'GET', SETTINGS)).json.Attributes).toEqual({})
  })

  it.each([
    [{ NoSuchThing: 'x' }, 'SYS429'],
    [{ ProcVirtualization: 'Perhaps' }, 'SYS426'],
    [{ ProcVirtualization: 3 }, 'SYS424'],
    [{ SystemServiceTag: 'X' }, 'SYS427'],
  ])('validates BIOS values against the registry: %j → %s', async (attributes, id) => {
    const reply = await ask(site.server('15G'), 'PATCH', SETTINGS, {
      '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' },
      Attributes: attributes,
    })
    expect([reply.status, messageId(reply)]).toEqual([400, expect.stringContaining(id)])
  })

  it('stages in two steps too, and says BIOS008 when nothing is pending', async () => {
    const server = site.server('16G')
    const target = { TargetSettingsURI: SETTINGS }
    expect(messageId(await ask(server, 'POST', `${MANAGER}/Oem/Dell/Jobs`, target))).toMatch(/BIOS008$/)
    expect((await ask(server, 'PATCH', SETTINGS, { Attributes: { NumLock: 'Off' } })).status).toBe(200)
    const made = await ask(server, 'POST', `${MANAGER}/Oem/Dell/Jobs`, target)
    expect([made.status, made.headers.location]).toEqual([200, expect.stringContaining('/Jobs/JID_')])
  })

  it('takes a one-time boot target on the System up to 16G and on its Settings on 17G; the next boot uses it up', async () => {
    const boot = { Boot: { BootSourceOverrideTarget: 'Cd' } }
    const old = site.server('15G')
    expect((await ask(old, 'PATCH', SYSTEM, boot)).status).toBe(200)
    expect((await ask(old, 'GET', SYSTEM)).json.Boot).toMatchObject({
      BootSourceOverrideTarget: 'Cd',
      BootSourceOverrideEnabled: 'Once',
    })
    const fresh = site.server('17G')
    const refused = await ask(fresh, 'PATCH', SYSTEM, boot)
    expect([refused.status, messageId(refused)]).toEqual([400, expect.stringMatching(/SYS427$/)])
    expect((await ask(fresh, 'PATCH', `${SYSTEM}/Settings`, boot)).status).toBe(200)
    expect(
      (await ask(fresh, 'GET', SYSTEM)).json.Boot['BootSourceOverrideTarget@Redfish.AllowableValues'],
    ).toBeUndefined()
    await ask(old, 'POST', RESET, { ResetType: 'ForceRestart' })
    expect((await ask(old, 'GET', SYSTEM)).json.Boot.BootSourceOverrideTarget).toBe('None')
  })

  it('keeps another boot order in a job for the next boot, and takes only a whole one', async () => {
    const server = site.server('15G')
    const order = async () => (await ask(server, 'GET', SYSTEM)).json.Boot.BootOrder as string[]
    const before = await order()
    const wanted = [...before].reverse()
    const part = await ask(server, 'PATCH', SYSTEM, { Boot: { BootOrder: wanted.slice(1) } })
    expect([part.status, messageId(part)]).toEqual([400, expect.stringMatching(/SYS425$/)])
    expect((await ask(server, 'PATCH', SYSTEM, { Boot: { BootOrder: before } })).status).toBe(200)
    const staged = await ask(server, 'PATCH', SYSTEM, { Boot: { BootOrder: wanted } })
    expect([staged.status, jobId(staged)]).toEqual([202, expect.stringMatching(/^JID_/)])
    const second = await ask(server, 'PATCH', SYSTEM, { Boot: { BootOrder: wanted } })
    expect([second.status, messageId(second)]).toEqual([400, expect.stringMatching(/BIOS006$/)])
    expect(await order()).toEqual(before)
    await site.until('Scheduled', () => stateOf(server, jobId(staged)) === 'Scheduled')
    await ask(server, 'POST', RESET, { ResetType: 'ForceRestart' })
    await site.until('Completed', () => stateOf(server, jobId(staged)) === 'Completed')
    expect(await order()).toEqual(wanted)
  })

  it('wants a path for a UEFI target, and older firmware no word on how often', async () => {
    const patch = (server: SimServer, boot: object) => ask(server, 'PATCH', SYSTEM, { Boot: boot })
    const old = site.server('14G')
    const target = { BootSourceOverrideTarget: 'UefiTarget' }
    expect(messageId(await patch(old, target))).toMatch(/SYS428$/)
    const whole = { ...target, UefiTargetBootSourceOverride: 'PciRoot(0x0)', BootSourceOverrideEnabled: 'Once' }
    expect(messageId(await patch(old, whole))).toMatch(/SYS426$/)
    const { BootSourceOverrideEnabled: _left, ...taken } = whole
    expect((await patch(old, taken)).status).toBe(200)
    expect((await ask(old, 'GET', SYSTEM)).json.Boot).toMatchObject(whole)
  })

  it('leads from the service root to the BIOS registry', async () => {
    const server = site.server('15G')
    const root = (await ask(server, 'GET', '/redfish/v1')).json
    const { Members } = (await ask(server, 'GET', root.Registries['@odata.id'])).json
    const pointer = (await ask(server, 'GET', Members[0]['@odata.id'])).json
    const registry = await ask(server, 'GET', pointer.Location[0].Uri)
    expect([registry.status, registry.json.RegistryEntries.Attributes.length > 0]).toEqual([200, true])
  })

  it('locks BIOS values while others are not what they need', async () => {
    const server = site.server('15G')
    const apply = { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } }
    const stage = (attributes: object) => ask(server, 'PATCH', SETTINGS, { ...apply, Attributes: attributes })
    const locked = await stage({ AcPwrRcvryDelay: 'Random', AcPwrRcvry: 'Off' })
    expect([locked.status, messageId(locked)]).toEqual([400, expect.stringMatching(/SYS410$/)])
    const entries = (await ask(server, 'GET', `${SYSTEM}/Bios/BiosRegistry`)).json.RegistryEntries.Attributes
    const perf = entries.find((one: { AttributeName: string }) => one.AttributeName === 'ProcPwrPerf')
    expect(perf.ReadOnly).toBe(true)
    const [, other] = perf.Value.map((one: { ValueName: string }) => one.ValueName)
    expect(messageId(await stage({ ProcPwrPerf: other }))).toMatch(/SYS410$/)
    expect((await stage({ ProcPwrPerf: other, SysProfile: 'Custom' })).status).toBe(202)
  })

  it('refuses changes in lockdown with 403, but power and leaving lockdown work', async () => {
    const server = site.server('14G')
    const attributes = `${MANAGER}/Oem/Dell/DellAttributes/iDRAC.Embedded.1`
    expect(
      (await ask(server, 'PATCH', attributes, { Attributes: { 'Lockdown.1.SystemLockdown': 'Enabled' } })).status,
    ).toBe(200)
    expect((await ask(server, 'GET', attributes)).json.Attributes['Lockdown.1.SystemLockdown']).toBe('Enabled')
    const staged = await ask(server, 'PATCH', SETTINGS, { Attributes: { NumLock: 'Off' } })
    expect([staged.status, messageId(staged)]).toEqual([403, expect.stringMatching(/SYS406$/)])
    const update = await ask(server, 'POST', `${ROOT}/UpdateService/Actions/UpdateService.SimpleUpdate`, {
      ImageURI: 'http://127.0.0.1/x.EXE',
    })
    expect([update.status, messageId(update)]).toEqual([403, expect.stringMatching(/RAC1201$/)])
    expect((await ask(server, 'POST', RESET, { ResetType: 'ForceOff' })).status).toBe(204)
    expect(
      (await ask(server, 'PATCH', attributes, { Attributes: { 'Lockdown.1.SystemLockdown': 'Disabled' } })).status,
    ).toBe(200)
    expect((await ask(server, 'PATCH', SETTINGS, { Attributes: { NumLock: 'Off' } })).status).toBe(200)
  })

  it('writes a work note, and clears the SEL but not silently', async () => {
    const server = site.server('15G')
    await ask(server, 'POST', `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.InsertCommentInLCLog`, {
      Comment: 'job 4711',
    })
    const newest = (await ask(server, 'GET', `${MANAGER}/LogServices/Lclog/Entries`)).json.Members.slice(0, 3)
    expect(newest.some((entry: { Oem: { Dell: { Comment: string } } }) => entry.Oem.Dell.Comment === 'job 4711')).toBe(
      true,
    )
    expect((await ask(server, 'POST', `${MANAGER}/LogServices/Sel/Actions/LogService.ClearLog`, {})).status).toBe(204)
    expect((await ask(server, 'GET', `${MANAGER}/LogServices/Sel/Entries`)).json['Members@odata.count']).toBe(1)
  })

  it.each(['15G', '17G'])(
    '%s: exports a profile through the task URI and imports it again without a change',
    async (generation) => {
      const server = site.server(generation)
      const actions = (await ask(server, 'GET', MANAGER)).json.Actions.Oem as Record<string, { target: string }>
      const targetOf = (suffix: string) =>
        Object.entries(actions).find(([key]) => key.endsWith(`OemManager.${suffix}`))?.[1].target ?? ''
      expect(targetOf(EXPORT)).toContain(generation === '17G' ? 'OemManager.Export' : 'EID_674_Manager.Export')
      const started = await ask(server, 'POST', targetOf(EXPORT), {
        ExportFormat: 'XML',
        ShareParameters: { Target: ['BIOS'] },
      })
      const task = String(started.headers.location).replace('TaskMonitors', 'Tasks')
      expect((await ask(server, 'GET', task)).json.Oem.Dell.Message).toContain('Export')
      await site.until('Completed', () => stateOf(server, jobId(started)) === 'Completed')
      const profile = await ask(server, 'GET', task)
      expect(profile.headers['content-type']).toContain('xml')
      expect(profile.text).toMatch(/^<SystemConfiguration Model=/)
      expect((await ask(server, 'GET', `${MANAGER}/Oem/Dell/Jobs/${jobId(started)}`)).json.MessageId).toBe('SYS043')
      const again = await ask(server, 'POST', targetOf('ImportSystemConfiguration'), {
        ImportBuffer: profile.text,
        ShareParameters: { Target: ['ALL'] },
        ShutdownType: 'Graceful',
      })
      await site.until('imported', () => stateOf(server, jobId(again)) === 'Completed')
      expect(site.lab.jobs.find(server, jobId(again))?.message_id).toBe('SYS069')
    },
  )

  it('imports a BIOS value of a profile with a reboot, and refuses base64', async () => {
    const server = site.server('15G')
    const target = `${MANAGER}/Actions/Oem/EID_674_Manager.ImportSystemConfiguration`
    const value = (await ask(server, 'GET', `${SYSTEM}/Bios`)).json.Attributes.NumLock === 'On' ? 'Off' : 'On'
    const text = `<SystemConfiguration><Component FQDD="BIOS.Setup.1-1"><Attribute Name="NumLock">${value}</Attribute></Component></SystemConfiguration>`
    const boots = server.boot_count
    const started = await ask(server, 'POST', target, {
      ImportBuffer: text,
      ShareParameters: { Target: ['ALL'] },
      ShutdownType: 'Forced',
    })
    await site.until('imported', () => stateOf(server, jobId(started)) === 'Completed')
    expect(server.boot_count).toBe(boots + 1)
    expect((await ask(server, 'GET', `${SYSTEM}/Bios`)).json.Attributes.NumLock).toBe(value)
    const wrong = await ask(server, 'POST', target, {
      ImportBuffer: Buffer.from(text).toString('base64'),
      ShareParameters: { Target: ['ALL'] },
    })
    expect(stateOf(server, jobId(wrong))).toBe('Failed')
    expect(site.lab.jobs.find(server, jobId(wrong))?.message_id).toBe('SYS062')
  })

  it('mounts an image that it can read, refuses what is not one, and knows both kinds of slots', async () => {
    const asked: string[] = []
    const media: Server = createServer((request, response) => {
      const { range } = request.headers
      asked.push([request.method, request.socket.remoteAddress, range].filter(Boolean).join(' '))
      response.end('x')
    })
    await new Promise<void>((resolve) => media.listen(0, '127.0.0.1', resolve))
    const address = media.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/boot.iso`
    const server = site.server('16G')
    const slot = `${SYSTEM}/VirtualMedia/1`
    const insert = (body: unknown) => ask(server, 'POST', `${slot}/Actions/VirtualMedia.InsertMedia`, body)
    expect(messageId(await insert({ Image: 'http://127.0.0.1:1/boot.iso' }))).toMatch(/RAC0904$/)
    expect(messageId(await insert({ Image: url.replace('.iso', '.exe') }))).toMatch(/SYS453$/)
    expect((await insert({ Image: url })).status).toBe(204)
    expect(messageId(await insert({ Image: url }))).toMatch(/VRM0012$/)
    expect((await ask(server, 'GET', slot)).json).toMatchObject({
      Inserted: true,
      Image: url,
      ImageName: 'boot.iso',
      ConnectedVia: 'URI',
    })
    expect((await ask(server, 'GET', `${MANAGER}/VirtualMedia/CD`)).json.Inserted).toBe(true)
    expect((await ask(server, 'POST', `${slot}/Actions/VirtualMedia.EjectMedia`, {})).status).toBe(204)
    expect(messageId(await ask(server, 'POST', `${slot}/Actions/VirtualMedia.EjectMedia`, {}))).toMatch(/VRM0009$/)
    const attributes = `${MANAGER}/Oem/Dell/DellAttributes/iDRAC.Embedded.1`
    const attach = (mode: string) =>
      ask(server, 'PATCH', attributes, { Attributes: { 'VirtualMedia.1.Attached': mode } })
    await attach('Detached')
    expect(messageId(await insert({ Image: url }))).toMatch(/VRM0021$/)
    await attach('AutoAttach')
    expect((await insert({ Image: url })).status).toBe(204)
    expect(new Set(asked)).toEqual(
      new Set([`HEAD ${server.idrac.address}`, `GET ${server.idrac.address} bytes=0-65535`]),
    )
    expect((await ask(site.server('17G'), 'GET', `${MANAGER}/VirtualMedia`)).status).toBe(404)
    media.close()
  })

  it('changes a password at once, ends all sessions, and honours If-Match on PATCH', async () => {
    const server = site.server('15G')
    const token = await site.login(server)
    const path = `${ROOT}/AccountService/Accounts/2`
    const stale = await ask(server, 'PATCH', path, { Password: 'Another-Secret-1' }, { 'If-Match': '"old"' })
    expect(stale.status).toBe(412)
    const etag = String((await ask(server, 'GET', path)).headers.etag)
    expect((await ask(server, 'PATCH', path, { Password: 'Another-Secret-1' }, { 'If-Match': etag })).status).toBe(200)
    expect((await site.call(server, 'GET', SYSTEM, { token })).status).toBe(401)
    expect(server.idrac.password).toBe('Another-Secret-1')
    expect((await ask(server, 'GET', SYSTEM)).status).toBe(200)
  })

  it('refuses what would destroy data, and the judge hears of it', async () => {
    const server = site.server('15G')
    const reply = await ask(server, 'POST', `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.LCWipe`, {})
    expect(reply.status).toBe(403)
    expect(site.lab.state.history.violations).toHaveLength(1)
  })
})
