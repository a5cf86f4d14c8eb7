import { StepFailed } from '../../activities/failures.js'
import type { JobType } from '../../workflows/catalog.js'
import type { Target } from '../../workflows/lib/job-input.js'
import type { Bench, Play, RunningJob } from '../helpers/workflows/bench.js'
import { hostTarget, makeWorld, serverTarget } from '../helpers/workflows/world.js'

/** One run whose histories are kept: of the job, and of the children it started for hosts. */
export interface Scenario {
  /** Name of the files: `<name>.json`, `<name>.host-h1.json`. */
  name: string
  job_type: JobType
  play: () => Play
  /** Hosts whose child histories are kept too. */
  children?: string[]
  /** What people do while it runs. */
  during?: (bench: Bench, running: RunningJob) => Promise<void>
}

const PACKAGES = ['00000000-0000-4000-8000-000000000001']
const ESXI = { depot_path: '/vmfs/volumes/ds1/new.zip', profile_name: 'new-profile' }
const FIRMWARE = { firmware_source: 'local', package_ids: PACKAGES }
const BOTH = { esxi: ESXI, firmware: FIRMWARE }

function onHosts(details: object, hosts = 1): Play {
  const world = makeWorld(4)
  const targets = [...world.hosts.keys()].slice(0, hosts).map((id) => hostTarget(world, id))
  return { world, targets, details }
}

function onServers(details: object, servers = 1): Play {
  const world = makeWorld(4)
  const targets = [...world.servers.keys()].slice(0, servers).map((id) => serverTarget(world, id))
  return { world, targets, details }
}

const others = (targets: Target[], details: object): Play => ({ world: makeWorld(4), targets, details })
const range: Target = { kind: 'range', id: '127.0.0.0/24', name: '127.0.0.0/24' }
const vcenter: Target = { kind: 'vcenter', id: '00000000-0000-4000-8000-000000000011', name: 'vcenter-01' }
const file: Target = { kind: 'file', id: '00000000-0000-4000-8000-000000000002', name: 'BIOS.EXE' }
/** What a type without targets works on: a part of our own. */
const ours = (id: string): Target => ({ kind: 'file', id, name: id })
const cluster: Target = { kind: 'cluster', id: 'c1', name: 'Prod-A' }

const inMaintenance = (play: Play): Play => {
  const host = play.world.hosts.get('h1')
  if (host) host.in_maintenance = true
  return play
}

