import { describe, expect, it } from 'vitest'
import { createClock } from '../../lab/clock.js'
import { until } from './small-lab.js'

describe('the simulated clock', () => {
  it('runs faster by its factor and bends at a change of speed without a jump', async () => {
    const clock = createClock(0, 1000)
    await until('20 simulated seconds', () => clock.now() >= 20_000)
    const before = clock.now()
    clock.setSpeed(0.001)
    const after = clock.now()
    expect(after - before).toBeLessThan(5000)
    expect(after).toBeGreaterThanOrEqual(before)
    clock.stop()
  })

  it('runs callbacks in the order they are due, each at its own exact time', async () => {
    const clock = createClock(0, 1000)
    const seen: [string, number][] = []
    clock.at(50_000, () => seen.push(['c', clock.now()]))
    clock.at(40_000, () => {
      seen.push(['a', clock.now()])
      clock.after(1000, () => seen.push(['b', clock.now()]))
    })
    const cancel = clock.at(41_000, () => seen.push(['never', clock.now()]))
    cancel()
    await until('three callbacks', () => seen.length === 3)
    expect(seen.map(([name]) => name)).toEqual(['a', 'b', 'c'])
    const [a, b, c] = seen.map(([, at]) => at)
    expect([a, b, c]).toEqual([40_000, 41_000, 50_000])
    clock.stop()
  })

  it('a change of speed wakes what waits', async () => {
    const clock = createClock(0, 0.01)
    let done = false
    clock.after(60_000, () => {
      done = true
    })
    clock.setSpeed(100_000)
    await until('the callback', () => done)
    clock.stop()
  })

  it('refuses a speed that is none', () => {
    expect(() => createClock(0, 0)).toThrow(RangeError)
    expect(() => createClock(0, Number.NaN)).toThrow(RangeError)
  })
})
