import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LabCore } from '../core.js'
import type { LabAnswer } from '../gate.js'
import { connectionOf, deliver } from '../http-answer.js'
import type { SimServer } from '../model-server.js'
import { type Answer, refusal } from './answers.js'
import { readUpload, type UploadStop } from './body.js'
import { answerRequest, isMutation, splitUrl } from './request.js'
import { noteOperation } from './service-state.js'
import { isBlocked } from './sessions.js'
import { viewOf } from './view.js'

const HEADERS: Record<string, string> = {
  'Content-Type': 'application/json;odata.metadata=minimal;charset=utf-8',
  'OData-Version': '4.0',
  'Cache-Control': 'no-cache',
  'Access-Control-Allow-Origin': '*',
  'X-Frame-Options': 'DENY',
  'Strict-Transport-Security': 'max-age=63072000',
  Server: 'Apache',
}

function wire(answer: Answer, head: boolean): LabAnswer {
  const headers = { ...HEADERS, ...answer.headers }
  if (answer.text) headers['Content-Type'] = answer.text.type
  const body = answer.text?.content ?? (answer.body === undefined ? '' : JSON.stringify(answer.body))
  return {
    status: answer.status,
    headers,
    body: head ? '' : body,
    ...(answer.effect === undefined ? {} : { effect: answer.effect }),
  }
}

type Exchange = {
  core: LabCore
  server: SimServer
  request: IncomingMessage
  response: ServerResponse
}

async function effect(exchange: Exchange, body: Buffer, stop: UploadStop | undefined): Promise<Answer> {
  const { core, server, request } = exchange
  const view = viewOf(core, server)
  const method = request.method ?? 'GET'
  if (stop?.kind === 'no_length')
    return {
      status: 411,
      text: { type: 'text/html', content: '<html><body><h1>411 - Length Required</h1></body></html>\n' },
    }
  if (stop?.kind === 'too_large') return refusal(view, 413, { id: 'SYS411' })
  const client = (request.socket.remoteAddress ?? '').replace('::ffff:', '')
  const answer = await answerRequest(core, server, {
    method,
    url: request.url ?? '/',
    headers: request.headers,
    body,
    client,
  })
  if (answer.effect !== undefined) noteOperation(view)
  return answer
}

/**
 * Takes one HTTP request of one iDRAC from its first byte to its last: reads the body, passes the gate (ledger, faults,
 * holds), does the effect at most once, and sends the answer the way the gate and the personality say.
 */
export async function handleExchange(exchange: Exchange): Promise<void> {
  const { core, server, request, response } = exchange
  // Node takes the socket off the request when the connection ends, so it is kept here.
  const { socket } = request
  if (isBlocked(core, server)) {
    socket.destroy()
    return
  }
  const method = request.method ?? 'GET'
  const path = request.url ?? '/'
  const mutation = isMutation(method, path)
  const row = { device: server.name, kind: 'redfish' as const, method, path, mutation }
  let body: Buffer
  let stop: UploadStop | undefined
  try {
    const read = await readUpload(core, server, request, splitUrl(path).path)
    body = read.body
    stop = read.stop
  } catch {
    core.gate.aborted(row, 'the connection ended before the body was complete')
    socket.destroy()
    return
  }
  if (!request.socket) {
    core.gate.aborted(row, 'the client went away')
    return
  }
  let answer: Answer = { status: 500 }
  const verdict = await core.gate.handle({ ...row, connection: connectionOf(request) }, async () => {
    answer = await effect(exchange, body, stop)
    return wire(answer, method === 'HEAD')
  })
  const own = verdict.delivery.how === 'send' && answer.delivery
  deliver(response, own ? { ...verdict, delivery: own } : verdict)
  if (isBlocked(core, server)) response.once('finish', () => socket.destroySoon())
}
