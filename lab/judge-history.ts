/** The judge at work: writes down in the state's history what invariants.ts reads. */
import type { Clock } from './clock.js'
import type { Judge } from './judge.js'
import type { SimSite } from './model.js'
import type { SimCluster, SimHost } from './model-vsphere.js'

const MINUTE = 60_000
const MAX_VIOLATIONS = 1000

interface JudgeDeps {
  stateOf: () => SimSite
  clock: Clock
  hostsOf: (cluster: SimCluster) => SimHost[]
  /** powered, booted and reachable */
  isUp: (host: SimHost) => boolean
}

/** Is a host out: not connected, in maintenance, or not running? */
export function isOut(host: SimHost, isUp: (host: SimHost) => boolean): boolean {
  return host.connection !== 'connected' || host.in_maintenance || !isUp(host)
}

export function createJudge({ stateOf, clock, hostsOf, isUp }: JudgeDeps): Judge {
  const history = (): SimSite['history'] => stateOf().history
  const failures = (device: string): SimSite['history']['failed_logins'][string] => {
    const known = history().failed_logins[device]
    if (known) return known
    const fresh = { recent: [], max_60s: 0, locked: 0 }
    history().failed_logins[device] = fresh
    return fresh
  }
  const submission = (tag: string, component: string, version: string) =>
    history().firmware_submissions.find(
      (one) => one.service_tag === tag && one.component === component && one.version === version,
    )
  const violation: Judge['violation'] = (name, detail) => {
    const { violations } = history()
    if (violations.length < MAX_VIOLATIONS) violations.push({ name, sim_at: clock.now(), detail })
  }

  return {
    violation,
    esxiUpdate(host, image) {
      const row = history().esxi_updates.find((one) => one.host === host && one.image === image)
      if (row) row.count += 1
      else history().esxi_updates.push({ host, image, count: 1, excused: 0 })
    },
    esxiUpdateFailed(host, image) {
      const row = history().esxi_updates.find((one) => one.host === host && one.image === image)
      if (row) row.excused += 1
    },
    firmwareSubmitted(service_tag, component, version) {
      const row = submission(service_tag, component, version)
      if (row) row.count += 1
      else history().firmware_submissions.push({ service_tag, component, version, count: 1, excused: 0 })
    },
    firmwareWithdrawn(service_tag, component, version) {
      const row = submission(service_tag, component, version)
      if (row) row.excused += 1
    },
    hostReboot(host, runningVms) {
      let row = history().host_reboots.find((one) => one.host === host)
      if (!row) {
        row = { host, count: 0, with_vms: 0 }
        history().host_reboots.push(row)
      }
      row.count += 1
      if (runningVms > 0) row.with_vms += 1
    },
    loginFailed(device) {
      const row = failures(device)
      const now = clock.now()
      row.recent = [...row.recent.filter((at) => now - at < MINUTE), now]
      row.max_60s = Math.max(row.max_60s, row.recent.length)
    },
    lockedOut(device) {
      failures(device).locked += 1
    },
    recentFailures: (device, withinMs) =>
      history().failed_logins[device]?.recent.filter((at) => clock.now() - at < withinMs).length ?? 0,
    sessions(device, open, limit) {
      history().max_sessions[device] = Math.max(history().max_sessions[device] ?? 0, open)
      if (open > limit)
        violation('sessions within the limit of the device', `${device} has ${open} sessions, its limit is ${limit}`)
    },
    clusterChanged(cluster) {
      const out = hostsOf(cluster).filter((host) => isOut(host, isUp)).length
      const most = history().max_hosts_out
      most[cluster.name] = Math.max(most[cluster.name] ?? 0, out)
    },
  }
}
