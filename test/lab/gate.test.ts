import { afterEach, describe, expect, it } from 'vitest'
import type { Lab } from '../../lab/create-core.js'
import { connection, first, requestTo, smallLab, until } from './small-lab.js'

let lab: Lab = smallLab()
afterEach(() => {
  lab.clock.stop()
  lab = smallLab()
})

const DEVICE = 'idrac-prod-a-01'
const done = () => ({ status: 202, body: 'accepted', effect: 'job made' })
const rowOf = (seq = lab.ledger.last) => first(lab.ledger.read({ since: seq - 1 }))

describe('the gate', () => {
  it('writes a row with what came out of it', async () => {
    await lab.gate.handle(requestTo(DEVICE, { method: 'POST', path: '/x', mutation: true }), done)
    expect(rowOf()).toMatchObject({
      device: DEVICE,
      method: 'POST',
      path: '/x',
      mutation: true,
      status: 202,
      effect: 'job made',
    })
  })

  it('a request held before its effect whose client died has no effect', async () => {
    lab.rules.add({ selector: { method: 'POST' }, action: 'hold', when: 'before' })
    const client = connection()
    let effects = 0
    const verdict = lab.gate.handle(requestTo(DEVICE, { method: 'POST', connection: client }), () => {
      effects += 1
      return done()
    })
    await until('the hold', () => lab.holds.list().length === 1)
    expect(rowOf().status).toBe(0)
    client.close()
    expect(lab.holds.list()).toHaveLength(1)
    expect(lab.holds.release(first(lab.holds.list()).id)).toBe(true)
    expect((await verdict).delivery).toEqual({ how: 'close' })
    expect(effects).toBe(0)
    expect(rowOf().status).toBe(0)
  })

  it('a request held after its effect has it, whoever dies', async () => {
    lab.rules.add({ selector: { device: DEVICE, path: '/red*' }, action: 'hold', when: 'after', remaining: 1 })
    const client = connection()
    let effects = 0
    const verdict = lab.gate.handle(requestTo(DEVICE, { connection: client }), () => {
      effects += 1
      return done()
    })
    await until('the hold', () => lab.holds.list().length === 1)
    expect([effects, rowOf().status]).toEqual([1, 202])
    client.close()
    lab.holds.releaseAll()
    await verdict
    expect(effects).toBe(1)
    expect(lab.rules.list()).toHaveLength(0)
  })

  it.each([
    [{ action: 'status', code: 503, body: 'no' }, 0, { how: 'send' }, 503],
    [{ action: 'drop_answer' }, 1, { how: 'close' }, 202],
    [{ action: 'truncate' }, 1, { how: 'truncate' }, 202],
    [{ action: 'reset', after_bytes: 3 }, 1, { how: 'reset', after_bytes: 3 }, 202],
    [{ action: 'stall' }, 0, { how: 'stall' }, 0],
    [{ action: 'replace_body', body: 'other' }, 1, { how: 'send' }, 202],
  ])('%o: effect %i times', async (action, times, delivery, status) => {
    lab.rules.add({ selector: { device: DEVICE }, ...action })
    let effects = 0
    const verdict = await lab.gate.handle(requestTo(DEVICE), () => {
      effects += 1
      return done()
    })
    expect([effects, verdict.delivery, rowOf().status]).toEqual([times, delivery, status])
    if (action.action === 'replace_body') expect(verdict.answer.body).toBe('other')
  })

  it('rules select by device, kind, method, path with wildcard and phase, and run out', async () => {
    const met = async (change: Parameters<typeof requestTo>[1]) =>
      (await lab.gate.handle(requestTo(DEVICE, change), done)).answer.status === 418
    lab.rules.add({
      selector: {
        device: lab.find.server(DEVICE).idrac.address,
        kind: 'redfish',
        method: 'post',
        path: '/a/*/c',
        phase: 'idle',
      },
      action: 'status',
      code: 418,
      remaining: 2,
    })
    expect(await met({ method: 'GET', path: '/a/b/c' })).toBe(false)
    expect(await met({ method: 'POST', path: '/a/c' })).toBe(false)
    expect(await met({ method: 'POST', path: '/a/b/c', phase: 'rebooting' })).toBe(false)
    expect(await met({ method: 'POST', path: '/a/b/c' })).toBe(true)
    expect(await met({ method: 'POST', path: '/a/x/y/c' })).toBe(true)
    expect(await met({ method: 'POST', path: '/a/b/c' })).toBe(false)
  })

  it('a probability is thrown with the seed: the same site meets the same requests', async () => {
    const meet = async (one: Lab) => {
      one.rules.add({ selector: {}, action: 'status', code: 500, probability: 0.5 })
      const statuses: number[] = []
      for (let i = 0; i < 40; i++) statuses.push((await one.gate.handle(requestTo(DEVICE), done)).answer.status)
      return statuses.join()
    }
    const other = smallLab()
    const statuses = await meet(lab)
    expect(await meet(other)).toBe(statuses)
    expect(statuses).toContain('500')
    expect(statuses).toContain('202')
    other.clock.stop()
  })

  it.each([
    [{ action: 'explode' }, /action must be/],
    [{ action: 'status' }, /code must be/],
    [{ action: 'hold' }, /when/],
    [{ action: 'stall', selector: { colour: 'blue' } }, /selector has no/],
    [{ action: 'stall', code: 3 }, /unknown field/],
    [{ action: 'personality', name: 'nobody' }, /none called/],
    ['text', /must be an object/],
  ])('refuses the rule %o with a sentence', (rule, sentence) => {
    expect(() => lab.rules.add(rule)).toThrow(sentence)
  })

  it('a personality rule gives a server and its host other switches for as long as it is there', () => {
    const rule = lab.rules.add({ selector: { device: DEVICE }, action: 'personality', name: 'evacuation_hangs' })
    expect(lab.flags(DEVICE).evacuation_hangs).toBe(true)
    expect(lab.flags(lab.find.server(DEVICE).host ?? '').evacuation_hangs).toBe(true)
    expect(lab.flags('idrac-prod-a-02').evacuation_hangs).toBe(false)
    lab.rules.remove(rule.id)
    expect(lab.flags(DEVICE).evacuation_hangs).toBe(false)
  })

  it('a bug in an effect is a 500, not a crash', async () => {
    const verdict = await lab.gate.handle(requestTo(DEVICE), () => {
      throw new Error('on purpose')
    })
    expect(verdict.answer.status).toBe(500)
  })
})
