import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { JobView } from '../../scripts/demo/api-client.js'
import { ApiError } from '../../scripts/demo/api-client.js'
import type { LabState } from '../../scripts/demo/lab-client.js'
import type { JobType } from '../../workflows/catalog.js'
import type { LedgerRow } from './crash-site.js'
import { FREE, type JobWorld } from './job-world.js'
import { isoBytes } from './media-store.js'

export interface Order {
  target_scope: object
  details: object
}

/** What devices recorded while a job ran. */
export interface Evidence {
  job: JobView
  before: LabState
  after: LabState
  /** Requests of one device that took effect, of which the path fits. */
  effects: (device: string, path: RegExp) => number
}

/** Jobs of one lane come one after the other, as they stand in the table; lanes run side by side. */
export type Lane = 'free' | 'prod' | 'edge' | 'reads' | 'sources' | 'media' | 'directory'

/** How one job type is run: to an end, and to a no. */
export interface JobCase {
  lane: Lane
  order: (world: JobWorld) => Order | Promise<Order>
  /** What the devices, or the result where no device is changed, must show afterwards. */
  proof: (world: JobWorld, evidence: Evidence) => void
  /** `code` is the problem's when the order is not accepted, else stands in the job's error, result or verdict. */
  refusal: {
    order: (world: JobWorld) => Order | Promise<Order>
    code: string
    /** Settings that make it a no, and how they were. */
    under?: { path: string; patch: object; undo: object }
  }
}

const READ = 'idrac-prod-a-04'
const LOCKED = 'idrac-edge-b-03'
const NOBODY = randomUUID()

const servers =
  (idrac: string, details: object | ((world: JobWorld) => object) = {}) =>
  (world: JobWorld): Order => ({
    target_scope: { server_ids: [world.server(idrac)] },
    details: typeof details === 'function' ? details(world) : details,
  })
const hosts =
  (names: string[], details: object | ((world: JobWorld) => object) = {}) =>
  (world: JobWorld): Order => ({
    target_scope: { host_ids: names.map(world.host) },
    details: typeof details === 'function' ? details(world) : details,
  })
const plain =
  (details: object | ((world: JobWorld) => object) = {}) =>
  (world: JobWorld): Order => ({ target_scope: {}, details: typeof details === 'function' ? details(world) : details })
const upload = async ({ api }: JobWorld, name: string, bytes: Uint8Array): Promise<Order> => ({
  target_scope: {},
  details: { upload_id: await api.upload(name, bytes), kind: 'iso' },
})

const boots = ({ servers }: LabState, idrac: string) => servers.find(({ name }) => name === idrac)?.boot_count ?? 0
const hostOf = ({ hosts }: LabState, name: string) => hosts.find((host) => host.name.startsWith(name))
const targetsOf = ({ result }: JobView) => (result?.targets ?? []) as Record<string, unknown>[]
const versionOf = ({ servers }: LabState, idrac: string, component: string) =>
  servers.find(({ name }) => name === idrac)?.firmware.find((row) => row.component === component)?.version
const newest = ({ site }: JobWorld, package_version: string) => site.firmware.some((f) => f.version === package_version)
const buildOf = ({ site, esxi }: JobWorld) =>
  site.esxi_depots.flatMap(({ profiles }) => profiles).find(({ name }) => name === esxi.profile_name)?.build
const prodFirmware = (world: JobWorld) => ({ firmware_source: 'local', package_ids: [world.prod_bios] })
const NO_DEPOT = { depot_path: '/vmfs/volumes/site-depot-01/depots/none.zip' }

/** Both in one maintenance: build and BIOS are new, the host serves again. */
const bothNew =
  (host: string, idrac: string) =>
  (world: JobWorld, { before, after }: Evidence): void => {
    expect(hostOf(after, host)).toMatchObject({ build: buildOf(world), in_maintenance: false, connection: 'connected' })
    expect(versionOf(after, idrac, 'bios')).not.toBe(versionOf(before, idrac, 'bios'))
  }
const answered = (_: JobWorld, { job }: Evidence) => expect(targetsOf(job)[0]?.outcome).toBe('answered')

