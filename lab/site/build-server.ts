/** Makes one server with its iDRAC, as it stands at the seed's first state. */
import { IDRAC_PORT, idracAddress } from '../addresses.js'
import { CAN_ROLL_BACK, classOf, type HardwareModel } from '../hardware/model-facts.js'
import { modelFacts } from '../hardware/models.js'
import type { SimIdrac, SimLogEntry, SimServer } from '../model-server.js'
import type { Identities } from './identities.js'

export interface ServerPlan {
  name: string
  model: string
  /** counts all servers of the site, from 0 */
  index: number
  shift: number
  now: number
  host: string | null
  personality: string | null
  username: string
  password: string
}

const DAY = 86_400_000

/** A server that is on, booted, healthy, with an empty job queue. */
export function buildServer(plan: ServerPlan, ids: Identities): SimServer {
  const facts = modelFacts(plan.model)
  const serviceTag = ids.serviceTag()
  const bootedAt = plan.now - ids.between(`uptime ${plan.name}`, 20, 90) * DAY
  const nics = facts.firmware.filter((row) => row.component === 'nic')
  return {
    name: plan.name,
    service_tag: serviceTag,
    board_serial: ids.boardSerial(serviceTag),
    uuid: ids.uuid(`server ${plan.name}`),
    model: facts.model,
    generation: facts.generation,
    system_id: facts.system_id,
    idrac: buildIdrac(plan, facts, ids, bootedAt),
    power: 'On',
    boot_count: 1,
    boot: { phase: 'running', since: bootedAt, ends_at: null },
    boot_after_shutdown: null,
    ignores_graceful: false,
    host: plan.host,
    os: plan.host ? 'ESXi' : 'Linux',
    firmware: facts.firmware.map((row) => ({
      ...row,
      name: row.name.replace(/[0-9A-F]{2}(:[0-9A-F]{2}){5}$/, () => ids.mac(`${plan.name} ${row.fqdd}`)),
      previous_version: CAN_ROLL_BACK.includes(row.component) ? (row.previous_version ?? null) : null,
      class: classOf(row.component),
      updateable: row.updateable ?? true,
      installed_at: bootedAt - 200 * DAY,
    })),
    personality: plan.personality,
    bios_attributes: { ...facts.bios, SystemServiceTag: serviceTag, SystemModelName: facts.model },
    bios_pending: {},
    boot_override: { enabled: 'Disabled', target: 'None', mode: 'UEFI' },
    boot_order: ['Boot0003', 'Boot0000', 'Boot0001'],
    indicator_led: 'Lit',
    hardware: {
      cpu_count: facts.cpu.sockets,
      cpu_model: facts.cpu.model,
      cores_per_cpu: facts.cpu.cores / facts.cpu.sockets,
      memory_gib: facts.memory_gib,
      dimm_count: facts.dimm_count,
      nics: nics.map((row) => ({
        fqdd: row.fqdd,
        mac_address: ids.mac(`${plan.name} ${row.fqdd}`),
        link: 'Up',
        speed_mbps: row.fqdd.startsWith('NIC.Embedded') ? 1000 : facts.nic_speed_mbps,
      })),
      disks: Array.from({ length: facts.disk.count }, (_, i) => ({
        fqdd: `Disk.Bay.${i}:${facts.disk.fqdd_tail}`,
        name: facts.disk.name,
        serial: ids.uuid(`disk ${plan.name} ${i}`).slice(0, 13).replace('-', '').toUpperCase(),
        bytes: facts.disk.bytes,
        media: facts.disk.media,
        protocol: facts.disk.protocol,
      })),
      psu_watts: facts.psu_watts,
    },
  }
}

function buildIdrac(plan: ServerPlan, facts: HardwareModel, ids: Identities, bootedAt: number): SimIdrac {
  const firmware = facts.firmware.find((row) => row.component === 'idrac')?.version ?? '0.0'
  return {
    name: plan.name,
    address: idracAddress(plan.shift, plan.index),
    port: IDRAC_PORT,
    username: plan.username,
    password: plan.password,
    firmware_version: firmware,
    mac_address: ids.mac(`idrac ${plan.name}`),
    dark_until: null,
    loading_until: null,
    restart_count: 0,
    lockdown: plan.personality === 'lockdown',
    license: plan.host ? 'Enterprise' : 'Datacenter',
    kvm: true,
    sessions: [],
    blocked_until: null,
    jobs: [],
    sel: [entry(1, bootedAt - 300 * DAY, '2ffff', 'Log cleared.', 'SEL')],
    lifecycle_log: firstLog(bootedAt),
    attributes: {},
    face: {},
  }
}

function entry(
  id: number,
  at: number,
  messageId: string,
  message: string,
  category: string,
  args: string[] = [],
): SimLogEntry {
  return { id, at, message_id: messageId, message, message_args: args, severity: 'OK', category }
}

function firstLog(bootedAt: number): SimLogEntry[] {
  return [
    entry(1, bootedAt - 300 * DAY, 'LOG007', 'The previous log entry was repeated 0 times.', 'Audit', ['0']),
    entry(2, bootedAt - 10 * 60_000, 'SYS1003', 'System CPU Resetting.', 'Audit'),
    entry(3, bootedAt - 9 * 60_000, 'SYS1000', 'System is turning on.', 'Audit'),
    entry(4, bootedAt - 2 * 60_000, 'SYS1005', 'Requested system powerup.', 'Audit'),
    entry(5, bootedAt, 'HWC8010', 'System is operating normally after the restart.', 'System Health'),
  ]
}
