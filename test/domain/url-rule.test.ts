import { describe, expect, test } from 'vitest'
import { readUrl, type UrlPlace, type UrlPolicy, whyUrlRefused } from '../../domain/url-rule.js'

const policy = (more: Partial<UrlPolicy> = {}): UrlPolicy => ({
  allowed_hosts: ['files.example.com', '*.mirror.example.com', '127.70.0.1'],
  allowed_cidrs: ['10.1.0.0/16', '127.0.0.0/8', '127.70.0.2/32', '169.254.0.0/16', '10.9.9.8/31'],
  lab_in_use: false,
  own_addresses: ['10.1.0.7'],
  own_ports: [8080, 8888],
  ...more,
})

const placeOf = (text: string): UrlPlace => {
  const reading = readUrl(text)
  if (!reading.ok) throw new Error(reading.blocker.message)
  return reading.place
}
const refusal = (text: string, address: string, more: Partial<UrlPolicy> = {}) =>
  whyUrlRefused(placeOf(text), address, policy(more))?.code ?? null

describe('reading an address', () => {
  test.each([
    'ftp://files.example.com/x.iso',
    'file:///etc/passwd',
    'files.example.com/x.iso',
    'http://user@files.example.com/x.iso',
    'http://user:secret@files.example.com/x.iso',
    'http://[::1]/x.iso',
    'http://[::ffff:10.1.2.3]/x.iso',
    `http://files.example.com/${'x'.repeat(2_000)}`,
    '',
  ])('refuses %s', (text) => {
    const reading = readUrl(text)
    expect(reading.ok).toBe(false)
    if (!reading.ok) expect(reading.blocker.code).toBe('UrlRefused')
  })

  test('never repeats a password', () => {
    expect(JSON.stringify(readUrl('http://user:secret@files.example.com/'))).not.toContain('secret')
  })

  test.each([
    ['http://127.1/x.iso', '127.0.0.1', 80],
    ['http://0x7f000001/x.iso', '127.0.0.1', 80],
    ['http://2130706433/x.iso', '127.0.0.1', 80],
    ['https://Files.Example.COM./x.iso', 'files.example.com', 443],
    ['http://files.example.com:8081/x.iso', 'files.example.com', 8081],
  ])('reads %s as a browser does', (text, host, port) => {
    expect(placeOf(text)).toMatchObject({ host, port })
  })
})

describe('may it be asked?', () => {
  test.each([
    ['http://files.example.com/x.iso', '203.0.113.9', null],
    ['http://FILES.example.com/x.iso', '203.0.113.9', null],
    ['http://a.mirror.example.com/x.iso', '203.0.113.9', null],
    ['http://mirror.example.com/x.iso', '203.0.113.9', 'UrlRefused'],
    ['http://evilmirror.example.com/x.iso', '203.0.113.9', 'UrlRefused'],
    ['http://files.example.com.evil.net/x.iso', '203.0.113.9', 'UrlRefused'],
    ['http://other.example.com/x.iso', '10.1.2.3', null],
    ['http://other.example.com/x.iso', '10.2.2.3', 'UrlRefused'],
    ['http://other.example.com/x.iso', '10.1.255.255', null],
    ['http://other.example.com/x.iso', '10.9.9.9', null],
    ['http://other.example.com/x.iso', '10.9.9.10', 'UrlRefused'],
    ['http://files.example.com/x.iso', '169.254.169.254', 'UrlRefused'],
    ['http://files.example.com/x.iso', '224.0.0.1', 'UrlRefused'],
    ['http://files.example.com/x.iso', '0.0.0.0', 'UrlRefused'],
    ['http://files.example.com/x.iso', '255.255.255.255', 'UrlRefused'],
    ['http://files.example.com/x.iso', '127.0.0.1', 'UrlRefused'],
    ['http://127.70.0.1/x.iso', '127.70.0.1', 'UrlRefused'],
    ['http://files.example.com:8080/x.iso', '10.1.0.7', 'UrlRefused'],
    ['http://files.example.com:8081/x.iso', '10.1.0.7', null],
    ['http://files.example.com/x.iso', '::1', 'UrlRefused'],
  ])('%s at %s: %s', (text, address, code) => {
    expect(refusal(text, address)).toBe(code)
  })

  test('an empty list refuses everything', () => {
    const nothing = { allowed_hosts: [], allowed_cidrs: [], lab_in_use: true }
    expect(refusal('http://files.example.com/x.iso', '10.1.2.3', nothing)).toBe('UrlRefused')
    expect(refusal('http://127.0.0.1:22/x.iso', '127.0.0.1', nothing)).toBe('UrlRefused')
  })

  test.each([
    ['http://127.70.0.1:8081/x.iso', '127.70.0.1', null],
    ['http://127.70.0.2:8081/x.iso', '127.70.0.2', null],
    // A net is not the very address, and a name that points here is not either.
    ['http://127.70.0.3:8081/x.iso', '127.70.0.3', 'UrlRefused'],
    ['http://files.example.com/x.iso', '127.0.0.1', 'UrlRefused'],
    ['http://127.70.0.1:8080/x.iso', '127.70.0.1', 'UrlRefused'],
  ])('in a lab, %s at %s: %s', (text, address, code) => {
    expect(refusal(text, address, { lab_in_use: true })).toBe(code)
  })
})
