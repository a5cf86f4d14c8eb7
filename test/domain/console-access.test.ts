import { describe, expect, test } from 'vitest'
import { type ConsoleFacts, decideConsole } from '../../domain/console-access.js'
import { consoleUrl } from '../../domain/console-ticket.js'

const facts = (more: Partial<ConsoleFacts> = {}): ConsoleFacts => ({
  tickets: true,
  enabled: true,
  licences: ['iDRAC9 15g Enterprise License'],
  sessions_open: 0,
  sessions_most: 6,
  ...more,
})

describe('how a console is opened', () => {
  test.each<[string, Partial<ConsoleFacts>, string[]]>([
    ['a console that is switched off', { enabled: false }, ['Unsupported']],
    ['a licence that is too small', { licences: ['iDRAC9 Express License'] }, ['LicenseMissing']],
    ['no free session', { sessions_open: 6 }, ['SessionLimit']],
    [
      'all of them',
      { enabled: false, licences: ['Basic'], sessions_open: 9 },
      ['Unsupported', 'LicenseMissing', 'SessionLimit'],
    ],
  ])('refused by %s', (_what, more, codes) => {
    const answer = decideConsole('kvm', facts(more))
    expect(answer.type === 'refuse' ? answer.blockers.map((one) => one.code) : answer).toEqual(codes)
  })

  test.each<[string, Partial<ConsoleFacts>]>([
    ['nothing is known', { enabled: null, licences: null, sessions_open: null, sessions_most: null }],
    ['no licence is listed: the device decides', { licences: [] }],
    ['the licence has a name that is not known', { licences: ['iDRAC11 Ultra'] }],
    ['a large licence stands beside a small one', { licences: ['iDRAC8 Express', 'iDRAC8 DATACENTER trial'] }],
    ['one place is free', { sessions_open: 5 }],
  ])('with a ticket when %s', (_what, more) => {
    expect(decideConsole('kvm', facts(more))).toEqual({ type: 'kvm', why: null })
  })

  test('by its own page where there are no tickets, and said so', () => {
    const answer = decideConsole('kvm', facts({ tickets: false, enabled: null, licences: null }))
    expect(answer).toMatchObject({ type: 'web', why: expect.stringMatching(/no console tickets/) })
  })

  test('by its own page when that is asked for, whatever else is wrong', () => {
    expect(decideConsole('web', facts({ enabled: false, sessions_open: 9 }))).toEqual({ type: 'web', why: null })
  })
})

test.each([
  [{ address: '10.0.0.1', port: 443 }, 'https://10.0.0.1/'],
  [{ address: '10.0.0.1', port: 8443 }, 'https://10.0.0.1:8443/'],
  [{ address: 'fd00::1', port: 443 }, 'https://[fd00::1]/'],
  [
    { address: '10.0.0.1', port: 443, username: 'a&b', temp_username: 'x y', temp_password: 'p=1' },
    'https://10.0.0.1/console?username=a%26b&tempUsername=x%20y&tempPassword=p%3D1',
  ],
])('the address of %j is %s', (given, url) => {
  expect(consoleUrl(given)).toBe(url)
})
