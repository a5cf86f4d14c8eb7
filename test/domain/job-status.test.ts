import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FAILURES } from '../../domain/failures.js'
import {
  finalStatus,
  jobError,
  jobProgress,
  jobResult,
  shortResult,
  summarize,
  type TargetResult,
} from '../../domain/job-result.js'
import {
  type Control,
  type ControlLetter,
  isFinal,
  JOB_STATUSES,
  type JobStatus,
  mayMove,
  maySkipTask,
  nextProgress,
  sharperCancel,
  whyNotControl,
} from '../../domain/job-status.js'
import {
  highestRole,
  isAllowed,
  isRole,
  mayStartJob,
  narrowRoles,
  PERMISSIONS,
  ROLES,
  rolesAllowed,
} from '../../domain/permissions.js'
import { assertProperty } from './cluster-fixture.js'

describe('statuses', () => {
  it('moves only as the contract says; final states stay final', () => {
    const legal = JOB_STATUSES.flatMap((from) =>
      JOB_STATUSES.filter((to) => from !== to && mayMove(from, to)).map((to) => `${from}>${to}`),
    )
    expect(legal).toEqual([
      'pending>running',
      'pending>failed',
      'pending>cancelled',
      'running>paused',
      'running>completed',
      'running>failed',
      'running>cancelled',
      'paused>running',
      'paused>completed',
      'paused>failed',
      'paused>cancelled',
    ])
    expect(JOB_STATUSES.filter(isFinal)).toEqual(['completed', 'failed', 'cancelled'])
    expect(JOB_STATUSES.filter((status) => mayMove(status, status))).toEqual(['pending', 'running', 'paused'])
  })

  it('never lets progress go back', () => {
    expect([nextProgress(40, 30), nextProgress(40, 41.6), nextProgress(40, 400), nextProgress(0, -3)]).toEqual([
      40, 42, 100, 0,
    ])
  })
})

describe('controls', () => {
  const all: ControlLetter[] = ['P', 'C', 'S', 'R']
  const why = (control: Control, status: JobStatus, controls = all, pause_requested = false) =>
    whyNotControl(control, { status, controls, pause_requested })?.code ?? 'yes'

  it.each<[Control, JobStatus, string]>([
    ['pause', 'running', 'yes'],
    ['pause', 'paused', 'StateConflict'],
    ['pause', 'pending', 'StateConflict'],
    ['resume', 'running', 'StateConflict'],
    ['resume', 'paused', 'yes'],
    ['cancel', 'pending', 'yes'],
    ['cancel', 'running', 'yes'],
    ['cancel', 'completed', 'JobFinal'],
    ['retry', 'failed', 'JobFinal'],
    ['retry', 'running', 'yes'],
    ['skip', 'paused', 'yes'],
    ['acknowledge', 'failed', 'yes'],
  ])('%s on a %s job: %s', (control, status, expected) => {
    expect(why(control, status)).toBe(expected)
  })

  it('refuses what the type has not, and lets a pause be taken back before it is reached', () => {
    expect(why('pause', 'running', ['C'])).toBe('StateConflict')
    expect(why('skip', 'running', ['C', 'R'])).toBe('StateConflict')
    expect(why('resume', 'running', all, true)).toBe('yes')
  })

  it('sharpens a cancel and never softens it', () => {
    expect([
      sharperCancel(null, 'graceful'),
      sharperCancel('graceful', 'abort'),
      sharperCancel('abort', 'graceful'),
    ]).toEqual(['graceful', 'abort', 'abort'])
  })

  it('skips only what has not begun or waits', () => {
    expect([
      maySkipTask('pending', false),
      maySkipTask('running', true),
      maySkipTask('running', false),
      maySkipTask('completed', true),
    ]).toEqual([true, true, false, false])
  })
})

const target = (name: string, outcome: TargetResult['outcome'], changes: Partial<TargetResult> = {}): TargetResult => ({
  target: { kind: 'server', id: name, name },
  outcome,
  ...changes,
})

