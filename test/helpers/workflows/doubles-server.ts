import type { ServerCredentialActivities } from '../../../activities/contracts/credentials.js'
import { StepFailed } from '../../../activities/failures.js'
import type { RedfishQueue, TransferQueue } from '../../../activities/index.js'
import type { UpdatePhase, UpdatePlan } from '../../../domain/update-plan-types.js'
import { biosDoubles, bootDoubles } from './doubles-bios.js'
import { mediaDoubles } from './doubles-media.js'
import { recordDoubles } from './doubles-records.js'
import { hostOf, serverOf, type World } from './world.js'

/** iDRACs over a world in memory. */
export function redfishDoubles(world: World): Omit<RedfishQueue, keyof ServerCredentialActivities> {
  return {
    ...serverDoubles(world),
    ...biosDoubles(world),
    ...bootDoubles(world),
    ...firmwareDoubles(world),
    ...discoveryDoubles(),
    ...recordDoubles(),
    ...mediaDoubles(world),
  }
}

type Server = Pick<
  RedfishQueue,
  | 'checkHealth'
  | 'readServer'
  | 'passChangeGate'
  | 'judgeHostGuard'
  | 'judgePower'
  | 'sendPower'
  | 'waitPower'
  | 'waitServerBack'
  | 'backupProfile'
  | 'judgeProfileExport'
  | 'judgeProfileImport'
  | 'previewProfileImport'
  | 'startProfileImport'
  | 'followProfileImport'
  | 'verifyProfileImport'
  | 'exportProfile'
>

const PROFILE_ATTRIBUTE = { component: 'BIOS.Setup.1-1', attribute: 'LogicalProc' }

function serverDoubles(world: World): Server {
  const sought = (action: string) => (action === 'off' || action === 'graceful_shutdown' ? 'Off' : 'On')
  return {
    checkHealth: async () => ({ health_status: 'OK', power_state: 'On', faults: [] }),
    async readServer({ server_id }) {
      const { name, power, boots } = serverOf(world, server_id)
      return {
        server_id,
        name,
        service_tag: server_id.toUpperCase(),
        power_state: power,
        health_status: 'OK',
        bios_version: '1.0.0',
        idrac_version: '1.0.0',
        boot_marker: String(boots),
      }
    },
    passChangeGate: async () => ({ blockers: [], warnings: [] }),
    async judgeHostGuard({ server_id, evacuate_host, allow_running_vms }) {
      const { host_id } = serverOf(world, server_id)
      if (!host_id) return { allowed: 'free', blockers: [], running_vms: [] }
      const host = hostOf(world, host_id)
      if (host.in_maintenance) return { allowed: 'in_maintenance', blockers: [], running_vms: [] }
      if (evacuate_host) return { allowed: 'evacuate', blockers: [], running_vms: host.vms }
      if (allow_running_vms) return { allowed: 'running_vms_allowed', blockers: [], running_vms: host.vms }
      const message = `${host.name} runs on it and is not in maintenance.`
      const blocker = { code: 'HostNotInMaintenance' as const, message, remedy: 'Ask for evacuate_host.' }
      return { allowed: 'refused', blockers: [blocker], running_vms: host.vms }
    },
    async judgePower({ server_id, action }) {
      const { power } = serverOf(world, server_id)
      const seeks = ['on', 'off', 'graceful_shutdown'].includes(action)
      return { decision: seeks && power === sought(action) ? 'already' : 'send', power_state: power }
    },
    async sendPower({ server_id, action }) {
      const server = serverOf(world, server_id)
      const boot_marker_before = String(server.boots)
      server.power = sought(action)
      server.boots += 1
      return { sent: true, boot_marker_before }
    },
    waitPower: async ({ server_id }) => ({ power_state: serverOf(world, server_id).power }),
    waitServerBack: async () => {},
    backupProfile: async ({ server_id }) => ({
      scp_backup_id: `backup-${server_id}`,
      size_bytes: 140_000,
      sha256: '0'.repeat(64),
      components: ['ALL'],
    }),
    judgeProfileImport: async ({ order }) => ({
      blockers: [],
      warnings: [],
      reboots: order.shutdown_type !== 'NoReboot',
      attribute_count: 1,
      bios_changes: [PROFILE_ATTRIBUTE],
    }),
    previewProfileImport: async () => ({ supported: true, blockers: [], would_change: [PROFILE_ATTRIBUTE] }),
    async startProfileImport({ server_id }) {
      const server = serverOf(world, server_id)
      const boot_marker_before = String(server.boots)
      server.boots += 1
      return { device_job_id: 'JID_1', boot_marker_before }
    },
    followProfileImport: async () => ({
      outcome: 'changed',
      code: null,
      message: null,
      applied: [PROFILE_ATTRIBUTE],
      not_applied: [],
      password_changed: false,
    }),
    verifyProfileImport: async ({ server_id, boot_marker_before }) => ({
      differing: [],
      rebooted: String(serverOf(world, server_id).boots) !== boot_marker_before,
    }),
    judgeProfileExport: async () => ({ blockers: [], warnings: [], last_backup: null }),
    exportProfile: async ({ server_id, options }) => ({
      scp_backup_id: `export-${server_id}`,
      size_bytes: 140_000,
      sha256: '0'.repeat(64),
      components: options.components,
    }),
  }
}

type Firmware = Pick<RedfishQueue, 'planFirmware' | 'waitDeviceJob' | 'deleteDeviceJob' | 'verifyFirmware'>