/** At least one per job type; the long ones also with a failure, a pause and a cancel. */
export const SCENARIOS: Scenario[] = [
  { name: 'health_check', job_type: 'health_check', play: () => onServers({}, 3) },
  {
    name: 'fetch_event_logs',
    job_type: 'fetch_event_logs',
    play: () => onServers({ logs: ['sel', 'lifecycle'] }),
  },
  { name: 'console_launch', job_type: 'console_launch', play: () => onServers({}) },
  { name: 'test_credentials', job_type: 'test_credentials', play: () => onServers({}) },
  {
    name: 'browse_datastore',
    job_type: 'browse_datastore',
    play: () => others([vcenter], { vcenter_id: vcenter.id, datastore: 'ds1' }),
  },
  { name: 'power_action', job_type: 'power_action', play: () => onServers({ action: 'reset', evacuate_host: true }) },
  {
    name: 'bios_config_read',
    job_type: 'bios_config_read',
    play: () => onServers({ attributes: ['LogicalProc'] }, 2),
  },
  {
    name: 'bios_config_write',
    job_type: 'bios_config_write',
    play: () => onServers({ attributes: { LogicalProc: 'Disabled' }, evacuate_host: true }),
  },
  {
    name: 'boot_configuration',
    job_type: 'boot_configuration',
    play: () => onServers({ target: 'Pxe', enabled: 'once' }),
  },
  { name: 'discovery_scan', job_type: 'discovery_scan', play: () => others([range], { ip_ranges: [range.name] }) },
  { name: 'vcenter_sync', job_type: 'vcenter_sync', play: () => others([vcenter], { vcenter_ids: [vcenter.id] }) },
  { name: 'iso_upload', job_type: 'iso_upload', play: () => others([file], { upload_id: file.id }) },
  {
    name: 'scp_export',
    job_type: 'scp_export',
    play: () => onServers({ components: ['BIOS'] }),
  },
  {
    name: 'scp_import',
    job_type: 'scp_import',
    play: () => onServers({ scp_backup_id: PACKAGES[0], evacuate_host: true }),
  },
  {
    name: 'virtual_media_mount',
    job_type: 'virtual_media_mount',
    play: () => onServers({ iso_image_id: PACKAGES[0], boot_once: true }),
  },
  {
    name: 'virtual_media_unmount',
    job_type: 'virtual_media_unmount',
    play: () => {
      const play = onServers({})
      play.world.mounted.add('s1')
      return play
    },
  },
  { name: 'scan_local_isos', job_type: 'scan_local_isos', play: () => others([ours('scan_local_isos')], {}) },
  {
    name: 'register_iso_url',
    job_type: 'register_iso_url',
    play: () => others([ours('register_iso_url')], { url: 'http://files.example.com/x.iso', download: true }),
  },
  { name: 'openmanage_sync', job_type: 'openmanage_sync', play: () => others([ours('openmanage_sync')], {}) },
  {
    name: 'idm_authenticate',
    job_type: 'idm_authenticate',
    play: () => others([ours('idm_authenticate')], { username: 'olivia.park', secret_ref: PACKAGES[0] }),
  },
  {
    name: 'idm_test_connection',
    job_type: 'idm_test_connection',
    play: () => others([ours('idm_test_connection')], {}),
  },
  { name: 'idm_sync_users', job_type: 'idm_sync_users', play: () => others([ours('idm_sync_users')], {}) },
  { name: 'cluster_safety_check', job_type: 'cluster_safety_check', play: () => others([cluster], {}) },
  { name: 'prepare_host', job_type: 'prepare_host', play: () => onHosts({}) },
  { name: 'verify_host', job_type: 'verify_host', play: () => inMaintenance(onHosts({})) },
  { name: 'esxi_preflight', job_type: 'esxi_preflight', play: () => onHosts(ESXI) },
  {
    name: 'firmware_update',
    job_type: 'firmware_update',
    play: () => onServers({ package_id: PACKAGES[0], evacuate_host: true }),
  },
  { name: 'full_server_update', job_type: 'full_server_update', play: () => onServers({ evacuate_host: true }) },
  { name: 'esxi_upgrade', job_type: 'esxi_upgrade', play: () => onHosts(ESXI), children: ['h1'] },
  { name: 'esxi_then_firmware', job_type: 'esxi_then_firmware', play: () => onHosts(BOTH), children: ['h1'] },
  { name: 'firmware_then_esxi', job_type: 'firmware_then_esxi', play: () => onHosts(BOTH), children: ['h1'] },
  {
    name: 'rolling_update',
    job_type: 'rolling_update',
    play: () => onHosts({ order: 'esxi_first', ...BOTH }, 2),
    children: ['h1'],
    during: pauseAndResume,
  },
  {
    name: 'rolling_update-failed',
    job_type: 'rolling_update',
    play: () => ({
      ...onHosts({ order: 'esxi_first', ...BOTH }, 2),
      prepare: ({ faults }) => {
        const error = new StepFailed('EsxiUpdateFailed', 'It broke.')
        faults.push({ name: 'waitUpdate', nth: 1, when: 'before', error })
      },
    }),
    children: ['h1'],
  },
  {
    name: 'rolling_update-aborted',
    job_type: 'rolling_update',
    play: () => onHosts({ order: 'esxi_first', ...BOTH }, 2),
    children: ['h1'],
    during: abortWhileEmptying,
  },
]

async function pauseAndResume(_bench: Bench, running: RunningJob): Promise<void> {
  const held = running.job.hold('rebootHost')
  await held.reached
  await running.pause()
  const last = running.job.hold('settleCluster')
  held.release()
  await last.reached
  await running.resume()
  last.release()
}

async function abortWhileEmptying(_bench: Bench, running: RunningJob): Promise<void> {
  const held = running.job.hold('watchEvacuation')
  await held.reached
  await running.cancel('abort', `${running.handle.workflowId}/host/h1`)
  held.release()
}
