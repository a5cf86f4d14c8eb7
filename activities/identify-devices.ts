import { DeviceError } from '../clients/errors.js'
import type { DiscoveryActivities, Endpoint, IdentifyAnswer, ScanCounts } from './contracts/discovery.js'
import { NotYet } from './failures.js'

type Group = Parameters<DiscoveryActivities['identifyDevices']>[0]

/** Devices of one group that are asked at the same time: each gets one request after the other. */
const AT_ONCE = 24

/** Looks at a group of open ports, several at once. A device that cannot be asked now does not hold up the others. */
export async function identifyDevices(
  { endpoints }: Pick<Group, 'endpoints'>,
  identify: (endpoint: Endpoint) => Promise<IdentifyAnswer>,
): Promise<IdentifyAnswer & { later: Endpoint[] }> {
  const together: IdentifyAnswer & { later: Endpoint[] } = { counts: {}, server_ids: [], later: [] }
  const queue = [...endpoints]
  const lane = async () => {
    for (let endpoint = queue.shift(); endpoint; endpoint = queue.shift()) {
      const answer = await identify(endpoint).catch((thrown: unknown) => {
        if (thrown instanceof NotYet || thrown instanceof DeviceError) return null
        throw thrown
      })
      if (answer === null) {
        together.later.push(endpoint)
        continue
      }
      addCounts(together.counts, answer.counts)
      together.server_ids.push(...answer.server_ids)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, endpoints.length) }, lane))
  return together
}

function addCounts(sum: Partial<ScanCounts>, more: Partial<ScanCounts>): void {
  for (const key of Object.keys(more) as (keyof ScanCounts)[]) sum[key] = (sum[key] ?? 0) + (more[key] ?? 0)
}
