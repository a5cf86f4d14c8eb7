import { readFileSync } from 'node:fs'
import { usage } from '../exit-codes.js'

type Json = Record<string, unknown>

/** A part of a JSON Schema, as far as it says how a text is meant. */
interface Schema {
  type?: string
  properties?: Record<string, Schema>
  anyOf?: Schema[]
}

/**
 * The details of an order out of what was typed: a JSON object, `@FILE` with one (`@-` is the standard input), or `key=value`
 * with dots for blocks. Several are laid over each other. What a value means (number, list, text) is read from the schema.
 */
export function readDetails(given: readonly string[], schema: Schema): Json {
  const details: Json = {}
  for (const text of given) merge(details, oneOf(text.trim(), schema))
  return details
}

/** Do these need the schema of their type to be understood? */
export const needsSchema = (given: readonly string[]) => given.some((text) => !/^\s*[{@]/.test(text))

function oneOf(text: string, schema: Schema): Json {
  if (text.startsWith('{')) return jsonObject(text, 'The details')
  if (text.startsWith('@')) return jsonObject(readFile(text.slice(1)), text)
  const at = text.indexOf('=')
  if (at < 1) throw usage(`${text}: details are JSON, @FILE or key=value.`)
  const path = text.slice(0, at).split('.')
  const value = meant(
    text.slice(at + 1),
    path.reduce<Schema | undefined>((part, name) => part?.properties?.[name], schema),
  )
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Json
}

function readFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw usage(`The details cannot be read: ${(error as Error).message}`)
  }
}

function jsonObject(text: string, where: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Json
  } catch {
    // said below
  }
  throw usage(`${where}: no JSON object.`)
}

/** What a typed value means where the schema knows it; elsewhere JSON if it is some, else text. */
function meant(text: string, schema: Schema | undefined): unknown {
  const types = schema?.type ? [schema.type] : (schema?.anyOf ?? []).map((part) => part.type)
  if (types.includes('string') && !(types.includes('null') && text === 'null')) return text
  if (types.includes('array') && !text.startsWith('[')) return text === '' ? [] : text.split(',')
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function merge(into: Json, from: Json): void {
  for (const [name, value] of Object.entries(from)) {
    const there = into[name]
    const both = [there, value].every((one) => one !== null && typeof one === 'object' && !Array.isArray(one))
    if (both) merge(there as Json, value as Json)
    else into[name] = value
  }
}
