import { describe, expect, test } from 'vitest'
import { readClusterContent } from '../../clients/vsphere/cluster-reading.js'
import { readBrowseResult } from '../../clients/vsphere/datastore-browse.js'
import type { DatastoreFacts } from '../../clients/vsphere/datastore-facts.js'
import { readDatastoreContent } from '../../clients/vsphere/datastore-reading.js'
import { folderUrl } from '../../clients/vsphere/datastore-upload.js'
import { cleanIdentifier } from '../../clients/vsphere/hardware-identity.js'
import { decodeName, readHostContent } from '../../clients/vsphere/host-reading.js'
import { type ObjectContent, readObjectContent } from '../../clients/vsphere/object-content.js'
import { readXml } from '../../clients/vsphere/soap-reader.js'
import type { TaskState } from '../../clients/vsphere/task-state.js'
import { findPins } from '../../clients/vsphere/vm-pins.js'
import { readVmContent } from '../../clients/vsphere/vm-reading.js'

const AT = '2026-01-01T00:00:00.000Z'

/** An object as RetrievePropertiesEx returns it: `values` are the whole `val` elements without their name. */
function content(type: string, moid: string, values: Record<string, string>, missing: string[] = []): ObjectContent {
  const sets = Object.entries(values).map(([name, value]) => `<propSet><name>${name}</name>${value}</propSet>`)
  const refused = missing.map(
    (path) => `<missingSet><path>${path}</path><fault><fault xsi:type="NoPermission"/></fault></missingSet>`,
  )
  const xml = `<objects xmlns:xsi="x"><obj type="${type}">${moid}</obj>${sets.join('')}${refused.join('')}</objects>`
  const read = readObjectContent(readXml(xml))
  if (read === null) throw new Error('no object')
  return read
}

const text = (value: string | number | boolean, type = 'xsd:string') => `<val xsi:type="${type}">${value}</val>`
const ref = (type: string, value: string) => `<val type="${type}" xsi:type="ManagedObjectReference">${value}</val>`
const refs = (type: string, ...ids: string[]) =>
  `<val xsi:type="ArrayOfManagedObjectReference">${ids
    .map((id) => `<ManagedObjectReference type="${type}">${id}</ManagedObjectReference>`)
    .join('')}</val>`

const identifier = (key: string, value: string) =>
  `<otherIdentifyingInfo><identifierValue>${value}</identifierValue><identifierType><label>x</label><key>${key}</key>` +
  '</identifierType></otherIdentifyingInfo>'

