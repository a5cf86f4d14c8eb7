import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  attributeProblems,
  type BiosEntry,
  type BiosRule,
  type BiosValues,
  isGuardedAttribute,
  writableOf,
} from '../../domain/bios-attributes.js'
import { biosDifference } from '../../domain/bios-difference.js'

const entry = (name: string, changes: Partial<BiosEntry> = {}): BiosEntry => ({
  name,
  type: 'Enumeration',
  values: ['Enabled', 'Disabled'],
  lower_bound: null,
  upper_bound: null,
  min_length: null,
  max_length: null,
  read_only: false,
  hidden: false,
  ...changes,
})
const rule = (
  attribute: string,
  conditions: [string, string, string][],
  changes: Partial<BiosRule> = {},
): BiosRule => ({
  attribute,
  property: 'ReadOnly',
  value: true,
  needs_all: false,
  conditions: conditions.map(([on, condition, value]) => ({ attribute: on, condition, value })),
  ...changes,
})

const registry = {
  entries: [
    entry('LogicalProc'),
    entry('SysProfile', { values: ['PerfOptimized', 'Custom'] }),
    entry('ProcPwrPerf', { values: ['MaxPerf', 'OsDbpm'], read_only: true }),
    entry('AcPwrRcvry', { values: ['On', 'Off'] }),
    entry('AcPwrRcvryDelay', { values: ['Immediate', 'Random', 'User'] }),
    entry('AcPwrRcvryUserDelay', { type: 'Integer', values: [], lower_bound: 60, upper_bound: 600 }),
    entry('Both', { values: ['a', 'b'] }),
    entry('AssetTag', { type: 'String', values: [], max_length: 10 }),
    entry('SystemServiceTag', { type: 'String', values: [], read_only: true }),
    entry('Shy', { hidden: true }),
    entry('SetupPassword', { type: 'Password', values: [] }),
    entry('SecretWord', { type: 'Password', values: [] }),
    entry('NotFitted'),
  ],
  rules: [
    rule('ProcPwrPerf', [['SysProfile', 'NEQ', 'Custom']]),
    rule('AcPwrRcvryUserDelay', [
      ['AcPwrRcvry', 'EQU', 'Off'],
      ['AcPwrRcvryDelay', 'EQU', 'Random'],
    ]),
    rule(
      'Both',
      [
        ['AcPwrRcvry', 'EQU', 'Off'],
        ['AcPwrRcvryDelay', 'EQU', 'User'],
      ],
      { needs_all: true },
    ),
    rule('LogicalProc', [['AcPwrRcvry', 'EQU', 'Off']], { property: 'Value', value: [{ ValueName: 'Enabled' }] }),
  ],
}
const current: BiosValues = {
  LogicalProc: 'Enabled',
  SysProfile: 'PerfOptimized',
  ProcPwrPerf: 'MaxPerf',
  AcPwrRcvry: 'On',
  AcPwrRcvryDelay: 'Immediate',
  AcPwrRcvryUserDelay: 120,
  Both: 'a',
  AssetTag: '',
  SystemServiceTag: 'ABC1234',
  Shy: 'Enabled',
  SetupPassword: null,
  SecretWord: null,
}
const whys = (wanted: BiosValues) =>
  attributeProblems(wanted, current, registry).map(({ attribute, why }) => `${attribute}: ${why}`)

