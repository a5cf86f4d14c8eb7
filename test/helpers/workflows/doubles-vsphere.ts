import type { HostCredentialActivities } from '../../../activities/contracts/credentials.js'
import type { HostNow } from '../../../activities/contracts/host.js'
import { StepFailed } from '../../../activities/failures.js'
import type { SshQueue, VsphereQueue } from '../../../activities/index.js'
import { checkClusterCandidates, checkClusterSafety } from '../../../domain/cluster-safety.js'
import type { EsxiPreflightVerdict } from '../../../domain/esxi-types.js'
import { nextRollingStep } from '../../../domain/rolling-plan.js'
import { previewRolling } from '../../../domain/rolling-preview.js'
import { cluster, host as hostFacts, inMaintenance, NOW, vm } from '../../domain/cluster-fixture.js'
import { datastoreDoubles } from './doubles-datastore.js'
import { hostOf, type World } from './world.js'

const factsOf = (world: World) =>
  cluster(
    [...world.hosts.values()].map((host) =>
      host.in_maintenance ? inMaintenance(host.id) : hostFacts(host.id, { vms: host.vms.map((name) => vm(name)) }),
    ),
  )

/** Hosts of a job in maintenance count as its own, as the real reading tells them apart by the borrowed setting. */
const rollingFacts = (
  world: World,
  hosts: Parameters<VsphereQueue['decideRolling']>[0]['hosts'],
  found: Set<string>,
) => ({
  cluster: factsOf(world),
  hosts: hosts.map((host) => ({ ...host, found_in_maintenance: found.has(host.id), carries_vcenter: false })),
})

const briefOf = (world: World) => ({
  name: 'Prod-A',
  total_hosts: world.hosts.size,
  image_managed: false,
  vsan_enabled: false,
  dpm_enabled: true,
  found_in_maintenance: [],
  out_now: [...world.hosts.values()]
    .filter((host) => host.in_maintenance)
    .map(({ id, name }) => ({ id, name, why: ['in maintenance'] })),
})

function hostNow(world: World, id: string): HostNow {
  const host = hostOf(world, id)
  return {
    host_id: id,
    name: host.name,
    cluster_id: host.cluster_id,
    server_id: host.server_id,
    vcenter_id: 'v1',
    connection_state: 'connected',
    power_state: 'poweredOn',
    in_maintenance: host.in_maintenance,
    entering: false,
    boot_time: `2026-11-23T00:00:${String(host.boots).padStart(2, '0')}Z`,
    build: host.build,
    esxi_version: '8.0.2',
    overall_status: 'green',
    ha_state: 'connectedToMaster',
    ssh_running: host.ssh,
    tpm_sealed: true,
    reboot_required: false,
    powered_on_vms: host.in_maintenance ? [] : host.vms.map((name) => ({ moid: name, name })),
  }
}

