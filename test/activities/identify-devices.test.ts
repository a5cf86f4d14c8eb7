import { describe, expect, test } from 'vitest'
import { NotYet } from '../../activities/failures.js'
import { type Identified, identifyDevices } from '../../activities/identify-devices.js'

const endpoints = Array.from({ length: 60 }, (_, at) => ({ address: `10.0.0.${at + 1}`, port: 443 }))
const found: Identified = { counts: { idracs: 1 }, server_ids: ['one'] }
const mute: Identified = { counts: {}, server_ids: [], mute: 'The peer closed the connection.' }

/** Looks at all; `answer` is asked with how often that address was looked at before. */
async function look(answer: (address: string, before: number) => Identified) {
  const looks = new Map<string, number>()
  const silent: string[] = []
  const together = await identifyDevices(
    { endpoints },
    async ({ address }) => {
      const before = looks.get(address) ?? 0
      looks.set(address, before + 1)
      return answer(address, before)
    },
    ({ address }, why) => silent.push(`${address} ${why}`),
  )
  return { together, looks, silent }
}

describe('a group of open ports', () => {
  test('each is looked at once', async () => {
    const { together, looks } = await look(() => found)
    expect(together.counts).toEqual({ idracs: 60 })
    expect([...looks.values()]).toEqual(endpoints.map(() => 1))
  })

  test('one that dropped the connection is asked once more, and told of when it stays mute', async () => {
    const { together, looks, silent } = await look((address, before) => {
      if (address === '10.0.0.7') return before === 0 ? mute : found
      return address === '10.0.0.8' ? mute : found
    })
    expect(together.counts).toEqual({ idracs: 59 })
    expect(['10.0.0.7', '10.0.0.8', '10.0.0.9'].map((address) => looks.get(address))).toEqual([2, 2, 1])
    expect(silent).toEqual(['10.0.0.8 The peer closed the connection.'])
    expect(together.later).toEqual([])
  })

  test('one that cannot be asked now is left for later, the others go on', async () => {
    const { together } = await look((address) => {
      if (address === '10.0.0.3') throw new NotYet('LoginBudget', 'Not yet.', 10)
      return found
    })
    expect(together.counts).toEqual({ idracs: 59 })
    expect(together.later).toEqual([{ address: '10.0.0.3', port: 443 }])
  })
})
