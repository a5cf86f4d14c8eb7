import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type IdracSite, startIdracSite } from './idrac-site.js'

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1'
const SESSIONS = '/redfish/v1/SessionService/Sessions'

describe('sessions of a simulated iDRAC', () => {
  let site: IdracSite
  beforeEach(async () => {
    site = await startIdracSite()
  })
  afterEach(() => site.close())

  it('shows the service tag in the root without a login and refuses everything else with 401', async () => {
    const server = site.server('15G')
    const root = await site.call(server, 'GET', '/redfish/v1')
    expect(root.status).toBe(200)
    expect(root.json.Oem.Dell.ServiceTag).toBe(server.service_tag)
    const refused = await site.call(server, 'GET', SYSTEM)
    expect(refused.status).toBe(401)
    expect(refused.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/\.SYS416$/)
  })

  it('gives a token and a location, and forgets the token after DELETE', async () => {
    const server = site.server('16G')
    const made = await site.call(server, 'POST', SESSIONS, {
      body: { UserName: 'root', Password: server.idrac.password },
    })
    expect(made.status).toBe(201)
    const token = String(made.headers['x-auth-token'])
    expect((await site.call(server, 'GET', SYSTEM, { token })).json.SKU).toBe(server.service_tag)
    expect((await site.call(server, 'DELETE', String(made.headers.location), { token })).status).toBe(200)
    expect((await site.call(server, 'GET', SYSTEM, { token })).status).toBe(401)
    expect(made.text).not.toContain(server.idrac.password)
  })

  it('takes Basic, but not a token and an Authorization header together', async () => {
    const server = site.server('14G')
    const basic: [string, string] = ['root', server.idrac.password]
    expect((await site.call(server, 'GET', SYSTEM, { basic })).status).toBe(200)
    const token = await site.login(server)
    const both = await site.call(server, 'GET', SYSTEM, { basic, token })
    expect(both.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/SYS468$/)
  })

  it('holds eight sessions, answers 503 RAC0218 to the ninth, and frees idle ones after 30 simulated minutes', async () => {
    const server = site.server('15G')
    for (let i = 0; i < 8; i++) await site.login(server)
    const full = await site.call(server, 'POST', SESSIONS, {
      body: { UserName: 'root', Password: server.idrac.password },
    })
    expect(full.status).toBe(503)
    expect(full.json.error['@Message.ExtendedInfo'][0].MessageId).toMatch(/RAC0218$/)
    const due = site.lab.clock.now() + 1_800_000
    await site.until('30 simulated minutes', () => site.lab.clock.now() > due)
    expect(await site.login(server)).toMatch(/^[0-9a-f]{32}$/)
    expect(server.idrac.sessions).toHaveLength(1)
  })

  it('ends an idle session by itself, without any request', async () => {
    const server = site.server('15G')
    await site.login(server)
    await site.until('no session left', () => server.idrac.sessions.length === 0)
    expect(site.lab.clock.now()).toBeGreaterThan(Date.parse('2026-03-02T08:30:00Z'))
  })

  it('refuses connections for a simulated minute after three wrong passwords', async () => {
    site.lab.clock.setSpeed(60)
    const server = site.server('15G')
    const guess = () => site.call(server, 'POST', SESSIONS, { body: { UserName: 'root', Password: 'not it' } })
    expect((await guess()).status).toBe(401)
    expect((await guess()).status).toBe(401)
    expect((await guess()).status).toBe(401)
    await expect(site.call(server, 'GET', '/redfish/v1')).rejects.toThrow()
    await site.until('the end of the penalty', () => site.lab.clock.now() > (server.idrac.blocked_until ?? 0))
    expect(await site.login(server)).toBeTruthy()
    expect(site.lab.state.history.failed_logins[server.name]?.max_60s).toBe(3)
  })

  it('logs sessions as no mutations and a wrong media type as 415', async () => {
    const server = site.server('15G')
    const token = await site.login(server)
    const text = await site.call(server, 'POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, {
      token,
      raw: Buffer.from('{}'),
      headers: { 'Content-Type': 'text/plain' },
    })
    expect(text.status).toBe(415)
    const rows = site.lab.ledger.read({ since: 0, device: server.name })
    expect(rows.map(({ method, path, mutation, status }) => [method, path, mutation, status])).toEqual([
      ['POST', SESSIONS, false, 201],
      ['POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, true, 415],
    ])
  })
})
