import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeviceError } from '../../clients/errors.js'
import { moRef } from '../../clients/vsphere/mo-ref.js'
import { openVsphereSession, type VsphereSession } from '../../clients/vsphere/session.js'
import { sessionCookie } from '../../clients/vsphere/soap-client.js'
import { answer, envelope, fault, startSoapServer, type TestServer } from './vsphere-soap-server.js'

const HOST = moRef('HostSystem', 'host-1')
let server: TestServer

const open = (): Promise<VsphereSession> =>
  openVsphereSession({ http: server.http, username: 'svc@lab', password: 'p<&>"\'w' })

async function failureOf(action: Promise<unknown>): Promise<DeviceError> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeviceError)) throw new Error(`expected a DeviceError, got ${String(error)}`)
  return error
}

beforeEach(async () => {
  server = await startSoapServer()
})
afterEach(() => server.close())

describe('opening a session', () => {
  test('negotiates the version, logs in once and replays the quoted cookie', async () => {
    server.on.set('CurrentTime', () => answer('CurrentTime', '2026-01-01T00:00:00Z'))
    const session = await open()
    await session.keepAlive()
    expect(session.api_version).toBe('8.0.2.0')
    expect(session.about).toMatchObject({ version: '8.0.3', api_type: 'VirtualCenter', instance_uuid: '0f5e9a4c-aaaa' })
    expect(server.operations()).toEqual(['RetrieveServiceContent', 'Login', 'CurrentTime'])
    const last = server.seen.at(-1)
    expect(last?.cookie).toBe('vmware_soap_session="abc123"')
    expect(last?.soap_action).toBe('urn:vim25/8.0.2.0')
    expect(server.seen.find((each) => each.operation === 'Login')?.body).toContain(
      '<userName>svc@lab</userName><password>p&lt;&amp;&gt;&quot;&apos;w</password><locale>en</locale>',
    )
  })

  test('the password and the session key are on no record', async () => {
    await open()
    const text = JSON.stringify(server.recorded)
    expect(text).toContain('SessionManager.Login(SessionManager)')
    expect(text).not.toContain('p<&>')
    expect(text).not.toContain('52aa')
    expect(text).not.toContain('abc123')
  })

  test('a refused login is one attempt, and never another with this session', async () => {
    server.on.set('Login', () =>
      fault('InvalidLogin', 'Cannot complete login due to an incorrect user name or password.'),
    )
    const error = await failureOf(open())
    expect(error).toMatchObject({ code: 'AuthFailed', facts: { answered: true, message_id: 'InvalidLogin' } })
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(1)
  })

  test('a version that the server does not speak is refused before the login', async () => {
    server.on.set('/sdk/vimServiceVersions.xml', () => ({
      body: '<namespaces><namespace><name>urn:vim25</name><version>99.0</version></namespace></namespaces>',
    }))
    expect(await failureOf(open())).toMatchObject({ code: 'Unsupported' })
    expect(server.operations()).toEqual([])
  })

  test('a server without a list of versions is spoken to in the oldest', async () => {
    server.on.set('/sdk/vimServiceVersions.xml', () => ({ status: 404, body: 'no' }))
    expect((await open()).api_version).toBe('6.7')
  })
})

describe('a lost session', () => {
  test('a read logs in again once and is repeated', async () => {
    let lost = true
    server.on.set('RetrieveHardwareUptime', () => {
      const reply = lost ? fault('NotAuthenticated', 'not authenticated') : answer('RetrieveHardwareUptime', '7')
      lost = false
      return reply
    })
    const session = await open()
    const response = await session.call(HOST, 'RetrieveHardwareUptime')
    expect(response.name).toBe('RetrieveHardwareUptimeResponse')
    expect(server.operations().slice(1)).toEqual(['Login', 'RetrieveHardwareUptime', 'Login', 'RetrieveHardwareUptime'])
  })

  test('a mutation is not repeated: the session is renewed and the caller reads first', async () => {
    server.on.set('RebootHost_Task', () => fault('NotAuthenticated', 'not authenticated'))
    const session = await open()
    const error = await failureOf(session.call(HOST, 'RebootHost_Task', [['force', false]], { mutation: true }))
    expect(error).toMatchObject({ facts: { message_id: 'NotAuthenticated', answered: true } })
    expect(server.operations().filter((each) => each === 'RebootHost_Task')).toHaveLength(1)
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(2)
  })

  test('many calls that lose the same session cause one login', async () => {
    const session = await open()
    let valid = false
    server.on.set('CurrentTime', () => (valid ? answer('CurrentTime', 'x') : fault('NotAuthenticated', 'lost')))
    const login = server.on.get('Login')
    server.on.set('Login', (call) => {
      valid = true
      return login?.(call) ?? {}
    })
    await Promise.all(Array.from({ length: 8 }, () => session.keepAlive()))
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(2)
  })

  test('a call that hears of the loss only after the new login does not cause another', async () => {
    const session = await open()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const late = [{ ...fault('NotAuthenticated', 'lost'), after: held }, answer('CurrentTime', 'x')]
    server.on.set('CurrentTime', () => late.shift() ?? {})
    const early = [fault('NotAuthenticated', 'lost'), answer('RetrieveHardwareUptime', '7')]
    server.on.set('RetrieveHardwareUptime', () => early.shift() ?? {})
    const waiting = session.keepAlive()
    await expect.poll(() => server.operations().includes('CurrentTime')).toBe(true)
    await session.call(HOST, 'RetrieveHardwareUptime')
    release()
    await waiting
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(2)
  })

  test('a password that was changed meanwhile is tried once, then never again', async () => {
    const session = await open()
    server.on.set('CurrentTime', () => fault('NotAuthenticated', 'lost'))
    server.on.set('Login', () => fault('InvalidLogin', 'wrong'))
    expect(await failureOf(session.keepAlive())).toMatchObject({ code: 'AuthFailed' })
    expect(await failureOf(session.keepAlive())).toMatchObject({ code: 'AuthFailed' })
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(2)
  })

  test('closing logs out', async () => {
    await (await open()).close()
    expect(server.operations().at(-1)).toBe('Logout')
  })
})

