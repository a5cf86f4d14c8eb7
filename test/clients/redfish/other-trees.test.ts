import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DeviceError } from '../../../clients/errors.js'
import type { RedfishClient } from '../../../clients/redfish/client.js'
import { readRoot } from '../../../clients/redfish/root.js'
import { openSession } from '../../../clients/redfish/session.js'
import { classifyRoot, isDellServer } from '../../../domain/discovery-finding.js'
import { type Damage, damaged, familiar, renamed, withBodies, without } from '../../helpers/altered-tree.js'
import { idrac7, idrac10, OTHER_MAKERS, otherService, spelledDell } from '../../helpers/other-trees.js'
import { anonymousClient, errorOf } from '../../helpers/redfish-client.js'
import { READS, readEverything } from '../../helpers/redfish-reads.js'
import {
  type Json,
  loadRecording,
  type ServedRecording,
  serveTree,
  TEST_LOGIN,
  type Tree,
} from '../../helpers/redfish-recording.js'

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1'
const UPDATE = '/redfish/v1/UpdateService'

let device: ServedRecording
const opened: RedfishClient[] = []

beforeAll(async () => {
  device = await serveTree(loadRecording('r750'))
})
afterEach(async () => {
  for (const client of opened.splice(0)) await client.close()
})
afterAll(() => device.close())

function anonymous(tree: Tree): RedfishClient {
  device.serve(tree)
  const { client } = anonymousClient(device)
  opened.push(client)
  return client
}

/** A client with a session at a device that has this tree. */
async function loggedIn(tree: Tree): Promise<RedfishClient> {
  const client = anonymous(tree)
  const { token } = await openSession(client, TEST_LOGIN)
  return client.withTokens({ current: async () => token, renew: async () => token })
}

describe('no path is known beforehand', () => {
  it.each(['r630', 'r750'] as const)('a %s whose paths and ids are all renamed tells the same', async (name) => {
    const plain = await readEverything(await loggedIn(loadRecording(name)))
    const before = device.ledger.length
    const strange = await readEverything(await loggedIn(renamed(loadRecording(name))))
    expect(JSON.parse(familiar(JSON.stringify(strange)))).toEqual(JSON.parse(JSON.stringify(plain)))
    const asked = device.ledger.slice(before).map((line) => familiar(line.path) !== line.path || line.path)
    // What a firmware does not link is probed where its makers' scripts know it to be: attributes and service of an iDRAC8.
    const probed = ['/Attributes', '/DellLCService', '/redfish/v1', '/redfish/v1/Dell']
    const guessed = asked.filter((path) => path !== true && !probed.some((end) => String(path).endsWith(end)))
    expect(guessed).toEqual([])
  })

  it('finds what is spelt Oem.DELL everywhere', async () => {
    const plain = await readEverything(await loggedIn(loadRecording('r750')))
    const spelled = await readEverything(await loggedIn(spelledDell()))
    expect(JSON.parse(JSON.stringify(spelled).replaceAll('"DELL":', '"Dell":'))).toEqual(
      JSON.parse(JSON.stringify(plain)),
    )
  })

  it('follows absolute links of the same device, and slashes at their ends', async () => {
    const origin = `https://127.0.0.1:${device.port}`
    const recorded = loadRecording('r750')
    const client = await loggedIn(
      withBodies(recorded, {
        '/redfish/v1': (root) => ({
          ...root,
          Systems: { '@odata.id': `${origin}/redfish/v1/Systems/` },
          Managers: { '@odata.id': '/redfish/v1/Managers/' },
        }),
        '/redfish/v1/Systems': () => ({
          Members: [null, {}, { '@odata.id': '' }, { '@odata.id': `${origin}${SYSTEM}/` }],
        }),
      }),
    )
    expect((await READS.system(client)).service_tag).toBe('TST0750')
    expect((await READS.memory(client)).length).toBe(16)
  })

  it('follows pages of any collection', async () => {
    const path = `${UPDATE}/FirmwareInventory`
    const all = loadRecording('r750').get(path)?.Members as Json[]
    const tree = withBodies(loadRecording('r750'), {
      [path]: (body) => ({ ...body, Members: all.slice(0, 10), 'Members@odata.nextLink': `${path}?$skip=10` }),
      [`${path}?$skip=10`]: { Members: all.slice(10) },
    })
    expect((await READS.firmware(await loggedIn(tree))).length).toBe(all.length)
  })

  it('asks the root once more where a service sends from the one spelling to the other', async () => {
    const client = anonymous(loadRecording('r750'))
    device.override('GET', '/redfish/v1', (_body, request) =>
      request.url === '/redfish/v1' ? { status: 308, headers: { location: '/redfish/v1/' } } : undefined,
    )
    expect((await readRoot(client)).service_tag).toBe('TST0750')
    device.override('GET', '/redfish/v1', () => ({
      status: 308,
      headers: { location: 'https://192.0.2.1/redfish/v1/' },
    }))
    expect((await errorOf(readRoot(anonymous(loadRecording('r750'))))).message).toContain(
      'redirects are never followed',
    )
    device.override('GET', '/redfish/v1', () => undefined)
  })
})