const HOST = {
  name: text('esx01.lab'),
  parent: ref('ClusterComputeResource', 'domain-c8'),
  overallStatus: text('yellow', 'ManagedEntityStatus'),
  'runtime.connectionState': text('connected', 'HostSystemConnectionState'),
  'runtime.powerState': text('poweredOn', 'HostSystemPowerState'),
  'runtime.inMaintenanceMode': text(false, 'xsd:boolean'),
  'runtime.bootTime': text('2026-01-01T10:00:00.123Z', 'xsd:dateTime'),
  'runtime.inQuarantineMode': text(false, 'xsd:boolean'),
  'runtime.dasHostState': '<val xsi:type="ClusterDasFdmHostState"><state>connectedToMaster</state></val>',
  'runtime.stateEncryption':
    '<val xsi:type="HostRuntimeInfoStateEncryptionInfo"><protectionMode>tpm</protectionMode><requireSecureBoot>true</requireSecureBoot></val>',
  'summary.config.product':
    '<val xsi:type="AboutInfo"><name>VMware ESXi</name><version>8.0.3</version><build>24280767</build></val>',
  'summary.hardware':
    '<val xsi:type="HostHardwareSummary"><vendor>Dell Inc.</vendor><model>PowerEdge R750</model>' +
    `<uuid>4C4C4544-0054-5310-8030-B7C04F373530</uuid>${identifier('AssetTag', ' No Asset Tag')}` +
    `${identifier('EnclosureSerialNumberTag', 'CHASSIS1')}${identifier('ServiceTag', ' tst0750 ')}` +
    '<memorySize>549755813888</memorySize><cpuMhz>2893</cpuMhz><numCpuCores>32</numCpuCores></val>',
  'summary.quickStats':
    '<val xsi:type="HostListSummaryQuickStats"><overallCpuUsage>5120</overallCpuUsage><overallMemoryUsage>204800</overallMemoryUsage></val>',
  'summary.rebootRequired': text(false, 'xsd:boolean'),
  'config.virtualNicManagerInfo.netConfig':
    '<val xsi:type="ArrayOfVirtualNicManagerNetConfig">' +
    '<VirtualNicManagerNetConfig><nicType>vmotion</nicType><candidateVnic><key>vmotion.vmk1</key><spec><ip><ipAddress>10.9.9.9</ipAddress></ip></spec></candidateVnic><selectedVnic>vmotion.vmk1</selectedVnic></VirtualNicManagerNetConfig>' +
    '<VirtualNicManagerNetConfig><nicType>management</nicType>' +
    '<candidateVnic><key>management.vmk1</key><spec><ip><ipAddress>10.1.1.1</ipAddress></ip></spec></candidateVnic>' +
    '<candidateVnic><key>management.vmk0</key><spec><ip><ipAddress>10.0.0.11</ipAddress></ip></spec></candidateVnic>' +
    '<selectedVnic>management.vmk0</selectedVnic></VirtualNicManagerNetConfig></val>',
  'config.lockdownMode': text('lockdownNormal', 'HostLockdownMode'),
  'config.service.service':
    '<val xsi:type="ArrayOfHostService"><HostService><key>TSM-SSH</key><running>true</running><policy>off</policy></HostService>' +
    '<HostService><key>ntpd</key><running>false</running><policy>on</policy></HostService></val>',
  'config.network.pnic':
    '<val xsi:type="ArrayOfPhysicalNic"><PhysicalNic><device>vmnic0</device><linkSpeed><speedMb>25000</speedMb><duplex>true</duplex></linkSpeed><mac>aa:bb</mac></PhysicalNic>' +
    '<PhysicalNic><device>vmnic1</device><mac>aa:cc</mac></PhysicalNic></val>',
  'configManager.serviceSystem': ref('HostServiceSystem', 'serviceSystem-21'),
  triggeredAlarmState:
    '<val xsi:type="ArrayOfAlarmState"><AlarmState><key>alarm-1.host-21</key><entity type="HostSystem">host-21</entity>' +
    '<alarm type="Alarm">alarm-1</alarm><overallStatus>red</overallStatus><time>2026-01-01T00:00:00Z</time><acknowledged>false</acknowledged></AlarmState></val>',
  vm: refs('VirtualMachine', 'vm-62', 'vm-63'),
  datastore: refs('Datastore', 'datastore-1'),
}

