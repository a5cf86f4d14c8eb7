import { countAddresses, parseRange, spansContain } from './ip-range.js'

export type CredentialKind = 'idrac' | 'esxi' | 'vcenter'

/** Where a candidate comes from, in the order in which the places are looked at. */
export type CredentialSource =
  | 'job'
  | 'explicit'
  | 'discovered'
  | 'host'
  | 'vcenter'
  | 'range'
  | 'default'
  | 'environment'

export interface CredentialSetFacts {
  id: string
  name: string
  credential_type: CredentialKind
  is_default: boolean
  priority: number
  vcenter_host_id: string | null
  vcenter_id: string | null
  ip_ranges: readonly { ip_range: string; priority: number }[]
}

export interface CredentialQuestion {
  kind: CredentialKind
  /** Address of the device; null where there is none, then ranges are not looked at. */
  address: string | null
  /** `credential_set_ids` of the job, in the order given. */
  job_set_ids: readonly string[]
  /** The set chosen on the server, host or vCenter. */
  explicit_set_id: string | null
  /** iDRAC only: credentials kept from discovery exist. */
  has_discovered: boolean
  /** ESXi only. */
  vcenter_host_id: string | null
  vcenter_id: string | null
  /** Is a default user configured for this kind in the environment? Not for vCenter. */
  has_environment: boolean
}

/** `credential_set_id` is null for `discovered` and `environment`. */
export interface CredentialCandidate {
  source: CredentialSource
  credential_set_id: string | null
  name: string
  why: string
}

export interface CredentialResolution {
  /** The first candidate; null = `NoCredential`. */
  choice: CredentialCandidate | null
  /** One sentence for people. */
  why: string
  /** All that would be tried, best first, each set once. */
  candidates: CredentialCandidate[]
  /** Places that gave nothing, and why. */
  skipped: { source: CredentialSource; why: string }[]
}

type Place = { found: CredentialCandidate[]; nothing: string }

const candidate = (source: CredentialSource, set: CredentialSetFacts, why: string): CredentialCandidate => ({
  source,
  credential_set_id: set.id,
  name: set.name,
  why,
})

function fromJob(question: CredentialQuestion, sets: readonly CredentialSetFacts[]): Place {
  const found = question.job_set_ids
    .map((id) => sets.find((set) => set.id === id && set.credential_type === question.kind))
    .filter((set) => set !== undefined)
    .map((set) => candidate('job', set, `The job names the set ${set.name}.`))
  return { found, nothing: `The job names no set of kind ${question.kind}.` }
}

function explicit(question: CredentialQuestion, sets: readonly CredentialSetFacts[]): Place {
  const set = sets.find((entry) => entry.id === question.explicit_set_id && entry.credential_type === question.kind)
  const found = set ? [candidate('explicit', set, `The set ${set.name} is chosen on the device.`)] : []
  return { found, nothing: 'No set is chosen on the device.' }
}

function discovered(question: CredentialQuestion): Place {
  const why = 'These credentials opened the device when it was discovered.'
  const found: CredentialCandidate[] = question.has_discovered
    ? [{ source: 'discovered', credential_set_id: null, name: 'kept from discovery', why }]
    : []
  return { found, nothing: 'None were kept from discovery.' }
}

function ofOwner(question: CredentialQuestion, sets: readonly CredentialSetFacts[], source: 'host' | 'vcenter'): Place {
  const wanted = source === 'host' ? question.vcenter_host_id : question.vcenter_id
  const owned = sets.filter((set) => {
    const owner = source === 'host' ? set.vcenter_host_id : set.vcenter_host_id === null ? set.vcenter_id : null
    return set.credential_type === question.kind && wanted !== null && owner === wanted
  })
  const what = source === 'host' ? 'this host' : 'the vCenter of this host'
  const found = byPriority(owned).map((set) => candidate(source, set, `The set ${set.name} belongs to ${what}.`))
  return { found, nothing: `No set belongs to ${what}.` }
}

function byPriority(sets: CredentialSetFacts[]): CredentialSetFacts[] {
  return [...sets].sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))
}

