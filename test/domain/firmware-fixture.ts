import type { FirmwarePackage, FirmwareServer, InstalledFirmware, PciIds } from '../../domain/firmware-facts.js'
import { DEFAULT_SELECTION, type UpdateSelection } from '../../domain/update-plan-types.js'

export const NO_PCI: PciIds = { vendor_id: null, device_id: null, subvendor_id: null, subdevice_id: null }

export const row = (fqdd: string, id: string, version: string, changes: Partial<InstalledFirmware> = {}) =>
  ({
    ...NO_PCI,
    fqdd,
    software_id: id,
    component_id: id,
    component_type: 'FRMW',
    name: fqdd,
    version,
    updateable: true,
    ...changes,
  }) satisfies InstalledFirmware

/** A NIC that is told by its PCI ids only. */
export const MELLANOX: PciIds = { vendor_id: '15B3', device_id: '101B', subvendor_id: '15B3', subdevice_id: '0009' }

/** The rows of a 15th generation server in short. */
export const INVENTORY: InstalledFirmware[] = [
  row('BIOS.Setup.1-1', '159', '1.8.2', { component_type: 'BIOS' }),
  row('iDRAC.Embedded.1-1', '25227', '6.00.30.00'),
  row('CPLD.Embedded.1', '27763', '1.0.5'),
  row('NIC.Integrated.1-1-1', '108089', '21.80.16.95'),
  row('NIC.Integrated.1-2-1', '108089', '21.80.16.95'),
  row('InfiniBand.Slot.7-1', '0', '20.31.10.14', MELLANOX),
  row('RAID.Slot.3-1', '104298', '51.14.0-3900'),
  row('PSU.Slot.1', '108076', '00.2A.2B'),
  row('Diagnostics.Embedded.1:LC.Embedded.1', '25806', '4301A56', { component_type: 'APAC' }),
  row('DriverPack.Embedded.1:LC.Embedded.1', '18981', '21.03.10', { component_type: 'APAC' }),
  row('TPM.Integrated.1-1', '109673', '7.2.2.0'),
]

export const server = (changes: Partial<FirmwareServer> = {}): FirmwareServer => ({
  id: 's1',
  name: 'SVC0001',
  model: 'PowerEdge R750',
  system_id: '090E',
  generation: 'idrac9',
  inventory: INVENTORY,
  ...changes,
})

export const pack = (id: string, component_id: string, version: string, changes: Partial<FirmwarePackage> = {}) =>
  ({
    id,
    filename: `${id}.EXE`,
    name: id,
    version,
    package_type: 'LW64',
    component_type: 'FRMW',
    system_ids: ['090E'],
    devices: [{ component_id, pci: [] }],
    release_date: '2024-01-01',
    criticality: 'recommended',
    reboot_required: true,
    size_bytes: 1_000,
    prerequisites: [],
    file_available: true,
    ...changes,
  }) satisfies FirmwarePackage

export const selection = (changes: Partial<UpdateSelection> = {}): UpdateSelection => ({
  ...DEFAULT_SELECTION,
  ...changes,
})
