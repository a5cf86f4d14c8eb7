import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LabState } from '../../scripts/demo/lab-client.js'
import { type LabProcess, startLab } from '../helpers/lab-process.js'
import { describeWith, pathOf } from './parts/part.js'
import { pythonTools, runPython } from './parts/python.js'

/** The simulated vCenter judged by pyVmomi, VMware's own client, which shares no code with ours, the lab or govmomi. */
const tools = await pythonTools()

interface Found {
  [fact: string]: unknown
  files: [string, string, number][]
  tasks: [string, string][]
}

describeWith([tools], 'pyVmomi and the simulated vCenter', () => {
  let lab: LabProcess
  beforeAll(async () => {
    lab = await startLab({ LAB_SITE: 'small' })
  })
  afterAll(() => lab?.stop())

  test("its inventory is the site, its maintenance mode and its tasks are the lab's", async () => {
    const vcenter = lab.site.vcenters[0]
    const host = vcenter?.clusters[0]?.hosts[0]
    if (!vcenter || !host) throw new Error('the site has no host')
    const store = lab.site.esxi_depots[0]?.depot_path.split('/')[3] ?? ''
    const before = await lab.control<LabState>('GET', '/lab/state')
    const { address, port, username, password } = vcenter
    const found = await runPython<Found>(pathOf(tools), 'vcenter_judge.py', [
      address,
      String(port),
      username,
      password,
      host.name,
      store,
    ])

    expect(found.wrong_password).toBe('InvalidLogin')
    expect(found.about).toEqual(['VMware vCenter Server', '8.0.3.0', 'VirtualCenter'])
    const told = vcenter.clusters.flatMap((cluster) => cluster.hosts)
    expect(found.hosts).toEqual(
      told.map((each) => [each.name, each.version, each.build, each.service_tag, false, 'connected']).sort(),
    )
    expect([found.pages, found.missing]).toEqual([Math.ceil(told.length / 2), 0])
    expect(found.clusters).toEqual(vcenter.clusters.map((each) => [each.name, each.hosts.length, true, true]).sort())
    const vms = before.hosts.flatMap((each) => each.vms.map((vm) => [vm.name, vm.power, each.name]))
    expect(found.vms).toEqual(expect.arrayContaining(vms))
    const depots = lab.site.esxi_depots.map((each) => each.depot_path.split('/').at(-1))
    expect(found.files.map(([, name]) => name).sort()).toEqual(depots.sort())
    expect(found.files.every(([, , size]) => size > 0)).toBe(true)

    expect(found.list_view).toEqual([1, 1])
    expect([found.entered, found.in_maintenance, found.enter_again]).toEqual(['success', [true, 0], 'InvalidState'])
    expect([found.exited, found.out_again, found.after_logout]).toEqual(['success', true, 'NotAuthenticated'])
    expect(found.tasks).toEqual([
      ['HostSystem.enterMaintenanceMode', 'success'],
      ['HostSystem.exitMaintenanceMode', 'success'],
    ])
    const after = await lab.control<LabState>('GET', '/lab/state')
    const now = after.hosts.find((each) => each.name === host.name)
    expect([now?.in_maintenance, now?.boot_count]).toEqual([
      false,
      before.hosts.find((each) => each.name === host.name)?.boot_count,
    ])
  })
})
