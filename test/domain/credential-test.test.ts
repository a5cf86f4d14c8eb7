import { describe, expect, test } from 'vitest'
import {
  type Attempt,
  type AttemptOutcome,
  attemptOf,
  budgetSeconds,
  judgeTest,
  stateAfter,
  type TestedCandidate,
} from '../../domain/credential-test.js'

const tried = (set_id: string | null, outcome: AttemptOutcome, source: Attempt['source'] = 'range'): Attempt => ({
  set_id,
  source,
  name: String(set_id),
  outcome,
})
const ASSIGN = { assign: true, replace_explicit: false }

describe('what a test says', () => {
  const attempts = [tried('a', 'refused'), tried('b', 'ok'), tried('c', 'ok')]

  test.each([
    ['the first that works is written where nobody chose', attempts, null, ASSIGN, 'b', 'b'],
    ['a chosen set stays', attempts, 'a', ASSIGN, 'b', null],
    [
      'a chosen set is replaced when that is asked for',
      attempts,
      'a',
      { assign: true, replace_explicit: true },
      'b',
      'b',
    ],
    [
      'nothing is written when it is the chosen one',
      attempts,
      'b',
      { assign: true, replace_explicit: true },
      'b',
      null,
    ],
    [
      'nothing is written when that is not asked for',
      attempts,
      null,
      { assign: false, replace_explicit: true },
      'b',
      null,
    ],
    ['nothing works', [tried('a', 'refused')], null, ASSIGN, null, null],
    [
      'a password that must be changed does not work',
      [tried('a', 'password_change_required')],
      null,
      ASSIGN,
      null,
      null,
    ],
    ['what discovery kept has no set to write', [tried(null, 'ok', 'discovered')], null, ASSIGN, null, null],
  ])('%s', (_what, given, explicit, options, working, assigned) => {
    const verdict = judgeTest(given, explicit, options)
    expect([verdict.working?.set_id ?? null, verdict.assign_set_id]).toEqual([working, assigned])
  })
})

describe('the state of the credentials afterwards', () => {
  const range = (set_id: string) => ({ source: 'range' as const, set_id })
  test.each([
    ['of what would be used', [tried('a', 'refused'), tried('b', 'ok')], range('a'), null, 'rejected'],
    ['of what was assigned', [tried('a', 'refused'), tried('b', 'ok')], range('a'), 'b', 'working'],
    ['of a password to change', [tried('a', 'password_change_required')], range('a'), null, 'password_change_required'],
    [
      'of what discovery kept',
      [tried(null, 'ok', 'discovered')],
      { source: 'discovered' as const, set_id: null },
      null,
      'working',
    ],
    ['is not known of another', [tried('b', 'refused')], range('a'), null, null],
    ['is not known without budget', [tried('a', 'not_tried_budget')], range('a'), null, null],
    ['is missing when nothing resolves', [], null, null, 'missing'],
  ])('%s', (_what, attempts, chosen, assigned, state) => {
    expect(stateAfter(attempts, chosen, assigned)).toBe(state)
  })
})

describe('how long the budget makes it last', () => {
  const candidates = (count: number, more: Partial<TestedCandidate> = {}): TestedCandidate[] =>
    Array.from({ length: count }, (_, i) => ({
      set_id: `${i}`,
      source: 'job',
      name: '',
      why: '',
      same_as: null,
      ...more,
    }))
  test.each([
    [0, 'idrac' as const, 0],
    [2, 'idrac' as const, 0],
    [3, 'idrac' as const, 60],
    [5, 'idrac' as const, 120],
    [3, 'esxi' as const, 900],
  ])('%i at an %s: %i s', (count, kind, seconds) => {
    expect(budgetSeconds(candidates(count), kind)).toBe(seconds)
  })

  test('the same secret is not sent twice', () => {
    expect(budgetSeconds([...candidates(2), ...candidates(5, { same_as: 0 })], 'idrac')).toBe(0)
  })
})

test('an attempt names the candidate and nothing of its secret', () => {
  const candidate: TestedCandidate = { set_id: 'a', source: 'job', name: 'A', why: 'named', same_as: null }
  expect(attemptOf(candidate, 'ok')).toEqual({ set_id: 'a', source: 'job', name: 'A', outcome: 'ok' })
})
