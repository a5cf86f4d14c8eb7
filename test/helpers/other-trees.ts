import { withBodies, without } from './altered-tree.js'
import { type Json, loadRecording, type Tree } from './redfish-recording.js'

const ROOT = '/redfish/v1'
const SYSTEM = `${ROOT}/Systems/System.Embedded.1`
const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`
const CHASSIS = `${ROOT}/Chassis/System.Embedded.1`
const at = (link: string) => ({ '@odata.id': link })

/** An early iDRAC7: its root names nobody and links no sessions, nothing expands, the Manager links no job queue. */
export function idrac7(): Tree {
  const queue = { '@odata.id': `${MANAGER}/Jobs`, Members: [], 'Members@odata.count': 0 }
  return withBodies(loadRecording('r630'), {
    [ROOT]: (root) => ({
      ...without('Product', 'Oem', 'ProtocolFeaturesSupported', 'Registries', 'Links')(root),
      RedfishVersion: '1.0.2',
    }),
    [MANAGER]: (manager) => ({ ...without('Links')(manager), Model: '12G Monolithic', FirmwareVersion: '2.65.65.65' }),
    [SYSTEM]: (system) => ({ ...system, Model: 'PowerEdge R720' }),
    [`${MANAGER}/Jobs`]: queue,
  })
}

/** An iDRAC8 whose parts are spelt `Oem.DELL` throughout. */
export function spelledDell(): Tree {
  const spelled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(spelled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key === 'Dell' ? 'DELL' : key, spelled(entry)]),
    )
  }
  return new Map([...loadRecording('r750')].map(([path, body]) => [path, spelled(body) as Json]))
}

/**
 * The shape of an iDRAC10: the newer form of sensors only, boot settings in a resource of their own and without a mode, no
 * virtual media of the Manager, profiles by `OemManager.*`, a baseboard of accelerators listed before the server, members
 * in another order.
 */
export function idrac10(): Tree {
  const recorded = loadRecording('r750')
  const boot = recorded.get(SYSTEM)?.Boot as Json
  const targets = 'BootSourceOverrideTarget@Redfish.AllowableValues'
  const baseboard = `${ROOT}/Systems/HGX_Baseboard_0`
  const shuffled = (body: Json) => ({ ...body, Members: [...(body.Members as Json[])].reverse() })
  return withBodies(recorded, {
    [`${ROOT}/Systems`]: (all) => ({ ...all, Members: [at(baseboard), ...(all.Members as Json[])] }),
    [baseboard]: { '@odata.id': baseboard, Id: 'HGX_Baseboard_0', Manufacturer: 'NVIDIA', PowerState: 'Off' },
    [`${ROOT}/Managers`]: (all) => ({
      ...all,
      Members: [at(`${ROOT}/Managers/HGX_BMC_0`), ...(all.Members as Json[])],
    }),
    [`${ROOT}/Managers/HGX_BMC_0`]: { Id: 'HGX_BMC_0', Model: 'OpenBMC', FirmwareVersion: 'HGX-24' },
    [SYSTEM]: (system) => ({
      ...system,
      Boot: without(targets, 'BootSourceOverrideMode')(boot),
      '@Redfish.Settings': { SettingsObject: at(`${SYSTEM}/Settings`) },
      Links: {
        ...(system.Links as Json),
        Chassis: [at(`${ROOT}/Chassis/Enclosure.Internal.0-1`), at(CHASSIS)],
      },
    }),
    [`${SYSTEM}/Settings`]: { '@odata.id': `${SYSTEM}/Settings`, Boot: { [targets]: boot[targets] } },
    [MANAGER]: (manager) => ({
      ...(JSON.parse(JSON.stringify(without('VirtualMedia')(manager)).replaceAll('EID_674_', 'Oem')) as Json),
      Model: '17G Monolithic',
      FirmwareVersion: '1.20.50.50',
    }),
    [`${MANAGER}/Jobs`]: () => undefined,
    [`${MANAGER}/VirtualMedia`]: () => undefined,
    [CHASSIS]: without('Thermal', 'Power'),
    [`${CHASSIS}/Thermal`]: () => undefined,
    [`${CHASSIS}/Power`]: () => undefined,
    [`${ROOT}/UpdateService/FirmwareInventory`]: shuffled,
  })
}

/** A small service of another maker: root, one system, one manager, sessions; nothing of Dell's. */
export function otherService(root: Json, system: Json = {}): Tree {
  const place = (name: string) => `${ROOT}/${name}`
  const collection = (name: string, member: string): [string, Json] => [
    place(name),
    { '@odata.id': place(name), Members: [at(`${place(name)}/${member}`)] },
  ]
  return new Map<string, Json>([
    [
      ROOT,
      {
        '@odata.id': `${ROOT}/`,
        RedfishVersion: '1.6.0',
        Systems: at(`${place('Systems')}/`),
        Managers: at(`${place('Managers')}/`),
        Chassis: at(`${place('Chassis')}/`),
        Links: { Sessions: at(place('SessionService/Sessions')) },
        ...root,
      },
    ],
    collection('Systems', '1'),
    [`${place('Systems')}/1`, { Id: '1', PowerState: 'On', Status: { Health: 'OK' }, SKU: '868703-B21', ...system }],
    collection('Managers', '1'),
    [`${place('Managers')}/1`, { Id: '1', Model: 'BMC', FirmwareVersion: '2.44' }],
    collection('Chassis', '1'),
    [`${place('Chassis')}/1`, { Id: '1', ChassisType: 'RackMount' }],
  ])
}

/** Roots of other makers as they stand without a login, with whom the sentence must name. */
export const OTHER_MAKERS: [string, Json, string][] = [
  ['HPE iLO 5', { Vendor: 'HPE', Product: 'ProLiant DL380 Gen10', Oem: { Hpe: {} } }, 'HPE (ProLiant DL380 Gen10)'],
  ['HP iLO 4, which tells no vendor', { Name: 'HP RESTful Root Service', Oem: { Hp: { Manager: [] } } }, 'Hp'],
  [
    'Lenovo XClarity Controller',
    { Vendor: 'Lenovo', Product: 'ThinkSystem SR650', Oem: { Lenovo: {} } },
    'Lenovo (ThinkSystem SR650)',
  ],
  ['Supermicro, which tells only its block', { Oem: { Supermicro: {} } }, 'Supermicro'],
  ['Supermicro', { Vendor: 'Supermicro', Product: null }, 'Supermicro'],
  ['Cisco, which tells only its product', { Product: 'UCSC-C220-M5SX', Oem: {} }, 'UCSC-C220-M5SX'],
  ['a Dell box that is no iDRAC', { Vendor: 'Dell EMC', Product: 'PowerVault ME4024' }, 'Dell EMC (PowerVault ME4024)'],
]
