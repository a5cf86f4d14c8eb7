import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { runInLanes } from '../../scripts/testing/lanes.js'
import { printPrefixed } from '../../scripts/testing/prefixed-lines.js'

/** Groups that end when told, and what ran at the same time. */
function stage() {
  const running = new Map<string, () => void>()
  const begun: string[] = []
  let most = 0
  const run = (group: string) => {
    begun.push(group)
    return new Promise<{
      group: string
      passed: number
      failed: number
      skipped: number
      seconds: number
      failures: []
      skips: []
    }>((resolve) => {
      running.set(group, () => {
        running.delete(group)
        resolve({ group, passed: 1, failed: 0, skipped: 0, seconds: 1, failures: [], skips: [] })
      })
      most = Math.max(most, running.size)
    })
  }
  const end = async (group: string) => {
    running.get(group)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { run, end, begun, running, most: () => most }
}

test('the longest groups begin first, never more at once than there are lanes, and answers keep their order', async () => {
  const { run, end, begun, most } = stage()
  const groups = ['unit', 'lab', 'workflows', 'e2e']
  const counts = runInLanes({ groups, lanes: 2, run, stopped: () => false })
  expect(begun).toEqual(['e2e', 'workflows'])
  await end('workflows')
  expect(begun).toEqual(['e2e', 'workflows', 'lab'])
  for (const group of ['e2e', 'lab', 'unit']) await end(group)
  expect((await counts).map(({ group }) => group)).toEqual(groups)
  expect(most()).toBe(2)
})

test('what watches a system under kills runs alone, after the others', async () => {
  const { run, end, begun, running } = stage()
  const counts = runInLanes({ groups: ['crash', 'unit', 'db'], lanes: 2, run, stopped: () => false })
  expect(begun).toEqual(['unit', 'db'])
  await end('unit')
  expect(begun).not.toContain('crash')
  await end('db')
  expect([...running.keys()]).toEqual(['crash'])
  await end('crash')
  expect(await counts).toHaveLength(3)
})

test('after an interrupt nothing further begins, and what ended is answered', async () => {
  const { run, end, begun } = stage()
  let stopped = false
  const counts = runInLanes({ groups: ['unit', 'lab', 'db'], lanes: 1, run, stopped: () => stopped })
  stopped = true
  await end('lab')
  expect((await counts).map(({ group }) => group)).toEqual(['lab'])
  expect(begun).toEqual(['lab'])
})

test('lines that arrive in pieces are printed whole, each behind its group', async () => {
  const lines: string[] = []
  await printPrefixed(Readable.from(['one\ntw', 'o\n', '\nlast']), 'unit | ', (line) => lines.push(line))
  expect(lines).toEqual(['unit | one', 'unit | two', 'unit |', 'unit | last'])
})
