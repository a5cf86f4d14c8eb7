/** The judge's verdict over the history: what `GET /lab/invariants` answers. */
import type { SimSite } from './model.js'
import type { SimCluster } from './model-vsphere.js'

export interface Check {
  name: string
  ok: boolean
  /** one sentence, with the offenders if there are some */
  detail: string
}

export interface Invariants {
  ok: boolean
  checks: Check[]
  figures: {
    max_hosts_out: Record<string, number>
    firmware_submissions: { service_tag: string; component: string; version: string; count: number }[]
    esxi_updates: { host: string; count: number }[]
    host_reboots: SimSite['history']['host_reboots']
    failed_logins_60s: { device: string; max: number }[]
    sessions_open: number
    settings_changed: string[]
  }
}

/** How a cluster's settings began, to tell at rest whether they were given back. */
export type ClusterSettings = Record<string, string>

/** The settings of a cluster that a roll-out may borrow, as one comparable text. */
export function settingsOf(cluster: SimCluster): string {
  const { drs, ha, dpm } = cluster
  return JSON.stringify({ drs, ha, dpm })
}

const MAX_WRONG_PASSWORDS = 2

/** Judges a state; `first` are the clusters' settings at the beginning. */
export function invariantsOf(state: SimSite, first: ClusterSettings): Invariants {
  const { history } = state
  const checks = [
    hostsOut(state),
    check(
      'no reboot of a host with running VMs',
      history.host_reboots.filter((row) => row.with_vms > 0),
      (row) => `${row.host}: ${row.with_vms} of ${row.count} boots`,
    ),
    check(
      'each firmware submitted once per server',
      history.firmware_submissions.filter((row) => row.count - row.excused > 1),
      (row) => `${row.service_tag} ${row.component} ${row.version}: ${row.count} times`,
    ),
    check(
      'each ESXi image applied once per host',
      history.esxi_updates.filter((row) => row.count - row.excused > 1),
      (row) => `${row.host} ${row.image}: ${row.count} times`,
    ),
    wrongPasswords(state),
    check(
      'no account locked, no address blocked',
      Object.entries(history.failed_logins).filter(([, row]) => row.locked > 0),
      ([device, row]) => `${device}: ${row.locked} times`,
    ),
    highAvailability(state, first),
    ...otherViolations(state),
  ]
  return { ok: checks.every((one) => one.ok), checks, figures: figuresOf(state, first) }
}

function check<Row>(name: string, offenders: Row[], show: (row: Row) => string): Check {
  return { name, ok: offenders.length === 0, detail: offenders.length === 0 ? 'holds' : offenders.map(show).join('; ') }
}

function hostsOut(state: SimSite): Check {
  const offenders = state.clusters.filter(
    (cluster) => (state.history.max_hosts_out[cluster.name] ?? 0) > cluster.allowed_out,
  )
  return check(
    'never more hosts of a cluster out than allowed',
    offenders,
    (cluster) =>
      `${cluster.name}: ${state.history.max_hosts_out[cluster.name]} out at once, ${cluster.allowed_out} allowed`,
  )
}

function wrongPasswords(state: SimSite): Check {
  const offenders = Object.entries(state.history.failed_logins).filter(([, row]) => row.max_60s > MAX_WRONG_PASSWORDS)
  return check(
    'at most two wrong passwords in 60 simulated seconds per device',
    offenders,
    ([device, row]) => `${device}: ${row.max_60s}`,
  )
}

/** A cluster whose HA was on at the beginning and is off, now or at any time a face saw it. */
function highAvailability(state: SimSite, first: ClusterSettings): Check {
  const reported = state.history.violations.filter((row) => row.name === HA_CHECK).map((row) => row.detail)
  const off = state.clusters.filter(
    (cluster) => !cluster.ha.enabled && (first[keyOf(cluster)] ?? '').includes('"ha":{"enabled":true'),
  )
  return check(HA_CHECK, [...reported, ...off.map((cluster) => `${cluster.name}: HA is off now`)], (text) => text)
}

const keyOf = (cluster: SimCluster): string => `${cluster.vcenter}/${cluster.name}`

/** Name of the check that faces report with when HA of a cluster is switched off. */
export const HA_CHECK = 'no cluster is ever without HA'
/** Names of what the core reports by itself. */
export const KNOWN_VIOLATIONS = [
  'sessions within the limit of the device',
  'no power cut while firmware is applied',
  'no iDRAC restart while it flashes',
  'no VM lost power',
] as const

function otherViolations(state: SimSite): Check[] {
  const reported = state.history.violations.map((row) => row.name).filter((name) => name !== HA_CHECK)
  const names = new Set<string>([...KNOWN_VIOLATIONS, ...reported])
  return [...names].map((name) =>
    check(
      name,
      state.history.violations.filter((row) => row.name === name),
      (row) => row.detail,
    ),
  )
}

function figuresOf(state: SimSite, first: ClusterSettings): Invariants['figures'] {
  const { history } = state
  const updates = new Map<string, number>()
  for (const row of history.esxi_updates) updates.set(row.host, (updates.get(row.host) ?? 0) + row.count)
  // Of iDRACs only, as in the state: a vCenter's session is kept for as long as its client lives.
  const sessions = state.servers.map((server) => server.idrac.sessions.length)
  return {
    max_hosts_out: Object.fromEntries(
      state.clusters.map((cluster) => [cluster.name, history.max_hosts_out[cluster.name] ?? 0]),
    ),
    firmware_submissions: history.firmware_submissions.map(({ excused: _excused, ...row }) => row),
    esxi_updates: [...updates].map(([host, count]) => ({ host, count })),
    host_reboots: history.host_reboots,
    failed_logins_60s: Object.entries(history.failed_logins).map(([device, row]) => ({ device, max: row.max_60s })),
    sessions_open: sessions.reduce((sum, count) => sum + count, 0),
    settings_changed: state.clusters
      .filter((cluster) => settingsOf(cluster) !== first[keyOf(cluster)])
      .map((cluster) => cluster.name),
  }
}