/** Every job type there is. */
export const JOB_CASES: Record<JobType, JobCase> = {
  discovery_scan: {
    lane: 'sources',
    order: plain(({ site }) => ({ ip_ranges: [site.idracs[0]?.address], ports: [site.idracs[0]?.port] })),
    proof: (_, { job }) => expect(job.result).toMatchObject({ idracs: 1, created: 0 }),
    refusal: { order: plain({ ip_ranges: ['169.254.1.0/24'] }), code: 'EmptyTarget' },
  },
  vcenter_sync: {
    lane: 'sources',
    order: plain(({ vcenter_id }) => ({ vcenter_ids: [vcenter_id] })),
    proof: (_, { job }) => expect(targetsOf(job)).toHaveLength(1),
    refusal: { order: plain({ vcenter_ids: [NOBODY] }), code: 'UnknownTarget' },
  },
  openmanage_sync: {
    lane: 'sources',
    order: plain(),
    proof: (_, { job }) => expect(Number(targetsOf(job)[0]?.devices)).toBeGreaterThan(0),
    refusal: {
      order: plain(),
      code: 'StateConflict',
      under: { path: '/settings/openmanage', patch: { enabled: false }, undo: { enabled: true } },
    },
  },
  browse_datastore: {
    lane: 'sources',
    order: plain(({ vcenter_id, esxi }) => ({ vcenter_id, datastore: esxi.depot_path.split('/')[3], recursive: true })),
    proof: (_, { job }) => expect(job.result?.files).not.toEqual([]),
    refusal: { order: plain(({ vcenter_id }) => ({ vcenter_id, datastore: 'none' })), code: 'NotFound' },
  },
  test_credentials: {
    lane: 'reads',
    order: servers(READ),
    proof: (_, { job }) => expect(targetsOf(job)[0]?.working_set_id).toEqual(expect.any(String)),
    refusal: {
      order: (world) => ({ target_scope: { cluster_ids: [world.cluster('Edge-B')] }, details: {} }),
      code: 'TargetNotAllowed',
    },
  },
  health_check: {
    lane: 'reads',
    order: servers(READ, { depth: 'components' }),
    proof: answered,
    refusal: { order: () => ({ target_scope: { server_ids: [NOBODY] }, details: {} }), code: 'UnknownTarget' },
  },
  fetch_event_logs: {
    lane: 'reads',
    order: servers(READ, { logs: ['sel', 'lifecycle'] }),
    proof: (_, { job }) => expect(JSON.stringify(targetsOf(job))).toMatch(/"fetched":[1-9]/),
    refusal: { order: () => ({ target_scope: { host_ids: [NOBODY] }, details: {} }), code: 'UnknownTarget' },
  },
  bios_config_read: {
    lane: 'reads',
    order: servers(READ),
    proof: (_, { job }) => expect(Number(targetsOf(job)[0]?.attribute_count)).toBeGreaterThan(10),
    refusal: { order: () => ({ target_scope: {}, details: {} }), code: 'EmptyTarget' },
  },
  console_launch: {
    lane: 'reads',
    order: servers(READ),
    proof: (_, { job, effects }) => {
      expect(effects(READ, /GetKVMSession$/)).toBe(1)
      expect(job.result?.ticket_ref).toEqual(expect.any(String))
    },
    refusal: {
      order: (world) => ({ target_scope: { server_ids: [world.server(READ), world.server(FREE)] }, details: {} }),
      code: 'TooManyTargets',
    },
  },
  virtual_media_mount: {
    lane: 'reads',
    order: servers(READ, ({ iso_image_id }) => ({ iso_image_id })),
    proof: (_, { effects }) => expect(effects(READ, /VirtualMedia\.InsertMedia$/)).toBe(1),
    refusal: { order: servers(READ, { iso_image_id: NOBODY }), code: 'MediaNotFound' },
  },
  virtual_media_unmount: {
    lane: 'reads',
    order: servers(READ),
    proof: (_, { effects }) => expect(effects(READ, /VirtualMedia\.EjectMedia$/)).toBe(1),
    refusal: { order: () => ({ target_scope: { server_ids: [NOBODY] }, details: {} }), code: 'UnknownTarget' },
  },
  power_action: {
    lane: 'free',
    order: servers(FREE, { action: 'reset' }),
    proof: (_, { before, after, effects }) => {
      expect(boots(after, FREE) - boots(before, FREE)).toBe(1)
      expect(effects(FREE, /ComputerSystem\.Reset$/)).toBe(1)
    },
    refusal: { order: servers(READ, { action: 'reset' }), code: 'HostNotInMaintenance' },
  },
  boot_configuration: {
    lane: 'free',
    order: servers(FREE, { target: 'Pxe', enabled: 'continuous' }),
    proof: (_, { job, effects }) => {
      expect(effects(FREE, /Systems\/System\.Embedded\.1$/)).toBe(1)
      expect(targetsOf(job)[0]?.outcome).toBe('changed')
    },
    refusal: { order: servers(LOCKED, { target: 'Pxe', enabled: 'continuous' }), code: 'LockdownMode' },
  },
  scp_export: {
    lane: 'free',
    order: servers(FREE, { components: ['BIOS'] }),
    proof: (_, { effects }) => expect(effects(FREE, /ExportSystemConfiguration$/)).toBe(1),
    refusal: { order: servers(LOCKED, { components: ['BIOS'] }), code: 'LockdownMode' },
  },
  bios_config_write: {
    lane: 'free',
    order: servers(FREE, { attributes: { LogicalProc: 'Disabled' } }),
    proof: (_, { before, after, effects }) => {
      expect(boots(after, FREE) - boots(before, FREE)).toBe(1)
      expect([effects(FREE, /Bios\/Settings$/), effects(FREE, /ComputerSystem\.Reset$/)]).toEqual([1, 1])
    },
    refusal: { order: servers(FREE, { attributes: { NoSuchAttribute: 'x' } }), code: 'AttributeInvalid' },
  },
  // Brings back what bios_config_write has changed.
  scp_import: {
    lane: 'free',
    order: servers(FREE, ({ scp_backup_id }) => ({ scp_backup_id, components: ['BIOS'] })),
    proof: (_, { job, before, after, effects }) => {
      expect(effects(FREE, /ImportSystemConfiguration$/)).toBe(1)
      expect(targetsOf(job)[0]?.outcome).toBe('changed')
      expect(boots(after, FREE) - boots(before, FREE)).toBe(1)
    },
    refusal: { order: servers(FREE, { content: '<SystemConfiguration' }), code: 'ScpInvalid' },
  },
  firmware_update: {
    lane: 'free',
    order: servers(FREE, ({ packages }) => ({ package_id: packages.bios })),
    proof: (world, { after, effects }) => {
      expect(newest(world, versionOf(after, FREE, 'bios') ?? '')).toBe(true)
      expect(effects(FREE, /MultipartUpload$/)).toBe(1)
    },
    refusal: { order: servers(READ, ({ prod_bios }) => ({ package_id: prod_bios })), code: 'HostNotInMaintenance' },
  },
  full_server_update: {
    lane: 'free',
    order: servers(FREE, ({ packages }) => ({
      firmware_source: 'local',
      package_ids: [packages.diagnostics, packages.idrac],
    })),
    proof: (world, { after, effects }) => {
      for (const part of ['idrac', 'diagnostics']) expect(newest(world, versionOf(after, FREE, part) ?? '')).toBe(true)
      expect(effects(FREE, /MultipartUpload$/)).toBe(2)
    },
    refusal: { order: servers(FREE, { firmware_source: 'dell_catalog' }), code: 'CatalogMissing' },
  },
  esxi_then_firmware: {
    lane: 'prod',
    order: hosts(['esx-prod-a-01'], (world) => ({ esxi: world.esxi, firmware: prodFirmware(world) })),
    proof: bothNew('esx-prod-a-01', 'idrac-prod-a-01'),
    refusal: {
      order: hosts(['esx-prod-a-01'], ({ esxi }) => ({ esxi, firmware: { firmware_source: 'dell_catalog' } })),
      code: 'CatalogMissing',
    },
  },
  firmware_then_esxi: {
    lane: 'prod',
    order: hosts(['esx-prod-a-02'], (world) => ({ esxi: world.esxi, firmware: prodFirmware(world) })),
    proof: bothNew('esx-prod-a-02', 'idrac-prod-a-02'),
    refusal: {
      order: hosts(['esx-prod-a-02'], (world) => ({ esxi: NO_DEPOT, firmware: prodFirmware(world) })),
      code: 'DepotNotFound',
    },
  },
  rolling_update: {
    lane: 'prod',
    order: hosts(['esx-prod-a-03'], (world) => ({ firmware: prodFirmware(world) })),
    proof: (_, { before, after }) => {
      const version = (state: LabState) => versionOf(state, 'idrac-prod-a-03', 'bios')
      expect(version(after)).not.toBe(version(before))
      expect(hostOf(after, 'esx-prod-a-03')).toMatchObject({ in_maintenance: false, connection: 'connected' })
    },
    refusal: { order: hosts(['esx-prod-a-03'], { esxi: NO_DEPOT }), code: 'DepotNotFound' },
  },
  cluster_safety_check: {
    lane: 'edge',
    order: (world) => ({ target_scope: { cluster_ids: [world.cluster('Edge-B')] }, details: {} }),
    proof: (_, { job }) => expect(job.result?.safe).toBe(true),
    refusal: { order: hosts(['esx-edge-b-01', 'esx-edge-b-02']), code: 'UnavailableLimit' },
  },
  esxi_preflight: {
    lane: 'edge',
    order: hosts(['esx-edge-b-01'], ({ esxi }) => esxi),
    proof: (_, { job }) => expect(targetsOf(job)[0]?.checks ?? []).not.toHaveLength(0),
    refusal: { order: hosts(['esx-edge-b-01'], NO_DEPOT), code: 'DepotNotFound' },
  },
  prepare_host: {
    lane: 'edge',
    order: hosts(['esx-edge-b-01']),
    proof: (_, { after }) => {
      const host = hostOf(after, 'esx-edge-b-01')
      expect(host?.in_maintenance).toBe(true)
      expect(host?.vms.filter(({ power }) => power === 'poweredOn')).toEqual([])
    },
    refusal: { order: hosts(['esx-edge-b-01', 'esx-edge-b-02']), code: 'UseRollingUpdate' },
  },
  verify_host: {
    lane: 'edge',
    order: hosts(['esx-edge-b-01']),
    proof: (_, { after }) => expect(hostOf(after, 'esx-edge-b-01')?.in_maintenance).toBe(false),
    refusal: {
      order: hosts(['esx-edge-b-02'], { exit_maintenance: false, expect: { esxi_build: 1 } }),
      code: 'VerifyFailed',
    },
  },
  esxi_upgrade: {
    lane: 'edge',
    order: hosts(['esx-edge-b-02'], ({ esxi }) => esxi),
    proof: (world, { after }) => {
      const now = { build: buildOf(world), in_maintenance: false, connection: 'connected', ssh_enabled: false }
      expect(hostOf(after, 'esx-edge-b-02')).toMatchObject(now)
    },
    refusal: {
      order: hosts(['esx-edge-b-02'], ({ esxi }) => ({ ...esxi, profile_name: 'none' })),
      code: 'ProfileNotFound',
    },
  },
  iso_upload: {
    lane: 'media',
    order: (world) => upload(world, 'rescue.iso', isoBytes()),
    proof: (_, { job }) => expect(job.result).toMatchObject({ kind: 'iso', record_id: expect.any(String) }),
    refusal: { order: (world) => upload(world, 'junk.iso', Buffer.from('no image')), code: 'UnsupportedFileType' },
  },
  scan_local_isos: {
    lane: 'media',
    order: plain(),
    proof: (_, { job }) => expect(job.result?.missing).toBe(0),
    refusal: { order: plain({ subdirectory: 'none' }), code: 'MediaNotFound' },
  },
  register_iso_url: {
    lane: 'media',
    order: plain(({ site }) => ({ url: site.firmware[0]?.url, kind: 'firmware', download: true })),
    proof: (_, { job }) => expect(Number(job.result?.size_bytes)).toBeGreaterThan(0),
    refusal: { order: plain({ url: 'http://127.0.0.1:22/x.iso' }), code: 'UrlRefused' },
  },
  idm_test_connection: {
    lane: 'directory',
    order: plain(),
    proof: (_, { job }) => expect(job.result?.ok).toBe(true),
    refusal: { order: plain({ settings: { bind_password: 'wrong' } }), code: 'cannot bind' },
  },
  idm_sync_users: {
    lane: 'directory',
    order: plain(),
    proof: (_, { job }) => expect(Number(job.result?.created)).toBeGreaterThan(0),
    refusal: { order: plain({ base_dn: 'cn=nowhere,dc=ipa,dc=lab,dc=example' }), code: 'DirectoryMisconfigured' },
  },
  idm_authenticate: {
    lane: 'directory',
    order: plain(({ person }) => person),
    proof: ({ person }, { job, effects }) => {
      expect(job.result?.authenticated).toBe(true)
      expect(effects('ipa-01', new RegExp(`^bind uid=${person.username},`))).toBe(1)
    },
    refusal: { order: plain(({ person }) => ({ ...person, password: 'wrong' })), code: 'InvalidCredentials' },
  },
}