describe('what an answer proves', () => {
  const reboot = async () => {
    const session = await open()
    return failureOf(session.call(HOST, 'RebootHost_Task', [['force', false]], { mutation: true }))
  }

  test('a fault is a definite refusal', async () => {
    server.on.set('RebootHost_Task', () => fault('InvalidState', 'The host is not in maintenance mode.'))
    const error = await reboot()
    expect(error).toMatchObject({ code: 'StateConflict', unclear: false, facts: { message_id: 'InvalidState' } })
    expect(server.recorded.at(-1)?.result).toMatchObject({ outcome: 'refused', message_id: 'InvalidState' })
  })

  test.each([
    [500, '<html>Internal</html>'],
    [502, 'bad gateway'],
    [503, '<html>vpxd restarts</html>'],
  ])('status %i without a fault leaves the outcome open', async (status, body) => {
    server.on.set('RebootHost_Task', () => ({ status, body }))
    expect(await reboot()).toMatchObject({ code: 'VcenterUnreachable', unclear: true, facts: { status } })
    expect(server.recorded.at(-1)?.result).toMatchObject({ outcome: 'unknown' })
  })

  test('a reset after sending leaves the outcome open and names vCenter', async () => {
    server.on.set('RebootHost_Task', () => ({ reset: true }))
    expect(await reboot()).toMatchObject({ code: 'VcenterUnreachable', unclear: true })
    expect(server.operations().filter((each) => each === 'RebootHost_Task')).toHaveLength(1)
  })

  test('a read whose connection broke is asked once more, not for ever', async () => {
    const session = await open()
    const replies = [{ reset: true }, answer('CurrentTime', 'x')]
    server.on.set('CurrentTime', () => replies.shift() ?? { reset: true })
    await session.keepAlive()
    expect(await failureOf(session.keepAlive())).toMatchObject({ code: 'VcenterUnreachable', unclear: true })
    expect(server.operations().filter((each) => each === 'CurrentTime')).toHaveLength(4)
  })

  test('a login is sent once, whatever becomes of it', async () => {
    server.on.set('Login', () => ({ reset: true }))
    expect(await failureOf(open())).toMatchObject({ code: 'VcenterUnreachable' })
    expect(server.operations().filter((each) => each === 'Login')).toHaveLength(1)
  })

  test('a cut-off answer leaves the outcome open', async () => {
    server.on.set('RebootHost_Task', () => ({ body: envelope('<RebootHost_TaskResponse>').slice(0, -20) }))
    expect(await reboot()).toMatchObject({ code: 'ProtocolError', unclear: true })
  })

  test('a mutation is marked as one on record, with its arguments', async () => {
    server.on.set('RebootHost_Task', () => answer('RebootHost_Task', 'task-7', ' type="Task"'))
    const session = await open()
    await session.call(HOST, 'RebootHost_Task', [['force', false]], { mutation: true })
    expect(server.recorded.at(-1)).toMatchObject({
      call: {
        protocol: 'soap',
        command_type: 'SOAP',
        endpoint: 'HostSystem.RebootHost_Task(host-1)',
        mutation: true,
        request_body: { force: false },
      },
      result: { success: true, response_body: { returnval: 'task-7' } },
    })
  })
})

test.each([
  ['vmware_soap_session="a1b2"; Path=/; HttpOnly', 'vmware_soap_session="a1b2"'],
  [['other=1', 'vmware_soap_session=xyz; Secure'], 'vmware_soap_session=xyz'],
  [undefined, null],
  ['other=1', null],
])('reads the session cookie of %j', (header, expected) => {
  expect(sessionCookie(header as string | string[] | undefined)).toBe(expected)
})
