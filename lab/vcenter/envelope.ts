import { escapeXml, type VimValue, writeMember } from './values.js'
import { child, readXml, type XmlElement, XmlSyntaxError } from './xml-read.js'

/** One call as it came in. */
export interface SoapCall {
  method: string
  receiver: { type: string; id: string }
  args: XmlElement
  operationId?: string
}

/** Reads a SOAP request; throws XmlSyntaxError where it is not one. */
export function readCall(body: string): SoapCall {
  const envelope = readXml(body)
  const args = child(envelope, 'Body')?.children[0]
  if (envelope.name !== 'Envelope' || !args) throw new XmlSyntaxError('not a SOAP envelope with a body')
  const self = child(args, '_this')
  if (!self) throw new XmlSyntaxError(`${args.name} without _this`)
  const operationId = child(child(envelope, 'Header'), 'operationID')?.text
  return {
    method: args.name,
    receiver: { type: self.attributes.type ?? '', id: self.text.trim() },
    args,
    ...(operationId === undefined ? {} : { operationId }),
  }
}

/** What a method answers: nothing, one value, a list, or XML that it wrote itself (property collector). */
export type MethodResult = undefined | VimValue | { xml: string }

/** Writes the response element of a method; a void method has an empty one. */
export function writeResult(method: string, result: MethodResult, namespace = 'urn:vim25'): string {
  const name = `${method}Response`
  if (result === undefined) return `<${name} xmlns="${namespace}"></${name}>`
  const inner = 'xml' in result ? result.xml : writeReturnValue(result)
  return `<${name} xmlns="${namespace}">${inner}</${name}>`
}

function writeReturnValue(value: VimValue): string {
  if (value.kind === 'array') return value.items.map((item) => writeMember('returnval', item)).join('')
  return writeMember('returnval', value)
}

/** The envelope as vCenter's own serialiser writes it, with the prefixes that clients see in the field. */
export function wrapBody(inner: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"\n' +
    ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"\n' +
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"\n' +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n' +
    `<soapenv:Body>\n${inner}\n</soapenv:Body>\n</soapenv:Envelope>`
  )
}

/** A fault of the transport itself (unreadable request), which carries no typed detail. */
export function writeClientFault(message: string): string {
  return `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${escapeXml(message)}</faultstring></soapenv:Fault>`
}