describe('a host', () => {
  test('is read with its units converted', () => {
    const facts = readHostContent(content('HostSystem', 'host-21', HOST), AT)
    expect(facts).toMatchObject({
      moid: 'host-21',
      name: 'esx01.lab',
      cluster_moid: 'domain-c8',
      host_uuid: '4c4c4544-0054-5310-8030-b7c04f373530',
      vendor: 'Dell Inc.',
      model: 'PowerEdge R750',
      serial_number: 'TST0750',
      management_ip: '10.0.0.11',
      connection_state: 'connected',
      power_state: 'poweredOn',
      in_maintenance_mode: false,
      boot_time: '2026-01-01T10:00:00.123Z',
      overall_status: 'yellow',
      ha_state: 'connectedToMaster',
      esxi_version: '8.0.3',
      build: 24280767,
      reboot_required: false,
      cpu_mhz: 2893 * 32,
      cpu_used_mhz: 5120,
      memory_mb: 524_288,
      memory_used_mb: 204_800,
      lockdown_mode: 'lockdownNormal',
      ssh_running: true,
      tpm_sealed: true,
      service_system_moid: 'serviceSystem-21',
      vm_moids: ['vm-62', 'vm-63'],
      datastore_moids: ['datastore-1'],
      facts_at: AT,
    })
    expect(facts.nics).toEqual([
      { device: 'vmnic0', mac: 'aa:bb', link_up: true, speed_mbps: 25_000 },
      { device: 'vmnic1', mac: 'aa:cc', link_up: false, speed_mbps: null },
    ])
    expect(facts.alarms).toMatchObject([{ alarm_moid: 'alarm-1', status: 'red', acknowledged: false }])
  })

  test('what vCenter does not tell is null, never "no"', () => {
    const values = { name: HOST.name, 'runtime.connectionState': text('disconnected') }
    const facts = readHostContent(content('HostSystem', 'host-21', values, ['vm']), AT)
    expect(facts).toMatchObject({
      connection_state: 'disconnected',
      power_state: 'unknown',
      in_maintenance_mode: null,
      in_quarantine: null,
      entering_maintenance: null,
      overall_status: null,
      ha_state: null,
      ssh_running: null,
      services: null,
      nics: null,
      memory_mb: null,
      tpm_sealed: null,
      cluster_moid: null,
      serial_number: null,
      vm_moids: null,
      unreadable: ['vm'],
    })
  })

  test('an unset list is empty, a refused one unknown', () => {
    expect(readHostContent(content('HostSystem', 'h', { name: HOST.name }), AT).vm_moids).toEqual([])
    expect(readHostContent(content('HostSystem', 'h', { name: HOST.name }, ['vm']), AT).vm_moids).toBeNull()
  })

  test('a standalone host has no cluster', () => {
    const values = { ...HOST, parent: ref('ComputeResource', 'domain-s9') }
    expect(readHostContent(content('HostSystem', 'host-9', values), AT).cluster_moid).toBeNull()
  })

  test('the serial number of the system comes first; numbers stay texts', () => {
    const values = {
      ...HOST,
      'hardware.systemInfo':
        '<val xsi:type="HostSystemInfo"><vendor>Dell Inc.</vendor><serialNumber>12345E6</serialNumber></val>',
    }
    expect(readHostContent(content('HostSystem', 'h', values), AT).serial_number).toBe('12345E6')
  })

  test('the tag of the enclosure never becomes the serial number', () => {
    const hardware = `<val xsi:type="HostHardwareSummary">${identifier('EnclosureSerialNumberTag', 'CHASSIS1')}</val>`
    const facts = readHostContent(content('HostSystem', 'h', { 'summary.hardware': hardware }), AT)
    expect(facts.serial_number).toBeNull()
    expect(facts.identifiers).toEqual([{ kind: 'EnclosureSerialNumberTag', value: 'CHASSIS1' }])
  })

  test.each([
    [' tst0750 ', 'TST0750'],
    ['None', null],
    ['unknown', null],
    ['No Asset Tag', null],
    ['', null],
    [null, null],
  ])('identifier %j reads as %j', (input, expected) => {
    expect(cleanIdentifier(input)).toBe(expected)
  })

  test('names are unescaped once', () => {
    expect(decodeName('a%2fb%5cc%25d%2525')).toBe('a/b\\c%d%25')
  })
})

const policy = (type: string, inside: string) =>
  `<admissionControlPolicy xsi:type="${type}">${inside}</admissionControlPolicy>`
