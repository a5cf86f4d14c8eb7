/** PowerEdge R760 and R660, 16G, iDRAC9. Data only. */
import { commonRows } from './common-rows.js'
import { biosDefaults, type FirmwareSeed, type HardwareModel, MINUTE, pci } from './model-facts.js'

const fast = {
  component: 'nic',
  component_id: '108089',
  component_type: 'FRMW',
  version: '22.71.11.11',
  previous_version: '22.31.13.70',
  pci: pci('14E4', '16D7', '14E4', '4145'),
} as const

const devices: FirmwareSeed[] = [
  {
    component: 'nic',
    component_id: '108255',
    component_type: 'FRMW',
    version: '22.71.3',
    pci: pci('14E4', '165F', '1028', '0A6B'),
    fqdd: 'NIC.Embedded.1-1-1',
    name: 'Broadcom Gigabit Ethernet BCM5720 - 02:00:5E:00:03:01',
  },
  { ...fast, fqdd: 'NIC.Integrated.1-1-1', name: 'Broadcom Adv. Dual 25Gb Ethernet - 02:00:5E:00:03:03' },
  { ...fast, fqdd: 'NIC.Integrated.1-2-1', name: 'Broadcom Adv. Dual 25Gb Ethernet - 02:00:5E:00:03:04' },
  {
    component: 'raid',
    fqdd: 'RAID.SL.3-1',
    name: 'PERC H965i Front',
    component_id: '111361',
    component_type: 'FRMW',
    version: '8.4.0.0.18-26',
    previous_version: '8.0.0.0.18-60',
    pci: pci('1000', '10E5', '1028', '213A'),
  },
  {
    component: 'hba',
    fqdd: 'NonRAID.SL.4-1',
    name: 'Dell HBA355i Front',
    component_id: '108304',
    component_type: 'FRMW',
    version: '22.15.05.00',
    pci: pci('1000', '00E6', '1028', '200C'),
  },
  {
    component: 'backplane',
    fqdd: 'RAID.Backplane.Firmware.1',
    name: 'Backplane 1',
    component_id: '110810',
    component_type: 'FRMW',
    version: '7.10',
  },
]

export const r760: HardwareModel = {
  model: 'PowerEdge R760',
  generation: '16G',
  system_id: 2667,
  cpu: { model: 'Intel(R) Xeon(R) Gold 6430', sockets: 2, cores: 64, mhz: 2100 },
  memory_gib: 512,
  dimm_count: 16,
  disk: {
    name: 'MZ7L31T9HBLTAD3',
    bytes: 1_920_383_410_176,
    media: 'SSD',
    protocol: 'SAS',
    count: 4,
    fqdd_tail: 'Enclosure.Internal.0-1:RAID.SL.3-1',
  },
  psu_watts: 1400,
  nic_speed_mbps: 25_000,
  post_ms: 6 * MINUTE,
  inventory_ms: 2 * MINUTE,
  os_boot_ms: 3 * MINUTE,
  idrac_dark_ms: 4 * MINUTE,
  firmware: [
    ...commonRows({
      bios: ['2.1.5', '1.6.6'],
      idrac: ['7.10.30.00', '7.00.60.00'],
      diagnostics: '4301A73',
      driver_pack: '23.04.06',
      cpld: '1.1.2',
      psu: '00.1F.33',
    }),
    ...devices,
  ],
  bios: biosDefaults({ Proc1Brand: 'Intel(R) Xeon(R) Gold 6430', SysMemSize: '512 GB' }),
}

export const r660: HardwareModel = { ...r760, model: 'PowerEdge R660', system_id: 2668, memory_gib: 256 }
