import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeviceError } from '../../../clients/errors.js'
import type { TokenProvider } from '../../../clients/redfish/client.js'
import { resetSystem } from '../../../clients/redfish/power.js'
import { closeSession, openSession } from '../../../clients/redfish/session.js'
import { readSystem } from '../../../clients/redfish/system.js'
import { anonymousClient, errorOf } from '../../helpers/redfish-client.js'
import { type ServedRecording, serveRecording, TEST_LOGIN } from '../../helpers/redfish-recording.js'

const SESSIONS = '/redfish/v1/SessionService/Sessions'
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'

let device: ServedRecording
let opened: ReturnType<typeof anonymousClient>
beforeEach(async () => {
  device = await serveRecording('r750')
  opened = anonymousClient(device)
})
afterEach(async () => {
  await opened.client.close()
  await device.close()
})

describe('logging in', () => {
  it('gives a token and a place, and leaves nothing after closing', async () => {
    const session = await openSession(opened.client, TEST_LOGIN)
    expect(session).toMatchObject({ password_change_required: false })
    expect(session.session_uri).toMatch(/^\/redfish\/v1\/SessionService\/Sessions\//)
    expect(device.sessions.size).toBe(1)
    await closeSession(opened.client, session)
    expect(device.sessions.size).toBe(0)
    await closeSession(opened.client, session)
  })

  it('tells a wrong password at once, without trying again, and never shows it', async () => {
    const error = await errorOf(openSession(opened.client, { username: 'root', password: 'wr0ng-c4n4ry' }))
    expect([error.code, error.facts.message_id, error.unclear]).toEqual(['AuthFailed', 'SYS415', false])
    expect(device.ledger.filter((line) => line.method === 'POST')).toHaveLength(1)
    expect(error.facts.text).toBe('Unable to log in with ***.')
    expect(JSON.stringify([error, error.message, opened.recorder.calls])).not.toContain('wr0ng-c4n4ry')
  })

  it.each([
    [503, 'IDRAC.2.7.RAC0218', 'SessionLimit'],
    [403, 'Base.1.12.PasswordChangeRequired', 'PasswordChangeRequired'],
    [404, 'IDRAC.2.7.SYS403', 'NotFound'],
  ])('%i %s is %s', async (status, id, code) => {
    device.override('POST', SESSIONS, () => ({
      status,
      body: { error: { '@Message.ExtendedInfo': [{ MessageId: id }] } },
    }))
    expect((await errorOf(openSession(opened.client, TEST_LOGIN))).code).toBe(code)
  })

  it('sees a login that works but wants a new password', async () => {
    device.override('POST', SESSIONS, () => ({
      status: 201,
      headers: { 'x-auth-token': 't', location: `${SESSIONS}/1` },
      body: { '@Message.ExtendedInfo': [{ MessageId: 'Base.1.12.PasswordChangeRequired' }] },
    }))
    expect((await openSession(opened.client, TEST_LOGIN)).password_change_required).toBe(true)
  })

  it('takes a login without a token, or with a place elsewhere, for no login', async () => {
    device.override('POST', SESSIONS, () => ({ status: 201, headers: { location: `${SESSIONS}/1` } }))
    expect((await errorOf(openSession(opened.client, TEST_LOGIN))).code).toBe('ProtocolError')
    device.override('POST', SESSIONS, () => ({
      status: 201,
      headers: { 'x-auth-token': 't', location: 'https://evil.example/redfish/v1/Sessions/1' },
    }))
    expect((await errorOf(openSession(opened.client, TEST_LOGIN))).code).toBe('ProtocolError')
  })

  it('records neither password nor token', async () => {
    const session = await openSession(opened.client, TEST_LOGIN)
    const client = opened.client.withTokens({ current: async () => session.token, renew: async () => session.token })
    await readSystem(client)
    await closeSession(opened.client, session)
    const record = JSON.stringify(opened.recorder.calls)
    expect(record).not.toContain(TEST_LOGIN.password)
    expect(record).not.toContain(JSON.stringify(TEST_LOGIN.password).slice(1, -1))
    expect(record).not.toContain(session.token)
    expect(opened.recorder.calls.every((line) => line.ends === 1)).toBe(true)
    expect(opened.recorder.calls.find((line) => line.call.command_type === 'POST')?.call.request_body).toEqual({
      UserName: 'root',
    })
  })
})

describe('the record of a body', () => {
  it('has the names of its keys only, unless fields are allowed', async () => {
    device.override('POST', '/redfish/v1/X', () => ({ status: 200, body: { Kept: 1, Secret: 'c4n4ry' } }))
    const request = { method: 'POST', path: '/redfish/v1/X', body: { Password: 'c4n4ry', Name: 'n' } } as const
    await opened.client.send(request)
    await opened.client.send({ ...request, recorded_body: { Name: 'n' }, keep: ['Kept'] })
    const [first, second] = opened.recorder.calls
    expect([first?.call.request_body, first?.result?.response_body]).toEqual([
      { keys: ['Password', 'Name'] },
      undefined,
    ])
    expect([second?.call.request_body, second?.result?.response_body]).toEqual([{ Name: 'n' }, { Kept: 1 }])
  })
})

describe('a refused token', () => {
  const provider = (tokens: string[]): TokenProvider & { refused: string[] } => {
    const refused: string[] = []
    return {
      refused,
      current: async () => tokens[0] ?? '',
      renew: async (old) => {
        refused.push(old)
        tokens.shift()
        const next = tokens[0]
        if (next === undefined) throw new DeviceError('AuthFailed', 'no more', { sent: true, answered: true })
        return next
      },
    }
  }

  it('is renewed once, and the request asked once more, also when it is a mutation', async () => {
    const { token } = await openSession(opened.client, TEST_LOGIN)
    const tokens = provider(['stale', token])
    const client = opened.client.withTokens(tokens)
    expect((await readSystem(client)).service_tag).toBe('TST0750')
    expect(tokens.refused).toEqual(['stale'])
    const again = provider(['stale', token])
    device.override('POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, (_body, request) =>
      request.headers['x-auth-token'] === token ? { status: 204 } : { status: 401 },
    )
    expect(await resetSystem(opened.client.withTokens(again), 'ForceRestart')).toBe('sent')
    expect(device.ledger.filter((line) => line.path.endsWith('ComputerSystem.Reset') && line.user)).toHaveLength(1)
  })

  it('that is refused again is an error, not a loop', async () => {
    const tokens = provider(['stale', 'stale too', 'never'])
    const error = await errorOf(readSystem(opened.client.withTokens(tokens)))
    expect([error.code, error.facts.status]).toEqual(['AuthFailed', 401])
    expect(tokens.refused).toEqual(['stale'])
  })

  it('makes the client forget the paths it learned, since a restart may have changed them', async () => {
    const { token } = await openSession(opened.client, TEST_LOGIN)
    const tokens = ['stale', token]
    const client = opened.client.withTokens(provider(tokens))
    await readSystem(client)
    expect(client.memory.size).toBeGreaterThan(0)
    tokens.unshift('stale again')
    device.override('GET', SYSTEM, (_body, request) =>
      request.headers['x-auth-token'] === token ? undefined : { status: 401 },
    )
    const before = device.ledger.length
    await readSystem(client)
    await readSystem(client)
    expect(device.ledger.slice(before).map((line) => line.path)).toContain('/redfish/v1')
  })

  it('is sent to the device only, never after a redirect', async () => {
    const { token } = await openSession(opened.client, TEST_LOGIN)
    const thief = await serveRecording('r630')
    device.override('GET', SYSTEM, () => ({
      status: 302,
      headers: { location: `https://127.0.0.1:${thief.port}${SYSTEM}` },
    }))
    const client = opened.client.withTokens({ current: async () => token, renew: async () => token })
    const error = await errorOf(readSystem(client))
    expect([error.code, error.facts.status]).toEqual(['ProtocolError', 302])
    expect(thief.ledger).toEqual([])
    await thief.close()
  })

  it('is not sent along a link to somewhere else', async () => {
    const { token } = await openSession(opened.client, TEST_LOGIN)
    const thief = await serveRecording('r630')
    device.override('GET', '/redfish/v1/Systems', () => ({
      status: 200,
      body: { Members: [{ '@odata.id': `https://127.0.0.1:${thief.port}${SYSTEM}` }] },
    }))
    const client = opened.client.withTokens({ current: async () => token, renew: async () => token })
    expect((await errorOf(readSystem(client))).code).toBe('ProtocolError')
    expect(thief.ledger).toEqual([])
    await thief.close()
  })
})
