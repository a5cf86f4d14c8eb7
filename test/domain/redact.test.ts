import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isSecretName,
  MASK,
  redactBody,
  redactSecrets,
  redactText,
  truncateBody,
  truncateText,
} from '../../domain/redact.js'
import { assertProperty } from './cluster-fixture.js'

const CANARY = 'c4n4ry-9f2e'

describe('names', () => {
  it.each([
    'Password',
    'password',
    'UserPassword',
    'bind_password',
    'X-Auth-Token',
    'token',
    'Authorization',
    'Set-Cookie',
    'client_secret',
    'private_key',
    'RecoveryKey',
    'ImportBuffer',
    'Users.2#Password',
    'PassPhrase',
    'SHA256Password',
  ])('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true)
  })
  it.each(['password_changed_at', 'has_password', 'username', 'ServiceTag', 'PasswordPolicyUri', 'token_count'])(
    '%s',
    (name) => {
      expect(isSecretName(name)).toBe(false)
    },
  )
})

describe('text', () => {
  it.each([
    [`https://root:${CANARY}@10.0.0.1/x`],
    [`Authorization: Basic ${CANARY}AAAA==`],
    [`Bearer ${CANARY}`],
    [`X-Auth-Token: ${CANARY}`],
    [`Set-Cookie: s=${CANARY}; path=/`],
    [`{"Password": "${CANARY}"}`],
    [`password=${CANARY}&x=1`],
    [`<password>${CANARY}</password>`],
    [`<vim:password xsi:type="xsd:string">${CANARY}</vim:password>`],
  ])('%s', (text) => {
    expect(redactText(text)).not.toContain(CANARY)
    expect(redactText(text)).toContain(MASK)
  })

  it('leaves ordinary text alone', () => {
    const text = 'Job JID_1 of https://10.0.0.1/redfish/v1 failed: PR21, version 1.8.2'
    expect(redactText(text)).toBe(text)
  })
})

describe('bodies', () => {
  it('keeps only allowed fields, and the names of the rest', () => {
    const body = { ResetType: 'On', Boot: { Target: 'Pxe', Uri: CANARY }, List: [{ A: 1 }] }
    expect(redactBody(body, ['ResetType', 'Target'])).toEqual({
      ResetType: 'On',
      Boot: { Target: 'Pxe', Uri: MASK },
      List: [{ A: MASK }],
    })
    expect(redactBody(body, 'keys')).toEqual({
      ResetType: MASK,
      Boot: { Target: MASK, Uri: MASK },
      List: [{ A: MASK }],
    })
  })

  it('masks secrets below an allowed field', () => {
    expect(redactBody({ ShareParameters: { Password: CANARY, Target: ['ALL'] } }, ['ShareParameters'])).toEqual({
      ShareParameters: { Password: MASK, Target: ['ALL'] },
    })
    expect(redactSecrets({ a: { token: CANARY }, text: `password=${CANARY}` })).toEqual({
      a: { token: MASK },
      text: `password=${MASK}`,
    })
  })

  it('never lets a planted secret through, wherever it stands', () => {
    const planted: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constant('plain'),
        fc.record({ Password: fc.constant(CANARY), other: tie('node') }),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.record({ deep: tie('node'), AuthToken: fc.record({ value: fc.constant(CANARY) }) }),
      ),
    })).node
    assertProperty(
      fc.property(planted, (body) => {
        for (const clean of [
          redactSecrets(body),
          redactBody(body, 'keys'),
          redactBody(body, ['other', 'deep', 'value']),
        ]) {
          expect(JSON.stringify(clean)).not.toContain(CANARY)
        }
      }),
      5_000,
    )
  })

  it('says what was cut', () => {
    const body = { text: 'x'.repeat(5_000) }
    expect(truncateBody({ a: 1 }, 100)).toEqual({ a: 1 })
    expect(truncateBody(body, 1_000)).toMatchObject({ truncated: true, bytes: 5_011 })
    expect(JSON.stringify(truncateBody(body, 1_000)).length).toBeLessThanOrEqual(1_000)
    expect(
      JSON.stringify(
        redactBody(
          Array.from({ length: 500 }, () => 1),
          'keys',
        ),
      ),
    ).toContain('300 more')
    expect([truncateText('abcdef', 4), truncateText('abc', 4)]).toEqual(['abc…', 'abc'])
  })
})
