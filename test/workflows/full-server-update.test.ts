import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../helpers/workflows/bench.js'
import { failEachStep } from '../helpers/workflows/each-step.js'
import { expectTidy } from '../helpers/workflows/tidy.js'
import { makeWorld, serverTarget } from '../helpers/workflows/world.js'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench.close())

const play = (details: object = {}) => {
  const world = makeWorld(4)
  return { world, targets: [serverTarget(world, 's1')], details: { evacuate_host: true, ...details } }
}

describe('full_server_update', () => {
  test('saves the profile, updates phase by phase with one reboot, the iDRAC last', async () => {
    const job = await bench.run('full_server_update', play())
    expect(job.end.status).toBe('completed')
    const names = job.stepNames
    expect(names.indexOf('backupProfile')).toBeGreaterThanOrEqual(0)
    expect(names.indexOf('backupProfile')).toBeLessThan(names.indexOf('submitFirmware'))
    const sent = job.calls.filter(({ name }) => name === 'submitFirmware')
    expect(sent.map(({ input }) => [(input.component as { component: string }).component, input.apply_time])).toEqual([
      ['bios', 'OnReset'],
      ['idrac', 'Immediate'],
    ])
    expect(job.count('rebootHost')).toBe(1)
    expect(job.world.servers.get('s1')?.installed.size).toBe(2)
    expectTidy(job)
  })

  test('a server that is current is left alone', async () => {
    const given = play()
    for (const one of given.world.packages) given.world.servers.get('s1')?.installed.add(one.package_id)
    const job = await bench.run('full_server_update', given)
    expect(job.end.result.targets).toMatchObject([{ outcome: 'unchanged' }])
    expect(job.mutations).toEqual([])
    expectTidy(job)
  })

  test('compares again after a pass and installs what a first update made possible', async () => {
    const given = play({ max_passes: 2 })
    const [bios] = given.world.packages
    if (!bios) throw new Error('no package')
    const late = { ...bios, package_id: 'package-late', component: 'nic' as const, name: 'NIC' }
    const job = await bench.run('full_server_update', {
      ...given,
      answers: {
        waitServerBack: async () => {
          if (!given.world.packages.includes(late)) given.world.packages.push(late)
        },
      },
    })
    expect(job.end.status).toBe('completed')
    expect(job.world.servers.get('s1')?.installed).toContain('package-late')
    expectTidy(job)
  })

  test('a dry run changes nothing', async () => {
    const job = await bench.run('full_server_update', { ...play(), dry_run: true })
    expect(job.mutations).toEqual([])
  })

  test.each(['before', 'after'] as const)(
    'a step that fails %s it took effect leaves nothing without a word',
    {
      timeout: 240_000,
    },
    async (when) => {
      const { wrong } = await failEachStep(bench, 'full_server_update', play, when)
      expect(wrong).toEqual([])
    },
  )
})
