/** Kinds of rows in `discovery_findings`. */
export const FINDING_KINDS = [
  'auth_failed',
  'identity_pending',
  'identity_changed',
  'duplicate_address',
  'address_conflict',
  'redfish_disabled',
  'other_redfish',
  'not_answering',
  'ambiguous_link',
  'factory_account',
  'password_change_required',
  'no_credential',
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** What an open port answered to a request of the service root without credentials. */
export type RootAnswer =
  | { type: 'redfish'; is_idrac: boolean | null; service_tag: string | null; maker: string | null }
  /** HTTP answer without a Redfish root. `server_hint`: does anything in it point to an iDRAC? */
  | { type: 'http'; status: number; server_hint: boolean }
  | { type: 'no_tls' }
  | { type: 'no_answer' }

export type AddressClass =
  /** Log in and read it. */
  | { type: 'idrac'; service_tag: string | null }
  /** Redfish that does not say who made it: only a login can tell. */
  | { type: 'maybe_idrac' }
  | { type: 'finding'; kind: FindingKind; why: string }
  /** Nothing of interest; never a row. */
  | { type: 'nothing' }

/** Sorts an open address: iDRAC, other Redfish, iDRAC with Redfish switched off, or nothing of ours. */
export function classifyRoot(answer: RootAnswer): AddressClass {
  if (answer.type === 'redfish') {
    if (answer.is_idrac === true) return { type: 'idrac', service_tag: answer.service_tag }
    if (answer.is_idrac === null) return { type: 'maybe_idrac' }
    return otherMaker(answer.maker)
  }
  if (answer.type === 'http' && answer.status === 404 && answer.server_hint) {
    const why = 'It looks like an iDRAC with Redfish switched off (attribute Redfish.1.Enable).'
    return { type: 'finding', kind: 'redfish_disabled', why }
  }
  return { type: 'nothing' }
}

/** A Redfish service that is no iDRAC: it is named and left alone. */
export function otherMaker(maker: string | null): Extract<AddressClass, { type: 'finding' }> {
  const who = maker ?? 'a maker that it does not name'
  const why = `A Redfish service of ${who.slice(0, 200)} answers; only Dell servers with an iDRAC are managed.`
  return { type: 'finding', kind: 'other_redfish', why }
}

/**
 * After a login to a service whose root named nobody: is it a Dell server? Its manager's model or its maker must say so;
 * early iDRAC7/8 firmware says it nowhere else.
 */
export function isDellServer(said: { generation: string; manufacturer: string | null }): boolean {
  return said.generation !== 'unknown' || /\bdell\b/i.test(said.manufacturer ?? '')
}

export interface KnownServer {
  id: string
  service_tag: string
  ip_address: string
}

export type AddressDecision =
  | { type: 'new' }
  | { type: 'same'; server_id: string }
  /** The tag was known at another address, which no longer answers with it. */
  | { type: 'moved'; server_id: string; from: string }
  /** Both addresses answer with the tag: the row keeps its address. */
  | { type: 'duplicate'; server_id: string; why: string }
  /** Another server is on record at this address. */
  | { type: 'conflict'; server_id: string; why: string }

/**
 * What an iDRAC with this tag at this address means for our rows. An address is not an identity: a known tag moves its
 * row only if the old address no longer answers with it.
 */
export function decideAddress(
  seen: { address: string; service_tag: string },
  known: readonly KnownServer[],
  /** Does the old address still answer with this tag? Asked only for a known tag at a new address. */
  old_still_answers: boolean,
): AddressDecision {
  const tag = seen.service_tag.toUpperCase()
  const own = known.find((server) => server.service_tag.toUpperCase() === tag)
  const holder = known.find((server) => server.ip_address === seen.address && server.id !== own?.id)
  if (own?.ip_address === seen.address) return { type: 'same', server_id: own.id }
  if (own && old_still_answers) {
    const why = `${own.service_tag} answers at ${own.ip_address} and at ${seen.address}.`
    return { type: 'duplicate', server_id: own.id, why }
  }
  if (holder) {
    const why = `${seen.address} is on record for ${holder.service_tag}, but ${seen.service_tag} answers there.`
    return { type: 'conflict', server_id: holder.id, why }
  }
  return own ? { type: 'moved', server_id: own.id, from: own.ip_address } : { type: 'new' }
}
