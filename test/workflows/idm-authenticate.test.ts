import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { PERSON_ID } from '../helpers/workflows/doubles-directory.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const REF = '00000000-0000-4000-8000-0000000000cc'
const play = (username = 'olivia.park', more: object = {}) => ({
  world: makeWorld(0),
  targets: [{ kind: 'user_source' as const, id: 'idm_authenticate', name: 'Try a directory login' }],
  details: { username, secret_ref: REF, ...more },
})

describe('idm_authenticate', () => {
  test('shows what a login would give, refreshes the profile, makes no session', async () => {
    const job = await bench.run('idm_authenticate', play('olivia.park', { ip_address: '10.1.2.3' }))
    expect(job.end).toMatchObject({
      status: 'completed',
      result: {
        authenticated: true,
        user_id: PERSON_ID,
        username: 'olivia.park',
        role: 'operator',
        groups: ['cn=operators,dc=lab'],
      },
    })
    expect(job.calls.find(({ name }) => name === 'tryDirectoryLogin')?.input).toMatchObject({
      secret_ref: REF,
      source_ip: '10.1.2.3',
    })
    expectTidy(job)
  })

  test('a refused password fails it, with the answer in the result', async () => {
    const job = await bench.run('idm_authenticate', play('wrong'))
    expect(job.end).toMatchObject({
      status: 'failed',
      error: { code: 'InvalidCredentials' },
      result: { authenticated: false, dn: 'uid=wrong,dc=lab', reason: 'refused' },
    })
    expect(job.count('tryDirectoryLogin')).toBe(1)
    expect(job.count('keepLoginTrial')).toBe(1)
  })

  test('looks only, when the profile shall stay as it is', async () => {
    const job = await bench.run('idm_authenticate', play('olivia.park', { update_profile: false }))
    expect(job.calls.find(({ name }) => name === 'keepLoginTrial')?.input).toMatchObject({ update_profile: false })
    expect(job.end.result.user_id).toBeUndefined()
  })

  test('a dry run binds nobody and keeps nothing', async () => {
    const job = await bench.run('idm_authenticate', { ...play('wrong'), dry_run: true })
    expect([job.count('tryDirectoryLogin'), job.count('keepLoginTrial'), job.count('findDirectoryPerson')]).toEqual([
      0, 0, 1,
    ])
    expect(job.end).toMatchObject({ status: 'completed', result: { plan: { would_start: true, username: 'wrong' } } })
  })

  test('a cancel before the login tries nothing', async () => {
    const running = await bench.start('idm_authenticate', play())
    const held = running.job.hold('claimJob')
    await held.reached
    await running.cancel('graceful')
    held.release()
    const job = await running.end()
    expect([job.end.status, job.count('tryDirectoryLogin')]).toEqual(['cancelled', 0])
  })

  test.each(['before', 'after'] as const)('a step that fails %s it took effect ends with a reason', async (when) => {
    expect((await failEachStep(bench, 'idm_authenticate', play, when)).wrong).toEqual([])
  })
})
