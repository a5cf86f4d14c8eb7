export interface LabIdrac {
  name: string
  address: string
  port: number
  username: string
  password: string
  service_tag: string
  model: string
  generation: string
  personality?: string
}

export interface LabHost {
  name: string
  address: string
  service_tag: string
  version: string
  build: string
  ssh: { address: string; port: number; username: string; password: string }
}

export interface LabVcenter {
  name: string
  address: string
  port: number
  username: string
  password: string
  clusters: Array<{ name: string; hosts: LabHost[] }>
}

export interface LabFirmware {
  file_name: string
  url: string
  size_bytes: number
  sha256: string
  component: string
  version: string
  models: string[]
}

export interface LabSite {
  site: string
  speed: number
  idracs: LabIdrac[]
  vcenters: LabVcenter[]
  esxi_depots: Array<{ depot_path: string; profiles: Array<{ name: string; version: string; build: string }> }>
  firmware: LabFirmware[]
}

export interface LabState {
  servers: Array<{
    service_tag: string
    name: string
    power: string
    boot_count: number
    firmware: Array<{ component: string; fqdd: string; version: string }>
    sessions_open: number
  }>
  hosts: Array<{
    name: string
    cluster: string
    version: string
    build: string
    in_maintenance: boolean
    connection: string
    boot_count: number
    ssh_enabled: boolean
    vms: Array<{ name: string; power: string }>
  }>
  clusters: Array<{ name: string } & Record<string, unknown>>
}

export interface LabInvariants {
  ok: boolean
  checks: Array<{ name: string; ok: boolean; detail: unknown }>
  figures: {
    max_hosts_out: Record<string, number>
    firmware_submissions: Array<{ service_tag: string; component: string; version: string; count: number }>
    esxi_updates: Array<{ host: string; count: number }>
    host_reboots: Array<{ host: string; count: number; with_vms: number | boolean }>
    sessions_open: number
  }
}

/** The simulated site's control interface: the judge of what really happened. */
export class LabClient {
  constructor(private readonly base: string) {}

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.base}${path}`, { signal: AbortSignal.timeout(30_000) })
    if (!answer.ok) throw new Error(`lab GET ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  site = () => this.get<LabSite>('/lab/site')
  state = () => this.get<LabState>('/lab/state')
  invariants = () => this.get<LabInvariants>('/lab/invariants')
  /** Number of changes that devices received since a sequence number. */
  mutationsSince = async (seq: number) =>
    (await this.get<{ items: unknown[] }>(`/lab/ledger?since=${seq}&mutations=1`)).items.length
}

/** The newest image of all depots, by build number. */
export function newestImage(site: LabSite): { depot_path: string; name: string; version: string; build: string } {
  const images = site.esxi_depots.flatMap(({ depot_path, profiles }) =>
    profiles.map((profile) => ({ depot_path, ...profile })),
  )
  const newest = images.sort((a, b) => Number(b.build) - Number(a.build))[0]
  if (!newest) throw new Error('the site has no ESXi depot')
  return newest
}

/** The newest package of a component that fits all the given servers. */
export function newestFirmware(site: LabSite, serviceTags: string[], component: string): LabFirmware {
  const models = new Set(
    site.idracs.filter((idrac) => serviceTags.includes(idrac.service_tag)).map((idrac) => idrac.model),
  )
  const fitting = site.firmware.filter(
    (file) => file.component === component && [...models].every((model) => file.models.includes(model)),
  )
  const newest = fitting.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))[0]
  if (!newest) throw new Error(`the site has no ${component} package for ${[...models].join(', ')}`)
  return newest
}
