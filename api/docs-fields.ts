/** One line of a table of fields. */
export interface Field {
  /** Dotted; `[]` for what is in a list. */
  name: string
  type: string
  preset: string
  meaning: string
  required: boolean
}

/** A JSON Schema, as far as a reader needs it. */
interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  required?: string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  description?: string
  format?: string
  minimum?: number
  maximum?: number
  maxItems?: number
  $ref?: string
  $defs?: Record<string, Schema>
}

const DEEPEST = 4

/** The fields of an object as a flat list, blocks and lists opened up. */
export function fieldsOf(schema: object, before = '', depth = 0, root: Schema = schema as Schema): Field[] {
  const { properties = {}, required = [] } = opened(schema as Schema, root)
  if (depth > DEEPEST) return []
  return Object.entries(properties).flatMap(([name, part]) => {
    const own = opened(part, root)
    const field = {
      name: before + name,
      type: typeOf(own, root),
      preset: own.default === undefined ? '' : JSON.stringify(own.default),
      meaning: own.description ?? part.description ?? '',
      required: required.includes(name) && own.default === undefined,
    }
    const inside = own.items ? opened(own.items, root) : own
    const path = own.items ? `${before}${name}[].` : `${before}${name}.`
    return [field, ...fieldsOf(inside, path, depth + 1, root)]
  })
}

/** Follows a reference, and takes the one real alternative of something that may also be null. */
function opened(schema: Schema, root: Schema): Schema {
  if (schema.$ref) return opened({ ...root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] }, root)
  const real = (schema.anyOf ?? []).filter((part) => part.type !== 'null')
  const [only] = real
  return only && real.length === 1
    ? { ...opened(only, root), ...(schema.description ? { description: schema.description } : {}) }
    : schema
}

function typeOf(schema: Schema, root: Schema): string {
  if (schema.enum) return schema.enum.map(String).join(' | ')
  if (schema.const !== undefined) return String(schema.const)
  if (schema.items) return `list of ${typeOf(opened(schema.items, root), root)}`
  const several = schema.anyOf ?? schema.oneOf
  if (several) return several.map((part) => typeOf(opened(part, root), root)).join(' or ')
  const base = schema.format ?? [schema.type ?? 'any'].flat().join(' or ')
  const safe = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined
  const [low, high] = [safe(schema.minimum), safe(schema.maximum)]
  return low === undefined && high === undefined ? base : `${base} ${low ?? ''}–${high ?? ''}`
}
