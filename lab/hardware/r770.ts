/** PowerEdge R770 and R670, 17G, iDRAC10. Data only. */
import { commonRows } from './common-rows.js'
import { biosDefaults, type FirmwareSeed, type HardwareModel, MINUTE, pci } from './model-facts.js'

const fast = {
  component: 'nic',
  component_id: '113021',
  component_type: 'FRMW',
  version: '23.21.13.11',
  previous_version: null,
  pci: pci('14E4', '1760', '14E4', '5045'),
} as const

const devices: FirmwareSeed[] = [
  { ...fast, fqdd: 'NIC.Integrated.1-1-1', name: 'Broadcom Adv. Dual 100Gb Ethernet - 02:00:5E:00:04:01' },
  { ...fast, fqdd: 'NIC.Integrated.1-2-1', name: 'Broadcom Adv. Dual 100Gb Ethernet - 02:00:5E:00:04:02' },
  {
    component: 'raid',
    fqdd: 'RAID.SL.1-1',
    name: 'PERC H975i Front',
    component_id: '113377',
    component_type: 'FRMW',
    version: '8.11.0.0.18-14',
    previous_version: null,
    pci: pci('1000', '00B7', '1028', '2333'),
  },
]

/** iDRAC10 has no legacy boot, and the AC recovery attributes have other names. */
const {
  BootMode: _bootMode,
  AcPwrRcvry: _recovery,
  ...bios
} = biosDefaults({
  Proc1Brand: 'Intel(R) Xeon(R) 6740P',
  SysMemSize: '1024 GB',
  AcPwrRcvryState: 'Last',
})

export const r770: HardwareModel = {
  model: 'PowerEdge R770',
  generation: '17G',
  system_id: 3084,
  cpu: { model: 'Intel(R) Xeon(R) 6740P', sockets: 2, cores: 96, mhz: 2100 },
  memory_gib: 1024,
  dimm_count: 16,
  disk: {
    name: 'Dell DC NVMe CD8P 3.84TB',
    bytes: 3_840_755_982_336,
    media: 'SSD',
    protocol: 'NVMe',
    count: 4,
    fqdd_tail: 'Enclosure.Internal.0-1',
  },
  psu_watts: 1500,
  nic_speed_mbps: 100_000,
  post_ms: 7 * MINUTE,
  inventory_ms: 2 * MINUTE,
  os_boot_ms: 3 * MINUTE,
  idrac_dark_ms: 4.5 * MINUTE,
  firmware: [
    ...commonRows({
      bios: ['1.1.3', '1.0.2'],
      idrac: ['1.10.17.00', '1.10.05.00'],
      diagnostics: '4401A09',
      driver_pack: '25.01.05',
      cpld: '1.0.1',
      psu: '00.0C.31',
    }),
    ...devices,
  ],
  bios,
}

export const r670: HardwareModel = { ...r770, model: 'PowerEdge R670', system_id: 3085, memory_gib: 512 }
