import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LabAnswer } from '../gate.js'
import { connectionOf, deliver, readBody } from '../http-answer.js'
import type { CallContext, VcenterContext } from './context.js'
import { dispatch, isMutation } from './dispatch.js'
import { readCall, type SoapCall, wrapBody, writeClientFault, writeResult } from './envelope.js'
import {
  describeFile,
  folderDatastore,
  readFolderAddress,
  receiveUpload,
  removeFile,
  storeFile,
} from './folder-access.js'
import { apiVersion } from './product-names.js'
import { sessionOf } from './sessions.js'
import { VimFault, writeSoapFault } from './vim-faults.js'
import { dispatchVsan } from './vsan-methods.js'
import { XmlSyntaxError } from './xml-read.js'

const XML = { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'no-cache' }
const PRIOR_VERSIONS = [
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.1',
  '7.0.3.2',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.0',
  '7.0.0.0',
  '6.7',
  '6.5',
]
/** vSAN has an endpoint and a namespace of its own, and shares the session. */
const VSAN_PATH = '/vsanHealth'
const SOAP_PATHS = new Set(['/sdk', '/sdk/', VSAN_PATH])
const LARGEST_CALL = 8 * 1024 * 1024

/** Serves one HTTP request of a vCenter. */
export async function serve(
  context: VcenterContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  try {
    if (SOAP_PATHS.has(path)) return await serveSoap(context, path, request, response)
    if (path.startsWith('/folder')) return await serveFolder(context, request, response)
    return await serveDocument(context, path, request, response)
  } catch (error) {
    // The client broke off in the middle of its request: there is nobody to answer.
    if (!request.complete) context.core.gate.aborted(requestFacts(context, request, path, false), String(error))
    response.destroy()
  }
}

function requestFacts(context: VcenterContext, request: IncomingMessage, path: string, mutation: boolean) {
  return { device: context.name, kind: 'soap' as const, method: request.method ?? 'GET', path, mutation }
}

function callContext(context: VcenterContext, request: IncomingMessage): CallContext {
  return {
    ...context,
    session: sessionOf(context, request.headers.cookie),
    remoteAddress: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
  }
}

async function serveSoap(
  context: VcenterContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(405).end()
    return
  }
  const body = (await readBody(request, LARGEST_CALL)).toString('utf8')
  const call = tryRead(body)
  const readable = !('unreadable' in call)
  const verdict = await context.core.gate.handle(
    {
      ...requestFacts(context, request, readable ? call.method : 'unreadable', readable && isMutation(call)),
      connection: connectionOf(request),
    },
    () => {
      if (!readable) return fault(writeClientFault(call.unreadable))
      const version = unknownVersion(context, request.headers.soapaction)
      if (version) return fault(writeClientFault(`Unsupported version URI "${version}"`))
      return answer(callContext(context, request), call, path === VSAN_PATH)
    },
  )
  deliver(response, verdict)
}

function tryRead(body: string): SoapCall | { unreadable: string } {
  try {
    return readCall(body)
  } catch (error) {
    if (error instanceof XmlSyntaxError) return { unreadable: error.message }
    throw error
  }
}

const fault = (inner: string): LabAnswer => ({ status: 500, headers: XML, body: wrapBody(inner) })

async function answer(context: CallContext, call: SoapCall, vsan: boolean): Promise<LabAnswer> {
  try {
    const result = vsan ? dispatchVsan(context, call) : await dispatch(context, call)
    const cookie: Record<string, string> = context.setCookie ? { 'set-cookie': context.setCookie } : {}
    const effect = isMutation(call) ? { effect: `${call.method} ${call.receiver.type}:${call.receiver.id}` } : {}
    return {
      status: 200,
      headers: { ...XML, ...cookie },
      body: wrapBody(writeResult(call.method, result, vsan ? 'urn:vsan' : undefined)),
      ...effect,
    }
  } catch (error) {
    if (!(error instanceof VimFault)) throw error
    return fault(writeSoapFault(error))
  }
}

/** `urn:vim25/8.0.2.0` in the SOAPAction: a version that the server does not know is refused. */
function unknownVersion(context: VcenterContext, header: string | string[] | undefined): string | undefined {
  const action = String(header ?? '').replaceAll('"', '')
  const version = /^urn:(?:vim25|vsan)\/(.+)$/.exec(action)?.[1]
  if (version === undefined) return undefined
  const known = [apiVersion(context.vcenter()), ...PRIOR_VERSIONS]
  return known.includes(version) ? undefined : action
}

async function serveFolder(context: VcenterContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = readFolderAddress(request.url ?? '')
  const method = request.method ?? 'GET'
  const call = callContext(context, request)
  // A real server refuses before it takes the bytes, so that a client without a session does not send gigabytes.
  const target = address ? folderDatastore(call, address) : undefined
  const refused = !target || !address || 'status' in target
  const upload = method === 'PUT' && !refused ? await receiveUpload(request) : undefined
  if (!upload) request.resume()
  else if (!upload.complete && target && address && !('status' in target)) {
    // The bytes that arrived stay on the datastore: half a file under the full name.
    const { effect } = storeFile(call, target, address.path, upload)
    context.core.gate.aborted(requestFacts(context, request, request.url ?? '', true), `broken off; ${effect}`)
    response.destroy()
    return
  }
  const verdict = await context.core.gate.handle(
    {
      ...requestFacts(context, request, request.url ?? '', method === 'PUT' || method === 'DELETE'),
      connection: connectionOf(request),
    },
    () => {
      if (!target || !address) return { status: 404, body: '' }
      if ('status' in target) return target
      if (upload) return storeFile(call, target, address.path, upload)
      if (method === 'DELETE') return removeFile(call, target, address.path)
      return method === 'HEAD' ? describeFile(target, address.path) : { status: 405, body: '' }
    },
  )
  deliver(response, verdict)
}

async function serveDocument(
  context: VcenterContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  const verdict = await context.core.gate.handle(
    { ...requestFacts(context, request, path, false), connection: connectionOf(request) },
    () =>
      request.method === 'GET' && VERSION_PATHS[path]
        ? { status: 200, headers: XML, body: serviceVersions(VERSION_PATHS[path], apiVersion(context.vcenter())) }
        : { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body>404 Not Found</body></html>' },
  )
  deliver(response, verdict)
}

const VERSION_PATHS: Record<string, string> = {
  '/sdk/vimServiceVersions.xml': 'urn:vim25',
  '/sdk/vsanServiceVersions.xml': 'urn:vsan',
}

function serviceVersions(namespace: string, current: string): string {
  const prior = PRIOR_VERSIONS.filter((version) => version !== current)
  return (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<namespaces version="1.0">\n <namespace>\n  <name>' +
    `${namespace}</name>\n` +
    `  <version>${current}</version>\n  <priorVersions>\n${prior.map((version) => `   <version>${version}</version>\n`).join('')}` +
    '  </priorVersions>\n </namespace>\n</namespaces>\n'
  )
}
