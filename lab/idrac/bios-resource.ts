import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import { isLocked, isReadOnlyByNature } from './bios-locks.js'
import { inventoryId } from './inventory.js'
import { personalise } from './personalise.js'
import { type JsonObject, recordedBios } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { collection, firmwareOf, INVENTORY, link, MANAGER, type Reader, ROOT, SYSTEM, type View } from './view.js'

export const BIOS = `${SYSTEM}/Bios`
export const BIOS_SETTINGS = `${BIOS}/Settings`

const NOT_ON_17G = /^(BootMode|AcPwrRcvry|AcPwrRcvryDelay|AcPwrRcvryUserDelay)$/

/** One entry of the attribute registry as far as it is used here. */
export type BiosAttribute = {
  AttributeName: string
  Type: 'Enumeration' | 'Integer' | 'String' | 'Password'
  ReadOnly: boolean
  Value?: { ValueName: string }[]
  LowerBound?: number
  UpperBound?: number
  MinLength?: number
  MaxLength?: number
}

/** The BIOS attributes of a server now: the recorded machine's, then what the site says of this one. */
export function biosAttributes(server: SimServer): JsonObject {
  const recorded = personalise(server, recordedBios().resource.Attributes as JsonObject)
  const kept = Object.entries(recorded).filter(([name]) => server.generation !== '17G' || !NOT_ON_17G.test(name))
  const identity: JsonObject = {
    SystemModelName: server.model,
    SystemBiosVersion: firmwareOf(server, 'bios')?.version ?? null,
    SystemServiceTag: server.service_tag,
  }
  return { ...Object.fromEntries(kept), ...identity, ...server.bios_attributes }
}

const entryFor = (name: string, value: string | number): JsonObject => ({
  AttributeName: name,
  CurrentValue: null,
  DisplayName: name,
  Hidden: false,
  Immutable: false,
  MenuPath: './MiscSettingsRef',
  ReadOnly: false,
  ResetRequired: true,
  Type: typeof value === 'number' ? 'Integer' : 'String',
  WriteOnly: false,
  ...(typeof value === 'number' ? { LowerBound: 0, UpperBound: 65_535 } : { MinLength: 0, MaxLength: 64 }),
})

/** Registry entries that apply to this server; attributes of its own that were not recorded get a plain entry. */
export function biosRegistryEntries(server: SimServer): JsonObject[] {
  const recorded = recordedBios().attributes.filter(
    (entry) => server.generation !== '17G' || !NOT_ON_17G.test(String(entry.AttributeName)),
  )
  const names = new Set(recorded.map((entry) => entry.AttributeName))
  const own = Object.entries(server.bios_attributes).filter(([name]) => !names.has(name))
  return [...recorded, ...own.map(([name, value]) => entryFor(name, value))]
}

/** The registry entry of one attribute. */
export function biosAttribute(server: SimServer, name: string): BiosAttribute | undefined {
  const entry = biosRegistryEntries(server).find((one) => one.AttributeName === name)
  return entry as unknown as BiosAttribute | undefined
}

const readBios: Reader = (view) => {
  const { server } = view
  const { Links: _links, Attributes: _attributes, ...body } = recordedBios().resource
  const bios = firmwareOf(server, 'bios')
  const active = bios && link(`${INVENTORY}/${inventoryId('Installed', bios)}`)
  return {
    ...body,
    Attributes: biosAttributes(server),
    Links: {
      ActiveSoftwareImage: active ?? null,
      SoftwareImages: active ? [active] : [],
      'SoftwareImages@odata.count': active ? 1 : 0,
    },
    ...(server.idrac.face.reset_bios_pending === true ? { ResetBiosToDefaultsPending: true } : {}),
  }
}

const readSettings: Reader = (view) => ({
  '@odata.context': `${ROOT}/$metadata#Bios.Bios`,
  '@odata.id': BIOS_SETTINGS,
  '@odata.type': '#Bios.v1_2_0.Bios',
  Id: 'Settings',
  Name: 'BIOS Configuration Pending Settings',
  Description: 'BIOS Configuration Pending Settings. These settings will be applied on next system reboot.',
  AttributeRegistry: 'BiosAttributeRegistry.v1_0_3',
  Attributes: pendingValues(view),
  Actions: {
    Oem: {
      'DellManager.v1_0_0#DellManager.ClearPending': {
        target: `${BIOS_SETTINGS}/Actions/Oem/DellManager.ClearPending`,
      },
    },
  },
  Oem: {
    Dell: {
      '@odata.context': `${ROOT}/$metadata#DellManager.DellManager`,
      '@odata.type': '#DellManager.v1_2_0.DellManager',
      Jobs: link(`${MANAGER}/Oem/Dell/Jobs`),
    },
  },
})

/** Values that wait: staged ones, and those of a configuration job that has not run yet. */
function pendingValues(view: View): JsonObject {
  const job = view.server.idrac.jobs.find((one) => one.kind === 'bios_config' && !view.core.jobs.isFinal(one.state))
  const inJob = (job?.payload.attributes ?? {}) as JsonObject
  return { ...inJob, ...view.server.bios_pending }
}

const readRegistry: Reader = (view) => {
  const { server } = view
  const { dependencies, menus, registry } = recordedBios()
  const values = biosAttributes(server)
  const names = new Set<JsonValue | undefined>(biosRegistryEntries(server).map((entry) => entry.AttributeName))
  return {
    ...registry,
    RegistryEntries: {
      Attributes: biosRegistryEntries(server).map((entry) => ({
        ...entry,
        ReadOnly: isReadOnlyByNature(entry) || isLocked(String(entry.AttributeName), values),
      })),
      Dependencies: dependencies.filter((one) => names.has(one.DependencyFor)),
      Menus: menus,
    },
    SupportedSystems: [
      {
        FirmwareVersion: firmwareOf(server, 'bios')?.version ?? '',
        ProductName: server.model,
        SystemId: server.service_tag,
      },
    ],
  }
}

/** Of the registries this site has the one that clients act on; the message registries of a real iDRAC are not here. */
const readRegistries: Reader = () =>
  collection(
    `${ROOT}/Registries`,
    'MessageRegistryFileCollection',
    'Registry File Collection',
    [link(`${ROOT}/Registries/BiosAttributeRegistry.v1_0_0`)],
    'Registry Repository',
  )

const readPointer: Reader = () => ({
  '@odata.context': `${ROOT}/$metadata#MessageRegistryFile.MessageRegistryFile`,
  '@odata.id': `${ROOT}/Registries/BiosAttributeRegistry.v1_0_0`,
  '@odata.type': '#MessageRegistryFile.v1_1_0.MessageRegistryFile',
  Description: 'Registry Definition File for BiosAttributeRegistry',
  Id: 'BiosAttributeRegistry.v1_0_0',
  Languages: ['en'],
  Location: [{ Language: 'en', Uri: `${BIOS}/BiosRegistry` }],
  Name: 'BiosAttributeRegistry Registry File',
  Registry: 'BiosAttributeRegistry.v1_0_0',
})

export const biosReaders: Resource[] = [
  [pathPattern(BIOS), readBios],
  [pathPattern(BIOS_SETTINGS), readSettings],
  [pathPattern(`${BIOS}/BiosRegistry`), readRegistry],
  [pathPattern(`${ROOT}/Registries`), readRegistries],
  [pathPattern(`${ROOT}/Registries/BiosAttributeRegistry.v1_0_0`), readPointer],
]
