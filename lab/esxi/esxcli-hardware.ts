import type { CliCommand } from './esxcli.js'
import type { CliFields } from './esxcli-format.js'
import { volumeIds } from './host-files.js'

const platform: CliCommand = (_options, { core, host }) => {
  const server = core.find.serverOf(host)
  const bytes = server.uuid.replaceAll('-', '').match(/../g) ?? []
  return {
    kind: 'structure',
    title: 'Platform Information',
    fields: {
      UUID: bytes.map((byte) => `0x${byte.toLowerCase()}`).join(' '),
      'Product Name': server.model,
      'Vendor Name': 'Dell Inc.',
      'Serial Number': server.service_tag,
      'Enclosure Serial Number': server.service_tag,
      'BIOS Asset Tag': '',
      'IPMI Supported': true,
    },
  }
}

const cpuList: CliCommand = (_options, { host }) => ({
  kind: 'list',
  rows: Array.from({ length: host.cpu.sockets * host.cpu.cores * 2 }, (_, id) => ({
    Id: id,
    'Package Id': Math.floor(id / (host.cpu.cores * 2)),
    Family: 6,
    Model: 106,
    Type: 0,
    Stepping: 6,
    Brand: host.cpu.model.includes('AMD') ? 'AuthenticAMD' : 'GenuineIntel',
    'Core Speed': host.cpu.mhz * 1_000_000,
    'Bus Speed': 100_000_000,
  })),
})

/** Datastores first, then the volumes of the boot device. */
const fileSystems: CliCommand = (_options, { core, host }) => {
  const ids = volumeIds(host)
  const row = (uuid: string, name: string, type: string, size: number, free: number): CliFields => ({
    'Mount Point': `/vmfs/volumes/${uuid}`,
    'Volume Name': name,
    UUID: uuid,
    Mounted: true,
    Type: type,
    Size: size,
    Free: free,
  })
  return {
    kind: 'list',
    rows: [
      ...host.datastores.map((name) => {
        const { uuid, type, capacity_bytes: size, free_bytes: free } = core.find.datastore(host.vcenter, name)
        return row(uuid, name, type === 'VMFS' ? 'VMFS-6' : type, size, free)
      }),
      row(ids.osdata, `OSDATA-${ids.osdata}`, 'VMFSOS', 128_580_583_424, 124_990_259_200),
      row(ids.bootbank, 'BOOTBANK1', 'vfat', 4_293_591_040, 4_006_146_048),
      row(ids.altbootbank, 'BOOTBANK2', 'vfat', 4_293_591_040, 4_058_972_160),
    ],
  }
}

const nicList: CliCommand = (_options, { host }) => ({
  kind: 'list',
  rows: host.vmnics.map((nic, index) => ({
    Name: nic.name,
    'PCI Device': `0000:${(0x31 + index).toString(16)}:00.0`,
    Driver: nic.driver,
    'Admin Status': 'Up',
    'Link Status': nic.link_up ? 'Up' : 'Down',
    Speed: nic.link_up ? nic.speed_mbps : 0,
    Duplex: nic.link_up ? 'Full' : 'Half',
    'MAC Address': nic.mac_address,
    MTU: 1500,
    Description:
      nic.driver === 'ntg3' ? 'Broadcom Corporation NetXtreme BCM5720 Gigabit Ethernet' : 'Broadcom NetXtreme-E 25Gb',
  })),
})

/** Commands on hardware, storage and network. */
export const HARDWARE_COMMANDS: Record<string, CliCommand> = {
  'hardware platform get': platform,
  'hardware cpu list': cpuList,
  'hardware memory get': (_options, { host }) => ({
    kind: 'structure',
    fields: { 'Physical Memory': host.memory_bytes, 'Reliable Memory': 0, 'NUMA Node Count': host.cpu.sockets },
  }),
  'hardware trustedboot get': (_options, { host }) => ({
    kind: 'structure',
    fields: { 'Drtm Enabled': false, 'Tpm Present': host.tpm.present },
  }),
  'storage filesystem list': fileSystems,
  'network nic list': nicList,
}
