/** PowerEdge R750 and R650, 15G, iDRAC9; rows after a recorded R750. Data only. */
import { commonRows } from './common-rows.js'
import { biosDefaults, type FirmwareSeed, type HardwareModel, MINUTE, pci } from './model-facts.js'

const gigabit = {
  component: 'nic',
  component_id: '108255',
  component_type: 'FRMW',
  version: '21.80.9',
  pci: pci('14E4', '165F', '1028', '08FF'),
} as const
const fast = {
  component: 'nic',
  component_id: '108089',
  component_type: 'FRMW',
  version: '21.80.16.95',
  previous_version: '21.60.22.11',
  pci: pci('14E4', '16D7', '14E4', '4145'),
} as const
const drive = {
  component: 'drive',
  component_id: '0',
  component_type: 'FRMW',
  version: '2.1.3',
  pci: pci('1E0F', '0007', '1028', '207E'),
} as const

const devices: FirmwareSeed[] = [
  { ...gigabit, fqdd: 'NIC.Embedded.1-1-1', name: 'Broadcom Gigabit Ethernet BCM5720 - 02:00:5E:00:02:01' },
  { ...gigabit, fqdd: 'NIC.Embedded.2-1-1', name: 'Broadcom Gigabit Ethernet BCM5720 - 02:00:5E:00:02:02' },
  { ...fast, fqdd: 'NIC.Integrated.1-1-1', name: 'Broadcom Adv. Dual 25Gb Ethernet - 02:00:5E:00:02:03' },
  { ...fast, fqdd: 'NIC.Integrated.1-2-1', name: 'Broadcom Adv. Dual 25Gb Ethernet - 02:00:5E:00:02:04' },
  {
    component: 'raid',
    fqdd: 'RAID.SL.3-1',
    name: 'PERC H755 Front',
    component_id: '108206',
    component_type: 'FRMW',
    version: '52.16.1-4405',
    previous_version: '52.14.0-3901',
    pci: pci('1000', '10E2', '1028', '1AE1'),
  },
  {
    component: 'backplane',
    fqdd: 'RAID.Backplane.Firmware.1',
    name: 'Backplane 1',
    component_id: '107649',
    component_type: 'FRMW',
    version: '3.48',
    previous_version: '3.30',
  },
  { ...drive, fqdd: 'Disk.Bay.0:Enclosure.Internal.0-1', name: 'PCIe SSD in Slot 0 in Bay 1' },
  { ...drive, fqdd: 'Disk.Bay.1:Enclosure.Internal.0-1', name: 'PCIe SSD in Slot 1 in Bay 1' },
  {
    component: 'other',
    fqdd: 'ServiceModule.Embedded.1',
    name: 'Dell EMC iDRAC Service Module Embedded Package v4.0.1, A00',
    component_id: '104684',
    component_type: 'APAC',
    version: '4.0.1',
  },
]

export const r750: HardwareModel = {
  model: 'PowerEdge R750',
  generation: '15G',
  system_id: 2318,
  cpu: { model: 'Intel(R) Xeon(R) Gold 6354 CPU @ 3.00GHz', sockets: 2, cores: 36, mhz: 3000 },
  memory_gib: 512,
  dimm_count: 16,
  disk: {
    name: 'Dell Express Flash CD6 1.92TB',
    bytes: 1_920_383_410_176,
    media: 'SSD',
    protocol: 'NVMe',
    count: 2,
    fqdd_tail: 'Enclosure.Internal.0-1',
  },
  psu_watts: 1400,
  nic_speed_mbps: 25_000,
  post_ms: 5 * MINUTE,
  inventory_ms: 2 * MINUTE,
  os_boot_ms: 3 * MINUTE,
  idrac_dark_ms: 3.5 * MINUTE,
  firmware: [
    ...commonRows({
      bios: ['1.8.2', '1.2.4'],
      idrac: ['7.00.30.00', '6.00.30.00'],
      diagnostics: '4301A56',
      driver_pack: '21.03.10',
      cpld: '1.0.5',
      psu: '00.2A.2B',
    }),
    ...devices,
  ],
  bios: biosDefaults({ Proc1Brand: 'Intel(R) Xeon(R) Gold 6354 CPU @ 3.00GHz', SysMemSize: '512 GB' }),
}

export const r650: HardwareModel = { ...r750, model: 'PowerEdge R650', system_id: 2320, memory_gib: 256 }
