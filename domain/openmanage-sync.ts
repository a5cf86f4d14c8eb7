import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

/** A device as OpenManage tells it. */
export interface SeenDevice {
  device_id: number
  service_tag: string | null
  ip_address: string | null
  idrac_port: number | null
  managed: boolean
}

/** A server of ours. */
export interface KnownServer {
  id: string
  service_tag: string
  ip_address: string
  idrac_port: number
  /** Has its iDRAC ever answered us with this tag at this address? */
  verified: boolean
  openmanage_device_id: number | null
}

export interface SyncOptions {
  create_missing: boolean
  update_existing: boolean
  include_unmanaged: boolean
}

export type DeviceDecision =
  | { type: 'create' }
  /** `address`: may the address be taken over too? */
  | { type: 'update'; server_id: string; address: boolean; conflict: AddressConflict | null }
  | { type: 'conflict'; conflict: AddressConflict }
  | { type: 'skip'; why: 'no_tag' | 'unmanaged' | 'no_address' | 'not_wanted' }

export interface AddressConflict {
  service_tag: string
  server_id: string
  /** What we have, and what OpenManage says. */
  ours: string
  theirs: string
  why: string
}

const DEFAULT_PORT = 443
/** What stands where a machine was never given a tag. */
const NO_TAG = /^(|0+|n\/?a|none|unknown|not specified|to be filled.*)$/i

/** A usable service tag, or null. */
export function tagOf(text: string | null): string | null {
  const tag = text?.trim().toUpperCase() ?? ''
  return NO_TAG.test(tag) ? null : tag
}

const at = (one: { ip_address: string; idrac_port: number }) => `${one.ip_address}:${one.idrac_port}`

/**
 * What a device of OpenManage means for our inventory. Servers are found by service tag. An address that our iDRAC session
 * has verified is never overwritten: another one in OpenManage is a finding. An address that somebody else holds neither
 * creates nor moves a server. OpenManage says nothing about credentials.
 */
export function decideDevice(seen: SeenDevice, known: readonly KnownServer[], options: SyncOptions): DeviceDecision {
  const tag = tagOf(seen.service_tag)
  if (tag === null) return { type: 'skip', why: 'no_tag' }
  if (!seen.managed && !options.include_unmanaged) return { type: 'skip', why: 'unmanaged' }
  const own = known.find((server) => server.service_tag === tag)
  if (!own && !options.create_missing) return { type: 'skip', why: 'not_wanted' }
  if (own && !options.update_existing) return { type: 'skip', why: 'not_wanted' }
  if (seen.ip_address === null)
    return own
      ? { type: 'update', server_id: own.id, address: false, conflict: null }
      : { type: 'skip', why: 'no_address' }
  return judgeAddress(tag, seen.ip_address, seen.idrac_port, own, known)
}

function judgeAddress(
  tag: string,
  ip_address: string,
  port: number | null,
  own: KnownServer | undefined,
  known: readonly KnownServer[],
): DeviceDecision {
  const theirs = { ip_address, idrac_port: port ?? own?.idrac_port ?? DEFAULT_PORT }
  const holder = known.find((server) => server !== own && at(server) === at(theirs))
  if (holder) {
    const why = `${at(theirs)} is on record for ${holder.service_tag}, OpenManage gives it to ${tag}.`
    const conflict = { service_tag: tag, server_id: holder.id, ours: at(own ?? holder), theirs: at(theirs), why }
    return own ? { type: 'update', server_id: own.id, address: false, conflict } : { type: 'conflict', conflict }
  }
  if (!own) return { type: 'create' }
  if (at(own) === at(theirs)) return { type: 'update', server_id: own.id, address: false, conflict: null }
  if (!own.verified) return { type: 'update', server_id: own.id, address: true, conflict: null }
  const why = `${tag} answers at ${at(own)}, OpenManage has it at ${at(theirs)}.`
  const conflict = { service_tag: tag, server_id: own.id, ours: at(own), theirs: at(theirs), why }
  return { type: 'update', server_id: own.id, address: false, conflict }
}

/** A source that lacks more than this share of what it had (and more than three) is not believed. */
const MOST_MISSING_SHARE = 0.2
const MOST_MISSING = 3

/**
 * Which servers were in OpenManage and are no longer. Nothing is deleted for it; only their mark goes, and not even that when
 * too many are missing at once: then the answer itself is doubted.
 */
export function missingDevices(
  known: readonly KnownServer[],
  seen_ids: ReadonlySet<number>,
  allow_mass_removal: boolean,
): { missing: KnownServer[]; refusal: Blocker | null } {
  const marked = known.filter((server) => server.openmanage_device_id !== null)
  const missing = marked.filter((server) => !seen_ids.has(server.openmanage_device_id as number))
  const many = missing.length > MOST_MISSING && missing.length > marked.length * MOST_MISSING_SHARE
  if (!many || allow_mass_removal) return { missing, refusal: null }
  const text = `${missing.length} of ${marked.length} servers that OpenManage knew are missing in its answer; none was unmarked.`
  const data = { missing: missing.slice(0, 50).map((server) => server.service_tag) }
  return { missing, refusal: blocker('SyncWouldRemoveTooMany', text, { data }) }
}
