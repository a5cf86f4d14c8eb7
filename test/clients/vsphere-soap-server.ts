import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { type DeviceHttp, openDeviceHttp } from '../../clients/http.js'
import type { CallResult, DeviceCall } from '../../clients/recorder.js'

export interface SeenCall {
  path: string
  method: string
  soap_action: string | null
  cookie: string | null
  body: string
  /** Name of the SOAP operation, from the element inside the body. */
  operation: string
}

export interface Reply {
  status?: number
  body?: string
  headers?: Record<string, string>
  /** Breaks the connection instead of answering. */
  reset?: boolean
  /** Answers only after this. */
  after?: Promise<unknown>
}

export type Handler = (call: SeenCall) => Reply

/** Wraps the inside of a SOAP body the way vCenter does. */
export function envelope(inside: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"' +
    ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<soapenv:Body>\n${inside}\n</soapenv:Body>\n</soapenv:Envelope>`
  )
}

/** The answer of a method; `inside` stands in its `returnval`. */
export function answer(method: string, inside: string | null, attributes = ''): Reply {
  const returned = inside === null ? '' : `<returnval${attributes}>${inside}</returnval>`
  return { body: envelope(`<${method}Response xmlns="urn:vim25">${returned}</${method}Response>`) }
}

/** A fault with its type, as an answer to a call. */
export function fault(type: string, text: string, members = ''): Reply {
  const detail = `<${type}Fault xmlns="urn:vim25" xsi:type="${type}">${members}</${type}Fault>`
  const inside =
    `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${text}</faultstring>` +
    `<detail>${detail}</detail></soapenv:Fault>`
  return { status: 500, body: envelope(inside) }
}

export const VERSIONS =
  '<?xml version="1.0" encoding="UTF-8"?><namespaces version="1.0"><namespace><name>urn:vim25</name>' +
  '<version>8.0.3.0</version><priorVersions><version>8.0.2.0</version><version>7.0.3.0</version></priorVersions>' +
  '</namespace></namespaces>'

export const CONTENT =
  '<rootFolder type="Folder">group-d1</rootFolder><propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>' +
  '<viewManager type="ViewManager">ViewManager</viewManager>' +
  '<about><name>VMware vCenter Server</name><version>8.0.3</version><build>24022515</build>' +
  '<apiType>VirtualCenter</apiType><apiVersion>8.0.3.0</apiVersion><instanceUuid>0f5e9a4c-aaaa</instanceUuid></about>' +
  '<sessionManager type="SessionManager">SessionManager</sessionManager>' +
  '<authorizationManager type="AuthorizationManager">AuthorizationManager</authorizationManager>' +
  '<eventManager type="EventManager">EventManager</eventManager>'

export interface TestServer {
  http: DeviceHttp
  seen: SeenCall[]
  recorded: { call: DeviceCall; result: CallResult | null }[]
  /** Answers of methods by operation; anything missing is `MethodNotFound`. */
  on: Map<string, Handler>
  operations(): string[]
  close(): Promise<void>
}

const operationOf = (body: string): string => /:Body>\s*<(\w+)/.exec(body)?.[1] ?? ''

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function defaults(): Map<string, Handler> {
  return new Map<string, Handler>([
    ['/sdk/vimServiceVersions.xml', () => ({ body: VERSIONS })],
    ['RetrieveServiceContent', () => answer('RetrieveServiceContent', CONTENT)],
    [
      'Login',
      () => ({
        ...answer('Login', '<key>52aa</key><userName>u</userName>'),
        headers: { 'set-cookie': 'vmware_soap_session="abc123"; Path=/; HttpOnly; Secure' },
      }),
    ],
    ['Logout', () => answer('Logout', null)],
    ['DestroyView', () => answer('DestroyView', null)],
    ['CreateContainerView', () => answer('CreateContainerView', 'session[1]view-1', ' type="ContainerView"')],
  ])
}

/** A real HTTPS server on loopback that answers SOAP calls as the test says, and a real client connection to it. */
export async function startSoapServer(): Promise<TestServer> {
  const pems = await generate([{ name: 'commonName', value: 'vcenter.test' }], { keySize: 2048 })
  const on = defaults()
  const seen: SeenCall[] = []
  const server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      const call: SeenCall = {
        path,
        method: request.method ?? '',
        soap_action: (request.headers.soapaction as string | undefined) ?? null,
        cookie: request.headers.cookie ?? null,
        body,
        operation: operationOf(body),
      }
      seen.push(call)
      const handler = on.get(call.operation) ?? on.get(path)
      const reply = handler?.(call) ?? fault('MethodNotFound', 'not here')
      void (reply.after ?? Promise.resolve()).then(() => {
        if (reply.reset) return response.destroy()
        response.writeHead(reply.status ?? 200, { 'content-type': 'text/xml', ...reply.headers })
        return response.end(reply.body ?? '')
      })
    })
  })
  const port = await listen(server)
  const recorded: TestServer['recorded'] = []
  const http = openDeviceHttp({
    address: '127.0.0.1',
    port,
    identity: async () => {},
    recorder: {
      begin: async (call) => {
        const entry: TestServer['recorded'][number] = { call, result: null }
        recorded.push(entry)
        return {
          end: async (result) => {
            entry.result = result
          },
        }
      },
    },
  })
  return {
    http,
    seen,
    recorded,
    on,
    operations: () => seen.map((each) => each.operation).filter((each) => each !== ''),
    close: async () => {
      await http.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
