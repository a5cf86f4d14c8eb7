import { ACCEPTANCE_LEVELS, type AcceptanceLevel, type DepotProfile } from './esxi-types.js'

const DELL_NAME = /^DEL-ESXi[-_](\d)(\d)(\d)[._](\d+)-A(\d{2})$/
const VMWARE_NAME = /^ESXi-(\d+)\.(\d+)(?:U(\d+)[a-z]?|\.(\d+)(?:\.\d+)*)?-(\d+)-(?:standard|no-tools)$/

/** Version and build of an image profile: from the depot's metadata, else from its name; null = the name tells nothing. */
export function releaseOfProfile(profile: DepotProfile): { version: string; build: number } | null {
  if (profile.version && profile.build) return { version: profile.version, build: profile.build }
  const dell = DELL_NAME.exec(profile.name)
  if (dell) return { version: `${dell[1]}.${dell[2]}.${dell[3]}`, build: Number(dell[4]) }
  const plain = VMWARE_NAME.exec(profile.name)
  if (!plain) return null
  return { version: `${plain[1]}.${plain[2]}.${plain[3] ?? plain[4] ?? 0}`, build: Number(plain[5]) }
}

export type ProfileChoice =
  | { type: 'chosen'; profile: DepotProfile }
  | { type: 'ambiguous'; names: string[] }
  | { type: 'not_found'; names: string[] }

export interface ProfileWish {
  /** Exact name, case-sensitive as the tool is. */
  profile_name?: string | undefined
  flavor: 'standard' | 'no-tools'
  target_build?: number | undefined
  /** Vendor of the hardware. */
  vendor: string | null
}

/** A preference narrows only where something is left. */
function prefer(profiles: DepotProfile[], wanted: (profile: DepotProfile) => boolean): DepotProfile[] {
  const narrowed = profiles.filter(wanted)
  return narrowed.length > 0 ? narrowed : profiles
}

/**
 * Which image profile of a depot is meant. A given name must be there exactly; a guess never is one. Without a name:
 * those with the wanted build, then the vendor's own images on the vendor's hardware, then the wanted flavour; exactly
 * one must be left.
 */
export function chooseProfile(profiles: readonly DepotProfile[], wish: ProfileWish): ProfileChoice {
  const names = profiles.map((profile) => profile.name)
  if (wish.profile_name !== undefined) {
    const exact = profiles.find((profile) => profile.name === wish.profile_name)
    return exact ? { type: 'chosen', profile: exact } : { type: 'not_found', names }
  }
  const { target_build } = wish
  let left = profiles.filter(
    (profile) => target_build === undefined || releaseOfProfile(profile)?.build === target_build,
  )
  if (left.length === 0) return { type: 'not_found', names }
  if (/^dell/i.test(wish.vendor ?? '')) left = prefer(left, (profile) => profile.name.startsWith('DEL-'))
  left = prefer(left, (profile) => profile.name.endsWith(`-${wish.flavor}`))
  if (wish.flavor === 'standard') left = prefer(left, (profile) => !profile.name.endsWith('-no-tools'))
  const [only, second] = left
  if (only && !second) return { type: 'chosen', profile: only }
  return { type: 'ambiguous', names: left.map((profile) => profile.name) }
}

const bare = (level: string) =>
  level
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/(supported|certified|accepted)$/, '')

const LONG_NAMES: readonly [RegExp, AcceptanceLevel][] = [
  [/^vmware.?certified$|^certified$/i, 'VMwareCertified'],
  [/^vmware.?accepted$|^accepted$/i, 'VMwareAccepted'],
]

function levelOf(text: string | null): AcceptanceLevel | null {
  const trimmed = text?.trim() ?? ''
  const vmware = LONG_NAMES.find(([pattern]) => pattern.test(trimmed))?.[1]
  if (vmware) return vmware
  return ACCEPTANCE_LEVELS.slice(2).find((level) => bare(level) === bare(trimmed)) ?? null
}

/** Is an image of this level allowed on a host of that level? null = one of them is not known. */
export function isAcceptable(image_level: string | null, host_level: string | null): boolean | null {
  const [image, host] = [levelOf(image_level), levelOf(host_level)]
  if (image === null || host === null) return null
  return ACCEPTANCE_LEVELS.indexOf(image) <= ACCEPTANCE_LEVELS.indexOf(host)
}
