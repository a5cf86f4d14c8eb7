import { DeviceError } from '../clients/errors.js'
import { migrateVm, recommendHosts } from '../clients/vsphere/vm.js'
import { getCluster } from '../db/stores/clusters.js'
import { reportTask } from '../db/stores/job-tasks.js'
import { type EvacuationRow, evacuationTable, judgeEvacuation } from '../domain/evacuation.js'
import type { Blocker } from '../domain/failures.js'
import { DEFAULT_SAFETY_POLICY } from '../domain/safety-types.js'
import { scaledLimit, scaledPause } from '../domain/time-scale.js'
import { type SeenCluster, seeCluster } from './cluster-reading.js'
import type { EvacuationState, HostActivities } from './contracts/host.js'
import type { Deps } from './deps.js'
import { NotYet } from './failures.js'
import { remember, remembered, requireAttended } from './heartbeat.js'
import { poweredOnVms } from './host-looks.js'
import { pauseFor } from './poll.js'
import { type AtHost, seeHost } from './with-vcenter.js'

const STALL_MS = 10 * 60_000
const LOOK_MS = 10_000
const PROOF_MS = 10_000
const LONGEST_ATTEMPT_MS = 30_000
const LONGEST_COUNTED_GAP_MS = 30_000
/** Names that a sentence can carry. */
const VMS_NAMED = 20
/** vCenter moves at most so many at once from one host before they slow each other down. */
const MOVES_AT_ONCE = 2

interface Watch {
  began_ms: number
  vms_left: number
  last_progress_ms: number
  last_look_ms: number
}

/**
 * Watches a host until it is in maintenance and empty, read twice. No progress for ten minutes, or the time limit, gives
 * `blocked` with the VMs that are left and what keeps each of them there.
 */
export async function watchEvacuation(
  deps: Deps,
  at: AtHost,
  input: Parameters<HostActivities['watchEvacuation']>[0],
): Promise<EvacuationState> {
  const began = Date.now()
  const watch: Watch = remembered<Watch>() ?? {
    began_ms: began,
    vms_left: Number.MAX_SAFE_INTEGER,
    last_progress_ms: began,
    last_look_ms: began,
  }
  for (;;) {
    const facts = await seeHost(deps, at)
    const vms = await poweredOnVms(at, facts)
    leaveOutAbsence(at, watch)
    if (facts.in_maintenance_mode === true && vms?.length === 0 && (await stillEmpty(deps, at)))
      return { state: 'empty', vms_left: 0 }
    const left = vms?.length ?? watch.vms_left
    await noteProgress(deps, at, input, watch, left)
    const verdict = judge(at, input, watch, left)
    const stopped =
      facts.in_maintenance_mode === false &&
      facts.entering_maintenance === false &&
      Date.now() - watch.began_ms > scaledPause(60_000, at.scale)
    if (verdict === 'stalled' || verdict === 'timeout' || stopped)
      return blocked(deps, at, verdict === 'timeout' ? 'EvacuationTimeout' : 'EvacuationBlocked', left, vms ?? [])
    if (input.options.evacuation === 'migrate') await moveSome(deps, at, vms ?? [])
    remember(watch)
    const pause = scaledPause(LOOK_MS, at.scale)
    if (pause > 5_000 || Date.now() - began > LONGEST_ATTEMPT_MS)
      throw new NotYet('Evacuating', `${left} VMs are still on ${at.host.name}.`, pause)
    await pauseFor(LOOK_MS, at.scale)
  }
}

/** Time in which nobody could look (a dead worker, vCenter away, a clock that was set) is not the VMs' fault. */
function leaveOutAbsence(at: AtHost, watch: Watch): void {
  const now = Date.now()
  const longest = Math.max(LONGEST_COUNTED_GAP_MS, 3 * scaledPause(LOOK_MS, at.scale))
  const gap = now - watch.last_look_ms
  const absent = gap - Math.max(0, Math.min(gap, longest))
  watch.began_ms += absent
  watch.last_progress_ms += absent
  watch.last_look_ms = now
}

async function stillEmpty(deps: Deps, at: AtHost): Promise<boolean> {
  await pauseFor(PROOF_MS, at.scale)
  const facts = await seeHost(deps, at)
  const vms = await poweredOnVms(at, facts)
  return facts.in_maintenance_mode === true && vms?.length === 0
}

async function noteProgress(
  deps: Deps,
  at: AtHost,
  input: { context: { task_id: string | null } },
  watch: Watch,
  left: number,
): Promise<void> {
  if (left >= watch.vms_left) return
  watch.vms_left = left
  watch.last_progress_ms = Date.now()
  const { task_id } = input.context
  if (task_id) await reportTask(deps.db, task_id, { log: `${left} running VMs are left on ${at.host.name}.` })
}

/** The host itself keeps entering until the last VM is gone: an empty one is only waited for. */
function judge(at: AtHost, input: Parameters<HostActivities['watchEvacuation']>[0], watch: Watch, left: number) {
  const timeout_ms = scaledLimit(input.options.maintenance_timeout_minutes * 60_000, at.scale)
  const stall_ms = scaledLimit(STALL_MS, at.scale)
  return judgeEvacuation({
    now_ms: Date.now(),
    entered_ms: watch.began_ms,
    last_progress_ms: watch.last_progress_ms,
    vms_left: Math.max(1, left),
    timeout_ms,
    stall_ms,
  })
}

async function blocked(
  deps: Deps,
  at: AtHost,
  code: 'EvacuationBlocked' | 'EvacuationTimeout',
  vms_left: number,
  vms: readonly { name: string }[],
): Promise<EvacuationState> {
  const vm_names = vms.slice(0, VMS_NAMED).map((vm) => vm.name)
  return { state: 'blocked', code, vms_left, vm_names, blockers: await causes(deps, at) }
}

/** Why each VM is still there, by the table of causes; empty for a host in no cluster. */
async function causes(deps: Deps, at: AtHost): Promise<Blocker[]> {
  const seen = await clusterOf(deps, at)
  const host = seen?.facts.hosts?.find((candidate) => candidate.id === at.host.id)
  if (!seen || !host) return []
  const rows: EvacuationRow[] = evacuationTable(seen.facts, host, DEFAULT_SAFETY_POLICY) ?? []
  return rows.flatMap((row) => row.causes).slice(0, 50)
}

async function clusterOf(deps: Deps, at: AtHost): Promise<SeenCluster | null> {
  const cluster = at.host.cluster_id ? await getCluster(deps.db, at.host.cluster_id) : null
  return cluster ? seeCluster(deps, { ...at, cluster }, '', []) : null
}

/** Moves VMs itself, two at a time, to the host that DRS rates best. A VM that cannot move stays and is named later. */
async function moveSome(deps: Deps, at: AtHost, vms: { moid: string; name: string }[]): Promise<void> {
  const seen = await clusterOf(deps, at)
  if (!seen) return
  const moving = seen.overview.vms.filter((vm) => vm.host_moid === at.moid && vm.recent_task_moids.length > 0).length
  for (const vm of vms.slice(0, Math.max(0, MOVES_AT_ONCE - moving))) {
    const [best] = (await recommendHosts(at.session, seen.overview.cluster.moid, vm.moid)).filter(
      (rating) => rating.host_moid !== at.moid,
    )
    if (!best) continue
    requireAttended('a VM is moved')
    try {
      await migrateVm(at.session, vm.moid, best.host_moid)
    } catch (thrown) {
      if (!(thrown instanceof DeviceError) || !thrown.facts.answered) throw thrown
    }
  }
}
