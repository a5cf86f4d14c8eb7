import { isGuardedAttribute } from './bios-attributes.js'
import type { Blocker } from './failures.js'
import {
  type AttributeName,
  biosValuesOf,
  isWithheld,
  kindOf,
  needsHost,
  type ProfileContent,
} from './profile-content.js'
import { blocker } from './verdict.js'

/** Content that could cut us off or destroy data; each kind is let through only by its own word. */
export const DANGERS = ['network', 'users', 'raid_destructive', 'other_service_tag'] as const
export type Danger = (typeof DANGERS)[number]

export interface ImportingServer {
  name: string
  service_tag: string
  model: string | null
  /** BIOS values of now; null when the profile does not touch the BIOS. */
  bios: Readonly<Record<string, unknown>> | null
  /** The vSphere host on it: is its configuration sealed to the TPM (null: not known), and is its recovery key kept? */
  host: { name: string; tpm_sealed: boolean | null; recovery_key_stored: boolean } | null
}

export interface ImportWish {
  components: readonly string[]
  allow: readonly string[]
  shutdown_type: 'Graceful' | 'Forced' | 'NoReboot'
}

export interface ImportJudgement {
  blockers: Blocker[]
  warnings: Blocker[]
  /** A restart of the host comes with it, so the host guard has to be asked. */
  reboots: boolean
  attribute_count: number
}

const NETWORK = /^(Current)?(IPv4|IPv4Static|IPv6|IPv6Static|NIC|NICStatic|VLAN)\.\d+#/i
const PASSWORD = /^Users\.\d+#(Password|SHA256Password(Salt)?|SHA1v3Key|MD5v3Key|IPMIKey)$/i
const ERASE = /^(CryptographicErase|SecureErase|RAIDresetConfig)$/i
const MOST_NAMED = 20

function isDangerous(danger: Danger, fqdd: string, name: string, value: string): boolean {
  const kind = kindOf(fqdd)
  if (danger === 'network') return kind === 'IDRAC' && NETWORK.test(name)
  if (danger === 'users')
    return !isWithheld(value) && (PASSWORD.test(name) || (kind === 'BIOS' && /password/i.test(name)))
  if (danger !== 'raid_destructive') return false
  if (ERASE.test(name)) return /^(true|enabled)$/i.test(value)
  if (/^RAIDaction$/i.test(name)) return /^(delete|replace)/i.test(value)
  if (/^RAIDforeignConfig$/i.test(name)) return /^clear$/i.test(value)
  return /^RAIDinitOperation$/i.test(name) && !/^(none)?$/i.test(value)
}

function dangersIn(content: ProfileContent, danger: Danger): AttributeName[] {
  return content.components.flatMap(({ fqdd, attributes }) =>
    attributes
      .filter(({ name, value }) => isDangerous(danger, fqdd, name, value))
      .map(({ name }) => ({ component: fqdd, attribute: name })),
  )
}

const WHAT: Record<Exclude<Danger, 'other_service_tag'>, string> = {
  network: 'addresses or the network port of the iDRAC',
  users: 'passwords of users',
  raid_destructive: 'a reset, deletion or initialisation of storage',
}

function forbiddenContent(content: ProfileContent, server: ImportingServer, wish: ImportWish): Blocker[] {
  const refuse = (danger: Danger, text: string, data: Record<string, unknown>) =>
    blocker('ScpForbiddenContent', text, {
      target: server.name,
      data: { content: danger, ...data },
      remedy: `Leave it out of the profile, or allow ${danger}.`,
    })
  const found = (['network', 'users', 'raid_destructive'] as const).flatMap((danger) => {
    const attributes = wish.allow.includes(danger) ? [] : dangersIn(content, danger)
    if (attributes.length === 0) return []
    const data = { attributes: attributes.slice(0, MOST_NAMED), count: attributes.length }
    return [refuse(danger, `The profile sets ${WHAT[danger]}.`, data)]
  })
  const foreign = content.service_tag !== null && content.service_tag.toUpperCase() !== server.service_tag.toUpperCase()
  if (!foreign || wish.allow.includes('other_service_tag')) return found
  const text = `The profile is of ${content.service_tag}, this is ${server.service_tag}.`
  return [refuse('other_service_tag', text, { service_tag: content.service_tag }), ...found]
}

const bare = (model: string) =>
  model
    .replace(/^PowerEdge\s+/i, '')
    .trim()
    .toUpperCase()

function misfits(content: ProfileContent, server: ImportingServer, wish: ImportWish): Blocker[] {
  if (content.components.every(({ attributes }) => attributes.length === 0)) {
    const text = `The profile sets nothing of ${wish.components.join(', ')}.`
    return [blocker('ScpInvalid', text, { target: server.name, remedy: 'Choose other components.' })]
  }
  if (content.model === null || server.model === null || bare(content.model) === bare(server.model)) return []
  const text = `The profile is of a ${content.model}, this is a ${server.model}.`
  const data = { profile_model: content.model, model: server.model }
  return [blocker('ScpInvalid', text, { target: server.name, data, remedy: 'Use a profile of the same model.' })]
}

/** Attributes that seal a machine off from its operating system, and that this profile would change. */
function guardedChanges(content: ProfileContent, server: ImportingServer): string[] {
  const bios = server.bios
  if (bios === null) return []
  const wanted = Object.entries(biosValuesOf(content)).filter(([name]) => isGuardedAttribute(name))
  return wanted.filter(([name, value]) => name in bios && String(bios[name]) !== value).map(([name]) => name)
}

/** A host that is sealed to its TPM does not boot after such a change without its recovery key; not known counts as sealed. */
function recoveryBlockers(content: ProfileContent, server: ImportingServer): Blocker[] {
  const { host } = server
  const names = guardedChanges(content, server)
  if (names.length === 0 || host === null || host.tpm_sealed === false || host.recovery_key_stored) return []
  const sealed = host.tpm_sealed === null ? 'may be' : 'is'
  const text = `The profile changes ${names.join(', ')}, ${host.name} ${sealed} sealed to its TPM, and no recovery key of it is stored.`
  return [blocker('RecoveryKeyMissing', text, { target: host.name, data: { attributes: names } })]
}

/**
 * May this profile be applied to this server? It must be of the same model, hold something of the chosen components, and
 * hold nothing that cuts us off or destroys data unless that was allowed by name. A profile without a service tag, or
 * without a model, is only warned about: templates have none.
 */
export function judgeImport(content: ProfileContent, server: ImportingServer, wish: ImportWish): ImportJudgement {
  const unnamed = [
    ...(content.service_tag === null ? ['service tag'] : []),
    ...(content.model === null ? ['model'] : []),
  ]
  const warnings =
    unnamed.length === 0
      ? []
      : [blocker('ScpInvalid', `The profile names no ${unnamed.join(' and no ')}.`, { target: server.name })]
  return {
    blockers: [
      ...misfits(content, server, wish),
      ...forbiddenContent(content, server, wish),
      ...recoveryBlockers(content, server),
    ],
    warnings,
    reboots: wish.shutdown_type !== 'NoReboot' && needsHost(content),
    attribute_count: content.components.reduce((sum, { attributes }) => sum + attributes.length, 0),
  }
}