/** vCenter over a world in memory; cluster safety and the rolling plan are decided by the real rules. */
export function vsphereDoubles(world: World): VsphereQueue {
  const found = new Set([...world.hosts.values()].filter((host) => host.in_maintenance).map(({ id }) => id))
  const ours = new Set<string>()
  return {
    ...datastoreDoubles(),
    readHost: async ({ host_id }) => hostNow(world, host_id),
    snapshotHost: async () => ({
      connection_state: 'connected',
      links_up: ['vmnic0'],
      datastores: ['ds1'],
      red_alarms: [],
      server_health: 'OK',
    }),
    async enterMaintenance({ host_id }) {
      const host = hostOf(world, host_id)
      const already = host.in_maintenance
      host.in_maintenance = true
      if (!already) ours.add(host_id)
      return { began: ours.has(host_id), already }
    },
    watchEvacuation: async () => ({ state: 'empty', vms_left: 0 }),
    async undoMaintenance({ host_id }) {
      ours.delete(host_id)
      hostOf(world, host_id).in_maintenance = false
    },
    async exitMaintenance({ host_id }) {
      ours.delete(host_id)
      hostOf(world, host_id).in_maintenance = false
    },
    async proveEmpty({ host_id }) {
      if (!hostOf(world, host_id).in_maintenance) throw new StepFailed('HostNotEvacuated', `${host_id} is not empty.`)
      return { boot_time: hostNow(world, host_id).boot_time }
    },
    async rebootHost({ host_id }) {
      const host = hostOf(world, host_id)
      if (!host.in_maintenance) throw new StepFailed('HostNotEvacuated', `${host_id} is not empty.`)
      const boot_time_before = hostNow(world, host_id).boot_time
      host.boots += 1
      host.ssh = false
      return { boot_time_before }
    },
    waitHostBack: async ({ host_id }) => hostNow(world, host_id),
    placeDepot: async () => ({ depot_path: '/vmfs/volumes/ds1/depot.zip', copied: true }),
    async borrowSsh({ host_id }) {
      const host = hostOf(world, host_id)
      const was_running = host.ssh
      host.ssh = true
      return { was_running }
    },
    async returnSsh({ host_id }) {
      hostOf(world, host_id).ssh = false
    },
    verifyHost: async () => ({ healthy: true, warnings: [], alarms_new: 0 }),
    waitHostServing: async () => ({ ha_state: 'connectedToMaster' }),
    settleCluster: async () => ({ vms_now: 1, resync_bytes: 0, settled: true }),
    async decideRolling({ hosts, progress, policy }) {
      const decision = nextRollingStep(rollingFacts(world, hosts, found), progress, policy, NOW)
      return { decision, cluster: briefOf(world) }
    },
    async previewRolling({ hosts, policy }) {
      return { preview: previewRolling(rollingFacts(world, hosts, found), policy, NOW), cluster: briefOf(world) }
    },
    checkClusterSafety: async ({ host_ids, policy }) =>
      host_ids.length > 0
        ? checkClusterSafety(factsOf(world), host_ids, policy, NOW)
        : checkClusterCandidates(factsOf(world), policy, NOW),
    async borrowClusterSetting({ cluster_id, setting }) {
      world.borrowed.add(`${cluster_id}/${setting}`)
    },
    async returnClusterSettings() {
      const returned = [...world.borrowed]
      world.borrowed.clear()
      return { returned }
    },
    syncOpenmanage: async () => ({
      devices: 3,
      created: 1,
      updated: 1,
      unchanged: 1,
      skipped_no_tag: 0,
      skipped_unmanaged: 0,
      skipped_no_address: 0,
      address_conflicts: [],
      not_in_openmanage: 0,
    }),
    syncVcenter: async () => ({ clusters: 1, hosts: world.hosts.size, added: 0, removed: 0 }),
  }
}

/** ESXi over SSH: the preflight says "already current" once the wanted build runs. */
export function sshDoubles(world: World): Omit<SshQueue, keyof HostCredentialActivities> {
  const updated = new Set<string>()
  const needsSsh = (host_id: string) => {
    if (!hostOf(world, host_id).ssh) throw new StepFailed('SshUnavailable', `SSH of ${host_id} is off.`)
  }
  return {
    async preflightHost({ host_id, ssh_available }) {
      if (ssh_available) needsSsh(host_id)
      return preflight(world, host_id)
    },
    storeRecoveryKey: async () => ({ stored: true }),
    async startUpdate({ host_id, step }) {
      needsSsh(host_id)
      updated.add(host_id)
      return { operation_id: `${host_id}/${step}`, before: { build: 1, profile: 'before', alternate_bank: '0 1 0' } }
    },
    waitUpdate: async () => ({
      refused: null,
      unchanged: false,
      reboot_required: true,
      vibs_removed: [],
      vibs_installed: 100,
    }),
    async verifyBuild({ host_id, target_build }) {
      const host = hostOf(world, host_id)
      if (!updated.has(host_id)) throw new StepFailed('VersionUnchanged', `${host.name} runs ${host.build}.`)
      host.build = target_build
      return { version: '8.0.3', build: target_build }
    },
  }
}

function preflight(world: World, host_id: string): EsxiPreflightVerdict {
  const host = hostOf(world, host_id)
  return {
    verdict: host.build === world.wanted_build ? 'already_current' : 'ready',
    checks: [],
    blockers: [],
    warnings: [],
    current: { version: '8.0.2', build: host.build, profile: 'old-profile' },
    target: { version: '8.0.3', build: world.wanted_build, profile: 'new-profile', acceptance: 'PartnerSupported' },
    vibs: { install: ['esx-base'], remove: [], skip: [] },
    stepping_stones: [],
    estimate_minutes: 45,
    no_way_back: false,
  }
}
