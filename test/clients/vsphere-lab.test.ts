import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import { askEvacuation, readCluster, setCluster } from '../../clients/vsphere/cluster.js'
import type { ClusterFacts } from '../../clients/vsphere/cluster-facts.js'
import { readClusterOverview } from '../../clients/vsphere/cluster-overview.js'
import { readDatacenter } from '../../clients/vsphere/datacenter.js'
import { readBrowseResult, startBrowse } from '../../clients/vsphere/datastore-browse.js'
import type { DatastoreFacts } from '../../clients/vsphere/datastore-facts.js'
import { uploadFile } from '../../clients/vsphere/datastore-upload.js'
import { readHost } from '../../clients/vsphere/host.js'
import type { HostFacts } from '../../clients/vsphere/host-facts.js'
import { enterMaintenance, exitMaintenance } from '../../clients/vsphere/host-maintenance.js'
import { rebootHost } from '../../clients/vsphere/host-power.js'
import { startSsh, stopSsh } from '../../clients/vsphere/host-service.js'
import { readInventory } from '../../clients/vsphere/inventory.js'
import { readMissingPrivileges } from '../../clients/vsphere/privileges.js'
import { clusterForRules } from '../../clients/vsphere/rule-facts.js'
import type { VsphereSession } from '../../clients/vsphere/session.js'
import { cancelTask, readTask } from '../../clients/vsphere/task.js'
import { migrateVm, readVms, recommendHosts } from '../../clients/vsphere/vm.js'
import { until } from '../helpers/lab-process.js'
import { endOfTask, startVsphereLab, type VsphereLab } from './vsphere-lab-site.js'

let world: VsphereLab
let session: VsphereSession
let hosts: HostFacts[]
let clusters: ClusterFacts[]
let datastores: DatastoreFacts[]

