import { describe, expect, test } from 'vitest'
import { runAll } from '../../workers/run-all.js'

type State = 'INITIALIZED' | 'RUNNING' | 'STOPPED'

/** Runs until it is shut down or dies. */
function worker() {
  let state: State = 'INITIALIZED'
  let settle: { done: () => void; fail: (error: Error) => void }
  const ended = new Promise<void>((done, fail) => {
    settle = { done, fail }
  })
  return {
    run: () => {
      state = 'RUNNING'
      return ended.finally(() => {
        state = 'STOPPED'
      })
    },
    shutdown: () => settle.done(),
    getState: () => state,
    die: (error: Error) => settle.fail(error),
  }
}

describe('the workers of a process', () => {
  test('one that dies ends the others, and the process with its error', async () => {
    const [first, second] = [worker(), worker()]
    const running = runAll([first, second], new AbortController().signal)
    first.die(new Error('poll failed'))
    await expect(running).rejects.toThrow('poll failed')
    expect(second.getState()).toBe('STOPPED')
  })

  test('one that ends without being asked is an error too', async () => {
    const [first, second] = [worker(), worker()]
    const running = runAll([first, second], new AbortController().signal)
    first.shutdown()
    await expect(running).rejects.toThrow('by itself')
  })

  test.each(['before', 'after'])('a stop that came %s they ran ends all of them without an error', async (when) => {
    const stop = new AbortController()
    const workers = [worker(), worker()]
    if (when === 'before') stop.abort()
    const running = runAll(workers, stop.signal)
    stop.abort()
    await running
    expect(workers.map((one) => one.getState())).toEqual(['STOPPED', 'STOPPED'])
  })
})
