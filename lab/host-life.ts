/** What a boot of the machine means for the ESXi host on it, its virtual machines, and what vCenter sees. */
import type { LabCore } from './core.js'
import { MINUTE, SECOND } from './hardware/model-facts.js'
import type { SimServer } from './model-server.js'
import type { SimHost, SimVm } from './model-vsphere.js'

/** vCenter notices a silent host after this long */
const LOST_AFTER_MS = 60 * SECOND
/** and shows it connected again this long after ESXi is up */
const CONNECTED_AFTER_MS = 45 * SECOND
/** the product facts that vCenter shows are old for this long after the reconnect */
const FACTS_AFTER_MS = 60 * SECOND
/** HA restarts VMs of a dead host on others */
const HA_RESTART_MS = 2 * MINUTE

const LOST = 'host.lost'
const CONNECT = 'host.connect'
const FACTS = 'host.facts'
const RESTART_VMS = 'host.ha_restart'

export interface HostLife {
  /** The running OS is told to go down: VMs that still run lose their host. */
  goesDown(server: SimServer): void
  /** Nothing runs any more (power cut, reset): safe to call again. */
  wentDown(server: SimServer): void
  /** A boot begins: counts it, and tells the judge who was still on it. */
  bootBegins(server: SimServer): void
  /** The loader starts ESXi: the other boot bank becomes active. */
  osBoots(server: SimServer): void
  /** ESXi is up. */
  cameUp(server: SimServer): void
}

type Reachability = (device: string, reachable: boolean) => void

/** Makes it and registers its agenda types. */
export function createHostLife(core: LabCore, reachable: Reachability): HostLife {
  const hostOf = (server: SimServer): SimHost | undefined => core.find.hostOf(server)
  const named = (data: Record<string, unknown>): SimHost => core.find.host(String(data.host))
  core.agenda.on(LOST, (data) => {
    const host = named(data)
    host.ha_state = 'hostDown'
    core.setConnection(host, 'notResponding')
  })
  core.agenda.on(CONNECT, (data) => connect(core, named(data)))
  core.agenda.on(FACTS, (data) => {
    const host = named(data)
    host.seen_by_vcenter = { version: host.image.version, build: host.image.build }
  })
  core.agenda.on(RESTART_VMS, (data) => restartVms(core, named(data), (data.vms as string[]) ?? []))

  const goesDown: HostLife['goesDown'] = (server) => {
    const host = hostOf(server)
    if (!host) return
    stopVms(core, host)
    host.face.going_down = true
    reachable(host.name, false)
    core.agenda.cancelWhere(CONNECT, (data) => data.host === host.name)
    core.agenda.cancelWhere(FACTS, (data) => data.host === host.name)
    if (core.agenda.pending(LOST).every((item) => item.data.host !== host.name))
      core.agenda.after(LOST_AFTER_MS, LOST, { host: host.name })
    core.judge.clusterChanged(core.find.clusterOf(host))
  }
  return {
    goesDown,
    wentDown: goesDown,
    bootBegins(server) {
      const host = hostOf(server)
      if (!host) return
      const running = Number(host.face.vms_at_shutdown ?? 0)
      host.face.vms_at_shutdown = 0
      host.boot_count += 1
      host.update_running_until = null
      core.judge.hostReboot(host.name, running)
    },
    osBoots(server) {
      const host = hostOf(server)
      if (host) activateImage(core, host)
    },
    cameUp(server) {
      const host = hostOf(server)
      if (host) comeUp(core, host, reachable)
    },
  }
}

/** VMs that run on a host that goes down lose power; HA restarts them elsewhere. */
function stopVms(core: LabCore, host: SimHost): void {
  const running = core.find.vmsOn(host).filter((vm) => vm.power === 'poweredOn')
  if (running.length === 0) return
  host.face.vms_at_shutdown = running.length
  for (const vm of running) vm.power = 'poweredOff'
  core.judge.violation('no VM lost power', `${host.name} went down with ${running.length} running VMs`)
  const { ha } = core.find.clusterOf(host)
  if (ha.enabled && ha.host_monitoring)
    core.agenda.after(HA_RESTART_MS, RESTART_VMS, { host: host.name, vms: running.map((vm) => vm.moid) })
}

function restartVms(core: LabCore, host: SimHost, moids: string[]): void {
  const others = core.find
    .hostsOf(core.find.clusterOf(host))
    .filter((one) => one.connection === 'connected' && !one.in_maintenance && one !== host)
  const lost = moids
    .map((moid) => core.find.vmByMoid(host.vcenter, moid))
    .filter((vm): vm is SimVm => vm !== undefined && vm.power === 'poweredOff')
  for (const [i, vm] of lost.entries()) {
    const target = others[i % others.length]
    if (!target) return
    core.moveVm(vm, target.name)
    vm.power = 'poweredOn'
  }
}

/** The pending image boots, unless the loader falls back by personality. */
function activateImage(core: LabCore, host: SimHost): void {
  const next = host.pending_image
  host.boot_time = core.clock.now()
  if (!next) return
  host.pending_image = null
  if (core.flags(host.name).image_rolled_back) return
  const major = next.version.split('.')[0] !== host.image.version.split('.')[0]
  // A major upgrade overwrites both boot banks: nothing is left to go back to.
  host.previous_image = major ? null : host.image
  host.image = next
}

function comeUp(core: LabCore, host: SimHost, reachable: Reachability): void {
  const flags = core.flags(host.name)
  host.face.going_down = false
  host.ssh.enabled = host.ssh.policy === 'on'
  if (flags.host_key_changes) core.keys.renewSshHostKey(host.name)
  if (flags.returns_degraded) degrade(core, host)
  core.agenda.cancelWhere(LOST, (data) => data.host === host.name)
  reachable(host.name, host.ssh.enabled)
  if (host.connection === 'disconnected') return
  if (flags.needs_reconnect) core.setConnection(host, 'notResponding')
  else core.agenda.after(CONNECTED_AFTER_MS, CONNECT, { host: host.name })
}

function connect(core: LabCore, host: SimHost): void {
  const flags = core.flags(host.name)
  const peers = core.find.hostsOf(core.find.clusterOf(host)).filter((one) => one !== host)
  const hasMaster = peers.some((one) => one.ha_state === 'master')
  host.ha_state = flags.ha_agent_error ? 'initializationError' : hasMaster ? 'connectedToMaster' : 'master'
  core.setConnection(host, 'connected')
  core.agenda.after(FACTS_AFTER_MS + flags.cached_build_extra_s * SECOND, FACTS, { host: host.name })
}

function degrade(core: LabCore, host: SimHost): void {
  const link = host.vmnics.at(-1)
  if (link) link.link_up = false
  host.alarms.push({ moid: 'alarm-61', name: 'Network uplink redundancy lost', status: 'red', since: core.clock.now() })
  host.overall_status = 'red'
}
