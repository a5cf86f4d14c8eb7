import { MockActivityEnvironment } from '@temporalio/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NotYet, StepFailed } from '../../activities/failures.js'
import { type Look, type Looking, type PollOptions, pollUntil } from '../../activities/poll.js'

const MINUTE_MS = 60_000
const START = Date.parse('2026-11-23T12:00:00Z')

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const options = (changes: Partial<PollOptions> = {}): PollOptions => ({
  interval_ms: 1_000,
  limit_ms: 10 * MINUTE_MS,
  scale: 1,
  what: 'the reboot of esx-1',
  waiting_code: 'Rebooting',
  ...changes,
})

const waiting: Look<string> = { waiting: 'esx-1 is away.' }

interface Clock {
  counted_ms: number
  last_look_at: number
  kept?: unknown
}

type LookAt = (looking: Looking<number>) => Look<string>

/** One attempt inside an activity, with what the former attempt remembered; fake time runs on until it ends. */
async function attempt(look: LookAt, given: PollOptions, remembered?: Clock) {
  const env = new MockActivityEnvironment(remembered ? { heartbeatDetails: remembered } : {})
  const beats: unknown[] = []
  env.on('heartbeat', (details: unknown) => beats.push(details))
  let looks = 0
  const began = Date.now()
  const end = env
    .run(() =>
      pollUntil<string, number>(given, async (looking) => {
        looks += 1
        return look(looking)
      }),
    )
    .then(
      (done) => ({ done: String(done) }),
      (thrown: unknown) => ({ thrown }),
    )
  let ended: Awaited<typeof end> | undefined
  void end.then((answer) => {
    ended = answer
  })
  while (!ended) await vi.advanceTimersByTimeAsync(100)
  return { ...ended, looks, took_ms: Date.now() - began, last: beats.at(-1) as Clock | undefined }
}

/** Attempts as Temporal repeats them, `gap_ms` apart, until one does not ask for another. */
async function attempts(look: LookAt, given: PollOptions, gap_ms = 0, most = 200) {
  let remembered: Clock | undefined
  for (let n = 1; n <= most; n += 1) {
    const end = await attempt(look, given, remembered)
    if (!('thrown' in end) || !(end.thrown instanceof NotYet)) return { ...end, attempts: n }
    remembered = end.last
    vi.setSystemTime(Date.now() + Math.max(gap_ms, end.thrown.retry_ms))
  }
  throw new Error(`still waiting after ${most} attempts`)
}

describe('pollUntil', () => {
  test('gives what was found, without a pause', async () => {
    const end = await attempt(() => ({ done: 'there' }), options())
    expect(end).toMatchObject({ done: 'there', looks: 1 })
  })

  test('looks again after its interval until the thing is there', async () => {
    let looks = 0
    const end = await attempt(() => (++looks > 3 ? { done: 'there' } : waiting), options({ interval_ms: 2_000 }))
    expect(end).toMatchObject({ done: 'there', looks: 4 })
    expect(end.took_ms).toBeGreaterThanOrEqual(6_000)
  })

  test('one attempt lasts about half a minute, then Temporal calls again', async () => {
    const end = await attempt(() => waiting, options())
    expect(end).toMatchObject({ thrown: expect.any(NotYet) })
    expect(end.took_ms).toBeGreaterThan(29_000)
    expect(end.took_ms).toBeLessThan(35_000)
  })

  test('a long interval holds no slot: Temporal waits instead', async () => {
    const end = await attempt(() => waiting, options({ interval_ms: 15_000 }))
    expect(end).toMatchObject({ looks: 1, thrown: { code: 'Rebooting', retry_ms: 15_000, message: 'esx-1 is away.' } })
  })

  test('ends with a step time-out that names what it saw last', async () => {
    const end = await attempts(() => waiting, options({ interval_ms: 15_000 }))
    expect(end).toMatchObject({ thrown: expect.any(StepFailed) })
    expect(end).toMatchObject({
      thrown: { code: 'StepTimeout', message: 'the reboot of esx-1 took longer than 10 min: esx-1 is away.' },
    })
    expect(Date.now() - START).toBeGreaterThan(10 * MINUTE_MS)
    expect(Date.now() - START).toBeLessThan(11 * MINUTE_MS)
  })

  test('the limit ends the wait only after a look that still says no', async () => {
    let there = false
    const given = options({ interval_ms: 15_000, timeout_code: 'HostDidNotReturn' })
    const remembered = { counted_ms: given.limit_ms + 1, last_look_at: START }
    there = true
    const good = await attempt(() => (there ? { done: 'back' } : waiting), given, remembered)
    expect(good).toMatchObject({ done: 'back' })
    there = false
    const bad = await attempt(() => (there ? { done: 'back' } : waiting), given, remembered)
    expect(bad).toMatchObject({ looks: 1, thrown: { code: 'HostDidNotReturn' } })
  })

  test('three hours in which nobody could look count as half a minute', async () => {
    const gap = 3 * 60 * MINUTE_MS
    const remembered = { counted_ms: MINUTE_MS, last_look_at: START - gap }
    const end = await attempt(() => waiting, options({ interval_ms: 6_000 }), remembered)
    expect(end.last?.counted_ms).toBe(MINUTE_MS + 30_000)
  })

  test('gaps between attempts lengthen the wait, not the counted time', async () => {
    const end = await attempts(() => waiting, options({ interval_ms: 15_000 }), 10 * MINUTE_MS)
    expect(end).toMatchObject({ thrown: { code: 'StepTimeout' } })
    // The first look counts nothing; then at most three intervals per look.
    expect(end.attempts).toBe(Math.floor((10 * MINUTE_MS) / 45_000) + 2)
  })

  test('what a look keeps is there at the next, also where each attempt looks only once', async () => {
    const look: LookAt = (looking) => {
      looking.kept = (looking.kept ?? 0) + 1
      return looking.kept === 3 ? { done: 'seen thrice' } : waiting
    }
    const end = await attempts(look, options({ interval_ms: 15_000 }))
    expect(end).toMatchObject({ done: 'seen thrice', attempts: 3 })
  })

  test('a clock that was set back does not lengthen the wait', async () => {
    const remembered = { counted_ms: 5 * MINUTE_MS, last_look_at: START + 2 * 60 * MINUTE_MS }
    const end = await attempt(() => waiting, options({ interval_ms: 6_000 }), remembered)
    expect(end.last?.counted_ms).toBe(5 * MINUTE_MS)
  })

  test('a scaled limit never falls below half a minute', async () => {
    const end = await attempts(() => waiting, options({ scale: 600, limit_ms: MINUTE_MS, interval_ms: 15_000 }))
    expect(end).toMatchObject({ thrown: { code: 'StepTimeout' } })
    expect(Date.now() - START).toBeGreaterThan(30_000)
  })

  test('what the look throws ends the attempt as it is', async () => {
    const end = await attempt(() => {
      throw new StepFailed('AuthFailed', 'refused')
    }, options())
    expect(end).toMatchObject({ looks: 1, thrown: { code: 'AuthFailed' } })
  })
})
