/** A BIOS value as the device writes it; null where it shows none. */
export type BiosValue = string | number | boolean | null
export type BiosValues = Readonly<Record<string, BiosValue>>

/** One attribute as the registry of the machine describes it. */
export interface BiosEntry {
  name: string
  type: 'Enumeration' | 'Integer' | 'String' | 'Password' | 'Boolean' | 'Unknown'
  values: readonly string[]
  lower_bound: number | null
  upper_bound: number | null
  min_length: number | null
  max_length: number | null
  read_only: boolean
  hidden: boolean
}

/** While its conditions hold, `property` of `attribute` (`ReadOnly`, `Hidden`, `Value`, ...) is `value`. */
export interface BiosRule {
  attribute: string
  property: string
  value: unknown
  /** All conditions, or any one of them. */
  needs_all: boolean
  conditions: readonly { attribute: string; condition: string; value: unknown }[]
}

export interface BiosRegistryFacts {
  entries: readonly BiosEntry[]
  rules: readonly BiosRule[]
}

/** Why one attribute cannot be set, with what would be allowed. */
export interface AttributeProblem {
  attribute: string
  given: BiosValue
  why: string
  allowed?: readonly string[]
  lower_bound?: number
  upper_bound?: number
}

const GUARDED = [/^TpmSecurity$/, /^Tpm2Hierarchy$/, /^SecureBoot/, /^BootMode$/]

/** Attributes that can lock a machine out of its operating system: only an admin sets them. */
export const isGuardedAttribute = (name: string) => GUARDED.some((pattern) => pattern.test(name))

/** Passwords are no attributes here: they are neither set nor kept. */
export const isPasswordAttribute = (name: string, type?: BiosEntry['type']) =>
  type === 'Password' || /password/i.test(name)

/**
 * Judges values for a machine by its registry before anything is sent, and names everything that is wrong at once: unknown
 * names, passwords, read-only and hidden attributes, also those that other values in force lock, wrong types, values outside
 * what is allowed. A value that is set together with what it depends on is judged by what will be.
 */
export function attributeProblems(
  wanted: BiosValues,
  current: BiosValues,
  registry: BiosRegistryFacts,
): AttributeProblem[] {
  const entries = new Map(registry.entries.map((entry) => [entry.name, entry]))
  const after = { ...current, ...wanted }
  return Object.entries(wanted).flatMap(([name, given]) => {
    const entry = entries.get(name)
    const why = (text: string) => [{ attribute: name, given, why: text }]
    if (isPasswordAttribute(name, entry?.type))
      return [{ attribute: name, given: null, why: 'passwords are not set by this job' }]
    if (!entry || !Object.hasOwn(current, name)) return why('this machine has no such attribute')
    const rules = registry.rules.filter((rule) => rule.attribute === name)
    if (becomes(entry.read_only, 'ReadOnly', rules, current, after)) {
      const lock = rules.find((rule) => rule.property === 'ReadOnly' && holds(rule, after))
      return why(lock ? `it is read-only while ${told(lock, after)}` : 'it is read-only')
    }
    if (becomes(entry.hidden, 'Hidden', rules, current, after)) return why('this machine does not offer it')
    const offered = rules.find((rule) => rule.property === 'Value' && holds(rule, after))
    return valueProblem({ ...entry, values: valueNames(offered?.value) ?? entry.values }, given)
  })
}

/**
 * A flag of an entry (`ReadOnly`, `Hidden`) once `after` is in force. What the registry says is the state of this moment,
 * the work of the rules included; so only a rule that begins or ceases to hold changes it.
 * Source: R750 and R630 recordings, where each attribute that a rule locks is `ReadOnly` in the registry itself.
 */
function becomes(
  flag: boolean,
  property: string,
  rules: readonly BiosRule[],
  current: BiosValues,
  after: BiosValues,
): boolean {
  const own = rules.filter((rule) => rule.property === property && rule.value === true)
  const before = own.some((rule) => holds(rule, current))
  const later = own.some((rule) => holds(rule, after))
  return before === later ? flag : later
}

type Condition = BiosRule['conditions'][number]

function holds(rule: BiosRule, values: BiosValues): boolean {
  const met = (one: Condition) => isMet(one, values)
  return rule.needs_all ? rule.conditions.every(met) : rule.conditions.some(met)
}

/** An unknown kind of condition never holds: the device itself has the last word. */
function isMet(one: Condition, values: BiosValues): boolean {
  const value = values[one.attribute]
  if (value === undefined) return false
  if (one.condition === 'EQU') return value === one.value
  return one.condition === 'NEQ' && value !== one.value
}

const told = (rule: BiosRule, values: BiosValues) =>
  rule.conditions
    .filter((one) => isMet(one, values))
    .map((one) => `${one.attribute} is ${one.condition === 'NEQ' ? 'not ' : ''}${String(one.value)}`)
    .join(' and ')

function valueNames(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null
  const names = value.map((one: unknown) =>
    one !== null && typeof one === 'object' ? (one as { ValueName?: unknown }).ValueName : one,
  )
  return names.every((name) => typeof name === 'string') ? names : null
}

function valueProblem(entry: BiosEntry, given: BiosValue): AttributeProblem[] {
  const problem = { attribute: entry.name, given }
  if (entry.type === 'Integer') return integerProblem(entry, given)
  if (entry.type === 'Boolean')
    return typeof given === 'boolean' ? [] : [{ ...problem, why: 'it must be true or false' }]
  if (typeof given !== 'string') return [{ ...problem, why: 'it must be a text', ...allowedOf(entry) }]
  if (entry.type === 'Enumeration') {
    if (entry.values.includes(given)) return []
    return [{ ...problem, why: `it must be one of ${entry.values.join(', ')}`, allowed: entry.values }]
  }
  const shortest = entry.min_length ?? 0
  const longest = entry.max_length ?? Number.POSITIVE_INFINITY
  if (given.length >= shortest && given.length <= longest) return []
  return [{ ...problem, why: `it must have ${shortest} to ${longest} characters` }]
}

const allowedOf = (entry: BiosEntry) => (entry.type === 'Enumeration' ? { allowed: entry.values } : {})

function integerProblem(entry: BiosEntry, given: BiosValue): AttributeProblem[] {
  const low = entry.lower_bound ?? Number.NEGATIVE_INFINITY
  const high = entry.upper_bound ?? Number.POSITIVE_INFINITY
  if (typeof given === 'number' && Number.isInteger(given) && given >= low && given <= high) return []
  const bounds = {
    ...(entry.lower_bound === null ? {} : { lower_bound: entry.lower_bound }),
    ...(entry.upper_bound === null ? {} : { upper_bound: entry.upper_bound }),
  }
  const range = Number.isFinite(low) || Number.isFinite(high) ? ` from ${low} to ${high}` : ''
  return [{ attribute: entry.name, given, why: `it must be a whole number${range}`, ...bounds }]
}

/** Names of a stored configuration that may be written on this machine; the rest (read-only, hidden, absent, passwords) is left out. */
export function writableOf(
  stored: BiosValues,
  current: BiosValues,
  registry: BiosRegistryFacts,
): Record<string, BiosValue> {
  const offered = new Map(registry.entries.map((entry) => [entry.name, entry]))
  return Object.fromEntries(
    Object.entries(stored).filter(([name, value]) => {
      const entry = offered.get(name)
      const open = entry && !entry.read_only && !entry.hidden && !isPasswordAttribute(name, entry.type)
      return open && value !== null && Object.hasOwn(current, name)
    }),
  )
}
