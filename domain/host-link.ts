/** Texts that makers put where a serial number belongs. */
const PLACEHOLDERS = [
  '',
  'NONE',
  'UNKNOWN',
  'NO ASSET TAG',
  'NOT SPECIFIED',
  'NOT AVAILABLE',
  'N/A',
  'DEFAULT STRING',
  'SYSTEM SERIAL NUMBER',
  'TO BE FILLED BY O.E.M.',
  '0',
]

/** A serial number as it is compared: trimmed, upper case; null for placeholders. */
export function cleanSerial(text: string | null | undefined): string | null {
  const cleaned = (text ?? '').trim().toUpperCase()
  return PLACEHOLDERS.includes(cleaned) || /^0+$/.test(cleaned) ? null : cleaned
}

/** A UUID as 32 lower-case hex digits; null when it is none, or all zeros or ones. */
export function cleanUuid(text: string | null | undefined): string | null {
  const bare = (text ?? '').toLowerCase().replace(/[^0-9a-f]/g, '')
  return bare.length !== 32 || /^(0+|f+)$/.test(bare) ? null : bare
}

/**
 * The same UUID with its first three groups byte-swapped.
 * QUIRK Dell PowerEdge: vSphere and iDRAC may show the SMBIOS UUID in different byte order. Seen: first three groups
 * swapped. Source: vSphere reference, hardware identity.
 */
export function swappedUuid(uuid: string): string {
  const swap = (hex: string) => (hex.match(/../g) ?? []).reverse().join('')
  return swap(uuid.slice(0, 8)) + swap(uuid.slice(8, 12)) + swap(uuid.slice(12, 16)) + uuid.slice(16)
}

export interface LinkableHost {
  id: string
  name: string
  serial_number: string | null
  /** Other identifiers of the host that may be its service tag, best first; chassis tags are not among them. */
  other_serials?: readonly string[]
  host_uuid: string | null
  server_id: string | null
  link_source: 'serial' | 'uuid' | 'manual' | null
}

export interface LinkableServer {
  id: string
  service_tag: string
  system_uuid: string | null
  /** Tag of the chassis a blade sits in: several hosts may show it, so it never links. */
  chassis_service_tag?: string | null
}

export interface HostLinks {
  links: { host_id: string; server_id: string; link_source: 'serial' | 'uuid' }[]
  kept: { host_id: string; server_id: string }[]
  ambiguous: { host_ids: string[]; server_ids: string[]; why: string }[]
  unlinked: { host_id: string; why: string }[]
}

function serialsOf(host: LinkableHost, chassis: ReadonlySet<string>): string[] {
  const all = [host.serial_number, ...(host.other_serials ?? [])].map(cleanSerial)
  return all.filter((serial) => serial !== null && !chassis.has(serial)) as string[]
}

/** Servers by what a host may show of them: a fleet has thousands of both. */
interface Known {
  by_tag: Map<string, LinkableServer[]>
  /** In both byte orders. */
  by_uuid: Map<string, LinkableServer[]>
}

function indexed(servers: readonly LinkableServer[]): Known {
  const known: Known = { by_tag: new Map(), by_uuid: new Map() }
  const add = (index: Map<string, LinkableServer[]>, key: string, server: LinkableServer) =>
    index.set(key, [...(index.get(key) ?? []), server])
  for (const server of servers) {
    const tag = cleanSerial(server.service_tag)
    if (tag !== null) add(known.by_tag, tag, server)
    const uuid = cleanUuid(server.system_uuid)
    if (uuid !== null) for (const order of new Set([uuid, swappedUuid(uuid)])) add(known.by_uuid, order, server)
  }
  return known
}

function matches(host: LinkableHost, known: Known, chassis: ReadonlySet<string>) {
  const by_serial = serialsOf(host, chassis).flatMap((serial) => known.by_tag.get(serial) ?? [])
  if (by_serial.length > 0) return { found: [...new Set(by_serial)], source: 'serial' as const }
  const uuid = cleanUuid(host.host_uuid)
  return { found: uuid === null ? [] : (known.by_uuid.get(uuid) ?? []), source: 'uuid' as const }
}

type Proposal = { host: LinkableHost; server: LinkableServer; source: 'serial' | 'uuid' }

/** A server that several hosts claim links none of them. */
function settle(proposals: Proposal[], result: HostLinks): void {
  const claims = new Map<string, Proposal[]>()
  for (const proposal of proposals)
    claims.set(proposal.server.id, [...(claims.get(proposal.server.id) ?? []), proposal])
  for (const proposal of proposals) {
    const rivals = claims.get(proposal.server.id) ?? []
    if (rivals.length === 1) {
      result.links.push({ host_id: proposal.host.id, server_id: proposal.server.id, link_source: proposal.source })
    } else if (rivals[0] === proposal) {
      const host_ids = rivals.map((other) => other.host.id)
      const why = `Several hosts show the identity of ${proposal.server.service_tag}.`
      result.ambiguous.push({ host_ids, server_ids: [proposal.server.id], why })
    }
  }
}

/**
 * Links vSphere hosts to servers by service tag, else by UUID. Exactly one match links; several, on either side, are
 * reported and link nothing. Manual links are kept and their server is no longer free. Placeholders and chassis tags
 * never link.
 */
export function linkHosts(hosts: readonly LinkableHost[], servers: readonly LinkableServer[]): HostLinks {
  const result: HostLinks = { links: [], kept: [], ambiguous: [], unlinked: [] }
  const tags = servers.map((server) => cleanSerial(server.chassis_service_tag)).filter((tag) => tag !== null)
  const chassis = new Set<string>(tags)
  const manual = hosts.filter((host) => host.link_source === 'manual' && host.server_id !== null)
  result.kept = manual.map((host) => ({ host_id: host.id, server_id: host.server_id ?? '' }))
  const taken = new Set(result.kept.map((link) => link.server_id))
  const free = indexed(servers.filter((server) => !taken.has(server.id)))
  const proposals: Proposal[] = []
  const by_hand = new Set(manual)
  for (const host of hosts.filter((candidate) => !by_hand.has(candidate))) {
    const { found, source } = matches(host, free, chassis)
    const [server, second] = found
    if (server && !second) proposals.push({ host, server, source })
    else if (server) {
      const why = `${host.name} matches several servers.`
      result.ambiguous.push({ host_ids: [host.id], server_ids: found.map((entry) => entry.id), why })
    } else result.unlinked.push({ host_id: host.id, why: `No server has the serial number or UUID of ${host.name}.` })
  }
  settle(proposals, result)
  return result
}
