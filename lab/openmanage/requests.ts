import type { IncomingMessage, ServerResponse } from 'node:http'
import { connectionOf, deliver, readBody } from '../http-answer.js'
import { type Answer, type ApplianceCall, refusal } from './appliance.js'
import { listBaselines, listReports } from './compliance.js'
import { allDevices } from './devices.js'
import { filterOf, pageOf } from './lists.js'
import { closeSession, openSession, sessionOf } from './sessions.js'

const SESSIONS = '/api/SessionService/Sessions'
const DEVICES = '/api/DeviceService/Devices'
const LARGEST_BODY = 64 * 1024
const HEADERS = {
  'content-type': 'application/json; odata.metadata=minimal',
  'odata-version': '4.0',
  'cache-control': 'no-store, no-cache',
  'x-content-type-options': 'nosniff',
}

/** Serves one HTTP request of the appliance; nothing it offers here changes a device, so nothing counts as a mutation. */
export async function serve(call: ApplianceCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET'
  const path = request.url ?? '/'
  const row = { device: call.appliance.name, kind: 'ome' as const, method, path, mutation: false }
  let body: Buffer
  try {
    body = await readBody(request, LARGEST_BODY)
  } catch (error) {
    call.core.gate.aborted(row, String(error))
    response.destroy()
    return
  }
  const verdict = await call.core.gate.handle({ ...row, connection: connectionOf(request) }, () => {
    const { status, body: answer, headers } = answerOf(call, request, body)
    return { status, headers: { ...HEADERS, ...headers }, body: answer === undefined ? '' : JSON.stringify(answer) }
  })
  deliver(response, verdict)
}

function answerOf(call: ApplianceCall, request: IncomingMessage, body: Buffer): Answer {
  const url = new URL(request.url ?? '/', 'https://appliance')
  const path = decodeURIComponent(url.pathname)
  if (path === SESSIONS && request.method === 'POST') return openSession(call, parsed(body))
  const token = request.headers['x-auth-token']
  if (!sessionOf(call, typeof token === 'string' ? token : undefined))
    return refusal(401, 'CGEN1009', 'Unable to process the request because the session is not valid.')
  const session = /^\/api\/SessionService\/Sessions\('([^']+)'\)$/.exec(path)?.[1]
  if (session !== undefined && request.method === 'DELETE') return closeSession(call, session)
  if (request.method !== 'GET') return refusal(405, 'CGEN1006', 'Unable to complete the request.')
  if (path === DEVICES) return listDevices(call, url.searchParams)
  if (path === '/api/UpdateService/Baselines') return listBaselines(call, url.searchParams)
  const baseline = /^\/api\/UpdateService\/Baselines\((\d+)\)\/DeviceComplianceReports$/.exec(path)?.[1]
  if (baseline !== undefined) return listReports(call, Number(baseline), url.searchParams)
  const device = /^\/api\/DeviceService\/Devices\((\d+)\)$/.exec(path)?.[1]
  const found = device === undefined ? undefined : allDevices(call.core).find((one) => one.Id === Number(device))
  return found ? { status: 200, body: found } : refusal(404, 'CGEN1004', 'Unable to find the resource.')
}

/** The list of devices; with the personality `few_devices` most of them are missing, as while the appliance starts. */
function listDevices(call: ApplianceCall, query: URLSearchParams): Answer {
  const fits = filterOf(query.get('$filter'))
  if (!fits) return refusal(400, 'CGEN1006', 'Unable to complete the request because of an invalid filter.')
  const all = allDevices(call.core).filter(fits)
  const rows = call.flags.devices_missing ? all.slice(0, 1) : all
  return pageOf(call, { rows, path: DEVICES, query, context: '/api/$metadata#Collection(DeviceService.Device)' })
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