describe('results', () => {
  it('completes only when no target failed, is unknown or was not started', () => {
    const end = (...outcomes: TargetResult['outcome'][]) =>
      finalStatus(
        outcomes.map((outcome, i) => target(`s${i}`, outcome)),
        { cancelled: false },
      ).status
    expect(end('changed', 'unchanged', 'skipped', 'staged', 'answered')).toBe('completed')
    expect(end()).toBe('completed')
    expect(end('changed', 'failed')).toBe('failed')
    expect(end('changed', 'unknown')).toBe('failed')
    expect(end('changed', 'not_started')).toBe('failed')
  })

  it('takes code, sentence and device text of the first failed target', () => {
    const device = { message_id: 'PR21', text: 'Job failed.' }
    const failed = target('a', 'failed', { code: 'DeviceJobFailed', message: 'The job failed.', device })
    expect(finalStatus([target('b', 'changed'), failed], { cancelled: false }).error).toEqual({
      code: 'DeviceJobFailed',
      message: 'The job failed.',
      hint: FAILURES.DeviceJobFailed.hint,
      device,
    })
    expect(finalStatus([failed, failed], { cancelled: false }).error?.message).toBe(
      '2 of 2 targets failed; the first: The job failed.',
    )
  })

  it('is cancelled when stopped on request, and takes a forced error', () => {
    expect(finalStatus([target('a', 'not_started')], { cancelled: true })).toMatchObject({
      status: 'cancelled',
      error: { code: 'Cancelled' },
    })
    const forced_error = jobError('WindowClosed', 'The window has ended.')
    expect(finalStatus([target('a', 'changed')], { cancelled: false, forced_error })).toEqual({
      status: 'failed',
      error: forced_error,
    })
  })

  it('counts every target once', () => {
    const outcome = fc.constantFrom(
      'changed',
      'unchanged',
      'answered',
      'staged',
      'failed',
      'skipped',
      'not_started',
      'unknown',
    )
    assertProperty(
      fc.property(fc.array(outcome), (outcomes) => {
        const targets = outcomes.map((entry, i) => target(`s${i}`, entry as TargetResult['outcome']))
        const { total, ...parts } = summarize(targets)
        expect(Object.values(parts).reduce((sum, value) => sum + value, 0)).toBe(total)
        const { status } = finalStatus(targets, { cancelled: false })
        expect(status === 'completed').toBe(parts.failed + parts.not_started === 0)
      }),
      2_000,
    )
  })

  it('keeps 10,000 targets and tells Temporal at most 4 KB', () => {
    const many = Array.from({ length: 10_500 }, (_, i) => target(`server-${i}`, 'failed', { code: 'DeviceJobFailed' }))
    const result = jobResult(many, { reboots: 2 })
    expect([(result.targets as unknown[]).length, (result.summary as { total: number }).total, result.reboots]).toEqual(
      [10_000, 10_500, 2],
    )
    expect(JSON.stringify(shortResult(many)).length).toBeLessThan(4_096)
    expect([jobProgress([]), jobProgress([100, 99]), jobProgress([100, 100])]).toEqual([0, 99, 100])
  })
})

describe('permissions', () => {
  it('lets viewer and auditor read, operator work, admin do all', () => {
    const table = (['signed_in', 'operator', 'admin', 'audit'] as const).map((permission) =>
      [...rolesAllowed(permission)].sort().join(' '),
    )
    expect(table).toEqual(['admin auditor operator viewer', 'admin operator', 'admin', 'admin auditor'])
    expect([isAllowed([], 'open'), isAllowed([], 'signed_in')]).toEqual([true, false])
  })

  it('starts jobs only for operator and admin, each for what the type asks', () => {
    const may = (['viewer', 'auditor', 'operator', 'admin'] as const).map((role) => [
      mayStartJob([role], 'operator'),
      mayStartJob([role], 'admin'),
    ])
    expect(may).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [true, true],
    ])
  })

  it('adds up the rights of several roles', () => {
    const both = ['operator', 'auditor'] as const
    expect([isAllowed(both, 'operator'), isAllowed(both, 'audit'), isAllowed(both, 'admin')]).toEqual([
      true,
      true,
      false,
    ])
    expect([mayStartJob(both, 'operator'), mayStartJob(both, 'admin')]).toEqual([true, false])
  })

  it.each([
    [['operator', 'auditor'], null, ['operator', 'auditor']],
    [['operator', 'auditor'], 'admin', ['operator', 'auditor']],
    [['operator', 'auditor'], 'operator', ['operator']],
    [['operator', 'auditor'], 'auditor', ['auditor']],
    [['operator', 'auditor'], 'viewer', ['viewer']],
    [['operator'], 'auditor', ['viewer']],
    [['auditor'], 'operator', ['viewer']],
    [['viewer'], 'admin', ['viewer']],
    [['admin'], 'auditor', ['auditor']],
    [['admin', 'auditor'], 'operator', ['operator']],
    [['admin', 'auditor'], 'admin', ['admin']],
    [[], 'admin', []],
  ] as const)('of %j a limit of %s leaves %j', (own, limit, left) => {
    expect(narrowRoles(own, limit)).toEqual(left)
  })

  it('a limit never adds a right', () => {
    for (const own of ROLES)
      for (const limit of ROLES)
        for (const permission of PERMISSIONS)
          if (isAllowed(narrowRoles([own], limit), permission))
            expect([isAllowed([own], permission), isAllowed([limit], permission)], `${own} ${limit}`).toEqual([
              true,
              true,
            ])
  })

  it('takes the highest role of several groups', () => {
    expect([
      highestRole(['viewer', 'operator', 'auditor']),
      highestRole([]),
      isRole('root'),
      isRole('auditor'),
    ]).toEqual(['operator', null, false, true])
  })
})
