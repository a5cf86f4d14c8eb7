import type { ProfileComponent } from './profile-export.js'

/** What stands in a Server Configuration Profile. Values may be secrets: they stay inside one activity. */
export interface ProfileContent {
  service_tag: string | null
  model: string | null
  components: readonly { fqdd: string; attributes: readonly ProfileAttribute[] }[]
}

export interface ProfileAttribute {
  name: string
  value: string
}

/** An attribute by where it is, without its value. */
export interface AttributeName {
  component: string
  attribute: string
}

/** What an FQDD belongs to, in the words that an import is limited by; the first that fits. */
const KINDS: readonly (readonly [RegExp, Exclude<ProfileComponent, 'ALL'>])[] = [
  [/^BIOS\./i, 'BIOS'],
  [/^iDRAC\./i, 'IDRAC'],
  [/^System\./i, 'System'],
  [/^LifecycleController\./i, 'LifecycleController'],
  [/^EventFilters\./i, 'EventFilters'],
  [/^SupportAssist\./i, 'SupportAssist'],
  [/PCIeSSD|PCIeExtender/i, 'PCIeSSD'],
  [/^NIC\./i, 'NIC'],
  [/^FC\./i, 'FC'],
  [/^InfiniBand\./i, 'InfiniBand'],
  [/(^|:)(RAID|AHCI|NonRAID|SATA|CPLD|BOSS)\b|^(Disk|Enclosure)\./i, 'RAID'],
]

/** The kind of a component; `other` for what no word of ours names. */
export function kindOf(fqdd: string): Exclude<ProfileComponent, 'ALL'> | 'other' {
  return KINDS.find(([pattern]) => pattern.test(fqdd))?.[1] ?? 'other'
}

/** The part of a profile that an import with these components touches. */
export function selectedPart(content: ProfileContent, components: readonly string[]): ProfileContent {
  if (components.includes('ALL')) return content
  return { ...content, components: content.components.filter(({ fqdd }) => components.includes(kindOf(fqdd))) }
}

/** Applied by the iDRAC at once; everything else is staged and needs the host to restart. */
const REAL_TIME = ['IDRAC', 'System', 'LifecycleController', 'EventFilters']

/** Does this profile touch anything that only a restart of the host applies? */
export function needsHost(content: ProfileContent): boolean {
  return content.components.some(({ fqdd, attributes }) => attributes.length > 0 && !REAL_TIME.includes(kindOf(fqdd)))
}

/** What a device shows in the place of a secret that it does not tell: nothing, or stars. */
export const isWithheld = (value: string) => /^\**$/.test(value.trim())

/** Finds where an attribute that the device names stands; several components may have one of that name: the first. */
export function placeOfAttribute(content: ProfileContent, name: string): AttributeName {
  const found = content.components.find(({ attributes }) => attributes.some((one) => one.name === name))
  return { component: found?.fqdd ?? '', attribute: name }
}

/** BIOS values of a profile by name; passwords are left out. */
export function biosValuesOf(content: ProfileContent): Record<string, string> {
  const bios = content.components.filter(({ fqdd }) => kindOf(fqdd) === 'BIOS')
  return Object.fromEntries(
    bios.flatMap(({ attributes }) =>
      attributes.filter(({ name }) => !/password/i.test(name)).map(({ name, value }) => [name, value]),
    ),
  )
}

/** The address that the iDRAC is given by a profile; null when none is set by hand. */
export function newAddressOf(content: ProfileContent): string | null {
  const idrac = content.components
    .filter(({ fqdd }) => kindOf(fqdd) === 'IDRAC')
    .flatMap(({ attributes }) => attributes)
  const value = (name: string) => idrac.find((one) => one.name === name)?.value.trim()
  return value('IPv4Static.1#Address') || value('IPv4.1#Address') || null
}

/** The password in clear that a profile gives this user; null when it leaves the password alone. A secret. */
export function newPasswordOf(content: ProfileContent, username: string): string | null {
  const idrac = content.components
    .filter(({ fqdd }) => kindOf(fqdd) === 'IDRAC')
    .flatMap(({ attributes }) => attributes)
  for (const { name, value } of idrac) {
    const slot = /^Users\.(\d+)#UserName$/.exec(name)?.[1]
    if (slot === undefined || value !== username) continue
    const password = idrac.find((one) => one.name === `Users.${slot}#Password`)?.value
    if (password !== undefined && !isWithheld(password)) return password
  }
  return null
}

/** What can be told of a text before anything reads it whole: its format, and tag and model of its root. Null: it is no profile. */
export function profileHead(
  text: string,
): { format: 'XML' | 'JSON'; service_tag: string | null; model: string | null; contains_hashes: boolean } | null {
  const contains_hashes = /(SHA256Password(Salt)?|MD5v3Key|SHA1v3Key|IPMIKey)\b/.test(text)
  const start = text.trimStart()
  if (start.startsWith('{')) {
    const root = rootOfJson(text)
    return root && { format: 'JSON', service_tag: textOf(root.ServiceTag), model: textOf(root.Model), contains_hashes }
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null
  const root = /^(?:<\?xml[^>]*\?>|<!--(?:(?!-->)[\s\S])*-->|\s)*<SystemConfiguration(\s[^>]*)?>/.exec(start)
  if (!root || !text.trimEnd().endsWith('</SystemConfiguration>')) return null
  const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(root[1] ?? '')?.[1] || null
  return { format: 'XML', service_tag: attribute('ServiceTag'), model: attribute('Model'), contains_hashes }
}

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)

function rootOfJson(text: string): Record<string, unknown> | null {
  try {
    const parsed = JSON.parse(text) as { SystemConfiguration?: unknown } | null
    const root = parsed?.SystemConfiguration
    return root !== null && typeof root === 'object' ? (root as Record<string, unknown>) : null
  } catch {
    return null
  }
}
