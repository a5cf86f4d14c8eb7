import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { child, childrenNamed, childText, type XmlElement } from '../../lab/vcenter/xml-read.js'
import { until } from './small-lab.js'
import { propertiesOf, VcenterClient } from './vcenter-client.js'
import { type VsphereSite, vsphereSite } from './vcenter-site.js'

let site: VsphereSite
beforeAll(async () => {
  site = await vsphereSite()
})
afterAll(() => site.stop())
beforeEach(async () => {
  await fetch(`${site.running.url}/lab/reset`, { method: 'POST' })
  site.client.cookie = undefined
  await site.client.login(site.vcenter.username, site.vcenter.password)
})

const hosts = (cluster: string) => site.running.lab.state.hosts.filter((host) => host.cluster === cluster)
const firstHost = (cluster = 'Prod-A') => {
  const host = hosts(cluster)[0]
  if (!host) throw new Error('no host')
  return host
}
const VIEW_SPEC = (view: string, types: string[], paths: string) =>
  `<specSet>${types.map((type) => `<propSet><type>${type}</type>${paths}</propSet>`).join('')}<objectSet><obj type="ContainerView">${view}</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></specSet>`

describe('sessions of the simulated vCenter', () => {
  it('shows the service content without a login and refuses property reads', async () => {
    const stranger = new VcenterClient(site.vcenter.address, site.vcenter.port)
    const content = await stranger.value('ServiceInstance', 'ServiceInstance', 'RetrieveServiceContent')
    expect(childText(child(content, 'about'), 'apiType')).toBe('VirtualCenter')
    const read = await stranger.call('PropertyCollector', 'propertyCollector', 'RetrievePropertiesEx', '<options/>')
    expect([read.status, read.body.xsiType]).toEqual([500, 'NotAuthenticated'])
    const versions = await stranger.send('GET', '/sdk/vimServiceVersions.xml')
    expect(versions.raw).toContain('<version>8.0.2.0</version>')
  })

  it('refuses a wrong password as InvalidLogin and tells the judge', async () => {
    const stranger = new VcenterClient(site.vcenter.address, site.vcenter.port)
    const answer = await stranger.login(
      site.vcenter.username,
      'wrong & <odd>'.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    )
    expect([answer.status, answer.body.name, answer.body.xsiType]).toEqual([500, 'InvalidLoginFault', 'InvalidLogin'])
    expect(site.running.lab.state.history.failed_logins[site.vcenter.name]?.max_60s).toBe(1)
  })

  it('quotes the cookie and ends the session at logout', async () => {
    expect(site.client.cookie).toMatch(/^vmware_soap_session="[0-9a-f]+"$/)
    await site.client.call('SessionManager', 'SessionManager', 'Logout')
    const after = await site.client.call('ServiceInstance', 'ServiceInstance', 'CurrentTime')
    expect(after.body.xsiType).toBe('NotAuthenticated')
  })
})

