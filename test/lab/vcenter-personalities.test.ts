import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setSshService } from '../../lab/esxi/ssh-service.js'
import type { SimHost } from '../../lab/model-vsphere.js'
import { child, childrenNamed, childText } from '../../lab/vcenter/xml-read.js'
import { HostShell } from './esxi-client.js'
import { until } from './small-lab.js'
import { type VsphereSite, vsphereSite } from './vcenter-site.js'

let site: VsphereSite
let host: SimHost
let shell: HostShell | undefined

beforeAll(async () => {
  site = await vsphereSite()
})
afterAll(() => site.stop())
beforeEach(async () => {
  await fetch(`${site.running.url}/lab/reset`, { method: 'POST' })
  site.running.lab.clock.setSpeed(1000)
  site.client.cookie = undefined
  await site.client.login(site.vcenter.username, site.vcenter.password)
  host = site.running.lab.state.hosts.find((one) => one.cluster === 'Prod-A') as SimHost
})
afterEach(() => {
  shell?.end()
  shell = undefined
})

async function become(personality: string, device = host.name): Promise<void> {
  const answer = await fetch(`${site.running.url}/lab/faults`, {
    method: 'POST',
    body: JSON.stringify({ selector: { device }, action: 'personality', name: personality }),
  })
  expect(answer.status).toBe(201)
}
const enter = async (timeout: number): Promise<string> => {
  const args = `<timeout>${timeout}</timeout>`
  return (await site.client.value('HostSystem', host.moid, 'EnterMaintenanceMode_Task', args)).text
}
async function connect(): Promise<HostShell> {
  await setSshService(site.running.lab, host, true)
  shell = await HostShell.connect(host)
  return shell
}
function update(options = ''): string {
  const depot = site.running.lab.state.depots.find((one) => one.depot_path.includes('update03'))
  return `esxcli software profile update -d ${depot?.depot_path} -p ${depot?.profiles[0]?.name} ${options}`
}
const boot = async (): Promise<void> => {
  const { lab } = site.running
  lab.setMaintenance(host, true)
  for (const vm of [...lab.find.vmsOn(host)]) vm.power = 'poweredOff'
  lab.lifecycle.rebootHost(host, 'test')
  await until('it boots', () => host.boot_count === 2 && lab.lifecycle.hostIsUp(host))
}

describe('personalities of hosts towards vCenter', () => {
  it('evacuation_hangs: nothing moves, and the task times out', async () => {
    await become('evacuation_hangs')
    const vms = site.running.lab.find.vmsOn(host).length
    expect(await site.taskEnd(await enter(900))).toEqual({ state: 'error', fault: 'Timedout' })
    expect(site.running.lab.find.vmsOn(host)).toHaveLength(vms)
  })

  it('vm_cannot_move: one VM stays, shows a passthrough device, and the what-if names it', async () => {
    await become('vm_cannot_move')
    const cluster = site.running.lab.find.clusterOf(host)
    const args = `<host type="HostSystem">${host.moid}</host>`
    const answer = await site.client.value('ClusterComputeResource', cluster.moid, 'ClusterEnterMaintenanceMode', args)
    const blocked = childrenNamed(child(answer, 'fault'), 'faultsByVm').map((one) => childText(one, 'vm') ?? '')
    expect(blocked).toHaveLength(1)
    const found = await site.client.properties('VirtualMachine', blocked[0] ?? '', ['config.hardware.device'])
    const types = found['config.hardware.device']?.children.map((device) => device.xsiType)
    expect(types).toContain('VirtualPCIPassthrough')
    expect(await site.taskEnd(await enter(900))).toEqual({ state: 'error', fault: 'Timedout' })
    expect(site.running.lab.find.vmsOn(host).map((vm) => vm.moid)).toEqual(blocked)
  })

  it('ha_agent_error: the agent stays in error after the exit until it is configured again', async () => {
    await become('ha_agent_error')
    await site.taskEnd(await enter(0))
    await site.client.value('HostSystem', host.moid, 'ExitMaintenanceMode_Task', '<timeout>0</timeout>')
    await until('the error', () => host.ha_state === 'initializationError')
    await site.client.value('HostSystem', host.moid, 'ReconfigureHostForDAS_Task')
    await until('the agent', () => host.ha_state === 'connectedToMaster' || host.ha_state === 'master')
  })

  it('needs_reconnect: the host stays away until it is reconnected', async () => {
    await become('needs_reconnect')
    await boot()
    expect(host.connection).toBe('notResponding')
    const task = await site.client.value('HostSystem', host.moid, 'ReconnectHost_Task')
    expect(await site.taskEnd(task.text)).toEqual({ state: 'success' })
    expect(host.connection).toBe('connected')
  })

  it('session_expires: calls are NotAuthenticated after a while, and a new login helps', async () => {
    site.running.lab.clock.setSpeed(1)
    const rule = { selector: { device: site.vcenter.name }, action: 'personality', name: 'session_expires' }
    await fetch(`${site.running.url}/lab/faults`, { method: 'POST', body: JSON.stringify(rule) })
    site.running.lab.clock.setSpeed(100_000)
    await until('the session is over', () => site.running.lab.clock.now() > 0)
    for (;;) {
      const answer = await site.client.call('ServiceInstance', 'ServiceInstance', 'CurrentTime')
      if (answer.body.xsiType === 'NotAuthenticated') break
    }
    site.running.lab.clock.setSpeed(1)
    expect((await site.client.login(site.vcenter.username, site.vcenter.password)).status).toBe(200)
  })
})

