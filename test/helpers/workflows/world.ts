import type { BiosValue } from '../../../domain/bios-attributes.js'
import type { AttributeChange } from '../../../domain/bios-difference.js'
import type { BootNow } from '../../../domain/boot-settings.js'
import type { PlannedUpdate } from '../../../domain/update-plan-types.js'
import type { Target } from '../../../workflows/lib/job-input.js'

/** A host as the doubles of the activities see it. What they change here is what a device would keep. */
export interface WorldHost {
  id: string
  name: string
  cluster_id: string | null
  server_id: string
  in_maintenance: boolean
  ssh: boolean
  build: number
  boots: number
  vms: string[]
}

export interface WorldServer {
  id: string
  name: string
  host_id: string | null
  power: string
  boots: number
  boot: BootNow
  bios: Record<string, BiosValue>
  /** Values that wait for a boot, and how often the machine had booted then. */
  staged_bios: { changes: AttributeChange[]; boots: number } | null
  /** Packages that are there, by id. */
  installed: Set<string>
  /** Device jobs by id. */
  device_jobs: Map<string, { package_id: string; staged: boolean }>
}

/** Everything that doubles change, so that a test can judge the end state and not only the calls. */
export interface World {
  hosts: Map<string, WorldHost>
  servers: Map<string, WorldServer>
  /** Cluster settings that are changed at the moment, as `<cluster>/<setting>`. */
  borrowed: Set<string>
  /** Resource by owner. */
  leases: Map<string, string>
  /** Hosts whose maintenance was declared as held on purpose. */
  handed_over: Set<string>
  /** Hosts whose maintenance is what the job was asked for; any other host left in it must be named. */
  asked_for: Set<string>
  wanted_build: number
  packages: PlannedUpdate[]
  /** Servers that hold an image, and those whose next boot is from CD. */
  mounted: Set<string>
  boot_once: Set<string>
}

const IDLE_BOOT: BootNow = {
  override_target: 'None',
  override_enabled: 'Disabled',
  override_mode: 'UEFI',
  uefi_target: null,
  boot_order: ['Boot0000', 'Boot0001'],
}

export const OLD_BUILD = 24_022_510
export const NEW_BUILD = 24_859_861

const update = (component: 'bios' | 'idrac', changes: Partial<PlannedUpdate>): PlannedUpdate => ({
  package_id: `package-${component}`,
  filename: `${component}.exe`,
  size_bytes: 1_000_000,
  component,
  component_class: component === 'idrac' ? 'idrac' : 'host_reboot',
  component_id: null,
  name: component.toUpperCase(),
  fqdds: [`${component}.1`],
  from: ['1.0.0'],
  to: '2.0.0',
  downgrade: false,
  reversible: true,
  ...changes,
})

/** A cluster `c1` of hosts h1 to hN on servers s1 to sN, all serving, all with something to update. */
export function makeWorld(hosts = 3): World {
  const numbers = Array.from({ length: hosts }, (_, index) => index + 1)
  return {
    hosts: new Map(
      numbers.map((n) => [
        `h${n}`,
        {
          id: `h${n}`,
          name: `esx-h${n}`,
          cluster_id: 'c1',
          server_id: `s${n}`,
          in_maintenance: false,
          ssh: false,
          build: OLD_BUILD,
          boots: 1,
          vms: [`vm-h${n}`],
        },
      ]),
    ),
    servers: new Map(
      numbers.map((n) => [
        `s${n}`,
        {
          id: `s${n}`,
          name: `r750-s${n}`,
          host_id: `h${n}`,
          power: 'On',
          boots: 1,
          boot: { ...IDLE_BOOT },
          bios: { LogicalProc: 'Enabled', NumLock: 'On' },
          staged_bios: null,
          installed: new Set<string>(),
          device_jobs: new Map(),
        },
      ]),
    ),
    borrowed: new Set(),
    leases: new Map(),
    handed_over: new Set(),
    asked_for: new Set(),
    mounted: new Set(),
    boot_once: new Set(),
    wanted_build: NEW_BUILD,
    packages: [update('bios', {}), update('idrac', {})],
  }
}

export function hostTarget(world: World, id: string): Target {
  const host = hostOf(world, id)
  return { kind: 'host', id, name: host.name, cluster_id: host.cluster_id, server_id: host.server_id }
}

/** A server; without its host when it carries none. */
export function serverTarget(world: World, id: string): Target {
  const server = serverOf(world, id)
  const host = server.host_id ? hostOf(world, server.host_id) : null
  return { kind: 'server', id, name: server.name, host_id: host?.id ?? null, cluster_id: host?.cluster_id ?? null }
}

export function hostOf(world: World, id: string): WorldHost {
  const host = world.hosts.get(id)
  if (!host) throw new Error(`the test's world has no host ${id}`)
  return host
}

export function serverOf(world: World, id: string): WorldServer {
  const server = world.servers.get(id)
  if (!server) throw new Error(`the test's world has no server ${id}`)
  return server
}
