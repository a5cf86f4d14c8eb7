import type { SimNic } from '../model-server.js'
import { healthOf, healthOfThing } from './health.js'
import { serialFor } from './personalise.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { CHASSIS, collection, link, type Reader, ROOT, SYSTEM, shapeOf, type View } from './view.js'

const ADAPTERS = `${CHASSIS}/NetworkAdapters`
const ETHERNET = `${SYSTEM}/EthernetInterfaces`
const INTERFACES = `${SYSTEM}/NetworkInterfaces`
const SAMPLE_PORT = `${ADAPTERS}/NIC.Integrated.1/NetworkPorts/NIC.Integrated.1-1`
const PORT_FUNCTIONS = ['Max', 'Min'].flatMap((end) => [
  `NetDevFunc${end}BWAlloc`,
  `NetDevFunc${end}BWAlloc@odata.count`,
])

/** `NIC.Integrated.1-2-1` is port 2 of adapter `NIC.Integrated.1`. */
const adapterId = (nic: SimNic): string => nic.fqdd.split('-')[0] ?? nic.fqdd
const portId = (nic: SimNic): string => nic.fqdd.split('-').slice(0, 2).join('-')

const adapterIds = (view: View): string[] => [...new Set(view.server.hardware.nics.map(adapterId))]
const portsOf = (view: View, adapter: string): SimNic[] =>
  view.server.hardware.nics.filter((nic) => adapterId(nic) === adapter)
const isOn = (view: View): boolean => view.server.power !== 'Off'

const readAdapters: Reader = (view) =>
  collection(
    ADAPTERS,
    'NetworkAdapterCollection',
    'Network Adapter Collection',
    adapterIds(view).map((id) => link(`${ADAPTERS}/${id}`)),
    'Collection Of Network Adapter',
  )

const readAdapter: Reader = (view, [id = '']) => {
  const ports = portsOf(view, id)
  if (ports.length === 0) return undefined
  const row = view.server.firmware.find((one) => one.fqdd.startsWith(id))
  const health = healthOf(view.server, 'network')
  return {
    ...shapeOf(view, `${ADAPTERS}/NIC.Integrated.1`, 'Assembly', 'NetworkDeviceFunctions'),
    '@odata.id': `${ADAPTERS}/${id}`,
    Controllers: [
      {
        ControllerCapabilities: { NetworkDeviceFunctionCount: ports.length, NetworkPortCount: ports.length },
        FirmwarePackageVersion: row?.version ?? null,
        Links: {
          NetworkPorts: ports.map((nic) => link(`${ADAPTERS}/${id}/NetworkPorts/${portId(nic)}`)),
          'NetworkPorts@odata.count': ports.length,
        },
      },
    ],
    'Controllers@odata.count': 1,
    Description: 'Network Adapter View',
    Id: id,
    Manufacturer: row?.pci?.vendor_id === '8086' ? 'Intel Corp' : 'Broadcom Inc. and subsidiaries',
    Model: row?.name.split(' - ')[0] ?? id,
    Name: 'Network Adapter View',
    NetworkPorts: link(`${ADAPTERS}/${id}/NetworkPorts`),
    SerialNumber: serialFor(view.server, id, 'XUGGHRM80V08YF'),
    Status: { Health: health, HealthRollup: health, State: 'Enabled' },
  }
}

const readPorts: Reader = (view, [id = '']) => {
  const ports = portsOf(view, id)
  const path = `${ADAPTERS}/${id}/NetworkPorts`
  return ports.length === 0
    ? undefined
    : collection(
        path,
        'NetworkPortCollection',
        'Network Port Collection',
        ports.map((nic) => link(`${path}/${portId(nic)}`)),
        'Collection Of Network Port entities',
      )
}

