/** Which firmware files the web depot has. Data, and what follows from it for the whole list. */
import { createHash } from 'node:crypto'
import { classOf, systemIdHex } from '../hardware/model-facts.js'
import { MODELS, modelFacts } from '../hardware/models.js'
import type { FirmwareComponentName, SimFirmwareFile } from '../model.js'
import { buildPackage } from './update-package.js'

interface PackageSeed {
  component: FirmwareComponentName
  models: string[]
  version: string
  /** Dell's kind in the file name: `BIOS`, `Network_Firmware` … */
  kind: string
  /** five characters */
  package_id: string
  release_date: string
  criticality: 1 | 2 | 3
  dell_version?: string
  kib: number
  prerequisites?: SimFirmwareFile['prerequisites']
}

const R640 = ['PowerEdge R640']
const R750 = ['PowerEdge R750', 'PowerEdge R650']
const R760 = ['PowerEdge R760', 'PowerEdge R660']
const R770 = ['PowerEdge R770', 'PowerEdge R670']
const IDRAC9_NEW = [...R750, ...R760]
const IDRAC = 'iDRAC-with-Lifecycle-Controller_Firmware'

const needs = (component_id: string, version: string): SimFirmwareFile['prerequisites'] => [{ component_id, version }]

const SEEDS: PackageSeed[] = [
  {
    component: 'bios',
    models: R640,
    version: '2.21.2',
    kind: 'BIOS',
    package_id: '7HWC4',
    release_date: '2024-03-12',
    criticality: 1,
    kib: 620,
  },
  {
    component: 'bios',
    models: R640,
    version: '2.22.2',
    kind: 'BIOS',
    package_id: 'K5T1J',
    release_date: '2024-09-10',
    criticality: 2,
    kib: 624,
  },
  {
    component: 'bios',
    models: R750,
    version: '1.12.1',
    kind: 'BIOS',
    package_id: '2MC7N',
    release_date: '2023-10-10',
    criticality: 1,
    kib: 730,
  },
  {
    component: 'bios',
    models: R750,
    version: '1.13.2',
    kind: 'BIOS',
    package_id: 'W77H1',
    release_date: '2024-05-14',
    criticality: 2,
    kib: 736,
  },
  {
    component: 'bios',
    models: R760,
    version: '2.2.8',
    kind: 'BIOS',
    package_id: 'C1XV9',
    release_date: '2024-06-11',
    criticality: 1,
    kib: 810,
  },
  {
    component: 'bios',
    models: R770,
    version: '1.2.6',
    kind: 'BIOS',
    package_id: 'YD3R6',
    release_date: '2025-02-18',
    criticality: 2,
    kib: 860,
    prerequisites: needs('27763', '1.0.3'),
  },
  {
    component: 'idrac',
    models: R640,
    version: '7.00.00.173',
    kind: IDRAC,
    package_id: '5C9JH',
    release_date: '2024-05-28',
    criticality: 2,
    dell_version: 'A00',
    kib: 1800,
  },
  {
    component: 'idrac',
    models: IDRAC9_NEW,
    version: '7.20.10.05',
    kind: IDRAC,
    package_id: 'KMYV9',
    release_date: '2025-01-21',
    criticality: 2,
    dell_version: 'A00',
    kib: 2100,
  },
  {
    component: 'idrac',
    models: R770,
    version: '1.20.25.00',
    kind: IDRAC,
    package_id: 'P4J0F',
    release_date: '2025-03-25',
    criticality: 2,
    dell_version: 'A00',
    kib: 2200,
  },
  {
    component: 'diagnostics',
    models: R640,
    version: '4301A76',
    kind: 'Diagnostics_Application',
    package_id: '3KYXD',
    release_date: '2023-11-07',
    criticality: 3,
    kib: 240,
  },
  {
    component: 'diagnostics',
    models: IDRAC9_NEW,
    version: '4301A85',
    kind: 'Diagnostics_Application',
    package_id: '9V4FT',
    release_date: '2024-08-06',
    criticality: 3,
    kib: 240,
  },
  {
    component: 'driver_pack',
    models: [...R640, ...IDRAC9_NEW],
    version: '24.07.05',
    kind: 'Drivers-for-OS-Deployment_Application',
    package_id: 'T7N2G',
    release_date: '2024-08-13',
    criticality: 3,
    kib: 480,
  },
  {
    component: 'raid',
    models: R640,
    version: '51.16.0-5150',
    kind: 'SAS-RAID_Firmware',
    package_id: 'F5XJ6',
    release_date: '2024-02-20',
    criticality: 1,
    kib: 420,
  },
  {
    component: 'raid',
    models: R750,
    version: '52.26.0-5179',
    kind: 'SAS-RAID_Firmware',
    package_id: 'XC4PR',
    release_date: '2024-04-16',
    criticality: 1,
    kib: 440,
  },
  {
    component: 'raid',
    models: R760,
    version: '8.8.0.0.18-26',
    kind: 'SAS-RAID_Firmware',
    package_id: 'M2VWR',
    release_date: '2024-09-17',
    criticality: 1,
    kib: 460,
  },
  {
    component: 'hba',
    models: R640,
    version: '16.17.01.02',
    kind: 'SAS-Non-RAID_Firmware',
    package_id: 'G88KP',
    release_date: '2023-08-15',
    criticality: 1,
    kib: 260,
  },
  {
    component: 'hba',
    models: R760,
    version: '24.15.10.00',
    kind: 'SAS-Non-RAID_Firmware',
    package_id: '0RTD5',
    release_date: '2024-03-26',
    criticality: 1,
    kib: 270,
  },
  {
    component: 'nic',
    models: R640,
    version: '22.5.7',
    kind: 'Network_Firmware',
    package_id: 'DJ3NC',
    release_date: '2024-01-30',
    criticality: 1,
    kib: 520,
  },
  {
    component: 'nic',
    models: R750,
    version: '22.92.06.10',
    kind: 'Network_Firmware',
    package_id: 'H8R4M',
    release_date: '2024-09-24',
    criticality: 1,
    kib: 560,
    prerequisites: needs('25227', '7.10.00.00'),
  },
  {
    component: 'nic',
    models: R760,
    version: '22.92.06.10',
    kind: 'Network_Firmware',
    package_id: '6TPQ0',
    release_date: '2024-09-24',
    criticality: 1,
    kib: 560,
  },
  {
    component: 'drive',
    models: R750,
    version: '2.2.8',
    kind: 'Express-Flash-PCIe-SSD_Firmware',
    package_id: 'V1CWD',
    release_date: '2024-04-02',
    criticality: 1,
    kib: 380,
  },
  {
    component: 'backplane',
    models: R750,
    version: '3.60',
    kind: 'Firmware',
    package_id: 'R2K5B',
    release_date: '2024-02-06',
    criticality: 3,
    kib: 220,
  },
  {
    component: 'backplane',
    models: R640,
    version: '4.36',
    kind: 'Firmware',
    package_id: '5GK1D',
    release_date: '2023-05-16',
    criticality: 3,
    kib: 220,
  },
  {
    component: 'backplane',
    models: R640,
    version: '4.40',
    kind: 'Firmware',
    package_id: 'W2PMT',
    release_date: '2024-08-27',
    criticality: 3,
    kib: 220,
    // The image before 4.36 cannot read the new layout: a stepping stone.
    prerequisites: needs('104317', '4.36'),
  },
  {
    component: 'psu',
    models: R750,
    version: '00.2F.2B',
    kind: 'Power_Firmware',
    package_id: 'NT9XA',
    release_date: '2023-12-12',
    criticality: 3,
    kib: 230,
  },
  {
    component: 'cpld',
    models: R750,
    version: '1.1.1',
    kind: 'CPLD_Firmware',
    package_id: '8FHG2',
    release_date: '2024-03-05',
    criticality: 1,
    kib: 210,
  },
  {
    component: 'cpld',
    models: R760,
    version: '1.2.4',
    kind: 'CPLD_Firmware',
    package_id: 'J6WYK',
    release_date: '2024-07-09',
    criticality: 1,
    kib: 210,
  },
  {
    component: 'cpld',
    models: R770,
    version: '1.0.3',
    kind: 'CPLD_Firmware',
    package_id: 'B0CM7',
    release_date: '2025-01-14',
    criticality: 1,
    kib: 210,
  },
]

