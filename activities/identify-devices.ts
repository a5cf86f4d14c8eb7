import { DeviceError } from '../clients/errors.js'
import type { DiscoveryActivities, Endpoint, IdentifyAnswer, ScanCounts } from './contracts/discovery.js'
import { NotYet } from './failures.js'

type Group = Parameters<DiscoveryActivities['identifyDevices']>[0]

/** Devices of one group that are asked at the same time: each gets one request after the other. */
const AT_ONCE = 24

/** What one open port turned out to be. `mute`: why it is not known, when it took the connection and gave no HTTP answer. */
export type Identified = IdentifyAnswer & { mute?: string }

/**
 * Looks at a group of open ports, several at once. A device that cannot be asked now does not hold up the others. A mute one
 * is asked once more after the rest: an iDRAC with all hands full drops connections, a port of something else stays mute.
 */
export async function identifyDevices(
  { endpoints }: Pick<Group, 'endpoints'>,
  identify: (endpoint: Endpoint) => Promise<Identified>,
  staysMute: (endpoint: Endpoint, why: string) => void,
): Promise<IdentifyAnswer & { later: Endpoint[] }> {
  const together: IdentifyAnswer & { later: Endpoint[] } = { counts: {}, server_ids: [], later: [] }
  const lookAt = async (queue: Endpoint[], whenMute: (endpoint: Endpoint, why: string) => void) => {
    for (let endpoint = queue.shift(); endpoint; endpoint = queue.shift()) {
      const answer = await identify(endpoint).catch((thrown: unknown) => {
        if (thrown instanceof NotYet || thrown instanceof DeviceError) return null
        throw thrown
      })
      if (answer === null) together.later.push(endpoint)
      else if (answer.mute) whenMute(endpoint, answer.mute)
      else add(together, answer)
    }
  }
  const mute: Endpoint[] = []
  await atOnce([...endpoints], (queue) => lookAt(queue, (endpoint) => mute.push(endpoint)))
  await atOnce(mute, (queue) => lookAt(queue, staysMute))
  return together
}

async function atOnce(queue: Endpoint[], lane: (queue: Endpoint[]) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, () => lane(queue)))
}

function add(together: IdentifyAnswer, answer: IdentifyAnswer): void {
  addCounts(together.counts, answer.counts)
  together.server_ids.push(...answer.server_ids)
}

function addCounts(sum: Partial<ScanCounts>, more: Partial<ScanCounts>): void {
  for (const key of Object.keys(more) as (keyof ScanCounts)[]) sum[key] = (sum[key] ?? 0) + (more[key] ?? 0)
}