interface RangeHit {
  set: CredentialSetFacts
  text: string
  priority: number
  size: number
}

function rangeHits(address: string, kind: CredentialKind, sets: readonly CredentialSetFacts[]): RangeHit[] {
  const hits = sets
    .filter((set) => set.credential_type === kind)
    .flatMap((set) =>
      set.ip_ranges.flatMap(({ ip_range, priority }) => {
        const parsed = parseRange(ip_range)
        if (!parsed.ok || !spansContain([parsed.range], address)) return []
        return [{ set, text: parsed.range.text, priority, size: countAddresses([parsed.range]) }]
      }),
    )
  return hits.sort(
    (a, b) =>
      b.priority - a.priority ||
      a.size - b.size ||
      b.set.priority - a.set.priority ||
      (a.set.name < b.set.name ? -1 : Number(a.set.name > b.set.name)),
  )
}

function fromRanges(question: CredentialQuestion, sets: readonly CredentialSetFacts[]): Place {
  const { address, kind } = question
  const hits = address === null ? [] : rangeHits(address, kind, sets)
  const found = hits.map((hit) =>
    candidate(
      'range',
      hit.set,
      `${address} lies in ${hit.text} (priority ${hit.priority}) of the set ${hit.set.name}.`,
    ),
  )
  return { found, nothing: address === null ? 'There is no address.' : `No range holds ${address}.` }
}

function defaults(question: CredentialQuestion, sets: readonly CredentialSetFacts[]): Place {
  const marked = sets.filter((set) => set.credential_type === question.kind && set.is_default)
  const found = byPriority(marked).map((set) =>
    candidate('default', set, `The set ${set.name} is the default for ${question.kind}.`),
  )
  return { found, nothing: `No set is the default for ${question.kind}.` }
}

function environment(question: CredentialQuestion): Place {
  const prefix = `${question.kind.toUpperCase()}_DEFAULT`
  const name = `${prefix}_USER`
  const found: CredentialCandidate[] = question.has_environment
    ? [{ source: 'environment', credential_set_id: null, name, why: `${prefix}_* is configured.` }]
    : []
  return { found, nothing: `${prefix}_* is not configured.` }
}

const ORDER: Record<CredentialKind, readonly CredentialSource[]> = {
  idrac: ['job', 'explicit', 'discovered', 'range', 'default', 'environment'],
  esxi: ['job', 'explicit', 'host', 'vcenter', 'range', 'default', 'environment'],
  vcenter: ['explicit', 'default'],
}

function look(source: CredentialSource, question: CredentialQuestion, sets: readonly CredentialSetFacts[]): Place {
  if (source === 'job') return fromJob(question, sets)
  if (source === 'explicit') return explicit(question, sets)
  if (source === 'discovered') return discovered(question)
  if (source === 'host' || source === 'vcenter') return ofOwner(question, sets, source)
  if (source === 'range') return fromRanges(question, sets)
  return source === 'default' ? defaults(question, sets) : environment(question)
}

/**
 * Which credentials are used for a device, and why. The places are looked at in the order of the kind; the first that
 * gives something is the choice, the rest follow as candidates (each set once). Among ranges: highest priority, then
 * narrowest range, then priority of the set, then name. Nothing is built in: an empty answer is `NoCredential`.
 */
export function resolveCredential(
  question: CredentialQuestion,
  sets: readonly CredentialSetFacts[],
): CredentialResolution {
  const candidates: CredentialCandidate[] = []
  const skipped: CredentialResolution['skipped'] = []
  for (const source of ORDER[question.kind]) {
    const { found, nothing } = look(source, question, sets)
    if (found.length === 0) skipped.push({ source, why: nothing })
    for (const entry of found) {
      const known = candidates.some(
        (other) => entry.credential_set_id !== null && other.credential_set_id === entry.credential_set_id,
      )
      if (!known) candidates.push(entry)
    }
  }
  const choice = candidates[0] ?? null
  return { choice, why: choice?.why ?? 'No credentials were found for this device.', candidates, skipped }
}