beforeAll(async () => {
  world = await startVsphereLab()
  session = await world.login()
  hosts = []
  clusters = []
  datastores = []
  await readInventory(session, async (page) => {
    hosts.push(...page.hosts)
    clusters.push(...page.clusters)
    datastores.push(...page.datastores)
  })
})
afterAll(async () => {
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

const hostAt = (index: number): HostFacts => {
  const found = hosts[index]
  if (found === undefined) throw new Error(`no host ${index}`)
  return found
}
const fresh = async (moid: string): Promise<HostFacts> => {
  const found = await readHost(session, moid)
  if (found === null) throw new Error(`${moid} is gone`)
  return found
}
const inLab = async (name: string) => {
  const found = (await world.state()).hosts.find((each) => each.name === name)
  if (found === undefined) throw new Error(`the lab has no ${name}`)
  return found
}

describe('the inventory', () => {
  test('is the site that the lab tells of', () => {
    const told = world.vcenter.clusters.flatMap((cluster) =>
      cluster.hosts.map((host) => [
        cluster.name,
        host.name,
        host.address,
        host.service_tag,
        host.version,
        Number(host.build),
      ]),
    )
    const nameOf = (moid: string | null) => clusters.find((each) => each.moid === moid)?.name
    const read = hosts.map((host) => [
      nameOf(host.cluster_moid),
      host.name,
      host.management_ip,
      host.serial_number,
      host.esxi_version,
      host.build,
    ])
    expect(read.sort()).toEqual(told.sort())
    expect(session.about.api_type).toBe('VirtualCenter')
  })

  test('every fact that the rules need was told', () => {
    for (const host of hosts) {
      expect(host).toMatchObject({
        connection_state: 'connected',
        in_maintenance_mode: false,
        entering_maintenance: false,
      })
      const needed = [
        host.in_quarantine,
        host.overall_status,
        host.ha_state,
        host.cpu_mhz,
        host.memory_mb,
        host.boot_time,
      ]
      expect(needed.every((each) => each !== null)).toBe(true)
      expect([host.services, host.nics, host.alarms, host.vm_moids, host.service_system_moid]).not.toContain(null)
    }
  })

  test('VMs are those of the lab, and the rules get a whole picture', async () => {
    const state = await world.state()
    for (const cluster of clusters) {
      const overview = await readClusterOverview(session, cluster.moid)
      if (overview === null) throw new Error('no cluster')
      const facts = clusterForRules(
        { ...overview, host_id: (moid) => moid },
        {
          id: cluster.moid,
          evacuation_checks: null,
          vsan_health: null,
          vsan_resync_bytes: null,
          vsan_what_ifs: null,
          lease_held_by_job_id: null,
        },
      )
      for (const host of facts.hosts ?? []) {
        const told = state.hosts
          .find((each) => each.name === host.name)
          ?.vms.map((each) => `${each.name} ${each.power}`)
        const read = host.vms?.filter((each) => !each.is_service_vm).map((each) => `${each.name} ${each.power_state}`)
        expect(read?.sort()).toEqual(told?.sort())
        expect(host.vms?.every((each) => each.pins !== null && each.drs_behavior !== null)).toBe(true)
      }
      expect(facts.hosts).toHaveLength(cluster.host_moids?.length ?? -1)
      expect([facts.cpu_demand_mhz, facts.memory_used_mb, facts.rules, facts.vsan_enabled]).not.toContain(null)
    }
  })

  test('the account has all privileges', async () => {
    expect(await readMissingPrivileges(session)).toEqual([])
  })

  test('a host that vCenter does not know is null', async () => {
    expect(await readHost(session, 'host-999999')).toBeNull()
    expect(await readCluster(session, 'domain-c999999')).toBeNull()
    expect(await readTask(session, 'task-999999')).toMatchObject({ state: 'vanished' })
  })

  test('a wrong password is refused once', async () => {
    expect(await failureOf(world.login('wrong'))).toMatchObject({ code: 'AuthFailed', unclear: false })
  })
})

describe('datastores', () => {
  const browse = async (store: DatastoreFacts, path: string, recursive: boolean) => {
    const request = {
      browser_moid: store.browser_moid ?? '',
      datastore: store.name,
      path,
      patterns: ['*.zip', '*.iso'],
      recursive,
    }
    return readBrowseResult(await endOfTask(session, await startBrowse(session, request)))
  }
  const store = (): DatastoreFacts => {
    const found = datastores.find((each) => world.site.esxi_depots[0]?.depot_path.includes(`/${each.name}/`))
    if (found === undefined) throw new Error('no datastore with depots')
    return found
  }

  test('a search finds the depots where the hosts see them', async () => {
    const files = await browse(store(), '', true)
    expect(files?.map((each) => each.host_path).sort()).toEqual(
      world.site.esxi_depots.map((each) => each.depot_path).sort(),
    )
    expect(files?.every((each) => each.kind === 'zip' && (each.size_bytes ?? 0) > 0)).toBe(true)
  })

  test('a folder that is not there is NotFound', async () => {
    const request = {
      browser_moid: store().browser_moid ?? '',
      datastore: store().name,
      path: 'nowhere',
      patterns: ['*'],
      recursive: false,
    }
    const outcome = await startBrowse(session, request).then(
      async (moid) => (await endOfTask(session, moid)).error?.code,
      (error: unknown) => (error instanceof DeviceError ? error.code : 'other'),
    )
    expect(outcome).toBe('NotFound')
  })

  test('an uploaded file is there afterwards with its size', async () => {
    const datacenter = (await readDatacenter(session, store().moid))?.path
    if (datacenter === undefined) throw new Error('no datacenter')
    const bytes = Buffer.from(createHash('sha512').update('depot').digest('hex').repeat(500))
    const body = {
      length: bytes.length,
      open: async function* () {
        yield bytes.subarray(0, 1_000)
        yield bytes.subarray(1_000)
      },
    }
    await uploadFile(session, { datacenter, datastore: store().name, path: 'uploads test/a b.zip', body })
    expect(await browse(store(), 'uploads test', false)).toMatchObject([{ name: 'a b.zip', size_bytes: bytes.length }])
  })
})

describe('maintenance', () => {
  test('moves the VMs away, and the host comes back', async () => {
    const host = hostAt(0)
    expect(await askEvacuation(session, host.cluster_moid ?? '', [host.moid])).toMatchObject({
      supported: true,
      evacuable_host_moids: [host.moid],
      vm_faults: [],
    })
    const task = await enterMaintenance(session, host.moid, { timeout_seconds: 3_600, evacuate_powered_off: false })
    const entering = await fresh(host.moid)
    expect(entering).toMatchObject({ in_maintenance_mode: false, entering_maintenance: true, entering_task_moid: task })
    expect(await endOfTask(session, task)).toMatchObject({
      state: 'success',
      description_id: 'HostSystem.enterMaintenanceMode',
    })
    const inside = await fresh(host.moid)
    expect(inside).toMatchObject({ in_maintenance_mode: true, entering_maintenance: false })
    const left = await readVms(session, inside.vm_moids ?? [])
    expect(left.filter((each) => each.power_state === 'poweredOn' && !each.is_service_vm)).toEqual([])
    expect(await inLab(host.name)).toMatchObject({ in_maintenance: true })
    const again = enterMaintenance(session, host.moid, { timeout_seconds: 60, evacuate_powered_off: false })
    expect(await failureOf(again)).toMatchObject({ code: 'StateConflict', facts: { message_id: 'InvalidState' } })
    const exit = await exitMaintenance(session, host.moid, { timeout_seconds: 600 })
    expect(await endOfTask(session, exit)).toMatchObject({ state: 'success' })
    expect(await fresh(host.moid)).toMatchObject({ in_maintenance_mode: false })
    await until('the HA agent', async () =>
      ['master', 'connectedToMaster'].includes((await fresh(host.moid)).ha_state ?? ''),
    )
  })

  test('an entering host whose task is cancelled serves again', async () => {
    await world.lab.control('POST', '/lab/speed', { factor: 20 })
    const host = hostAt(1)
    const task = await enterMaintenance(session, host.moid, { timeout_seconds: 3_600, evacuate_powered_off: false })
    expect(await cancelTask(session, task)).toBe('requested')
    const ended = await endOfTask(session, task)
    expect(ended).toMatchObject({ state: 'error', error: { fault: 'RequestCanceled', code: 'Cancelled' } })
    expect(await fresh(host.moid)).toMatchObject({ in_maintenance_mode: false, entering_maintenance: false })
    expect(await cancelTask(session, task)).toBe('already_ended')
    await world.lab.control('POST', '/lab/speed', { factor: 200 })
  })

  test('a host that serves is not rebooted; in maintenance it is, and shows a newer boot time', async () => {
    const host = hostAt(2)
    const { boot_count } = await inLab(host.name)
    expect(await failureOf(rebootHost(session, host.moid))).toMatchObject({ code: 'StateConflict', unclear: false })
    await endOfTask(
      session,
      await enterMaintenance(session, host.moid, { timeout_seconds: 3_600, evacuate_powered_off: false }),
    )
    await endOfTask(session, await rebootHost(session, host.moid))
    const back = await until('the host', async () => {
      const now = await fresh(host.moid)
      return now.connection_state === 'connected' && now.boot_time !== host.boot_time ? now : null
    })
    expect(Date.parse(back.boot_time ?? '')).toBeGreaterThan(Date.parse(host.boot_time ?? ''))
    expect(back).toMatchObject({ in_maintenance_mode: true, serial_number: host.serial_number })
    expect((await inLab(host.name)).boot_count).toBe(boot_count + 1)
    await endOfTask(session, await exitMaintenance(session, host.moid, { timeout_seconds: 600 }))
  })
})

describe('changes', () => {
  test('the SSH service is started and stopped', async () => {
    const host = hostAt(3)
    const system = host.service_system_moid ?? ''
    await startSsh(session, system)
    await startSsh(session, system)
    expect(await fresh(host.moid)).toMatchObject({ ssh_running: true })
    expect(await inLab(host.name)).toMatchObject({ ssh_enabled: true })
    await stopSsh(session, system)
    expect(await fresh(host.moid)).toMatchObject({ ssh_running: false })
  })

  test('DPM and admission control are borrowed and given back, nothing else changes', async () => {
    const before = clusters.find((each) => each.dpm.enabled === true)
    if (before === undefined) throw new Error('no cluster with DPM')
    const set = async (dpm_enabled: boolean, ha_admission_control_enabled: boolean) => {
      const task = await setCluster(session, before.moid, { dpm_enabled, ha_admission_control_enabled })
      expect(await endOfTask(session, task)).toMatchObject({ state: 'success' })
      return readCluster(session, before.moid)
    }
    const off = await set(false, false)
    expect(off?.dpm.enabled).toBe(false)
    expect(off?.ha).toEqual({ ...before.ha, admission_control_enabled: false })
    const back = await set(true, true)
    expect([back?.dpm, back?.ha, back?.drs]).toEqual([before.dpm, before.ha, before.drs])
  })

  test('a VM is moved by hand to the host that DRS rates best', async () => {
    const source = await fresh(hostAt(3).moid)
    const [vm] = await readVms(session, source.vm_moids ?? [])
    if (vm === undefined) throw new Error('no VM')
    const ratings = await recommendHosts(session, source.cluster_moid ?? '', vm.moid)
    const target = ratings.find((each) => each.host_moid !== source.moid)
    if (target === undefined) throw new Error('no host was recommended')
    expect(await endOfTask(session, await migrateVm(session, vm.moid, target.host_moid))).toMatchObject({
      state: 'success',
    })
    expect((await readVms(session, [vm.moid]))[0]?.host_moid).toBe(target.host_moid)
  })
})

describe('faults on the way', () => {
  const rule = (body: Record<string, unknown>) => world.lab.control<{ id: string }>('POST', '/lab/faults', body)

  test('a lost answer to a mutation is unclear, and the state tells', async () => {
    const host = hostAt(4)
    await rule({
      selector: { device: world.vcenter.name, path: '*EnterMaintenanceMode_Task*' },
      action: 'drop_answer',
      remaining: 1,
    })
    const entering = enterMaintenance(session, host.moid, { timeout_seconds: 3_600, evacuate_powered_off: false })
    expect(await failureOf(entering)).toMatchObject({ unclear: true })
    await until('the host', async () => {
      const now = await fresh(host.moid)
      return now.entering_maintenance === true || now.in_maintenance_mode === true
    })
    await until('maintenance', async () => (await fresh(host.moid)).in_maintenance_mode)
    await endOfTask(session, await exitMaintenance(session, host.moid, { timeout_seconds: 600 }))
  })

  const spoil = (action: string, remaining: number, more: Record<string, unknown>) =>
    rule({ selector: { device: world.vcenter.name, path: '*CurrentTime*' }, action, remaining, ...more })

  test.each([
    ['status', { code: 503 }, 1],
    ['reset', { after_bytes: 0 }, 2],
    ['truncate', {}, 2],
  ])('an answer spoilt by %s does not pass for one', async (action, more, times) => {
    await spoil(action, times, more)
    const error = await failureOf(session.keepAlive())
    expect(['VcenterUnreachable', 'ProtocolError']).toContain(error.code)
    expect(error.unclear).toBe(true)
    await session.keepAlive()
  })

  test('a read survives one broken connection', async () => {
    await spoil('reset', 1, { after_bytes: 0 })
    await session.keepAlive()
  })
})
