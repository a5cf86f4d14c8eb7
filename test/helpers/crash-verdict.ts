import { expect } from 'vitest'
import { type Aftermath, type CrashSite, countOf } from './crash-site.js'

/** Compares a rolling update of one host with what the simulated site itself recorded. */
export function expectCleanRoll(
  site: CrashSite,
  host: CrashSite['hosts'][number],
  { job, before, after, invariants, effects, strangers }: Aftermath,
): void {
  expect({ status: job.status, error: job.error, attention: job.attention ?? [] }).toEqual({
    status: 'completed',
    error: null,
    attention: [],
  })
  const now = after.hosts.find(({ name }) => name === host.name)
  expect(now).toMatchObject({ build: site.image.build, in_maintenance: false, connection: 'connected' })
  const server = after.servers.find(({ service_tag }) => service_tag === host.service_tag)
  for (const { component, version } of site.firmware) {
    expect(server?.firmware).toContainEqual(expect.objectContaining({ component, version }))
  }
  expect(after.clusters, 'no setting changed').toEqual(before.clusters)
  const ssh = (state: typeof after) => state.hosts.map(({ name, ssh_enabled }) => ({ name, ssh_enabled }))
  expect(ssh(after), 'SSH as before').toEqual(ssh(before))
  expect(strangers, 'every mutating request is one that workers are killed at').toEqual([])
  expectOnce(site, host, effects)
  const { figures } = invariants
  expect(invariants.checks.filter((check) => !check.ok)).toEqual([])
  const submitted = figures.firmware_submissions.filter(({ service_tag }) => service_tag === host.service_tag)
  expect(submitted.map(({ component, count }) => ({ component, count }))).toEqual(
    site.firmware.map(({ component }) => ({ component, count: 1 })),
  )
  expect(figures.esxi_updates.filter((row) => row.host === host.name)).toEqual([{ host: host.name, count: 1 }])
  expect(figures.host_reboots.find((row) => row.host === host.name)).toMatchObject({ count: 2, with_vms: 0 })
  expect(figures.sessions_open).toBe(0)
}

/** Operations that take effect exactly so often, whatever was killed. SSH may be started once more: its state is sought. */
function expectOnce(site: CrashSite, host: { name: string }, effects: Aftermath['effects']): void {
  const counts = {
    enter: countOf(effects, 'EnterMaintenanceMode_Task'),
    update: countOf(effects, '*esxcli software profile update*'),
    reboots: countOf(effects, 'RebootHost_Task'),
    uploads: countOf(effects, '/redfish/v1/UpdateService/MultipartUpload'),
    exit: countOf(effects, 'ExitMaintenanceMode_Task'),
    cluster_settings: countOf(effects, 'ReconfigureComputeResource_Task'),
  }
  const wanted = { enter: 1, update: 1, reboots: 2, uploads: site.firmware.length, exit: 1, cluster_settings: 2 }
  expect(counts, host.name).toEqual(wanted)
}