const CLUSTER = (das: string, more = '') => ({
  name: text('prod'),
  host: refs('HostSystem', 'host-1', 'host-2'),
  overallStatus: text('green'),
  lifecycleManaged: text(true, 'xsd:boolean'),
  configurationEx:
    '<val xsi:type="ClusterConfigInfoEx"><dasConfig><enabled>true</enabled><hostMonitoring>enabled</hostMonitoring>' +
    `<admissionControlEnabled>true</admissionControlEnabled>${das}</dasConfig>` +
    '<drsConfig><enabled>true</enabled><enableVmBehaviorOverrides>true</enableVmBehaviorOverrides><defaultVmBehavior>fullyAutomated</defaultVmBehavior></drsConfig>' +
    '<drsVmConfig><key type="VirtualMachine">vm-7</key><enabled>false</enabled></drsVmConfig>' +
    '<rule xsi:type="ClusterAntiAffinityRuleSpec"><key>1</key><enabled>true</enabled><name>apart</name><mandatory>true</mandatory><vm type="VirtualMachine">vm-1</vm><vm type="VirtualMachine">vm-2</vm></rule>' +
    '<rule xsi:type="ClusterVmHostRuleInfo"><key>2</key><enabled>true</enabled><name>licence</name><mandatory>true</mandatory><vmGroupName>dbs</vmGroupName><affineHostGroupName>licensed</affineHostGroupName></rule>' +
    '<group xsi:type="ClusterVmGroup"><name>dbs</name><vm type="VirtualMachine">vm-1</vm></group>' +
    '<group xsi:type="ClusterHostGroup"><name>licensed</name><host type="HostSystem">host-1</host></group>' +
    `<dpmConfigInfo><enabled>true</enabled><defaultDpmBehavior>automated</defaultDpmBehavior></dpmConfigInfo>${more}</val>`,
  summary:
    '<val xsi:type="ClusterComputeResourceSummary"><totalCpu>185152</totalCpu><totalMemory>1099511627776</totalMemory>' +
    '<numHosts>2</numHosts><numEffectiveHosts>1</numEffectiveHosts><effectiveCpu>90000</effectiveCpu><effectiveMemory>500000</effectiveMemory>' +
    '<currentEVCModeKey>intel-icelake</currentEVCModeKey><vcsHealthStatus>healthy</vcsHealthStatus>' +
    '<usageSummary><cpuDemandMhz>4000</cpuDemandMhz><memDemandMB>90000</memDemandMB><cpuReservationMhz>100</cpuReservationMhz><memReservationMB>2048</memReservationMB></usageSummary></val>',
})