describe('the property collector', () => {
  it('reads hosts and clusters through one view, page by page', async () => {
    const view = await site.client.value(
      'ViewManager',
      'ViewManager',
      'CreateContainerView',
      '<container type="Folder">group-d1</container><type>HostSystem</type><type>ClusterComputeResource</type><recursive>true</recursive>',
    )
    const spec = VIEW_SPEC(view.text, ['HostSystem', 'ClusterComputeResource'], '<pathSet>name</pathSet>')
    const names: string[] = []
    let page = await site.client.value(
      'PropertyCollector',
      'propertyCollector',
      'RetrievePropertiesEx',
      `${spec}<options><maxObjects>3</maxObjects></options>`,
    )
    for (;;) {
      const objects = childrenNamed(page, 'objects')
      expect(objects.length).toBeLessThanOrEqual(3)
      names.push(...objects.map((object) => propertiesOf(object).name?.text ?? ''))
      const token = childText(page, 'token')
      if (!token) break
      page = await site.client.value(
        'PropertyCollector',
        'propertyCollector',
        'ContinueRetrievePropertiesEx',
        `<token>${token}</token>`,
      )
    }
    expect(names.sort()).toEqual(['Edge-B', 'Prod-A', ...site.running.lab.state.hosts.map((host) => host.name)].sort())
  })

  it('changes what a list view shows, and names what it could not find', async () => {
    const named = (tag: string, ...ids: string[]) =>
      ids.map((id) => `<${tag} type="HostSystem">${id}</${tag}>`).join('')
    const [first, second] = hosts('Prod-A').map((host) => host.moid)
    const call = (id: string, method: string, args: string) => site.client.call('ListView', id, method, args)
    const shown = async (id: string) =>
      childrenNamed(
        (await site.client.properties('ListView', id, ['view'])).view as XmlElement,
        'ManagedObjectReference',
      ).map((one) => one.text)
    const view = await site.client.value('ViewManager', 'ViewManager', 'CreateListView', named('obj', first ?? ''))
    const reset = await call(view.text, 'ResetListView', named('obj', second ?? '', 'host-999'))
    expect(childrenNamed(reset.body, 'returnval').map((one) => one.text)).toEqual(['host-999'])
    expect(await shown(view.text)).toEqual([second])
    await call(view.text, 'ModifyListView', named('add', first ?? '') + named('remove', second ?? ''))
    expect(await shown(view.text)).toEqual([first])
    expect((await call('view-0', 'ResetListView', '')).body.xsiType).toBe('ManagedObjectNotFound')
  })

  it('gives nested values their types and leaves unset ones out', async () => {
    const host = firstHost()
    const found = await site.client.properties('HostSystem', host.moid, [
      'runtime.connectionState',
      'hardware.systemInfo.serialNumber',
      'summary.config.product.build',
      'vm',
      'config.vsanHostConfig',
    ])
    expect(found['runtime.connectionState']?.xsiType).toBe('HostSystemConnectionState')
    expect(found['hardware.systemInfo.serialNumber']?.text).toBe(host.service_tag)
    expect(found['summary.config.product.build']?.text).toBe(host.image.build)
    expect(found.vm?.xsiType).toBe('ArrayOfManagedObjectReference')
    expect(found.vm?.children[0]?.attributes.type).toBe('VirtualMachine')
    expect(found['config.vsanHostConfig']).toBeUndefined()
  })

  it('raises InvalidProperty for an unknown path and ManagedObjectNotFound for an unknown object', async () => {
    const read = (type: string, id: string, path: string) =>
      site.client.call(
        'PropertyCollector',
        'propertyCollector',
        'RetrievePropertiesEx',
        `<specSet><propSet><type>${type}</type><pathSet>${path}</pathSet></propSet><objectSet><obj type="${type}">${id}</obj></objectSet></specSet><options/>`,
      )
    expect((await read('HostSystem', firstHost().moid, 'summary.nonsense')).body.xsiType).toBe('InvalidProperty')
    expect((await read('Task', 'task-999999', 'info')).body.xsiType).toBe('ManagedObjectNotFound')
  })

  it('waits for a change and answers an empty body when there is none', async () => {
    const host = firstHost()
    const created = await site.client.value('PropertyCollector', 'propertyCollector', 'CreatePropertyCollector')
    const spec = `<spec><propSet><type>HostSystem</type><pathSet>runtime.inMaintenanceMode</pathSet></propSet><objectSet><obj type="HostSystem">${host.moid}</obj></objectSet></spec><partialUpdates>false</partialUpdates>`
    await site.client.value('PropertyCollector', created.text, 'CreateFilter', spec)
    const wait = (version: string, seconds: number) =>
      site.client.call(
        'PropertyCollector',
        created.text,
        'WaitForUpdatesEx',
        `<version>${version}</version><options><maxWaitSeconds>${seconds}</maxWaitSeconds></options>`,
      )
    const first = await wait('', 10)
    const version = childText(child(first.body, 'returnval'), 'version') ?? ''
    expect(first.raw).toContain('<kind>enter</kind>')
    expect((await wait(version, 1)).body.children).toEqual([])
    const waiting = wait(version, 3600)
    site.running.lab.setMaintenance(host, true)
    expect((await waiting).raw).toContain('<kind>modify</kind>')
    expect((await wait('nonsense', 1)).body.xsiType).toBe('InvalidCollectorVersion')
  })
})

