import type { JobView } from './api-client.js'
import type { LabClient, LabFirmware, LabInvariants, LabState } from './lab-client.js'

export interface Wanted {
  cluster: string
  serviceTags: string[]
  build: string
  firmware: LabFirmware
  maxUnavailable: number
}

export interface VerdictRow {
  what: string
  ok: boolean
  shown: string
}

const SESSIONS_END_MS = 20_000

/** Compares what the product says with what the simulated site saw: its state, its ledger, its invariants. */
export async function judgeRun(job: JobView, lab: LabClient, before: LabState, wanted: Wanted): Promise<VerdictRow[]> {
  const state = await lab.state()
  const invariants = await whenSessionsEnded(lab)
  return [
    {
      what: 'the job completed',
      ok: job.status === 'completed',
      shown: job.error ? `${job.status}: ${job.error.code} ${job.error.message}` : job.status,
    },
    ...hostRows(before, state, wanted),
    ...invariantRows(invariants, wanted),
  ]
}

/** A session whose answer a kill swallowed belongs to nobody; the device ends it by its own idle limit. */
async function whenSessionsEnded(lab: LabClient): Promise<LabInvariants> {
  for (const end = Date.now() + SESSIONS_END_MS; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const invariants = await lab.invariants()
    if (invariants.figures.sessions_open === 0 || Date.now() > end) return invariants
  }
}

function hostRows(before: LabState, state: LabState, wanted: Wanted): VerdictRow[] {
  const hosts = state.hosts.filter((host) => host.cluster === wanted.cluster)
  const servers = state.servers.filter((server) => wanted.serviceTags.includes(server.service_tag))
  const current = servers.filter((server) =>
    server.firmware.some(
      ({ component, version }) => component === wanted.firmware.component && version === wanted.firmware.version,
    ),
  )
  const built = hosts.filter((host) => String(host.build) === wanted.build)
  const serving = hosts.filter((host) => !host.in_maintenance && host.connection === 'connected')
  const ssh = hosts.filter(
    (host) => before.hosts.find(({ name }) => name === host.name)?.ssh_enabled === host.ssh_enabled,
  )
  const settings = (one: LabState) => JSON.stringify(one.clusters.find(({ name }) => name === wanted.cluster))
  return [
    {
      what: `ESXi build ${wanted.build} on every host`,
      ok: built.length === hosts.length && hosts.length > 0,
      shown: `${built.length} of ${hosts.length}`,
    },
    {
      what: `${wanted.firmware.component} ${wanted.firmware.version} on every server`,
      ok: current.length === servers.length && servers.length > 0,
      shown: `${current.length} of ${servers.length}`,
    },
    {
      what: 'every host serves again',
      ok: serving.length === hosts.length,
      shown: `${serving.length} of ${hosts.length}`,
    },
    { what: 'SSH service as before', ok: ssh.length === hosts.length, shown: `${ssh.length} of ${hosts.length}` },
    { what: 'HA, DRS, DPM as before', ok: settings(before) === settings(state), shown: settings(state) },
  ]
}

function invariantRows({ ok, checks, figures }: LabInvariants, wanted: Wanted): VerdictRow[] {
  const broken = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name} ${JSON.stringify(detail)}`)
  const out = figures.max_hosts_out[wanted.cluster] ?? 0
  const twice = figures.firmware_submissions.filter(({ count }) => count !== 1)
  const again = figures.esxi_updates.filter(({ count }) => count !== 1)
  const withVms = figures.host_reboots.filter(({ with_vms }) => Boolean(with_vms))
  return [
    {
      what: 'hosts out at once, at most',
      ok: out <= wanted.maxUnavailable,
      shown: `${out} (allowed ${wanted.maxUnavailable})`,
    },
    {
      what: 'each firmware submitted once',
      ok: twice.length === 0,
      shown: `${figures.firmware_submissions.length} submissions, ${twice.length} repeated`,
    },
    {
      what: 'each ESXi update started once',
      ok: again.length === 0,
      shown: `${figures.esxi_updates.length} updates, ${again.length} repeated`,
    },
    {
      what: 'no reboot with a running VM',
      ok: withVms.length === 0,
      shown: `${figures.host_reboots.length} hosts rebooted`,
    },
    { what: 'no iDRAC session left', ok: figures.sessions_open === 0, shown: String(figures.sessions_open) },
    { what: `all ${checks.length} invariants of the site hold`, ok, shown: broken.join('; ') },
  ]
}

/** The table as text; returns whether all rows are good. */
export function printVerdict(rows: VerdictRow[], print: (line: string) => void): boolean {
  const width = Math.max(...rows.map(({ what }) => what.length))
  for (const { what, ok, shown } of rows) print(`${ok ? 'ok  ' : 'FAIL'}  ${what.padEnd(width)}  ${shown}`)
  return rows.every(({ ok }) => ok)
}