describe('a cluster', () => {
  test('has bytes and MB in one summary, both become MB', () => {
    const facts = readClusterContent(content('ClusterComputeResource', 'domain-c8', CLUSTER('')), AT)
    expect(facts.capacity).toMatchObject({
      hosts_total: 2,
      hosts_effective: 1,
      cpu_mhz: 185_152,
      memory_mb: 1_048_576,
      effective_memory_mb: 500_000,
      cpu_demand_mhz: 4_000,
      memory_reserved_mb: 2_048,
    })
    expect(facts).toMatchObject({
      image_managed: true,
      evc_mode: 'intel-icelake',
      vsan_enabled: false,
      drs: { enabled: true, mode: 'fullyAutomated', service_vms_health: 'healthy' },
      dpm: { enabled: true, behavior: 'automated' },
      ha: { enabled: true, admission_control_enabled: true, policy: null },
    })
    expect(facts.drs.overrides).toEqual([{ vm_moid: 'vm-7', enabled: false, behavior: null }])
    expect(facts.rules).toMatchObject([
      { kind: 'vm_anti_affinity', name: 'apart', vm_moids: ['vm-1', 'vm-2'] },
      { kind: 'vm_host', name: 'licence', mandatory: true, vm_group: 'dbs', affine_host_group: 'licensed' },
    ])
    expect(facts.groups).toEqual([
      { name: 'dbs', kind: 'vm', moids: ['vm-1'] },
      { name: 'licensed', kind: 'host', moids: ['host-1'] },
    ])
  })

  test.each([
    [
      policy('ClusterFailoverLevelAdmissionControlPolicy', '<failoverLevel>1</failoverLevel>'),
      { kind: 'failover_level', failover_level: 1 },
    ],
    [
      policy(
        'ClusterFailoverResourcesAdmissionControlPolicy',
        '<cpuFailoverResourcesPercent>25</cpuFailoverResourcesPercent><memoryFailoverResourcesPercent>30</memoryFailoverResourcesPercent><failoverLevel>1</failoverLevel><autoComputePercentages>true</autoComputePercentages>',
      ),
      { kind: 'percentages', cpu_percent: 25, memory_percent: 30, failover_level: 1, auto_compute: true },
    ],
    [
      policy('ClusterFailoverHostAdmissionControlPolicy', '<failoverHosts type="HostSystem">host-2</failoverHosts>'),
      { kind: 'dedicated_hosts', host_moids: ['host-2'] },
    ],
    [policy('SomethingNewPolicy', ''), { kind: 'unknown', type_name: 'SomethingNewPolicy' }],
  ])('decodes the admission policy %#', (xml, expected) => {
    const facts = readClusterContent(content('ClusterComputeResource', 'c', CLUSTER(xml)), AT)
    expect(facts.ha.policy).toEqual(expected)
  })

  test('DRS that is switched off is off whatever its behaviour says; no word is unknown', () => {
    const off = CLUSTER('').configurationEx.replace('<drsConfig><enabled>true', '<drsConfig><enabled>false')
    const read = (configurationEx?: string) =>
      readClusterContent(content('ClusterComputeResource', 'c', configurationEx ? { configurationEx } : {}), AT)
    expect(read(off).drs.mode).toBe('off')
    expect(read().drs).toMatchObject({ enabled: null, mode: 'unknown' })
    expect(read()).toMatchObject({ vsan_enabled: null, rules: null, ha: { enabled: null } })
  })
})

const device = (type: string, inside: string) =>
  `<VirtualDevice xsi:type="${type}"><key>1</key><deviceInfo><label>${type} 1</label></deviceInfo>${inside}</VirtualDevice>`
const cdrom = (backing: string, connected: boolean, inside = '') =>
  device(
    'VirtualCdrom',
    `<backing xsi:type="${backing}">${inside}</backing><connectable><connected>${connected}</connected></connectable>`,
  )
const ISO = '<fileName>[local] x.iso</fileName><datastore type="Datastore">ds-local</datastore>'

function vm(devices: string, more: Record<string, string> = {}) {
  return readVmContent(
    content('VirtualMachine', 'vm-1', {
      name: text('db1'),
      'runtime.powerState': text('poweredOn'),
      'runtime.faultToleranceState': text('notConfigured'),
      'config.hardware.device': `<val xsi:type="ArrayOfVirtualDevice">${devices}</val>`,
      'config.cpuAllocation.reservation': text(500, 'xsd:long'),
      'config.memoryAllocation.reservation': text(1024, 'xsd:long'),
      'summary.quickStats':
        '<val xsi:type="VirtualMachineQuickStats"><overallCpuUsage>300</overallCpuUsage><hostMemoryUsage>4096</hostMemoryUsage></val>',
      datastore: refs('Datastore', 'ds-shared'),
      ...more,
    }),
    AT,
  )
}

const datastore = (moid: string, shared: boolean | null, hosts: number): DatastoreFacts => ({
  moid,
  name: moid,
  type: 'VMFS',
  url: null,
  capacity_bytes: 1,
  free_bytes: 1,
  accessible: true,
  shared,
  maintenance_mode: null,
  mounts: Array.from({ length: hosts }, (_e, i) => ({
    host_moid: `host-${i}`,
    path: null,
    mounted: true,
    accessible: true,
    access_mode: null,
  })),
  browser_moid: null,
  facts_at: AT,
})
const DATASTORES = new Map(
  [
    datastore('ds-shared', true, 3),
    datastore('ds-local', false, 1),
    datastore('ds-one', true, 1),
    datastore('ds-unknown', null, 3),
  ].map((each) => [each.moid, each]),
)

