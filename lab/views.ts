/** What `/lab/site` and `/lab/state` show: the contract's shapes, made from the state. */
import type { SimSite } from './model.js'
import type { SimCluster, SimHost, SimVm } from './model-vsphere.js'

/** What other parts of the lab add to the site: OpenManage, directories, sinks, catalogues. */
export interface SiteExtras {
  catalogs: { file_name: string; url: string }[]
  openmanage: { address: string; port: number; username: string; password: string }[]
  directories: {
    url: string
    vendor: string
    base_dn: string
    bind_dn: string
    bind_password: string
    ca_pem: string
    users: { username: string; password: string; groups: string[] }[]
  }[]
  sinks: { kind: string; url: string }[]
}

/** Body of `GET /lab/site`. */
export function siteView(state: SimSite, speed: number, extras: SiteExtras): object {
  return {
    site: state.site,
    seed: state.seed,
    speed,
    idracs: state.servers.map(({ idrac, service_tag, model, generation, personality }) => ({
      name: idrac.name,
      address: idrac.address,
      port: idrac.port,
      username: idrac.username,
      password: idrac.password,
      service_tag,
      model,
      generation,
      ...(personality === null ? {} : { personality }),
    })),
    vcenters: state.vcenters.map(({ name, address, port, username, password }) => ({
      name,
      address,
      port,
      username,
      password,
      clusters: state.clusters
        .filter((cluster) => cluster.vcenter === name)
        .map((cluster) => clusterInSite(state, cluster)),
    })),
    esxi_depots: state.depots.map(({ depot_path, profiles }) => ({
      depot_path,
      profiles: profiles.map(({ name, version, build }) => ({ name, version, build })),
    })),
    firmware: state.firmware.map(({ file_name, url, size_bytes, sha256, component, version, models }) => ({
      file_name,
      url,
      size_bytes,
      sha256,
      component,
      version,
      models,
    })),
    ...extras,
  }
}

function clusterInSite(state: SimSite, cluster: SimCluster): object {
  const hosts = state.hosts.filter((host) => host.vcenter === cluster.vcenter && host.cluster === cluster.name)
  return {
    name: cluster.name,
    hosts: hosts.map(({ name, address, service_tag, image, ssh }) => ({
      name,
      address,
      service_tag,
      version: image.version,
      build: image.build,
      ssh: { address: ssh.address, port: ssh.port, username: ssh.username, password: ssh.password },
    })),
  }
}

/** Body of `GET /lab/state`. */
export function stateView(state: SimSite): object {
  const byHost = new Map<string, SimVm[]>()
  for (const vm of state.vms) byHost.set(vm.host, [...(byHost.get(vm.host) ?? []), vm])
  return {
    servers: state.servers.map(({ service_tag, name, power, boot_count, boot, firmware, idrac }) => ({
      service_tag,
      name,
      power,
      boot_count,
      boot_phase: boot.phase,
      firmware: firmware.map(({ component, fqdd, version }) => ({ component, fqdd, version })),
      jobs: idrac.jobs.map((job) => ({ id: job.id, state: job.state, component: job.component })),
      sessions_open: idrac.sessions.length,
    })),
    hosts: state.hosts.map((host) => hostView(host, byHost.get(host.name) ?? [])),
    clusters: state.clusters.map(({ name, ha, drs, dpm }) => ({
      name,
      ha: ha.enabled,
      admission_control: ha.admission_control.enabled,
      drs: drs.enabled ? drs.mode : 'disabled',
      dpm: dpm.enabled,
    })),
  }
}

function hostView(host: SimHost, vms: SimVm[]): object {
  return {
    name: host.name,
    cluster: host.cluster,
    version: host.image.version,
    build: host.image.build,
    in_maintenance: host.in_maintenance,
    connection: host.connection,
    boot_count: host.boot_count,
    ssh_enabled: host.ssh.enabled,
    vms: vms.map(({ name, power }) => ({ name, power })),
  }
}
