import { request } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let account: { address: string; port: number; username: string; password: string }
beforeAll(async () => {
  lab = await startLab()
  account = (await lab.control<{ openmanage: (typeof account)[] }>('GET', '/lab/site')).openmanage[0] as typeof account
})
afterAll(() => lab.stop())

// biome-ignore lint/suspicious/noExplicitAny: answers of every path pass through here
type Got = { status: number; token: string; body: any }

function ask(method: string, path: string, token = '', body?: unknown): Promise<Got> {
  const { address: host, port } = account
  return new Promise((resolve, reject) => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
    const sent = request({ host, port, method, path, headers, rejectUnauthorized: false }, (response) => {
      let text = ''
      response.on('data', (part) => (text += part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          token: String(response.headers['x-auth-token'] ?? ''),
          body: text === '' ? null : JSON.parse(text),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const login = (password = account.password) =>
  ask('POST', '/api/SessionService/Sessions', '', {
    UserName: account.username,
    Password: password,
    SessionType: 'API',
  })

test('a session opens with the right password, serves until it is deleted, and is on the ledger', async () => {
  expect((await login('wrong')).status).toBe(401)
  const { status, token, body } = await login()
  expect([status, token.length > 10]).toEqual([201, true])
  expect((await ask('GET', '/api/DeviceService/Devices', token)).status).toBe(200)
  expect((await ask('DELETE', `/api/SessionService/Sessions('${body.Id}')`, token)).status).toBe(204)
  expect((await ask('GET', '/api/DeviceService/Devices', token)).status).toBe(401)
  const rows = await lab.ledger('openmanage-01')
  expect(rows.every((row) => row.kind === 'ome' && !row.mutation)).toBe(true)
})

test('a hundred sessions are the most, then CURS1209', async () => {
  const opened = []
  for (let n = 0; n < 100; n += 1) opened.push(await login())
  const { status, body } = await login()
  expect([status, body.error['@Message.ExtendedInfo'][0].MessageId]).toEqual([400, 'CURS1209'])
  const { token } = opened[0] as Got
  for (const one of opened) await ask('DELETE', `/api/SessionService/Sessions('${one.body.Id}')`, token)
})

test('devices are filtered and paged by links that keep the filter; some counts are wrong, some rows odd', async () => {
  const { token } = await login()
  const rows: Record<string, unknown>[] = []
  const counts = new Set<number>()
  for (let path: string | undefined = '/api/DeviceService/Devices?$filter=Type%20eq%201000&$top=4'; path; ) {
    const { body }: Got = await ask('GET', path, token)
    rows.push(...body.value)
    counts.add(body['@odata.count'])
    path = body['@odata.nextLink']
  }
  expect(rows).toHaveLength(lab.site.idracs.length + 2)
  expect(counts.size).toBeGreaterThan(1)
  expect(rows.every((row) => row.Type === 1000)).toBe(true)
  expect(rows.filter((row) => row.DeviceServiceTag === null)).toHaveLength(1)
  expect(rows.filter((row) => row.ManagedState !== 3000)).toHaveLength(1)
  expect((await ask('GET', '/api/DeviceService/Devices?$filter=Nonsense', token)).status).toBe(400)
})