describe('values for a machine', () => {
  it.each<[BiosValues, string[]]>([
    [{ LogicalProc: 'Disabled' }, []],
    [{ NoSuchAttribute: 'x' }, ['NoSuchAttribute: this machine has no such attribute']],
    [{ NotFitted: 'Enabled' }, ['NotFitted: this machine has no such attribute']],
    [{ LogicalProc: 'Perhaps' }, ['LogicalProc: it must be one of Enabled, Disabled']],
    [{ LogicalProc: 3 }, ['LogicalProc: it must be a text']],
    [{ AcPwrRcvryUserDelay: '120' }, ['AcPwrRcvryUserDelay: it must be a whole number from 60 to 600']],
    [{ AcPwrRcvryUserDelay: 59 }, ['AcPwrRcvryUserDelay: it must be a whole number from 60 to 600']],
    [{ AcPwrRcvryUserDelay: 600 }, []],
    [{ AcPwrRcvryUserDelay: 90.5 }, ['AcPwrRcvryUserDelay: it must be a whole number from 60 to 600']],
    [{ AssetTag: 'a name that is too long' }, ['AssetTag: it must have 0 to 10 characters']],
    [{ SystemServiceTag: 'X' }, ['SystemServiceTag: it is read-only']],
    [{ Shy: 'Disabled' }, ['Shy: this machine does not offer it']],
    [{ SetupPassword: 'x' }, ['SetupPassword: passwords are not set by this job']],
    [{ SecretWord: 'x' }, ['SecretWord: passwords are not set by this job']],
  ])('%j → %j', (wanted, problems) => {
    expect(whys(wanted)).toEqual(problems)
  })

  it('are locked by other values in force, unless those are set as well', () => {
    expect(whys({ ProcPwrPerf: 'OsDbpm' })).toEqual(['ProcPwrPerf: it is read-only while SysProfile is not Custom'])
    expect(whys({ ProcPwrPerf: 'OsDbpm', SysProfile: 'Custom' })).toEqual([])
    expect(whys({ AcPwrRcvryUserDelay: 90, AcPwrRcvry: 'Off' })).toEqual([
      'AcPwrRcvryUserDelay: it is read-only while AcPwrRcvry is Off',
    ])
    expect(whys({ AcPwrRcvryUserDelay: 90, AcPwrRcvryDelay: 'Random' })).toEqual([
      'AcPwrRcvryUserDelay: it is read-only while AcPwrRcvryDelay is Random',
    ])
    expect(whys({ AcPwrRcvryUserDelay: 90, AcPwrRcvryDelay: 'User' })).toEqual([])
    expect(whys({ Both: 'b', AcPwrRcvry: 'Off' })).toEqual([])
    expect(whys({ Both: 'b', AcPwrRcvry: 'Off', AcPwrRcvryDelay: 'User' })).toHaveLength(1)
  })

  it('may be narrowed by others', () => {
    expect(whys({ LogicalProc: 'Disabled', AcPwrRcvry: 'Off' })).toEqual(['LogicalProc: it must be one of Enabled'])
  })

  it('are judged all at once, with what is allowed, and never with the password', () => {
    const problems = attributeProblems({ LogicalProc: 'x', SetupPassword: 'geheim', Nope: 1 }, current, registry)
    expect(problems.map(({ attribute }) => attribute)).toEqual(['LogicalProc', 'SetupPassword', 'Nope'])
    expect(problems[0]).toMatchObject({ allowed: ['Enabled', 'Disabled'] })
    expect(JSON.stringify(problems)).not.toContain('geheim')
  })

  it('that the machine has now and that nothing locks are never a problem', () => {
    const free = ['LogicalProc', 'SysProfile', 'AcPwrRcvry', 'AcPwrRcvryDelay', 'AcPwrRcvryUserDelay', 'AssetTag']
    fc.assert(
      fc.property(fc.subarray(free), (names) => {
        expect(whys(Object.fromEntries(names.map((name) => [name, current[name] ?? null])))).toEqual([])
      }),
    )
  })

  it('are each judged alone or named with their locks, whatever else is wrong', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constantFrom('Enabled', 'Custom'))
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), (unknown) => {
        const strangers = Object.fromEntries(Object.entries(unknown).filter(([name]) => !Object.hasOwn(current, name)))
        expect(whys({ ...strangers, LogicalProc: 'Disabled' })).toHaveLength(Object.keys(strangers).length)
      }),
    )
  })
})

describe('the guarded list', () => {
  it.each([
    ['TpmSecurity', true],
    ['Tpm2Hierarchy', true],
    ['SecureBoot', true],
    ['SecureBootMode', true],
    ['BootMode', true],
    ['BootSeqRetry', false],
    ['Tpm2Algorithm', false],
  ])('%s: %s', (name, guarded) => {
    expect(isGuardedAttribute(name)).toBe(guarded)
  })
})

describe('a stored configuration', () => {
  it('gives what may be written here, and nothing else', () => {
    const stored = { ...current, LogicalProc: 'Disabled', Gone: 'x', AssetTag: null }
    expect(Object.keys(writableOf(stored, current, registry)).sort()).toEqual(
      ['AcPwrRcvry', 'AcPwrRcvryDelay', 'AcPwrRcvryUserDelay', 'Both', 'LogicalProc', 'SysProfile'].sort(),
    )
  })
})

describe('the difference of two readings', () => {
  it('names what changed, came and went, in order of names', () => {
    expect(biosDifference({ B: 1, A: 'x', C: 'same' }, { C: 'same', A: 'y', D: 2 })).toEqual([
      { name: 'A', from: 'x', to: 'y' },
      { name: 'B', from: 1, to: null },
      { name: 'D', from: null, to: 2 },
    ])
    expect(biosDifference({ A: 1, B: 1 }, { A: 2, B: 2 }, ['B'])).toEqual([{ name: 'B', from: 1, to: 2 }])
  })

  it('is empty for equal ones, and backwards with from and to exchanged', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()))
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(biosDifference(a, a)).toEqual([])
        const back = biosDifference(b, a).map(({ name, from, to }) => ({ name, from: to, to: from }))
        expect(back).toEqual(biosDifference(a, b))
      }),
    )
  })
})