/** Posts an order; a refusal of the API is an answer too. */
export async function post(
  { api }: JobWorld,
  job_type: string,
  order: Order,
  more: object = {},
): Promise<JobView | ApiError> {
  const body = { job_type, ...order, ...more }
  return api
    .send<JobView>('POST', '/jobs', body, { 'idempotency-key': randomUUID() })
    .catch((error: unknown) => (error instanceof ApiError ? error : Promise.reject(error)))
}

/** Sessions come and go with every look at a device. */
const SESSIONS = /Sessions|RemoteServicesAPIStatus|^Log(in|out)/

type Row = LedgerRow & { mutation: boolean }

/** Watches from now on what takes effect at the devices. */
export async function watch({ system }: JobWorld) {
  const read = async (since: number) => {
    const answer = await fetch(`${system.product.endpoints.lab}/lab/ledger?since=${since}`)
    return (await answer.json()) as { items: Row[]; next: number }
  }
  const { next } = await read(Number.MAX_SAFE_INTEGER)
  /** What took effect since, without requests whose client was gone before they arrived. */
  const effects = async () =>
    (await read(next)).items.filter(({ effect }) => effect !== undefined && !effect.startsWith('client gone'))
  return {
    effects,
    /** What was changed since, beside sessions. */
    changes: async () => (await effects()).filter(({ mutation, path }) => mutation && !SESSIONS.test(path)),
  }
}
