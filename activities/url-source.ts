import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { WebPlace } from '../clients/web/web-file.js'
import { readMediaSettings } from '../db/stores/settings.js'
import { readUrl, type UrlPlace, type UrlPolicy, whyUrlRefused } from '../domain/url-rule.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'

/**
 * Resolves an address that somebody gave, once, and judges what came of it: the only way to an address outside. Connect to
 * `address` of the answer and to nothing else.
 * @throws Refused `UrlRefused`; StepFailed `UrlUnreachable` when the name has no address
 */
export async function judgeUrl(deps: Deps, text: string): Promise<WebPlace> {
  const reading = readUrl(text)
  if (!reading.ok) throw new Refused([reading.blocker])
  const policy = await urlPolicy(deps)
  refuseUnlisted(reading.place, policy)
  const addresses = await addressesOf(reading.place)
  for (const address of addresses) {
    const refusal = whyUrlRefused(reading.place, address, policy)
    if (refusal) throw new Refused([refusal])
  }
  return { url: reading.place.url, address: addresses[0] ?? '' }
}

/** With nothing on the list not even a name is asked for: a name server would learn of it. */
function refuseUnlisted(place: UrlPlace, policy: UrlPolicy): void {
  if (policy.allowed_hosts.length > 0 || policy.allowed_cidrs.length > 0) return
  const refusal = whyUrlRefused(place, '192.0.2.1', policy)
  if (refusal) throw new Refused([refusal])
}

async function addressesOf(place: UrlPlace): Promise<string[]> {
  try {
    return (await lookup(place.host, { family: 4, all: true })).map(({ address }) => address)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no answer'
    throw new StepFailed('UrlUnreachable', `The name ${place.host} has no IPv4 address (${code}).`)
  }
}

async function urlPolicy(deps: Deps): Promise<UrlPolicy> {
  const { allowed_hosts, allowed_cidrs } = await readMediaSettings(deps.db)
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return {
    allowed_hosts,
    allowed_cidrs,
    lab_in_use: deps.lab_in_use,
    own_addresses: own.map(({ address }) => address),
    own_ports: deps.media.own_ports,
  }
}