describe('maintenance mode', () => {
  const enter = (moid: string, timeout = 3600) =>
    site.client.call(
      'HostSystem',
      moid,
      'EnterMaintenanceMode_Task',
      `<timeout>${timeout}</timeout><evacuatePoweredOffVms>false</evacuatePoweredOffVms>`,
    )
  const taskOf = async (moid: string, timeout?: number) =>
    child((await enter(moid, timeout)).body, 'returnval')?.text ?? ''

  it('lets DRS empty the host, then brings the VMs home after the exit', async () => {
    const { lab } = site.running
    const host = firstHost()
    const before = lab.find
      .vmsOn(host)
      .map((vm) => vm.moid)
      .sort()
    const task = await taskOf(host.moid)
    expect(host.in_maintenance).toBe(false)
    expect((await enter(host.moid)).body.xsiType).toBe('TaskInProgress')
    expect(await site.taskEnd(task)).toEqual({ state: 'success' })
    expect([host.in_maintenance, lab.find.vmsOn(host).length]).toEqual([true, 0])
    const targets = before.map((moid) => lab.find.vmByMoid(host.vcenter, moid)?.host)
    expect(new Set(targets).size).toBe(hosts('Prod-A').length - 1)
    expect((await enter(host.moid)).body.xsiType).toBe('InvalidState')
    const exit = await site.client.value('HostSystem', host.moid, 'ExitMaintenanceMode_Task', '<timeout>0</timeout>')
    expect(await site.taskEnd(exit.text)).toEqual({ state: 'success' })
    await until('the VMs are home', () => lab.find.vmsOn(host).length === before.length)
    expect(
      lab.find
        .vmsOn(host)
        .map((vm) => vm.moid)
        .sort(),
    ).toEqual(before)
    await until('the HA agent works', () => ['master', 'connectedToMaster'].includes(host.ha_state))
    expect(lab.state.vms.every((vm) => vm.home === null)).toBe(true)
  })

  it('times out with one pinned VM, says so in the what-if, and leaves the host in service', async () => {
    const { lab } = site.running
    const host = firstHost()
    const vm = lab.find.vmsOn(host)[0]
    if (!vm) throw new Error('no VM')
    vm.pins = ['passthrough']
    const cluster = lab.find.clusterOf(host)
    const answer = await site.client.value(
      'ClusterComputeResource',
      cluster.moid,
      'ClusterEnterMaintenanceMode',
      `<host type="HostSystem">${host.moid}</host>`,
    )
    expect(childrenNamed(answer, 'recommendations')).toEqual([])
    const byVm = child(child(answer, 'fault'), 'faultsByVm')
    expect(childText(byVm, 'vm')).toBe(vm.moid)
    expect(child(child(byVm, 'fault'), 'fault')?.xsiType).toBe('DisallowedMigrationDeviceAttached')
    expect(await site.taskEnd(await taskOf(host.moid, 600))).toEqual({ state: 'error', fault: 'Timedout' })
    expect([host.in_maintenance, host.entering_maintenance]).toEqual([false, null])
    expect(lab.find.vmsOn(host).map((one) => one.name)).toEqual([vm.name])
  })

  it('can be cancelled; DRS that is not automatic only recommends, and an applied recommendation moves the VM', async () => {
    const { lab } = site.running
    const host = firstHost()
    const cluster = lab.find.clusterOf(host)
    cluster.drs.mode = 'manual'
    const count = lab.find.vmsOn(host).length
    const task = await taskOf(host.moid)
    const found = await site.client.properties('ClusterComputeResource', cluster.moid, ['recommendation'])
    const keys = (found.recommendation?.children ?? []).map((one) => childText(one, 'key') ?? '')
    expect(keys).toHaveLength(count)
    await site.client.call('ClusterComputeResource', cluster.moid, 'ApplyRecommendation', `<key>${keys[0]}</key>`)
    await until('one VM left', () => lab.find.vmsOn(host).length === count - 1)
    expect((await site.client.call('Task', task, 'CancelTask')).status).toBe(200)
    expect(await site.taskEnd(task)).toEqual({ state: 'error', fault: 'RequestCanceled' })
    expect((await site.client.call('Task', task, 'CancelTask')).body.xsiType).toBe('InvalidState')
    expect(host.in_maintenance).toBe(false)
  })

  it('goes on after a restart of the lab in the middle of an evacuation', async () => {
    site.running.lab.clock.setSpeed(20)
    const name = firstHost().name
    const task = await taskOf(firstHost().moid)
    await until('a VM is on its way', () => site.running.lab.agenda.pending('vcenter.migration').length > 0)
    await site.restart()
    site.running.lab.clock.setSpeed(1000)
    expect(await site.taskEnd(task)).toEqual({ state: 'success' })
    expect(site.running.lab.find.host(name).in_maintenance).toBe(true)
  })
})

