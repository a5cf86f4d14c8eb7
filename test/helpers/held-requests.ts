import type { Order } from './job-orders.js'
import type { HeldAt } from './job-waves.js'
import type { JobWorld } from './job-world.js'

/* Short forms of what the tables of crashes and cancels are made of. */

export const READ = 'idrac-prod-a-08'
export const OTHER = 'idrac-prod-a-07'
export const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'
export const redfish = (device: string, method: string, path: string): HeldAt => ({
  device,
  kind: 'redfish',
  method,
  path,
})
export const soap = (path: string): HeldAt => ({ device: 'vcenter-01', kind: 'soap', path })
export const ldap = (path: string): HeldAt => ({ device: 'ipa-01', kind: 'ldap', path })
export const update = (host: string): HeldAt => ({
  device: `${host}*`,
  kind: 'ssh',
  path: 'nohup*esxcli software profile update*',
})
export const onServer =
  (idrac: string, details: (world: JobWorld, round: number) => object = () => ({})) =>
  (world: JobWorld, round: number): Order => ({
    target_scope: { server_ids: [world.server(idrac)] },
    details: details(world, round),
  })
export const onHost =
  (names: [string, string], details: (world: JobWorld) => object) =>
  (world: JobWorld, round: number): Order => ({
    target_scope: { host_ids: [world.host(names[round % 2] ?? names[0])] },
    details: details(world),
  })
export const both = (world: JobWorld) => ({
  esxi: world.esxi,
  firmware: { firmware_source: 'local', package_ids: [world.prod_bios] },
})
