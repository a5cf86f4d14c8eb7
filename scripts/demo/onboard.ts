import type { ApiClient } from './api-client.js'
import type { LabFirmware, LabSite } from './lab-client.js'

interface Account {
  address: string
  username: string
  password: string
}

/** What an operator does once for a site: accounts, discovery of servers, vCenters. */
export async function onboardSite(api: ApiClient, site: LabSite, say: (text: string) => void): Promise<void> {
  await addAccounts(api, 'idrac', 'iDRAC', site.idracs)
  await addAccounts(
    api,
    'esxi',
    'ESXi',
    site.vcenters.flatMap((vcenter) => vcenter.clusters.flatMap((cluster) => cluster.hosts.map((host) => host.ssh))),
  )
  say('Credential sets saved')
  const scanned = await api.runJob(
    'discovery_scan',
    {},
    { ip_ranges: networksOf(site), ports: [...new Set(site.idracs.map((idrac) => idrac.port))], first_contact: 'pin' },
  )
  say(`discovery_scan found ${String(scanned.result?.idracs ?? '?')} iDRACs`)
  const vcenterIds = []
  for (const vcenter of site.vcenters) vcenterIds.push(await addVcenter(api, vcenter))
  await api.runJob('vcenter_sync', {}, { vcenter_ids: vcenterIds })
  say('vcenter_sync read clusters and hosts and linked them to their servers')
}

/** One credential set per distinct account, valid for exactly the addresses that use it. */
async function addAccounts(api: ApiClient, type: 'idrac' | 'esxi', name: string, accounts: Account[]): Promise<void> {
  const groups = new Map<string, Account[]>()
  for (const account of accounts) {
    const key = `${account.username}\n${account.password}`
    groups.set(key, [...(groups.get(key) ?? []), account])
  }
  let number = 0
  for (const [first, ...others] of groups.values()) {
    if (!first) continue
    number += 1
    const ip_ranges = [first, ...others].map(({ address }) => ({ ip_range: `${address}/32`, priority: 10 }))
    const { username, password } = first
    await api.send('POST', '/credential-sets', {
      name: `${name} ${number}`,
      credential_type: type,
      username,
      password,
      priority: 10,
      ip_ranges,
    })
  }
}

async function addVcenter(api: ApiClient, vcenter: LabSite['vcenters'][number]): Promise<string> {
  const { username, password, name, address, port } = vcenter
  const set = await api.send<{ id: string }>('POST', '/credential-sets', {
    name: `vCenter ${name}`,
    credential_type: 'vcenter',
    username,
    password,
  })
  const made = await api.send<{ id: string }>('POST', '/vcenters', {
    name,
    host: address,
    port,
    credential_set_id: set.id,
  })
  return made.id
}

/** The /24 networks that hold the site's iDRACs. */
function networksOf(site: LabSite): string[] {
  return [...new Set(site.idracs.map(({ address }) => `${address.split('.').slice(0, 3).join('.')}.0/24`))]
}

/** Takes a package from the site's web depot into the product's own store; returns the id of its record. */
export async function takePackage(api: ApiClient, file: LabFirmware): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(file.url)).arrayBuffer())
  const uploadId = await api.upload(file.file_name, bytes)
  const job = await api.runJob('iso_upload', {}, { upload_id: uploadId, expected_sha256: file.sha256 })
  const id = job.result?.record_id
  if (typeof id !== 'string') throw new Error(`iso_upload named no record: ${JSON.stringify(job.result)}`)
  return id
}

/** Id of a cluster by its name. */
export async function clusterIdOf(api: ApiClient, name: string): Promise<string> {
  const cluster = (await api.list<{ id: string; name: string }>('/clusters')).find((one) => one.name === name)
  if (!cluster) throw new Error(`no cluster ${name} after vcenter_sync`)
  return cluster.id
}
