import { describe, expect, it } from 'vitest'
import { judgeEvacuation } from '../../domain/evacuation.js'
import {
  type HostImage,
  type HostReturnFacts,
  isUntouched,
  judgeEsxiOutcome,
  judgeHostReturn,
} from '../../domain/host-return.js'
import { checkHost, type HostNow, type HostSnapshot } from '../../domain/verify-host.js'

describe('is the host back', () => {
  const reading = { version: '8.0.3', build: 2 }
  const judge = (changes: Partial<HostReturnFacts>) => {
    const answer = judgeHostReturn({
      boot_time_before: '2026-11-23T10:00:00Z',
      boot_time: '2026-11-23T11:00:00Z',
      connection_state: 'connected',
      in_maintenance_mode: true,
      version_readings: [{ version: '7.0.3', build: 1 }, reading, reading],
      expect_maintenance: true,
      ...changes,
    })
    return answer.type === 'wrong' ? answer.reason.code : answer.type
  }
  it.each<[string, Partial<HostReturnFacts>]>([
    ['back', {}],
    ['not_yet', { connection_state: 'notResponding' }],
    ['not_yet', { connection_state: null }],
    ['not_yet', { boot_time: '2026-11-23T10:00:00Z' }],
    ['not_yet', { boot_time: null }],
    ['not_yet', { boot_time_before: null }],
    ['not_yet', { in_maintenance_mode: null }],
    ['HostNotInMaintenance', { in_maintenance_mode: false }],
    ['back', { in_maintenance_mode: false, expect_maintenance: false }],
    ['not_yet', { version_readings: [reading] }],
    ['not_yet', { version_readings: [{ version: '7.0.3', build: 1 }, reading] }],
    ['not_yet', { version_readings: [reading, { version: null, build: null }] }],
  ])('%s for %j', (expected, changes) => {
    expect(judge(changes)).toBe(expected)
  })
})

it('judges an upgrade by the build that runs', () => {
  const judge = (build: number | null, alternate_build: number | null = null, target_build: number | null = 2) =>
    judgeEsxiOutcome({ from_build: 1, target_build, target_version: '8.0.3', build, version: '8.0.3', alternate_build })
      ?.code ?? 'good'
  expect(judge(2)).toBe('good')
  expect(judge(1)).toBe('VersionUnchanged')
  expect(judge(1, 2)).toBe('RolledBack')
  expect(judge(3)).toBe('VerifyFailed')
  expect(judge(null)).toBe('OutcomeUnknown')
  expect(judge(2, null, null)).toBe('good')
  expect(judge(1, null, null)).toBe('VersionUnchanged')
})

describe('is the host fit to leave maintenance', () => {
  const before: HostSnapshot = {
    connection_state: 'connected',
    links_up: ['vmnic0', 'vmnic1'],
    datastores: ['ds1'],
    red_alarms: ['old'],
    server_health: 'OK',
  }
  const now = (changes: Partial<HostNow> = {}): HostNow => ({
    ...before,
    build: 2,
    firmware: [{ component: 'bios', version: '1.9.2' }],
    ...changes,
  })
  const ok = (changes: Partial<HostNow>, snapshot: HostSnapshot | null = before, max_new_alarms = 0) => {
    const expected = { esxi_build: 2, firmware: [{ component: 'bios', version: '1.9.2' }] }
    return checkHost(snapshot, now(changes), expected, { max_new_alarms, has_server: true }).ok
  }

  it('says yes to a host that is as before, with the expected versions', () => {
    expect(ok({})).toBe(true)
    expect(ok({ links_up: ['vmnic0', 'vmnic1', 'vmnic2'] })).toBe(true)
  })

  it.each<[Partial<HostNow>]>([
    [{ connection_state: 'notResponding' }],
    [{ build: 1 }],
    [{ build: null }],
    [{ firmware: [{ component: 'bios', version: '1.8.2' }] }],
    [{ firmware: null }],
    [{ links_up: ['vmnic0'] }],
    [{ links_up: null }],
    [{ datastores: [] }],
    [{ datastores: null }],
    [{ red_alarms: ['old', 'new'] }],
    [{ red_alarms: null }],
    [{ server_health: 'Warning' }],
    [{ server_health: 'Unknown' }],
    [{ server_health: null }],
  ])('says no to %j', (changes) => {
    expect(ok(changes)).toBe(false)
  })

  it('allows so many new alarms, and a health that was bad before', () => {
    expect(ok({ red_alarms: ['old', 'new'] }, before, 1)).toBe(true)
    expect(ok({ server_health: 'Critical' }, { ...before, server_health: 'Critical' })).toBe(true)
  })

  it('warns without a snapshot, and still checks what it can', () => {
    const verdict = checkHost(null, now(), {}, { max_new_alarms: 0, has_server: true })
    expect(verdict).toMatchObject({ ok: true, warnings: [{ code: 'VerifyFailed' }] })
    expect(ok({ server_health: 'Critical' }, null)).toBe(false)
  })
})

it('watches an evacuation', () => {
  const watch = { now_ms: 100, entered_ms: 0, last_progress_ms: 50, vms_left: 3, timeout_ms: 1_000, stall_ms: 60 }
  expect(judgeEvacuation(watch)).toBe('go_on')
  expect(judgeEvacuation({ ...watch, vms_left: 0, now_ms: 5_000 })).toBe('empty')
  expect(judgeEvacuation({ ...watch, now_ms: 110 })).toBe('stalled')
  expect(judgeEvacuation({ ...watch, now_ms: 1_000, last_progress_ms: 999 })).toBe('timeout')
})

describe('did a refused update leave the host as it was', () => {
  const before: HostImage = { build: 1, profile: 'old', alternate_bank: '0 0 0' }
  it.each<[boolean, Partial<HostImage>, Partial<HostImage>]>([
    [true, {}, {}],
    [false, {}, { build: 2 }],
    [false, {}, { profile: 'new' }],
    [false, {}, { alternate_bank: '2 2 1' }],
    [false, { build: null }, { build: null }],
    [false, { profile: null }, { profile: null }],
    [false, { alternate_bank: null }, { alternate_bank: null }],
  ])('%s for %j and then %j', (expected, first, then) => {
    expect(isUntouched({ ...before, ...first }, { ...before, ...then })).toBe(expected)
  })
})