function firmwareDoubles(world: World): Firmware {
  return {
    planFirmware: async ({ server_id }) => planOf(world, server_id),
    async waitDeviceJob({ until }) {
      const state = until === 'staged' ? 'staged' : 'succeeded'
      return { state, raw_state: 'Completed', message_id: 'PR19', message: 'Job completed successfully.' }
    },
    async deleteDeviceJob({ server_id, device_job_id }) {
      serverOf(world, server_id).device_jobs.delete(device_job_id)
    },
    async verifyFirmware({ server_id, components }) {
      const server = serverOf(world, server_id)
      const jobs = [...server.device_jobs.values()]
      return {
        components: components.map((component) => {
          const sent = jobs.some((job) => job.package_id === component.package_id)
          if (!sent) throw new StepFailed('VersionUnchanged', `${component.name} was never sent.`)
          server.installed.add(component.package_id)
          const { package_id, fqdds, from, to } = component
          return {
            package_id,
            component: component.component,
            fqdds,
            from,
            to,
            installed_after: to,
            outcome: 'changed',
          }
        }),
      }
    },
  }
}

/** One phase per package: what needs the host to restart first, the iDRAC last. */
function planOf(world: World, server_id: string): UpdatePlan {
  const server = serverOf(world, server_id)
  const open = world.packages.filter((update) => !server.installed.has(update.package_id))
  const phases = open.map((update): UpdatePhase => {
    const idrac = update.component_class === 'idrac'
    return {
      kind: idrac ? 'idrac' : 'host_reboot',
      updates: [update],
      apply_time: idrac ? 'Immediate' : 'OnReset',
      reboot: !idrac,
      idrac_restart: idrac,
      reason: 'order of classes',
    }
  })
  return {
    server_id,
    phases,
    left_out: [],
    not_in_catalog: [],
    not_applicable: [],
    reboots: phases.filter((phase) => phase.reboot).length,
    bytes: open.reduce((sum, update) => sum + update.size_bytes, 0),
    needs_maintenance: phases.some((phase) => phase.reboot),
    estimate_minutes: 20 * phases.length,
    blockers: [],
    warnings: [],
  }
}

/** Packages of another model: for the servers named, or all when none is, nothing of them fits. */
export function noFit(world: World, ...server_ids: string[]): RedfishQueue['planFirmware'] {
  const message = 'other model'
  return async ({ server_id }) => {
    const plan = planOf(world, server_id)
    if (server_ids.length > 0 && !server_ids.includes(server_id)) return plan
    return {
      ...plan,
      phases: [],
      reboots: 0,
      needs_maintenance: false,
      not_applicable: [{ package_id: 'package-bios', filename: 'bios.exe', message }],
      warnings: [
        { code: 'PackageNotApplicable', message: `bios.exe is skipped: ${message}`, remedy: 'Choose another.' },
      ],
    }
  }
}

type Discovery = Pick<
  RedfishQueue,
  'sweepBatch' | 'identifyDevices' | 'identifyDevice' | 'noteUnreadDevice' | 'linkServers' | 'noteSilentServers'
>

/** A range of two batches with one iDRAC in each. */
function discoveryDoubles(): Discovery {
  return {
    sweepBatch: async ({ cursor }) => ({
      next_cursor: cursor === null ? 'half' : null,
      probed: 128,
      open: [{ address: cursor === null ? '127.0.0.10' : '127.0.0.20', port: 443 }],
    }),
    identifyDevices: async ({ endpoints, dry_run }) => ({
      counts: dry_run ? { idracs: endpoints.length } : { idracs: endpoints.length, created: endpoints.length },
      server_ids: dry_run ? [] : endpoints.map(({ address }) => `server-${address}`),
      later: [],
    }),
    identifyDevice: async ({ address, dry_run }) => ({
      counts: dry_run ? { idracs: 1 } : { idracs: 1, created: 1 },
      server_ids: dry_run ? [] : [`server-${address}`],
    }),
    noteUnreadDevice: async () => undefined,
    linkServers: async () => ({ linked: 1 }),
    noteSilentServers: async () => ({ not_answering: 0 }),
  }
}

export function transferDoubles(world: World): TransferQueue {
  return {
    async fetchPackage({ catalog_entry_id }) {
      const found = world.packages.find((update) => update.catalog_entry_id === catalog_entry_id)
      if (!found) throw new StepFailed('PackageNotFound', `${catalog_entry_id} cannot be had.`)
      return { package_id: found.package_id }
    },
    async fetchUrlPackage({ keep }) {
      const [first] = world.packages
      if (!first) throw new StepFailed('UrlUnreachable', 'There is nothing at this address.')
      const { package_id, filename, name, to, size_bytes } = first
      const facts = { id: keep ? package_id : 'url', filename, name, version: to, size_bytes, file_available: true }
      const unknown = { package_type: null, component_type: null, release_date: null, criticality: null }
      const none = { system_ids: [], devices: [], prerequisites: [], reboot_required: null }
      return { package_id: keep ? package_id : null, facts: { ...facts, ...unknown, ...none } }
    },
    async submitFirmware({ server_id, component, apply_time }) {
      const server = serverOf(world, server_id)
      const device_job_id = `JID_${server.device_jobs.size + 1}`
      server.device_jobs.set(device_job_id, { package_id: component.package_id, staged: apply_time === 'OnReset' })
      return { device_job_id, adopted: false }
    },
  }
}
