import { expect, test } from 'vitest'
import { printSummary } from '../../scripts/testing/summary.js'
import { countReport } from '../../scripts/testing/vitest-run.js'

const file = (name: string, ...tests: Array<[string, string]>) => ({
  name,
  status: tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
  assertionResults: tests.map(([fullName, status]) => ({ fullName, status, ancestorTitles: ['a program'] })),
})

test('passed, failed and skipped tests are counted, and a file that cannot be loaded is a failure', () => {
  const counted = countReport({
    numPassedTests: 2,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      file('a', ['one', 'passed'], ['two', 'failed']),
      file('b', ['three', 'passed'], ['four', 'pending']),
      { name: 'c', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    ],
  })
  expect(counted).toEqual({
    passed: 2,
    failed: 2,
    skipped: 1,
    failures: ['a: two', 'c: Cannot find module'],
    skips: ['a program'],
  })
})

const group = (passed: number, failed: number) => ({
  group: 'unit',
  passed,
  failed,
  skipped: 0,
  seconds: 1,
  failures: failed ? ['x: y'] : [],
  skips: [],
})

test.each([
  [[group(3, 0), group(4, 0)], '7 passed, 0 failed', 0],
  [[group(3, 1), group(4, 0)], '7 passed, 1 failed', 1],
  [[group(0, 0)], '0 passed, 0 failed', 1],
] as const)('the last line is the sum, and the exit code follows it', (groups, last, code) => {
  const lines: string[] = []
  expect(printSummary([...groups], (line) => lines.push(line))).toBe(code)
  expect(lines.at(-1)).toBe(last)
})

test('what was skipped is named and counted in the last line', () => {
  const lines: string[] = []
  const skipped = { ...group(3, 0), skipped: 2, skips: ['slapd (not to be had: no root)'] }
  expect(printSummary([skipped], (line) => lines.push(line))).toBe(0)
  expect(lines).toContain('SKIPPED unit: slapd (not to be had: no root)')
  expect(lines.at(-1)).toBe('3 passed, 0 failed, 2 skipped')
})