describe('reboot and services', () => {
  it('refuses a reboot outside maintenance, does one inside it, and shows the host lost and back', async () => {
    const { lab } = site.running
    const host = firstHost()
    const refused = await site.client.call('HostSystem', host.moid, 'RebootHost_Task', '<force>false</force>')
    expect([refused.status, refused.body.xsiType]).toEqual([500, 'InvalidState'])
    expect(host.boot_count).toBe(1)
    const entered = await site.client.value(
      'HostSystem',
      host.moid,
      'EnterMaintenanceMode_Task',
      '<timeout>0</timeout>',
    )
    await site.taskEnd(entered.text)
    const before = host.boot_time
    await site.client.value('HostSystem', host.moid, 'RebootHost_Task', '<force>false</force>')
    await until('lost', () => host.connection === 'notResponding')
    await until('back', () => host.connection === 'connected')
    expect([host.boot_count, host.in_maintenance, host.boot_time > before]).toEqual([2, true, true])
    expect(lab.state.history.host_reboots).toEqual([{ host: host.name, count: 1, with_vms: 0 }])
  })

  it('reconfigures the cluster incrementally and notes the change in the ledger as a mutation', async () => {
    const { lab } = site.running
    const cluster = lab.find.clusterOf(firstHost())
    const task = await site.client.value(
      'ClusterComputeResource',
      cluster.moid,
      'ReconfigureComputeResource_Task',
      '<spec xsi:type="ClusterConfigSpecEx"><dasConfig><admissionControlEnabled>false</admissionControlEnabled></dasConfig></spec><modify>true</modify>',
    )
    expect(await site.taskEnd(task.text)).toEqual({ state: 'success' })
    expect([cluster.ha.enabled, cluster.ha.admission_control.enabled, cluster.drs.enabled]).toEqual([true, false, true])
    const rows = lab.ledger.read({ since: 0, mutations: true })
    expect(rows.map((row) => [row.device, row.kind, row.path])).toEqual([
      [site.vcenter.name, 'soap', 'ReconfigureComputeResource_Task'],
    ])
  })
})

