import type { MoRef } from './mo-ref.js'

/** A value of an argument: text, whole number, truth, time (written in UTC), reference, data object, or several of one name. */
export type SoapValue = string | number | boolean | Date | MoRef | SoapData | readonly SoapValue[]

/** Name and value of a member. `undefined` leaves the member out: optional members are never sent empty. */
export type SoapField = readonly [name: string, value: SoapValue | undefined]

/** A data object. The order of its fields is the schema's (an xsd:sequence): real servers refuse misordered members. */
export interface SoapData {
  readonly kind: 'data'
  readonly xsi_type: string | null
  readonly fields: readonly SoapField[]
}

/** A simple value in an `anyType` place, which needs its type on the wire, e.g. `xsd:int`. */
interface TypedText extends SoapData {
  readonly text: string
}

/** A data object whose type follows from its place. */
export function data(...fields: SoapField[]): SoapData {
  return { kind: 'data', xsi_type: null, fields }
}

/** A data object in a polymorphic place; `xsiType` is its wire type, e.g. `TraversalSpec`. */
export function typedData(xsiType: string, ...fields: SoapField[]): SoapData {
  return { kind: 'data', xsi_type: xsiType, fields }
}

/** A simple value in an `anyType` place, e.g. `typedText('xsd:int', 100)`. */
export function typedText(xsiType: string, value: string | number | boolean): SoapData {
  const typed: TypedText = { kind: 'data', xsi_type: xsiType, fields: [], text: String(value) }
  return typed
}

const REPLACEMENTS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/**
 * Escapes text for an element or attribute. A carriage return becomes a character reference, since XML readers turn a bare
 * one into a line feed (a password must arrive unchanged).
 * @throws RangeError for characters that XML 1.0 cannot carry at all.
 */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters that XML cannot carry
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) {
    throw new RangeError('The text contains a control character that XML cannot carry')
  }
  return text.replace(/[&<>"']/g, (each) => REPLACEMENTS[each] ?? each).replaceAll('\r', '&#13;')
}

const isList = (value: SoapValue): value is readonly SoapValue[] => Array.isArray(value)
const isData = (value: object): value is SoapData => 'kind' in value && value.kind === 'data'
const isTypedText = (value: SoapData): value is TypedText => 'text' in value

function writeSimple(value: string | number | boolean): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`Not a whole number: ${value}`)
  return escapeXml(String(value))
}

function writeObject(name: string, value: MoRef | SoapData): string {
  if (!isData(value)) return `<${name} type="${escapeXml(value.type)}">${escapeXml(value.value)}</${name}>`
  const type = value.xsi_type === null ? '' : ` xsi:type="${escapeXml(value.xsi_type)}"`
  const inner = isTypedText(value) ? escapeXml(value.text) : value.fields.map(writeField).join('')
  return `<${name}${type}>${inner}</${name}>`
}

function writeField([name, value]: SoapField): string {
  if (value === undefined) return ''
  if (isList(value)) return value.map((each) => writeField([name, each])).join('')
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`
  if (typeof value === 'object') return writeObject(name, value)
  return `<${name}>${writeSimple(value)}</${name}>`
}

export interface SoapCall {
  target: MoRef
  method: string
  /** In declared order, without `_this`. */
  fields: readonly SoapField[]
  /** `urn:vim25` or `urn:vsan`. */
  namespace: string
  /** Shown in the logs of vCenter and host, to find the job there. */
  operation_id?: string
}

/** The request body of a call. `_this` comes first, then the arguments in the given order. */
export function writeEnvelope(call: SoapCall): string {
  const header =
    call.operation_id === undefined
      ? ''
      : `<soapenv:Header><operationID xmlns="urn:vim25">${escapeXml(call.operation_id)}</operationID></soapenv:Header>`
  const inner = writeField(['_this', call.target]) + call.fields.map(writeField).join('')
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `${header}<soapenv:Body><${call.method} xmlns="${call.namespace}">${inner}</${call.method}></soapenv:Body></soapenv:Envelope>`
  )
}

function plainValue(value: SoapValue): unknown {
  if (isList(value)) return value.map(plainValue)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return value
  if (!isData(value)) return `${value.type}:${value.value}`
  return isTypedText(value) ? value.text : plainFields(value.fields)
}

/** The arguments as a plain object for the record of the call. Members named in `hidden` are masked. */
export function plainFields(fields: readonly SoapField[], hidden: readonly string[] = []): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of fields) {
    if (value === undefined) continue
    plain[name] = hidden.includes(name) ? '***' : plainValue(value)
  }
  return plain
}