describe('personalities of hosts over SSH', () => {
  it('ssh_disabled_by_lockdown: the service does not start, and vCenter says why', async () => {
    await become('ssh_disabled_by_lockdown')
    const system = `serviceSystem-${host.moid.replace('host-', '')}`
    const answer = await site.client.call('HostServiceSystem', system, 'StartService', '<id>TSM-SSH</id>')
    expect(answer.body.xsiType).toBe('HostConfigFault')
    const found = await site.client.properties('HostSystem', host.moid, ['config.lockdownMode'])
    expect(found['config.lockdownMode']?.text).toBe('lockdownStrict')
  })

  it.each([
    ['dependency_error', '[DependencyError]'],
    ['acceptance_error', '[AcceptanceConfigError]'],
    ['hardware_warning', '--no-hardware-warning'],
  ])('%s: the dry run says so', async (personality, text) => {
    await become(personality)
    const result = await (await connect()).exec(update('--dry-run'))
    expect([result.code, result.out]).toEqual([1, expect.stringContaining(text)])
    expect(result.out.startsWith(' [')).toBe(true)
  })

  it('hardware_warning: the flag lets the update through', async () => {
    await become('hardware_warning')
    const result = await (await connect()).exec(update('--dry-run --no-hardware-warning'))
    expect([result.code, result.out]).toEqual([0, expect.stringContaining('Dryrun only')])
  })

  it('no_space: the transaction fails in the middle, nothing waits for the boot, the judge excuses it', async () => {
    const { lab } = site.running
    await become('no_space')
    lab.setMaintenance(host, true)
    const result = await (await connect()).exec(update())
    expect([result.code, result.out]).toEqual([1, expect.stringContaining('[Errno 28] No space left on device')])
    expect([host.pending_image, host.update_running_until]).toEqual([null, null])
    expect(lab.state.history.esxi_updates).toMatchObject([{ count: 1, excused: 1 }])
  })

  it('ssh_lost_mid_update: the connection goes, the update does not', async () => {
    const { lab } = site.running
    await become('ssh_lost_mid_update')
    lab.setMaintenance(host, true)
    lab.clock.setSpeed(200)
    const result = await (await connect()).exec(update())
    expect(result.code).toBeNull()
    expect(host.update_running_until).not.toBeNull()
    lab.clock.setSpeed(2000)
    await until('it is done', () => host.pending_image !== null)
  })

  it('esximage_locked: every image command hangs, others answer', async () => {
    await become('esximage_locked')
    const open = await connect()
    expect((await open.exec('esxcli system version get')).code).toBe(0)
    site.running.lab.clock.setSpeed(1)
    let ended = false
    void open.exec('esxcli software profile get').then(() => {
      ended = true
    })
    await until('it runs', () => JSON.stringify(host.face.processes).includes('profile get'))
    const second = await HostShell.connect(host)
    expect((await second.exec('ps -c | grep esxcli-software | grep -v grep')).out).toContain('profile get')
    second.end()
    expect(ended).toBe(false)
  })

  it('image_rolled_back and host_key_changes: the old build boots, under another key', async () => {
    await become('image_rolled_back')
    await become('host_key_changes')
    const before = (await connect()).fingerprint
    host.pending_image = { ...host.image, build: '99999999' }
    await boot()
    expect([host.image.build === '99999999', host.pending_image]).toEqual([false, null])
    expect((await connect()).fingerprint).not.toBe(before)
  })
})