describe('bodies that lack things', () => {
  const damages: Damage[] = ['dropped', 'null', 'empty', 'empty list', 'a number', 'as text', 'another word']
  const seed = Number(process.env.TREE_SEED ?? Date.now() % 1_000_000)

  it.each(['r630', 'r750'] as const)(
    `a damaged %s is read or refused in words (TREE_SEED=${seed})`,
    async (name) => {
      const recorded = loadRecording(name)
      const before = device.ledger.length
      await readEverything(await loggedIn(recorded))
      const touched = [
        ...new Set(device.ledger.slice(before).map((line) => decodeURIComponent(line.path.split('?', 1)[0] ?? ''))),
      ]
      const paths = touched.filter((path) => recorded.has(path) && path !== '/redfish/v1' && !path.includes('Registr'))
      const wound = fc.record({ path: fc.constantFrom(...paths), at: fc.nat(400), damage: fc.constantFrom(...damages) })
      const property = fc.asyncProperty(fc.array(wound, { minLength: 5, maxLength: 60 }), async (wounds) => {
        const tree = new Map(recorded)
        for (const { path, at, damage } of wounds) tree.set(path, damaged(tree.get(path) ?? {}, at, damage))
        const facts = await readEverything(await loggedIn(tree))
        for (const answer of Object.values(facts)) {
          if (answer && typeof answer === 'object' && 'refused' in answer)
            expect(String(answer.why).length).toBeGreaterThan(15)
        }
        for (const client of opened.splice(0)) await client.close()
      })
      await fc.assert(property, { seed, numRuns: 25 })
    },
    120_000,
  )

  it('takes health that is not told, or told in another word, for Unknown', async () => {
    const sick = (word: unknown) =>
      new Map(
        [...loadRecording('r750')].map(([path, body]) => [
          path,
          JSON.parse(JSON.stringify(body), (key, value) =>
            key === 'Health' || key === 'HealthRollup' ? word : value,
          ) as Json,
        ]),
      )
    for (const word of [undefined, null, '', 'ok', 'Splendid', 5]) {
      const client = await loggedIn(sick(word))
      const parts = [...(await READS.thermal(client)), ...(await READS.power(client)), ...(await READS.memory(client))]
      const said = new Set([(await READS.system(client)).health, ...parts.map((part) => part.health)])
      expect([word, [...said]]).toEqual([word, ['Unknown']])
    }
  })

  it('takes numbers that are written as text', async () => {
    const client = await loggedIn(
      withBodies(loadRecording('r750'), {
        [SYSTEM]: (system) => ({
          ...system,
          MemorySummary: { TotalSystemMemoryGiB: '512.0' },
          ProcessorSummary: { Count: '2' },
        }),
        [UPDATE]: (service) => ({ ...service, MaxImageSizeBytes: '1073741824' }),
        [`${MANAGER}/Oem/Dell/DellJobService`]: (service) => ({ ...service, CurrentNumberOfJobs: '7' }),
      }),
    )
    expect(await READS.system(client)).toMatchObject({ memory_gib: 512, processor_count: 2 })
    expect((await READS.update(client)).max_image_bytes).toBe(1_073_741_824)
    expect((await READS.queue_fill(client)).current).toBe(7)
  })

  it('keeps parts apart that a device calls the same, so that none hides the fault of another', async () => {
    const fan = (health: string) => ({ Name: 'Fan', MemberId: '0', Status: { Health: health, State: 'Enabled' } })
    const tree = withBodies(loadRecording('r750'), {
      '/redfish/v1/Chassis/System.Embedded.1/Thermal': { Fans: [fan('Critical'), fan('OK')] },
    })
    const fans = await READS.thermal(await loggedIn(tree))
    expect(fans.map((one) => [one.component, one.health])).toEqual([
      ['fan:Fan', 'Critical'],
      ['fan:Fan (2)', 'OK'],
    ])
  })

  it.each(['Systems', 'Managers', 'Chassis', 'UpdateService'])(
    'says what is missing where a root has no %s',
    async (name) => {
      const client = await loggedIn(withBodies(loadRecording('r750'), { '/redfish/v1': without(name) }))
      const read = {
        Systems: READS.system,
        Managers: READS.manager,
        Chassis: READS.thermal,
        UpdateService: READS.firmware,
      }
      if (name === 'Chassis') return expect((await READS.thermal(client)).length).toBeGreaterThan(0)
      const error = await errorOf(read[name as keyof typeof read](client))
      expect([error.code, error.message]).toEqual(['Unsupported', `The service has no ${name}.`])
    },
  )
})

