/** PowerEdge R640, 14G, iDRAC9. Data only. */
import { commonRows } from './common-rows.js'
import { biosDefaults, type HardwareModel, MINUTE, pci } from './model-facts.js'

const nic = {
  component: 'nic',
  component_id: '0',
  component_type: 'FRMW',
  version: '20.5.13',
  previous_version: null,
} as const
const nicIds = pci('8086', '1572', '1028', '1F9C')

export const r640: HardwareModel = {
  model: 'PowerEdge R640',
  generation: '14G',
  system_id: 1814,
  cpu: { model: 'Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz', sockets: 2, cores: 40, mhz: 2500 },
  memory_gib: 384,
  dimm_count: 12,
  disk: {
    name: 'MZ7KH960HAJR0D3',
    bytes: 960_197_124_096,
    media: 'SSD',
    protocol: 'SATA',
    count: 4,
    fqdd_tail: 'Enclosure.Internal.0-1:RAID.Integrated.1-1',
  },
  psu_watts: 750,
  nic_speed_mbps: 10_000,
  post_ms: 4 * MINUTE,
  inventory_ms: 1.5 * MINUTE,
  os_boot_ms: 3 * MINUTE,
  idrac_dark_ms: 3 * MINUTE,
  firmware: [
    ...commonRows({
      bios: ['2.19.1', '2.17.1'],
      idrac: ['6.10.80.00', '6.10.30.00'],
      diagnostics: '4301A44',
      driver_pack: '22.08.10',
      cpld: '1.0.6',
      psu: '00.1B.53',
    }),
    {
      ...nic,
      fqdd: 'NIC.Integrated.1-1-1',
      name: 'Intel(R) Ethernet 10G 4P X710 rNDC - 02:00:5E:00:01:01',
      pci: nicIds,
    },
    {
      ...nic,
      fqdd: 'NIC.Integrated.1-2-1',
      name: 'Intel(R) Ethernet 10G 4P X710 rNDC - 02:00:5E:00:01:02',
      pci: nicIds,
    },
    {
      component: 'raid',
      fqdd: 'RAID.Integrated.1-1',
      name: 'PERC H740P Mini',
      component_id: '104298',
      component_type: 'FRMW',
      version: '51.16.0-4076',
      previous_version: '51.14.0-3900',
      pci: pci('1000', '0016', '1028', '1FCA'),
    },
    {
      component: 'hba',
      fqdd: 'NonRAID.Slot.2-1',
      name: 'Dell HBA330 Adapter',
      component_id: '104288',
      component_type: 'FRMW',
      version: '16.17.01.00',
      pci: pci('1000', '0097', '1028', '1F46'),
    },
    {
      component: 'backplane',
      fqdd: 'Enclosure.Internal.0-1:RAID.Integrated.1-1',
      name: 'BP14G+ 0:1',
      component_id: '104317',
      component_type: 'FRMW',
      version: '4.35',
    },
  ],
  bios: biosDefaults({ Proc1Brand: 'Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz', SysMemSize: '384 GB' }),
}
