import { DeviceError } from '../clients/errors.js'
import type { ClusterOverview } from '../clients/vsphere/cluster-overview.js'
import type { VsphereSession } from '../clients/vsphere/session.js'
import { readVsanWhatIf, startVsanWhatIf, type VsanWhatIfAnswer } from '../clients/vsphere/vsan.js'
import type { VsanWhatIf } from '../domain/cluster-facts.js'
import type { VsanMode } from '../domain/safety-types.js'
import { pauseFor } from './poll.js'
import { taskEnds } from './vsphere-tasks.js'

export interface VsanQuestion {
  session: VsphereSession
  overview: ClusterOverview
  /** Our row's id of a host. */
  host_id: (moid: string) => string
  mode: VsanMode
  scale: number
}

const LOOKS = 30
const LOOK_MS = 2_000
/** Each check takes seconds to a minute, one after the other; what is left after this long counts as not asked. */
const LONGEST_ASKING_MS = 120_000

const noAnswer = (host_ids: string[], detail: string): VsanWhatIf => ({ host_ids, fits: null, detail })

/**
 * vSAN's own what-if for hosts that serve, each alone and one after the other, since a cluster keeps only its latest answer.
 * Whatever is not a clear yes comes back as `fits: false` or null with the reason; it never counts as safe.
 * @throws DeviceError when vCenter does not answer
 */
export async function askVsanEach(question: VsanQuestion, host_ids: readonly string[]): Promise<VsanWhatIf[]> {
  const until = Date.now() + LONGEST_ASKING_MS
  const answers: VsanWhatIf[] = []
  for (const id of host_ids) {
    answers.push(Date.now() < until ? await askVsan(question, id) : noAnswer([id], 'it was not asked in time'))
  }
  return answers
}

/** The same for one host. */
export async function askVsan(question: VsanQuestion, id: string): Promise<VsanWhatIf> {
  const { session, overview, mode, scale } = question
  const host = overview.hosts.find((each) => question.host_id(each.moid) === id)
  if (!host?.vsan_node_uuid) return noAnswer([id], 'the host tells no vSAN node')
  try {
    const task = await startVsanWhatIf(session, overview.cluster.moid, host.vsan_node_uuid, mode)
    if (task === null) return noAnswer([id], 'this vCenter has no such check')
    await taskEnds(session, task, `The what-if of vSAN for ${host.name}`, scale)
    return judged(id, mode, await finished(session, overview.cluster.moid, scale))
  } catch (thrown) {
    if (thrown instanceof DeviceError && thrown.facts.answered) return noAnswer([id], thrown.message)
    throw thrown
  }
}

async function finished(
  session: VsphereSession,
  cluster_moid: string,
  scale: number,
): Promise<VsanWhatIfAnswer | null> {
  for (let look = 1; ; look += 1) {
    const answer = await readVsanWhatIf(session, cluster_moid)
    if (answer?.status !== 'resourceCheckRunning' || look === LOOKS) return answer
    await pauseFor(LOOK_MS, scale)
  }
}

/** Objects that no host could read any more are refused in every mode but the one that accepts it. */
function judged(id: string, mode: VsanMode, answer: VsanWhatIfAnswer | null): VsanWhatIf {
  if (answer?.status !== 'resourceCheckCompleted' || answer.result === null)
    return noAnswer([id], `the check ended with ${answer?.status ?? 'no answer'}`)
  const lost = answer.inaccessible_objects ?? 0
  const fits = answer.result === 'green' && (lost === 0 || mode === 'no_action')
  const detail = `${answer.result}; ${answer.bytes_to_move ?? 'unknown'} bytes to move, ${lost} objects would be out of reach`
  return { host_ids: [id], fits, detail }
}