describe('generations that were not recorded', () => {
  it('an early iDRAC7 says who it is only after a login, and is read as far as it goes', async () => {
    const root = await readRoot(anonymous(idrac7()))
    expect(root).toMatchObject({
      is_idrac: null,
      maker: null,
      service_tag: null,
      sessions_path: '/redfish/v1/Sessions',
    })
    expect(classifyRoot({ type: 'redfish', ...root })).toEqual({ type: 'maybe_idrac' })
    const client = await loggedIn(idrac7())
    const facts = await readEverything(client)
    expect(facts.system).toMatchObject({ service_tag: 'TST0630', model: 'PowerEdge R720', health: 'OK' })
    expect(facts.manager).toMatchObject({ generation: 'idrac7' })
    expect(isDellServer({ generation: 'idrac7', manufacturer: null })).toBe(true)
    expect(facts).toMatchObject({
      jobs: [],
      lockdown: null,
      licences: null,
      readiness: { supported: false },
      console_target: null,
    })
    const rows = facts.firmware as { kind: string }[]
    expect(rows.filter((row) => row.kind === 'installed').length).toBe(14)
    expect((facts.bios_registry as { entries: unknown[] }).entries.length).toBe(249)
  })

  it('the shape of an iDRAC10 gives sensors, boot, media, profiles and the right machine', async () => {
    const plain = await readEverything(await loggedIn(loadRecording('r750')))
    const facts = await readEverything(await loggedIn(idrac10()))
    expect(facts.manager).toMatchObject({ generation: 'idrac10', path: MANAGER, firmware_version: '1.20.50.50' })
    expect(facts.system).toMatchObject({ service_tag: 'TST0750', power_state: 'On', path: SYSTEM })
    const thermal = facts.thermal as { component: string; health: string; reading: object }[]
    const fan = thermal.find((part) => part.component === 'fan:Fan.Embedded.5A')
    expect(fan).toMatchObject({ health: 'OK', state: 'Enabled', reading: { rpm: 18720 } })
    const cpu = thermal.find((part) => part.component === 'temperature:CPU1Temp')
    expect(cpu).toMatchObject({ health: 'OK', reading: { celsius: 37, critical_celsius: 99 } })
    expect(thermal.find((part) => part.component === 'redundancy:FanRedundancy')).toMatchObject({ health: 'OK' })
    const power = facts.power as { component: string; reading: object }[]
    expect(power.find((part) => part.component === 'psu:PSU.Slot.2')).toMatchObject({
      health: 'OK',
      reading: { input_watts: 308, input_volts: 240, capacity_watts: 2400, version: '00.2A.2B' },
    })
    expect(facts.boot).toMatchObject({
      settings_path: `${SYSTEM}/Settings`,
      takes_mode: false,
      targets: expect.arrayContaining(['Cd']),
    })
    expect(facts.media_slots).toEqual(plain.media_slots)
    expect(facts.scp_targets).toEqual(plain.scp_targets)
    const ids = (rows: unknown) => (rows as { id: string }[]).map((row) => row.id).sort()
    expect(ids(facts.firmware)).toEqual(ids(plain.firmware))
    for (const name of ['jobs', 'readiness_target', 'lockdown', 'drives', 'memory', 'licences'] as const)
      expect(facts[name]).toEqual(plain[name])
  })

  it('an iDRAC9 before 6.00 has the media of its Manager only, of which one at a time is in use', async () => {
    const tree = withBodies(loadRecording('r750'), { [SYSTEM]: without('VirtualMedia') })
    const slots = await READS.media_slots(await loggedIn(tree))
    expect(slots.map(({ id, of, kind }) => [id, of, kind])).toEqual([
      ['RemovableDisk', 'manager', 'usb'],
      ['CD', 'manager', 'cd'],
    ])
  })

  it('an iDRAC9 before 5.00 has its Lifecycle Controller service in an old place', async () => {
    const service = `${MANAGER}/Oem/Dell/DellLCService`
    const tree = withBodies(loadRecording('r750'), {
      [MANAGER]: without('Links'),
      '/redfish/v1/Dell/Managers/iDRAC.Embedded.1/DellLCService': loadRecording('r750').get(service) as Json,
    })
    const client = await loggedIn(tree)
    expect(await READS.readiness_target(client)).toBe(`${service}/Actions/DellLCService.GetRemoteServicesAPIStatus`)
    const unnamed = await loggedIn(withBodies(tree, { [MANAGER]: without('Links', 'Model') }))
    expect(await READS.readiness_target(unnamed)).toBe(null)
    expect((await errorOf(READS.jobs(unnamed))).message).toBe('The manager shows no job queue.')
  })
})