const readPort: Reader = (view, [adapter = '', port = '']) => {
  const nic = portsOf(view, adapter).find((one) => portId(one) === port)
  if (!nic) return undefined
  const up = nic.link === 'Up' && isOn(view)
  const health = healthOfThing(view.server, nic.fqdd)
  return {
    ...shapeOf(view, SAMPLE_PORT, ...PORT_FUNCTIONS),
    '@odata.id': `${ADAPTERS}/${adapter}/NetworkPorts/${port}`,
    ActiveLinkTechnology: 'Ethernet',
    AssociatedNetworkAddresses: [nic.mac_address],
    CurrentLinkSpeedMbps: up ? nic.speed_mbps : 0,
    Description: 'Network Port View',
    Id: port,
    LinkStatus: up ? 'Up' : 'Down',
    Name: 'Network Port View',
    PhysicalPortNumber: port.split('-').at(-1) ?? '1',
    Status: { State: 'Enabled', Health: health, HealthRollup: health },
    WakeOnLANEnabled: false,
  }
}

const readEthernet: Reader = (view) =>
  collection(
    ETHERNET,
    'EthernetInterfaceCollection',
    'System Ethernet Interface Collection',
    view.server.hardware.nics.map((nic) => link(`${ETHERNET}/${nic.fqdd}`)),
    'Collection of Ethernet Interfaces for this System',
  )

const readEthernetOne: Reader = (view, [fqdd]): JsonObject | undefined => {
  const nic = view.server.hardware.nics.find((one) => one.fqdd === fqdd)
  if (!nic) return undefined
  const up = nic.link === 'Up' && isOn(view)
  return {
    ...shapeOf(view, `${ETHERNET}/NIC.Embedded.1-1-1`, 'UefiDevicePath'),
    '@odata.id': `${ETHERNET}/${nic.fqdd}`,
    AutoNeg: up,
    Description: nic.fqdd,
    EthernetInterfaceType: 'Physical',
    FQDN: null,
    FullDuplex: up,
    HostName: null,
    IPv4Addresses: [],
    'IPv4Addresses@odata.count': 0,
    Id: nic.fqdd,
    InterfaceEnabled: true,
    LinkStatus: up ? 'LinkUp' : 'LinkDown',
    Links: { Chassis: link(CHASSIS) },
    MACAddress: nic.mac_address,
    Name: 'System Ethernet Interface',
    PermanentMACAddress: nic.mac_address,
    SpeedMbps: up ? nic.speed_mbps : 0,
    Status: { Health: healthOfThing(view.server, nic.fqdd), State: 'Enabled' },
    VLAN: {},
  }
}

const readInterfaces: Reader = (view) =>
  collection(
    INTERFACES,
    'NetworkInterfaceCollection',
    'Network Interface Collection',
    adapterIds(view).map((id) => link(`${INTERFACES}/${id}`)),
    'Collection of Network Interfaces',
  )

const readInterface: Reader = (view, [id = '']) =>
  adapterIds(view).includes(id)
    ? {
        '@odata.context': `${ROOT}/$metadata#NetworkInterface.NetworkInterface`,
        '@odata.id': `${INTERFACES}/${id}`,
        '@odata.type': '#NetworkInterface.v1_2_1.NetworkInterface',
        Description: 'Network Device View',
        Id: id,
        Links: { NetworkAdapter: link(`${ADAPTERS}/${id}`) },
        Name: 'Network Device View',
        Status: { Health: healthOf(view.server, 'network'), State: 'Enabled' },
      }
    : undefined

export const networkReaders: Resource[] = [
  [pathPattern(ADAPTERS), readAdapters],
  [pathPattern(`${ADAPTERS}/{id}`), readAdapter],
  [pathPattern(`${ADAPTERS}/{id}/NetworkPorts`), readPorts],
  [pathPattern(`${ADAPTERS}/{id}/NetworkPorts/{port}`), readPort],
  [pathPattern(ETHERNET), readEthernet],
  [pathPattern(`${ETHERNET}/{fqdd}`), readEthernetOne],
  [pathPattern(INTERFACES), readInterfaces],
  [pathPattern(`${INTERFACES}/{id}`), readInterface],
]
