import { expect, test } from 'vitest'
import { groupedNotes } from '../../cli/jobs/notes.js'
import { printPlan } from '../../cli/jobs/plan-table.js'
import { createPrinter } from '../../cli/output/print.js'
import { blockLines, cellText } from '../../cli/output/table.js'

/** What people read of a plan. */
function shown(plan: object): string {
  const lines: string[] = []
  printPlan({ ...createPrinter({ json: false, quiet: false }), line: (text) => void lines.push(text) }, plan)
  return lines.join('\n')
}

const hosts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    host_id: String(at),
    name: `esx-${at + 1}`,
    position: at + 1,
    action: 'update',
    canary: at === 0,
    steps: [{ kind: 'esxi', name: 'ESXi-8.0U3', from: '1', to: '2', reboots: true }],
    reboots: 1,
    estimate_minutes: 75,
    blockers: [],
    warnings: [{ code: 'SshUnavailable', message: 'SSH is off.', remedy: 'The job starts it.' }],
    no_way_back: [],
  }))

test('a plan over 32 hosts is a row for each, and one line for the warning that is the same for all', () => {
  const text = shown({ hosts: hosts(32), blockers: [], warnings: [], would_start: true, estimate_minutes: 2400 })
  expect(text).toMatch(/^# +HOST +STEPS +REBOOTS +MINUTES +BLOCKERS\n1 +esx-1 \(canary\) +ESXi 1 -> 2 +1 +75 +0\n/)
  expect(text.match(/SSH is off/g)).toHaveLength(1)
  expect(text).toContain('SSH is off. The job starts it. (32 targets)')
  expect(text).toMatch(/It would start\. About 2400 minutes, 32 reboots\. Nothing was changed\.$/)
})

test('what stands in the way is named with its code, who it is about, and what cures it', () => {
  const [one, two] = hosts(2)
  const blockers = [
    { code: 'UnavailableLimit', message: 'Too many out.', target: 'esx-1', remedy: 'Bring one back.' },
    { code: 'UnavailableLimit', message: 'Too many out.', target: 'esx-2', remedy: 'Bring one back.' },
    { code: 'DepotNotFound', message: 'esx-2: the depot is not visible.', target: 'esx-2' },
  ]
  const text = shown({
    hosts: [one, { ...two, position: null, action: null, steps: [] }],
    blockers,
    would_start: false,
  })
  expect(text).toContain('UnavailableLimit: Too many out. Bring one back. (esx-1, esx-2)')
  expect(text).toContain('DepotNotFound: esx-2: the depot is not visible.\n')
  expect(text).toMatch(/- +esx-2 +nothing to do/)
  expect(text).toMatch(/It would not start\. Nothing was changed\.$/)
})

test('an update plan lists each component with what is installed, offered and done', () => {
  const plan = {
    phases: [{ kind: 'host_reboot', reboot: true, updates: [{ name: 'BIOS', from: ['1.1'], to: '1.2' }] }],
    left_out: [{ name: 'CPLD', installed: '1', offered: '2', message: 'Not selected.' }],
    reboots: 1,
    estimate_minutes: 20,
  }
  const text = shown({ targets: [{ target: { name: 'ABC1234' }, plan }], would_start: true })
  expect(text).toContain('ABC1234: 1 update, 1 reboot, about 20 min')
  expect(text).toMatch(/BIOS +1\.1 +1\.2 +host reboot, with a reboot/)
  expect(text).toMatch(/CPLD +1 +2 +left: Not selected\./)
})

test('other dry runs say their facts on one line', () => {
  const targets = [
    { target: { name: 'A' }, outcome: 'answered', would_send: 'off', before: 'On', guard: {}, blockers: [] },
    { target: { name: 'B' }, outcome: 'answered', changes: [{ name: 'LogicalProc', from: 'Enabled', to: 'Disabled' }] },
  ]
  const text = shown({ targets, would_start: true })
  expect(text).toContain('A: before On, would send off')
  expect(text).toContain('B: LogicalProc Enabled -> Disabled')
})

test('sentences that differ only by the name of their target are one', () => {
  const notes = ['a', 'b', 'c'].map((target) => ({ code: 'X', message: `${target}: it is off.`, target }))
  expect(groupedNotes(notes)).toEqual(['X: it is off. (3 targets)'])
  expect(groupedNotes(notes.slice(0, 1))).toEqual(['X: a: it is off.'])
})

test('the plan of a job that does the work tells its size, and nothing about what a dry run did', () => {
  const lines: string[] = []
  const print = { ...createPrinter({ json: false, quiet: false }), line: (text: string) => void lines.push(text) }
  printPlan(print, { hosts: hosts(1), would_start: true, estimate_minutes: 75 }, { dry: false })
  expect(lines.at(-1)).toBe('About 75 minutes, 1 reboot.')
})

test('blocks are read as words: fields below their name, lists of blocks as tables, a certificate by its size', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
  expect(
    blockLines({ name: 'Prod-A', gone: null, none: [], ha: { enabled: true }, hosts: [{ id: 1, x: { y: 2 } }] }),
  ).toEqual(['name  Prod-A', 'none  -', 'ha:', '  enabled  yes', 'hosts:', '  ID  X', '  1   (y 2)'])
  expect([cellText(pem), cellText([{ a: 1 }, { b: [2, 3] }])]).toEqual([
    'BEGIN CERTIFICATE, 58 characters',
    '(a 1); (b 2,3)',
  ])
})