describe('a virtual machine', () => {
  test('without anything special can move', () => {
    const facts = vm(
      cdrom('VirtualCdromRemotePassthroughBackingInfo', false) +
        device('ParaVirtualSCSIController', '<sharedBus>noSharing</sharedBus>'),
    )
    expect(facts).toMatchObject({
      name: 'db1',
      power_state: 'poweredOn',
      cpu_reservation_mhz: 500,
      memory_reservation_mb: 1024,
      cpu_used_mhz: 300,
      memory_used_mb: 4096,
      question: null,
    })
    expect(findPins(facts, DATASTORES)).toEqual([])
  })

  test.each([
    ['passthrough', device('VirtualPCIPassthrough', '<backing xsi:type="VirtualPCIPassthroughDeviceBackingInfo"/>')],
    ['passthrough', device('VirtualPCIPassthrough', '<backing xsi:type="VirtualPCIPassthroughDynamicBackingInfo"/>')],
    ['vgpu', device('VirtualPCIPassthrough', '<backing xsi:type="VirtualPCIPassthroughVmiopBackingInfo"/>')],
    ['sriov', device('VirtualSriovEthernetCard', '')],
    ['shared_bus', device('ParaVirtualSCSIController', '<sharedBus>physicalSharing</sharedBus>')],
    ['client_media', cdrom('VirtualCdromRemoteAtapiBackingInfo', true)],
    ['host_media', cdrom('VirtualCdromAtapiBackingInfo', true)],
    ['local_datastore_media', cdrom('VirtualCdromIsoBackingInfo', true, ISO)],
    ['local_datastore_media', cdrom('VirtualCdromIsoBackingInfo', true)],
  ])('%s ties it to its host', (cause, devices) => {
    expect(findPins(vm(devices), DATASTORES)).toMatchObject([{ cause }])
  })

  test('an image on a shared datastore does not tie it', () => {
    const iso = cdrom('VirtualCdromIsoBackingInfo', true, ISO.replace('ds-local', 'ds-shared'))
    expect(findPins(vm(iso), DATASTORES)).toEqual([])
  })

  test.each([['ds-local'], ['ds-one'], ['ds-unknown'], ['ds-not-read']])('storage on %s counts as local', (moid) => {
    const facts = vm('', { datastore: refs('Datastore', moid) })
    expect(findPins(facts, DATASTORES)).toMatchObject([{ cause: 'local_storage' }])
  })

  test('fault tolerance, a question and the tools installer tie it', () => {
    const facts = vm('', {
      'runtime.faultToleranceState': text('running'),
      'runtime.toolsInstallerMounted': text(true, 'xsd:boolean'),
      'runtime.question':
        '<val xsi:type="VirtualMachineQuestionInfo"><id>_vmx1</id><text>moved or copied?</text><choice><choiceInfo><label>Moved</label><key>0</key></choiceInfo></choice></val>',
    })
    expect(findPins(facts, DATASTORES)?.map((each) => each.cause)).toEqual([
      'tools_installer',
      'fault_tolerance',
      'question_pending',
    ])
    expect(facts.question).toEqual({ id: '_vmx1', text: 'moved or copied?', choices: [{ key: '0', label: 'Moved' }] })
  })

  test('hardware that could not be read gives no verdict', () => {
    const facts = readVmContent(content('VirtualMachine', 'vm-1', { name: text('x') }), AT)
    expect(findPins(facts, DATASTORES)).toBeNull()
  })

  test('only the mark, or the name with its owner, makes a service VM', () => {
    const mark =
      '<val xsi:type="ArrayOfOptionValue"><OptionValue xsi:type="OptionValue"><key>HDCS.agent</key><value xsi:type="xsd:string">true</value></OptionValue></val>'
    expect(vm('', { 'config.extraConfig': mark }).is_service_vm).toBe(true)
    expect(vm('', { name: text('vCLS-0815') }).is_service_vm).toBe(false)
    const owned = {
      name: text('vCLS (1)'),
      'config.managedBy': '<val xsi:type="ManagedByInfo"><extensionKey>com.vmware.vim.eam</extensionKey></val>',
    }
    expect(vm('', owned).is_service_vm).toBe(true)
  })
})