describe('services of other makers', () => {
  it.each(OTHER_MAKERS)('%s is told by its root, named, and gets no password', async (_name, root, maker) => {
    const client = anonymous(otherService(root))
    const facts = await readRoot(client)
    expect(facts).toMatchObject({ is_idrac: false, maker })
    expect(classifyRoot({ type: 'redfish', ...facts })).toEqual({
      type: 'finding',
      kind: 'other_redfish',
      why: `A Redfish service of ${maker} answers; only Dell servers with an iDRAC are managed.`,
    })
    const before = device.ledger.length
    const error = await errorOf(openSession(client, TEST_LOGIN))
    expect([error.code, error.facts.sent]).toEqual(['IdentityMismatch', false])
    expect(error.message).toBe(`${maker} answers there, not an iDRAC; no password was sent.`)
    expect(device.ledger.slice(before).filter((line) => line.method !== 'GET')).toEqual([])
  })

  it('one that names nobody is told after the login, and every read ends in facts or words', async () => {
    const tree = otherService({}, { Manufacturer: 'Supermicro' })
    expect(classifyRoot({ type: 'redfish', ...(await readRoot(anonymous(tree))) })).toEqual({ type: 'maybe_idrac' })
    const client = await loggedIn(tree)
    const { manufacturer } = await READS.system(client)
    const { generation } = await READS.manager(client)
    expect(isDellServer({ generation, manufacturer })).toBe(false)
    for (const [name, answer] of Object.entries(await readEverything(client))) {
      if (answer && typeof answer === 'object' && 'refused' in answer)
        expect([name, answer.refused, answer.why]).toEqual([
          name,
          'Unsupported',
          expect.stringMatching(/^\w+ .{10,}\.$/),
        ])
    }
  })

  it('something that is no Redfish at all is refused in words', async () => {
    for (const body of [{}, { hello: 1 }, { RedfishVersion: 7 }]) {
      const error = await errorOf(readRoot(anonymous(new Map([['/redfish/v1', body as Json]]))))
      expect(error).toBeInstanceOf(DeviceError)
      expect(error.message).toBe('The answer is no Redfish service root.')
    }
  })
})
