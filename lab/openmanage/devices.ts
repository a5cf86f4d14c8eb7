import { idracAddress } from '../addresses.js'
import type { LabCore } from '../core.js'
import type { SimServer } from '../model-server.js'

/** One row of the device list, as the appliance writes it. */
export type DeviceRow = Record<string, unknown> & { Id: number; Type: number; DeviceServiceTag: string | null }

const SERVER = 1000
const CHASSIS = 2000
const MANAGED = 3000
const MONITORED = 2000
/** ManagementType of an iDRAC among the ways to manage a device. */
const IDRAC = 2
const POWER = { On: 17, Off: 18, PoweringOn: 20, PoweringOff: 21 } as const
const FIRST_ID = 10_101
/** An index of the iDRAC block where nobody is. */
const NOBODY = 250

interface RowFacts {
  id: number
  tag: string | null
  model: string
  name: string
  address: string
  port: number
  mac: string
  version: string
}

function management({ address, port, mac, version, name }: RowFacts) {
  return [
    // The host's own agent comes first: whoever takes the first entry takes the wrong address.
    {
      ManagementId: 1,
      NetworkAddress: '192.0.2.10',
      MacAddress: null,
      ManagementType: 1,
      InstrumentationName: name,
      DnsName: `${name}.lab.example`,
      ManagementProfile: [],
    },
    {
      ManagementId: 2,
      NetworkAddress: address,
      MacAddress: mac,
      ManagementType: IDRAC,
      InstrumentationName: '',
      DnsName: `idrac-${name}`,
      ManagementProfile: [
        {
          ManagementProfileId: 1,
          ProfileId: 'WSMAN_OOB',
          ManagementId: 2,
          AgentName: 'iDRAC',
          Version: version,
          ManagementURL: `https://${address}:${port}`,
          HasCreds: 0,
          Status: 1000,
        },
      ],
    },
  ]
}

function row(facts: RowFacts, more: Record<string, unknown>): DeviceRow {
  const { id, tag, model, name } = facts
  return {
    '@odata.type': '#DeviceService.Device',
    '@odata.id': `/api/DeviceService/Devices(${id})`,
    Id: id,
    Type: SERVER,
    Identifier: tag ?? '',
    DeviceServiceTag: tag,
    ChassisServiceTag: null,
    Model: model,
    DeviceName: name,
    AssetTag: null,
    SystemId: 2000 + (id % 500),
    PowerState: POWER.On,
    Status: 1000,
    ConnectionState: true,
    ManagedState: MANAGED,
    LastInventoryTime: '2026-01-01 04:00:00.000',
    LastStatusTime: '2026-01-01 05:00:00.000',
    DeviceManagement: management(facts),
    ...more,
  }
}

const idracVersion = (server: SimServer) =>
  server.firmware.find((one) => one.component === 'idrac')?.version ?? '0.0.0.0'

function serverRow(core: LabCore, server: SimServer, index: number): DeviceRow {
  const { idrac, service_tag: tag, model, name, power } = server
  // The appliance has an address of the second server from before it was moved: it contradicts what is there.
  const address = index === 1 ? idracAddress(core.state.shift, NOBODY) : idrac.address
  const hex = index.toString(16).padStart(6, '0').toUpperCase()
  const mac = `02:00:5E:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`
  const facts = {
    id: FIRST_ID + index,
    tag,
    model,
    name,
    address,
    port: idrac.port,
    mac,
    version: idracVersion(server),
  }
  return row(facts, {
    PowerState: POWER[power],
    ConnectionState: core.lifecycle.idracState(server) === 'ready',
  })
}

/**
 * All devices of the site as the appliance knows them: every server, one that never told its service tag, one that is only
 * monitored, and a chassis, which is no server.
 */
export function allDevices(core: LabCore): DeviceRow[] {
  const { servers, shift } = core.state
  const rows = servers.map((server, index) => serverRow(core, server, index))
  const beside = (number: number, tag: string | null, name: string) => ({
    id: FIRST_ID + servers.length + number,
    tag,
    model: 'PowerEdge R640',
    name,
    address: idracAddress(shift, NOBODY + number),
    port: 8443,
    mac: '02:00:5E:00:00:00',
    version: '7.00.00.00',
  })
  rows.push(row(beside(1, null, 'new-and-nameless'), { Status: 2000, ConnectionState: false }))
  rows.push(row(beside(2, 'MONITR1', 'watched-only'), { ManagedState: MONITORED }))
  rows.push(row(beside(3, 'CHASSIS', 'mx7000-01'), { Type: CHASSIS, Model: 'PowerEdge MX7000', DeviceManagement: [] }))
  return rows
}