/** The depot's files for a set of models; `urlOf` makes the address of a file. */
export function firmwareFiles(
  models: ReadonlySet<string>,
  urlOf: (fileName: string) => string,
): { file: SimFirmwareFile; bytes: Buffer }[] {
  return SEEDS.filter((seed) => seed.models.some((model) => models.has(model))).map((seed) => {
    const source = sourceOf(seed)
    const bytes = builtBytes(seed, source)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { bytes, file: { ...source, url: urlOf(source.file_name), size_bytes: bytes.length, sha256 } }
  })
}

const built = new Map<string, Buffer>()

/** The bytes never change, so a reset or a second site in one process makes them only once. */
function builtBytes(seed: PackageSeed, source: ReturnType<typeof sourceOf>): Buffer {
  const known = built.get(source.file_name)
  if (known) return known
  const bytes = buildPackage(source, seed.kib * 1024)
  built.set(source.file_name, bytes)
  return bytes
}

function sourceOf(seed: PackageSeed): Omit<SimFirmwareFile, 'url' | 'size_bytes' | 'sha256'> {
  const known = MODELS.find((one) => seed.models.includes(one.model))
  const row = known?.firmware.find((one) => one.component === seed.component && targets(seed, one.fqdd))
  if (!row) throw new Error(`package ${seed.package_id} fits no firmware row`)
  const dellVersion = seed.dell_version ?? 'A00'
  const suffix = seed.dell_version ? `_${dellVersion}` : ''
  return {
    file_name: `${seed.kind}_${seed.package_id}_WN64_${seed.version}${suffix}.EXE`,
    component: seed.component,
    version: seed.version,
    dell_version: dellVersion,
    package_id: seed.package_id,
    release_date: seed.release_date,
    name: row.name.replace(/ - [0-9A-F:]{17}$/, ''),
    component_id: row.component_id,
    component_type: row.component_type,
    ...(row.pci ? { pci: row.pci } : {}),
    criticality: seed.criticality,
    reboot_required: classOf(seed.component) === 'host_reboot' || classOf(seed.component) === 'cpld',
    models: seed.models,
    system_ids: seed.models.map((model) => systemIdHex(modelFacts(model).system_id)),
    prerequisites: seed.prerequisites ?? [],
  }
}

/** NIC packages are for the fast adapters, not for the on-board ones, where a model has both. */
function targets(seed: PackageSeed, fqdd: string): boolean {
  return seed.component !== 'nic' || !fqdd.startsWith('NIC.Embedded')
}
