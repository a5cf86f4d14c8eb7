import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IdracSite, startIdracSite } from './idrac-site.js'

const ROOT = '/redfish/v1'
const SYSTEM = `${ROOT}/Systems/System.Embedded.1`
const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
const INVENTORY = `${ROOT}/UpdateService/FirmwareInventory`

describe('resources of a simulated iDRAC', () => {
  let site: IdracSite
  beforeAll(async () => {
    site = await startIdracSite()
  })
  afterAll(() => site.close())

  const get = async (generation: string, path: string) => {
    const server = site.server(generation)
    return site.call(server, 'GET', path, { basic: ['root', server.idrac.password] })
  }

  it.each(['14G', '15G', '16G', '17G'])(
    '%s: tells tag, board serial, model, generation and versions in their places',
    async (generation) => {
      const server = site.server(generation)
      const system = (await get(generation, SYSTEM)).json
      expect(system).toMatchObject({
        SKU: server.service_tag,
        SerialNumber: server.board_serial,
        Model: server.model,
        PowerState: 'On',
        UUID: server.uuid,
      })
      expect(system.Oem.Dell.DellSystem.SystemID).toBe(server.system_id)
      expect(system.BiosVersion).toBe(server.firmware.find((row) => row.component === 'bios')?.version)
      const manager = (await get(generation, MANAGER)).json
      expect(manager.Model).toBe(`${generation} Monolithic`)
      expect(manager.FirmwareVersion).toBe(server.idrac.firmware_version)
      expect(JSON.stringify([system, manager])).not.toMatch(/TST0750|192\.0\.2\./)
    },
  )

  it('lists running, previous and stored firmware, expanded or as links, and never a running row twice', async () => {
    const links = (await get('15G', INVENTORY)).json
    expect(links.Members[0]).toEqual({ '@odata.id': expect.stringContaining(`${INVENTORY}/`) })
    const rows = (await get('15G', `${INVENTORY}?$expand=*($levels=1)`)).json.Members as {
      Id: string
      Version: string
      SoftwareId: string
    }[]
    const bios = rows.filter((row) => row.SoftwareId === '159').map((row) => row.Id.split('-')[0])
    expect(bios).toEqual(['Current', 'Installed', 'Previous'])
    expect(new Set(rows.map((row) => row.Id)).size).toBe(rows.length)
    const one = await get('15G', `${INVENTORY}/${encodeURIComponent(rows[0]?.Id ?? '')}`)
    expect(one.json.Id).toBe(rows[0]?.Id)
  })

  it('changes the member order of the inventory per call on 17G only', async () => {
    const ids = async (generation: string) => JSON.stringify((await get(generation, INVENTORY)).json.Members)
    expect(await ids('16G')).toBe(await ids('16G'))
    const seen = new Set([await ids('17G'), await ids('17G'), await ids('17G'), await ids('17G')])
    expect(seen.size).toBeGreaterThan(1)
  })

  it('has the paths of its generation', async () => {
    expect((await get('15G', `${MANAGER}/Jobs`)).status).toBe(200)
    expect((await get('17G', `${MANAGER}/Jobs`)).status).toBe(404)
    expect((await get('17G', `${MANAGER}/Oem/Dell/Jobs`)).status).toBe(200)
    expect((await get('17G', `${MANAGER}/Attributes`)).status).toBe(404)
    expect((await get('15G', `${MANAGER}/Attributes`)).json['@odata.id']).toContain('DellAttributes/iDRAC.Embedded.1')
    expect((await get('17G', `${ROOT}/UpdateService`)).json.HttpPushUri).toBeUndefined()
    expect((await get('17G', SYSTEM)).json.Boot.BootSourceOverrideMode).toBeUndefined()
  })

  it('pages logs by 50, newest first, with a next link and a total, and refuses to go past the end', async () => {
    const server = site.server('16G')
    for (let i = 0; i < 120; i++) site.lab.lifecycle.log(server, { message_id: 'SYS1003', message: `entry ${i}` })
    const first = (await get('16G', `${MANAGER}/LogServices/Lclog/Entries`)).json
    expect(first.Members).toHaveLength(50)
    expect(Number(first.Members[0].Id)).toBeGreaterThan(Number(first.Members[49].Id))
    expect(first['Members@odata.nextLink']).toContain('$skip=50')
    let next: string | undefined = first['Members@odata.nextLink']
    let seen = 50
    while (next) {
      const page: { Members: unknown[]; 'Members@odata.nextLink'?: string } = (await get('16G', next)).json as never
      seen += page.Members.length
      next = page['Members@odata.nextLink']
    }
    expect(seen).toBeGreaterThanOrEqual(first['Members@odata.count'])
    const past = await get('16G', `${MANAGER}/LogServices/Lclog/Entries?$skip=5000`)
    expect(past.status).toBe(400)
    expect(past.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/SYS417$/)
  })

  it('clears the SEL: it begins anew with the entry that says so, and both logs tell who did it', async () => {
    const server = site.server('15G')
    for (let i = 0; i < 1100; i++)
      site.lab.lifecycle.log(server, { message_id: '3ffff', message: 'Power lost.', log: 'sel' })
    const before = (await get('15G', `${MANAGER}/LogServices/Sel/Entries`)).json
    expect([before['Members@odata.count'], before.Members[0].Id]).toEqual([1024, '1101'])
    const target = (await get('15G', `${MANAGER}/LogServices/Sel`)).json.Actions['#LogService.ClearLog'].target
    const basic: [string, string] = ['root', server.idrac.password]
    expect((await site.call(server, 'POST', target, { basic, body: {} })).status).toBe(204)
    const after = (await get('15G', `${MANAGER}/LogServices/Sel/Entries`)).json.Members
    expect(after).toMatchObject([{ Id: '1', Message: 'Log cleared.', MessageId: '2ffff', EntryCode: 'Assert' }])
    const told = (await get('15G', `${MANAGER}/LogServices/Lclog/Entries`)).json.Members.slice(0, 3)
    expect(told.map((one: { Message: string }) => one.Message)).toContainEqual(
      expect.stringMatching(/SEL\) was cleared by root from 127\./),
    )
  })

  it('filters, selects and refuses what it does not know', async () => {
    const filtered = (
      await get(
        '16G',
        `${MANAGER}/LogServices/Lclog/Entries?$filter=${encodeURIComponent("MessageId eq 'IDRAC.2.9.USR0030'")}`,
      )
    ).json
    expect(filtered.Members.length).toBeGreaterThan(0)
    expect(filtered.Members.every((one: { MessageId: string }) => one.MessageId.endsWith('USR0030'))).toBe(true)
    const selected = (await get('16G', `${MANAGER}?$select=Model`)).json
    expect(Object.keys(selected).filter((key) => !key.startsWith('@'))).toEqual(['Model'])
    expect((await get('16G', `${MANAGER}?$orderby=Id`)).status).toBe(400)
    expect((await get('16G', `${SYSTEM}/Storage?$expand=*($levels=3)`)).status).toBe(400)
  })

  it('names methods and schema in the headers, and gives the metadata document to everybody', async () => {
    const reply = await get('15G', SYSTEM)
    expect(reply.headers).toMatchObject({
      'odata-version': '4.0',
      link: expect.stringContaining('rel=describedby'),
      allow: 'GET, HEAD, PATCH',
    })
    expect(reply.headers.etag).toMatch(/^"[0-9a-f]{12}"$/)
    const metadata = await site.call(site.server('15G'), 'GET', `${ROOT}/$metadata`)
    expect([metadata.status, metadata.headers['content-type']]).toEqual([200, 'application/xml'])
  })

  it('answers 404 with SYS403 for what is not there, and 405 for a method that is not', async () => {
    const missing = await get('15G', `${SYSTEM}/Nothing`)
    expect(missing.status).toBe(404)
    expect(missing.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/SYS403$/)
    const server = site.server('15G')
    const wrong = await site.call(server, 'DELETE', SYSTEM, { basic: ['root', server.idrac.password] })
    expect(wrong.status).toBe(405)
    expect(wrong.headers.allow).toContain('PATCH')
  })

  it('resolves every link below system, chassis and manager that it shows in collections', async () => {
    for (const generation of ['14G', '17G']) {
      const paths = [
        `${SYSTEM}/Memory`,
        `${SYSTEM}/Processors`,
        `${SYSTEM}/Storage`,
        `${SYSTEM}/EthernetInterfaces`,
        `${SYSTEM}/BootOptions`,
        `${SYSTEM}/VirtualMedia`,
        `${ROOT}/Chassis`,
        `${ROOT}/Chassis/System.Embedded.1/NetworkAdapters`,
        `${MANAGER}/LogServices`,
        `${ROOT}/AccountService/Accounts`,
      ]
      for (const path of paths) {
        const { Members: members } = (await get(generation, path)).json
        expect(members.length, path).toBeGreaterThan(0)
        for (const member of members) {
          const reply = await get(generation, member['@odata.id'])
          expect([member['@odata.id'], reply.status]).toEqual([member['@odata.id'], 200])
          expect(reply.json['@odata.id']).toBe(member['@odata.id'])
        }
      }
    }
  })

  it('shows every drive at the link of its controller', async () => {
    const { Members: members } = (await get('15G', `${SYSTEM}/Storage?$expand=*($levels=1)`)).json
    const drives = members.flatMap((one: { Drives: { '@odata.id': string }[] }) =>
      one.Drives.map((drive) => drive['@odata.id']),
    )
    expect(drives).toHaveLength(site.server('15G').hardware.disks.length)
    for (const drive of drives) expect((await get('15G', drive)).json.SerialNumber).toBeTruthy()
  })
})
