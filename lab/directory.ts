/** Finds the things of a site by name; an index over one state, built once per state. */
import type { Directory } from './core.js'
import type { SimSite } from './model.js'
import type { SimServer } from './model-server.js'
import type { SimHost, SimVm } from './model-vsphere.js'

export interface Index extends Directory {
  tryServer(name: string): SimServer | undefined
  tryHost(name: string): SimHost | undefined
  /** registers a VM on another host */
  moveVm(vm: SimVm, toHost: string): void
  /** address of a device, by its name */
  addressOf(device: string): string | null
}

function must<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the site has no ${what}`)
  return found
}

/** Makes the index; all lookups take constant time. */
export function indexOf(state: SimSite): Index {
  const servers = new Map(state.servers.map((server) => [server.name, server]))
  const tags = new Map(state.servers.map((server) => [server.service_tag, server]))
  const hosts = new Map(state.hosts.map((host) => [host.name, host]))
  const hostIds = new Map(state.hosts.map((host) => [`${host.vcenter}/${host.moid}`, host]))
  const clusters = new Map(state.clusters.map((cluster) => [`${cluster.vcenter}/${cluster.name}`, cluster]))
  const directories = new Map(state.directories.map((directory) => [directory.name, directory]))
  const vcenters = new Map(state.vcenters.map((vcenter) => [vcenter.name, vcenter]))
  const datastores = new Map(state.datastores.map((datastore) => [`${datastore.vcenter}/${datastore.name}`, datastore]))
  const vmIds = new Map(state.vms.map((vm) => [`${vm.vcenter}/${vm.moid}`, vm]))
  const onHost = new Map<string, Set<SimVm>>(state.hosts.map((host) => [host.name, new Set()]))
  const members = new Map<string, SimHost[]>(
    state.clusters.map((cluster) => [`${cluster.vcenter}/${cluster.name}`, []]),
  )
  for (const vm of state.vms) onHost.get(vm.host)?.add(vm)
  for (const host of state.hosts) members.get(`${host.vcenter}/${host.cluster}`)?.push(host)

  return {
    server: (name) => must(servers.get(name), `server ${name}`),
    tryServer: (name) => servers.get(name),
    serverByTag: (serviceTag) => must(tags.get(serviceTag), `server with tag ${serviceTag}`),
    host: (name) => must(hosts.get(name), `host ${name}`),
    tryHost: (name) => hosts.get(name),
    hostByMoid: (vcenter, moid) => hostIds.get(`${vcenter}/${moid}`),
    hostOf: (server) => (server.host === null ? undefined : hosts.get(server.host)),
    serverOf: (host) => must(tags.get(host.service_tag), `server with tag ${host.service_tag}`),
    vcenter: (name) => must(vcenters.get(name), `vCenter ${name}`),
    cluster: (vcenter, name) => must(clusters.get(`${vcenter}/${name}`), `cluster ${name}`),
    clusterOf: (host) => must(clusters.get(`${host.vcenter}/${host.cluster}`), `cluster ${host.cluster}`),
    hostsOf: (cluster) => members.get(`${cluster.vcenter}/${cluster.name}`) ?? [],
    vmsOn: (host) => [...(onHost.get(host.name) ?? [])],
    vmByMoid: (vcenter, moid) => vmIds.get(`${vcenter}/${moid}`),
    datastore: (vcenter, name) => must(datastores.get(`${vcenter}/${name}`), `datastore ${name}`),
    moveVm(vm, toHost) {
      const target = must(onHost.get(toHost), `host ${toHost}`)
      onHost.get(vm.host)?.delete(vm)
      vm.host = toHost
      target.add(vm)
    },
    addressOf: (device) =>
      servers.get(device)?.idrac.address ??
      hosts.get(device)?.address ??
      vcenters.get(device)?.address ??
      directories.get(device)?.address ??
      null,
  }
}