describe('vSAN', () => {
  it('tells health and resync of a vSAN cluster, and that another is none', async () => {
    const cluster = site.running.lab.find.clusterOf(firstHost())
    const args = `<cluster type="ClusterComputeResource">${cluster.moid}</cluster>`
    const health = () =>
      site.client.call(
        'VsanVcClusterHealthSystem',
        'vsan-cluster-health-system',
        'VsanQueryVcClusterHealthSummary',
        args,
        '/vsanHealth',
      )
    expect((await health()).body.xsiType).toBe('VsanFault')
    cluster.vsan = { enabled: true, resyncing_objects: 3 }
    const answer = await health()
    expect(answer.raw).toContain('xmlns="urn:vsan"')
    expect(childText(child(answer.body, 'returnval'), 'overallHealth')).toBe('yellow')
    const sync = await site.client.call(
      'VsanObjectSystem',
      'vsan-cluster-object-system',
      'QuerySyncingVsanObjectsSummary',
      args,
      '/vsanHealth',
    )
    expect(childText(child(sync.body, 'returnval'), 'totalObjectsToSync')).toBe('3')
  })
})

describe('datastores', () => {
  it('finds depots by pattern in all folders', async () => {
    const { lab } = site.running
    const datastore = lab.find.datastore(site.vcenter.name, firstHost().datastores[0] ?? '')
    const spec = `<datastorePath>[${datastore.name}]</datastorePath><searchSpec><details><fileType>true</fileType><fileSize>true</fileSize><modification>true</modification></details><matchPattern>*.zip</matchPattern></searchSpec>`
    const task = await site.client.value(
      'HostDatastoreBrowser',
      `datastoreBrowser-${datastore.moid}`,
      'SearchDatastoreSubFolders_Task',
      spec,
    )
    expect(await site.taskEnd(task.text)).toEqual({ state: 'success' })
    const { info } = await site.client.properties('Task', task.text, ['info'])
    const result = child(info, 'result')
    expect(result?.xsiType).toBe('ArrayOfHostDatastoreBrowserSearchResults')
    const files = (result?.children ?? []).flatMap((folder) =>
      childrenNamed(folder, 'file')
        .filter((file) => file.xsiType !== 'FolderFileInfo')
        .map((file) => `${childText(folder, 'folderPath')}${childText(file, 'path')}`),
    )
    expect(files.sort()).toEqual(
      datastore.files
        .filter((file) => file.path.endsWith('.zip'))
        .map((file) => `[${datastore.name}] ${file.path}`)
        .sort(),
    )
  })

  it('stores an uploaded file with its hash, and refuses one without a session', async () => {
    const { lab } = site.running
    const datastore = lab.find.datastore(site.vcenter.name, firstHost().datastores[0] ?? '')
    const path = `/folder/up/new.zip?dcPath=${encodeURIComponent(site.vcenter.datacenter.name)}&dsName=${encodeURIComponent(datastore.name)}`
    const stranger = new VcenterClient(site.vcenter.address, site.vcenter.port)
    expect((await stranger.send('PUT', path, 'abc')).status).toBe(401)
    expect((await site.client.send('PUT', path, 'abc')).status).toBe(201)
    expect(datastore.files.find((file) => file.path === 'up/new.zip')).toMatchObject({
      size_bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
  })

  it('keeps the half of a file whose client breaks off', async () => {
    const { lab } = site.running
    const datastore = lab.find.datastore(site.vcenter.name, firstHost().datastores[0] ?? '')
    const path = `/folder/up/half.zip?dcPath=${encodeURIComponent(site.vcenter.datacenter.name)}&dsName=${encodeURIComponent(datastore.name)}`
    await site.client.breakOff(path, Buffer.alloc(1000), 5000)
    await until('the half', () => datastore.files.some((file) => file.path === 'up/half.zip'))
    expect(datastore.files.find((file) => file.path === 'up/half.zip')?.size_bytes).toBe(1000)
    const row = lab.ledger.read({ since: 0, mutations: true }).at(-1)
    expect([row?.status, row?.effect]).toEqual([0, expect.stringContaining('broken off')])
  })
})