describe('datastores', () => {
  test('are read with the hosts that mount them', () => {
    const facts = readDatastoreContent(
      content('Datastore', 'datastore-1', {
        name: text('vsan%2fA'),
        summary:
          '<val xsi:type="DatastoreSummary"><name>a</name><url>ds:///vmfs/volumes/1/</url><capacity>1000</capacity><freeSpace>10</freeSpace><accessible>true</accessible><multipleHostAccess>true</multipleHostAccess><type>VMFS</type></val>',
        host: '<val xsi:type="ArrayOfDatastoreHostMount"><DatastoreHostMount><key type="HostSystem">host-1</key><mountInfo><path>/vmfs/volumes/1</path><accessMode>readWrite</accessMode><mounted>true</mounted><accessible>true</accessible></mountInfo></DatastoreHostMount></val>',
        browser: ref('HostDatastoreBrowser', 'datastoreBrowser-1'),
      }),
      AT,
    )
    expect(facts).toMatchObject({ name: 'vsan/A', shared: true, free_bytes: 10, browser_moid: 'datastoreBrowser-1' })
    expect(facts.mounts).toMatchObject([{ host_moid: 'host-1', mounted: true }])
  })

  const search = (result: string, state: TaskState['state'] = 'success'): TaskState => ({
    moid: 't',
    state,
    progress: null,
    cancelable: null,
    cancelled: null,
    description_id: null,
    description: null,
    entity_moid: null,
    started_at: null,
    completed_at: null,
    error: null,
    result: readXml(result),
  })
  const file = (type: string, path: string) =>
    `<file xmlns:xsi="x" xsi:type="${type}"><path>${path}</path><fileSize>42</fileSize><modification>2026-01-01T00:00:00Z</modification></file>`

  test.each(['[ds 1] depots/', '[ds 1] depots', '[ds 1]depots'])('folder %j is normalised', (folder) => {
    const files = readBrowseResult(search(`<val><folderPath>${folder}</folderPath>${file('FileInfo', 'a.zip')}</val>`))
    expect(files).toEqual([
      {
        name: 'a.zip',
        folder: '[ds 1] depots/',
        path: '[ds 1] depots/a.zip',
        host_path: '/vmfs/volumes/ds 1/depots/a.zip',
        size_bytes: 42,
        modified_at: '2026-01-01T00:00:00Z',
        kind: 'zip',
      },
    ])
  })

  test('reads the lists of a recursive search, and kinds by type and name', () => {
    const one = `<HostDatastoreBrowserSearchResults><folderPath>[ds]</folderPath>${file('FolderFileInfo', 'depots')}${file('FileInfo', 'b.ISO')}</HostDatastoreBrowserSearchResults>`
    const two = `<HostDatastoreBrowserSearchResults><folderPath>[ds] x/</folderPath>${file('FileInfo', 'c.txt')}</HostDatastoreBrowserSearchResults>`
    const files = readBrowseResult(search(`<val>${one}${two}</val>`))
    expect(files?.map((each) => [each.path, each.kind])).toEqual([
      ['[ds] depots', 'folder'],
      ['[ds] b.ISO', 'iso'],
      ['[ds] x/c.txt', 'file'],
    ])
    expect(readBrowseResult(search('<val/>', 'vanished'))).toBeNull()
  })

  test('the address of an upload is encoded part by part', () => {
    expect(folderUrl('DC 1', 'ds&1', 'a b/c?.zip')).toBe('/folder/a%20b/c%3F.zip?dcPath=DC%201&dsName=ds%261')
  })
})
