import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import type { UpdateRequest } from '../../clients/esxi/command.js'
import type { EsxiConnection } from '../../clients/esxi/connection.js'
import {
  readEsxiFacts,
  readEsxiProfile,
  readEsxiVersion,
  readRecoveryKeys,
  readRunningVms,
} from '../../clients/esxi/esxcli.js'
import { readEsxiMaintenance } from '../../clients/esxi/maintenance.js'
import { listProfiles } from '../../clients/esxi/profiles.js'
import { rebootEsxi } from '../../clients/esxi/reboot.js'
import { dryRun, findRunningUpdate, readUpdateRun, startUpdate } from '../../clients/esxi/update.js'
import type { UpdateRunState } from '../../clients/esxi/update-state.js'
import { readHost } from '../../clients/vsphere/host.js'
import type { HostFacts } from '../../clients/vsphere/host-facts.js'
import { enterMaintenance } from '../../clients/vsphere/host-maintenance.js'
import { rebootHost } from '../../clients/vsphere/host-power.js'
import { startSsh } from '../../clients/vsphere/host-service.js'
import { readInventory } from '../../clients/vsphere/inventory.js'
import type { VsphereSession } from '../../clients/vsphere/session.js'
import type { LabHost } from '../../scripts/demo/lab-client.js'
import { until } from '../helpers/lab-process.js'
import { endOfTask, startVsphereLab, type VsphereLab } from './vsphere-lab-site.js'

let world: VsphereLab
let session: VsphereSession
let hosts: HostFacts[]
const connections: EsxiConnection[] = []

/** Slow enough to meet an update while it runs. */
const SLOW = 60

beforeAll(async () => {
  world = await startVsphereLab({ LAB_SPEED: String(SLOW) })
  session = await world.login()
  hosts = []
  await readInventory(session, async (page) => void hosts.push(...page.hosts))
})
afterAll(async () => {
  for (const each of connections) await each.close().catch(() => undefined)
  await session?.close()
  await world?.lab.stop()
})

async function failureOf(action: Promise<unknown>): Promise<DeviceError> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeviceError)) throw new Error(`expected a DeviceError, got ${String(error)}`)
  return error
}

/** Evacuations, updates and boots that are only waited for: the lab's clock runs faster meanwhile. */
async function inFastTime<T>(wait: () => Promise<T>): Promise<T> {
  await world.lab.control('POST', '/lab/speed', { factor: 1000 })
  try {
    return await wait()
  } finally {
    await world.lab.control('POST', '/lab/speed', { factor: SLOW })
  }
}

function pair(index: number): { facts: HostFacts; told: LabHost } {
  const facts = hosts[index]
  const told = world.vcenter.clusters.flatMap((each) => each.hosts).find((each) => each.name === facts?.name)
  if (facts === undefined || told === undefined) throw new Error(`no host ${index}`)
  return { facts, told }
}

async function connect(index: number): Promise<EsxiConnection> {
  const { facts, told } = pair(index)
  await startSsh(session, facts.service_system_moid ?? '')
  const connection = await world.ssh(told)
  connections.push(connection)
  return connection
}

async function evacuated(index: number): Promise<HostFacts> {
  const { facts } = pair(index)
  const options = { timeout_seconds: 3_600, evacuate_powered_off: false }
  await inFastTime(async () => endOfTask(session, await enterMaintenance(session, facts.moid, options)))
  return facts
}

/** The host after its boot, connected again. */
const restarted = (before: HostFacts): Promise<HostFacts> =>
  inFastTime(() =>
    until('the host', async () => {
      const now = await readHost(session, before.moid)
      return now?.connection_state === 'connected' && now.boot_time !== before.boot_time ? now : null
    }),
  )

/** The depot that holds a profile newer than what the host runs, and that profile. */
function newer(): UpdateRequest & { version: string; build: number } {
  const found = world.site.esxi_depots.flatMap((depot) =>
    depot.profiles.map((profile) => ({ depot_path: depot.depot_path, ...profile })),
  )
  const profile = found.find((each) => each.version === '8.0.3' && each.name.startsWith('DEL-'))
  if (profile === undefined) throw new Error('the site has no newer image')
  return {
    method: 'update',
    depot_path: profile.depot_path,
    profile_name: profile.name,
    allow_hardware_warnings: false,
    version: profile.version,
    build: Number(profile.build),
  }
}

describe('the SSH service', () => {
  test('is off until it is started', async () => {
    const { facts, told } = pair(0)
    expect(facts.ssh_running).toBe(false)
    expect(await failureOf(world.ssh(told))).toMatchObject({ code: 'SshUnavailable', facts: { sent: false } })
    await startSsh(session, facts.service_system_moid ?? '')
    const connection = await world.ssh(told)
    await connection.close()
  })

  test('a wrong password is one attempt', async () => {
    const { told } = pair(0)
    expect(await failureOf(world.ssh(told, 'wrong'))).toMatchObject({ code: 'AuthFailed', facts: { answered: true } })
  })
})

describe('facts', () => {
  test('the host tells the same as vCenter', async () => {
    const { facts, told } = pair(0)
    const connection = await connect(0)
    const own = await readEsxiFacts(connection)
    expect(own).toMatchObject({
      version: told.version,
      build: Number(told.build),
      serial_number: told.service_tag,
      system_uuid: facts.host_uuid,
      in_maintenance_mode: false,
      unreadable: [],
    })
    expect(own.boot_banks.every((each) => each.in_memory === false)).toBe(true)
    expect(own.vibs?.length).toBeGreaterThan(5)
    expect(own.filesystems?.some((each) => each.volume_name !== null && (each.free_bytes ?? 0) > 0)).toBe(true)
    const running = (await world.state()).hosts.find((each) => each.name === told.name)?.vms
    expect((await readRunningVms(connection)).sort()).toEqual(
      running
        ?.filter((each) => each.power === 'poweredOn')
        .map((each) => each.name)
        .sort(),
    )
    if (own.encryption?.mode === 'TPM') expect(await readRecoveryKeys(connection)).toHaveLength(1)
  })
})

