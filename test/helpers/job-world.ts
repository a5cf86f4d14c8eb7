import type { ApiClient } from '../../scripts/demo/api-client.js'
import { type LabSite, newestFirmware, newestImage } from '../../scripts/demo/lab-client.js'
import { onboardSite, takePackage } from '../../scripts/demo/onboard.js'
import { isoBytes } from './media-store.js'
import { startSystem, type TestSystem } from './system.js'

/** What the simulated site tells of its other systems, as far as orders need it. */
interface SiteExtras {
  openmanage: { address: string; port: number; username: string; password: string }[]
  directories: {
    vendor: string
    url: string
    base_dn: string
    bind_dn: string
    bind_password: string
    ca_pem: string
    users: { username: string; password: string; groups: string[] }[]
  }[]
}

/** A whole system that knows the small site, and the ids that orders of all job types need. */
export interface JobWorld {
  system: TestSystem
  api: ApiClient
  site: LabSite & SiteExtras
  /** Id of a server by the name of its iDRAC in the simulated site. */
  server: (idrac: string) => string
  /** Id of a host by its first label. */
  host: (name: string) => string
  cluster: (name: string) => string
  vcenter_id: string
  esxi: { depot_path: string; profile_name: string }
  /** Packages for the standalone server that carries no host. */
  packages: Record<'bios' | 'idrac' | 'diagnostics' | 'raid' | 'hba' | 'nic', string>
  /** Packages for the hosts of Prod-A. */
  prod_bios: string
  iso_image_id: string
  /** BIOS part of the profile of the server without a host, as it was found. */
  scp_backup_id: string
  person: { username: string; password: string }
}

/** The one ordinary server without a host: what reboots it interrupts nobody. */
export const FREE = 'idrac-standalone-03'

/** Starts the system, takes the site in, and stores what the orders are about. */
export async function startJobWorld(env: NodeJS.ProcessEnv = {}): Promise<JobWorld> {
  const system = await startSystem({ env })
  try {
    return await takeIn(system)
  } catch (error) {
    await system.end()
    throw error
  }
}

async function takeIn(system: TestSystem): Promise<JobWorld> {
  const api = await system.signIn()
  const site = (await system.lab.site()) as LabSite & SiteExtras
  await onboardSite(api, site, () => {})
  const [servers, hosts, clusters, vcenters] = await Promise.all([
    api.list<{ id: string; service_tag: string }>('/servers'),
    api.list<{ id: string; name: string }>('/hosts'),
    api.list<{ id: string; name: string }>('/clusters'),
    api.list<{ id: string }>('/vcenters'),
  ])
  const tagOf = (idrac: string) =>
    must(
      site.idracs.find(({ name }) => name === idrac),
      idrac,
    ).service_tag
  const image = newestImage(site)
  const take = (idrac: string, component: string) => takePackage(api, newestFirmware(site, [tagOf(idrac)], component))
  const serverOf = (idrac: string) =>
    must(
      servers.find(({ service_tag }) => service_tag === tagOf(idrac)),
      idrac,
    ).id
  return {
    system,
    api,
    site,
    server: serverOf,
    host: (name) =>
      must(
        hosts.find((host) => host.name.startsWith(name)),
        name,
      ).id,
    cluster: (name) =>
      must(
        clusters.find((cluster) => cluster.name === name),
        name,
      ).id,
    vcenter_id: must(vcenters[0], 'vCenter').id,
    esxi: { depot_path: image.depot_path, profile_name: image.name },
    packages: {
      bios: await take(FREE, 'bios'),
      idrac: await take(FREE, 'idrac'),
      diagnostics: await take(FREE, 'diagnostics'),
      raid: await take(FREE, 'raid'),
      hba: await take(FREE, 'hba'),
      nic: await take(FREE, 'nic'),
    },
    prod_bios: await take('idrac-prod-a-01', 'bios'),
    iso_image_id: await storeIso(api),
    scp_backup_id: await saveProfile(api, serverOf(FREE)),
    person: await useDirectory(api, site),
  }
}

async function storeIso(api: ApiClient): Promise<string> {
  const upload_id = await api.upload('tools.iso', isoBytes())
  const job = await api.runJob('iso_upload', {}, { upload_id, kind: 'iso' })
  return String(job.result?.record_id)
}

async function saveProfile(api: ApiClient, server_id: string): Promise<string> {
  const job = await api.runJob('scp_export', { server_ids: [server_id] }, { components: ['BIOS'] })
  const [target] = (job.result?.targets ?? []) as { scp_backup_id: string }[]
  return must(target, 'saved profile').scp_backup_id
}

/** Points the product at the first directory, its OpenManage and its web depot; returns somebody who may sign in. */
async function useDirectory(api: ApiClient, site: SiteExtras & LabSite): Promise<JobWorld['person']> {
  const ome = must(site.openmanage[0], 'OpenManage')
  const { address, port, username, password } = ome
  await api.send('PATCH', '/settings/openmanage', { host: address, port, username, password, enabled: true })
  await api.send('PATCH', '/settings/media', { allowed_hosts: [...depotsOf(site)] })
  const { vendor, url, base_dn, bind_dn, bind_password, ca_pem, users } = must(site.directories[0], 'directory')
  const person = must(
    users.find(({ groups }) => groups.length > 0),
    'person of a group',
  )
  const at = new URL(url)
  await api.send('PATCH', '/settings/directory', {
    enabled: true,
    vendor,
    servers: [at.hostname],
    port: Number(at.port),
    tls_mode: 'ldaps',
    base_dn,
    bind_dn,
    bind_password,
    ca_pem,
    group_mappings: [{ group_dn: person.groups[0], role: 'operator' }],
  })
  return { username: person.username, password: person.password }
}

const depotsOf = (site: LabSite) => new Set(site.firmware.map(({ url }) => new URL(url).hostname))

function must<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`the simulated site has no ${name}`)
  return found
}
