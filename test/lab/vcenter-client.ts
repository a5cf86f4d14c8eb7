import { request } from 'node:https'
import { child, readXml, type XmlElement } from '../../lab/vcenter/xml-read.js'

export interface SoapAnswer {
  status: number
  cookie: string | undefined
  raw: string
  /** The response element, or the fault's typed detail element. */
  body: XmlElement
}

/** A SOAP client of the tests' own: it writes requests by hand and keeps the cookie. */
export class VcenterClient {
  cookie: string | undefined

  constructor(
    private readonly address: string,
    private readonly port: number,
  ) {}

  /** Sends a call; `args` is the XML behind `_this`. */
  async call(type: string, id: string, method: string, args = '', path = '/sdk'): Promise<SoapAnswer> {
    const body =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      `<e:Body><${method} xmlns="urn:vim25"><_this type="${type}">${id}</_this>${args}</${method}></e:Body></e:Envelope>`
    const answer = await this.send('POST', path, body)
    const envelope = readXml(answer.raw)
    const element = child(envelope, 'Body')?.children[0] as XmlElement
    const cookie = answer.cookie?.split(';')[0]
    if (cookie) this.cookie = cookie
    const fault = element.name === 'Fault' ? child(element, 'detail')?.children[0] : undefined
    return { ...answer, body: fault ?? element }
  }

  /** The first `returnval` of a call that must succeed. */
  async value(type: string, id: string, method: string, args = ''): Promise<XmlElement> {
    const answer = await this.call(type, id, method, args)
    const value = child(answer.body, 'returnval')
    if (answer.status !== 200 || !value) throw new Error(`${method}: ${answer.status} ${answer.raw}`)
    return value
  }

  login(user: string, password: string): Promise<SoapAnswer> {
    return this.call(
      'SessionManager',
      'SessionManager',
      'Login',
      `<userName>${user}</userName><password>${password}</password>`,
    )
  }

  /** Properties of one object: path -> element. */
  async properties(type: string, id: string, paths: string[]): Promise<Record<string, XmlElement>> {
    const spec = `<specSet><propSet><type>${type}</type>${paths.map((path) => `<pathSet>${path}</pathSet>`).join('')}</propSet><objectSet><obj type="${type}">${id}</obj></objectSet></specSet><options/>`
    const found = await this.value('PropertyCollector', 'propertyCollector', 'RetrievePropertiesEx', spec)
    return propertiesOf(child(found, 'objects'))
  }

  /** Begins a PUT of `length` bytes, sends only these, and goes. */
  breakOff(path: string, bytes: Buffer, length: number): Promise<void> {
    const headers = { 'content-length': length, cookie: this.cookie ?? '' }
    return new Promise((resolve) => {
      const sent = request({
        host: this.address,
        port: this.port,
        path,
        method: 'PUT',
        headers,
        rejectUnauthorized: false,
        agent: false,
      })
      sent.on('error', () => resolve())
      sent.write(bytes, () => {
        sent.destroy()
        resolve()
      })
    })
  }

  send(
    method: string,
    path: string,
    body?: string | Buffer,
  ): Promise<{ status: number; cookie: string | undefined; raw: string }> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = { 'content-type': 'text/xml', soapaction: 'urn:vim25/8.0.2.0' }
      if (this.cookie) headers.cookie = this.cookie
      const sent = request(
        { host: this.address, port: this.port, path, method, headers, rejectUnauthorized: false, agent: false },
        (response) => {
          let raw = ''
          response.on('data', (chunk) => {
            raw += chunk
          })
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0], raw }),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

/** propSet of an ObjectContent as a table. */
export function propertiesOf(object: XmlElement | undefined): Record<string, XmlElement> {
  const rows = object?.children.filter((element) => element.name === 'propSet') ?? []
  return Object.fromEntries(rows.map((row) => [child(row, 'name')?.text ?? '', child(row, 'val') as XmlElement]))
}