describe('depots', () => {
  test('list exactly the profiles that the site tells of', async () => {
    const connection = await connect(0)
    for (const depot of world.site.esxi_depots) {
      const profiles = await listProfiles(connection, depot.depot_path)
      expect(profiles.map((each) => each.name).sort()).toEqual(depot.profiles.map((each) => each.name).sort())
    }
    const missing = listProfiles(connection, '/vmfs/volumes/nowhere/x.zip')
    expect(await failureOf(missing)).toMatchObject({ code: 'DepotNotFound' })
  })

  test('a trial run names what would change and changes nothing', async () => {
    const connection = await connect(0)
    const { version, build, ...request } = newer()
    const verdict = await dryRun(connection, request)
    expect(verdict).toMatchObject({ ok: true, result: { unchanged: false, reboot_required: true } })
    expect(verdict.ok && verdict.result.vibs_installed.length).toBeGreaterThan(0)
    const wrong = await dryRun(connection, { ...request, profile_name: version })
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'ProfileNotFound' } })
    expect((await readEsxiVersion(connection)).build).not.toBe(build)
  })
})

describe('an update', () => {
  test('outside maintenance is refused, and the host stays as it is', async () => {
    const connection = await connect(1)
    const { version: _version, build, ...request } = newer()
    expect(await startUpdate(connection, request, 'lab-refused')).toEqual({ state: 'not_started' })
    const end = await until('the end', async () => {
      const run = await readUpdateRun(connection, 'lab-refused')
      return run.state === 'finished' ? run : null
    })
    expect(end).toMatchObject({ outcome: { ok: false, failure: { code: 'HostNotInMaintenance' } } })
    expect((await readEsxiVersion(connection)).build).not.toBe(build)
  })

  test('goes on without the connection, is not started twice, and shows after the reboot', async () => {
    const before = await evacuated(2)
    const { version, build, ...request } = newer()
    const first = await connect(2)
    expect(await readEsxiMaintenance(first)).toBe(true)
    expect(await startUpdate(first, request, 'lab-update')).toEqual({ state: 'not_started' })
    await first.close()
    const second = await connect(2)
    expect(await readUpdateRun(second, 'lab-update')).toMatchObject({ state: 'running' })
    expect(await findRunningUpdate(second)).not.toBeNull()
    expect(await startUpdate(second, request, 'lab-update')).toMatchObject({ state: 'running' })
    expect(await failureOf(startUpdate(second, request, 'lab-other'))).toMatchObject({ code: 'UpdateLocked' })
    const end: UpdateRunState = await inFastTime(() =>
      until('the end of the update', async () => {
        const run = await readUpdateRun(second, 'lab-update')
        return run.state === 'finished' ? run : null
      }),
    )
    expect(end).toMatchObject({
      exit_code: 0,
      outcome: { ok: true, result: { reboot_required: true, unchanged: false } },
    })
    expect((await readEsxiVersion(second)).build).toBe(before.build)
    await inFastTime(async () => endOfTask(session, await rebootHost(session, before.moid)))
    const back = await restarted(before)
    expect(back).toMatchObject({ in_maintenance_mode: true, ssh_running: false })
    await inFastTime(() => until('the new build', async () => (await readHost(session, before.moid))?.build === build))
    const third = await connect(2)
    expect(await readEsxiVersion(third)).toMatchObject({ version, build })
    expect((await readEsxiProfile(third)).name).toBe(request.profile_name)
    expect(await readUpdateRun(third, 'lab-update')).toEqual({ state: 'not_started' })
    expect(await dryRun(third, request)).toMatchObject({ ok: true, result: { unchanged: true } })
  })
})

describe('a start whose answer is lost', () => {
  test('is unclear; the host shows that it runs, and asking again starts no second one', async () => {
    const host = await evacuated(5)
    const connection = await connect(5)
    const { version: _version, build: _build, ...request } = newer()
    const selector = { device: host.name, kind: 'ssh', path: '*nohup*' }
    await world.lab.control('POST', '/lab/faults', { selector, action: 'drop_answer', remaining: 1 })
    const error = await failureOf(startUpdate(connection, request, 'lab-lost'))
    expect(error).toMatchObject({ code: 'DeviceUnreachable', unclear: true })
    const again = await connect(5)
    expect(await startUpdate(again, request, 'lab-lost')).toMatchObject({ state: 'running' })
    const { figures } = await world.lab.control<{ figures: { esxi_updates: { host: string; count: number }[] } }>(
      'GET',
      '/lab/invariants',
    )
    expect(figures.esxi_updates.find((each) => each.host === host.name)?.count).toBe(1)
  })
})

describe('a reboot over SSH', () => {
  test('is refused outside maintenance', async () => {
    const connection = await connect(3)
    expect(await failureOf(rebootEsxi(connection, 'test'))).toMatchObject({ code: 'HostNotInMaintenance' })
  })

  test('happens in maintenance, and the host shows a newer start', async () => {
    const before = await evacuated(4)
    const connection = await connect(4)
    await rebootEsxi(connection, 'test').catch((error: unknown) => {
      // The connection may go before the answer: that is unclear, and the boot time decides.
      if (!(error instanceof DeviceError) || !error.unclear) throw error
    })
    const back = await restarted(before)
    expect(Date.parse(back.boot_time ?? '')).toBeGreaterThan(Date.parse(before.boot_time ?? ''))
  })
})
