import { expect } from 'vitest'
import { bootsOf } from './doubles-bios.js'
import type { PlayedJob } from './played-job.js'

/** What of a host a job may not leave changed without a word. */
export interface HostBefore {
  in_maintenance: boolean
  ssh: boolean
}

export const hostsBefore = (job: Pick<PlayedJob, 'world'>): Map<string, HostBefore> =>
  new Map([...job.world.hosts.values()].map(({ id, in_maintenance, ssh }) => [id, { in_maintenance, ssh }]))

const ALL_SERVING: HostBefore = { in_maintenance: false, ssh: false }

/**
 * What holds at the end of any job, however it went: the end was written once, every lease is free, and whatever is not
 * as it was (maintenance, SSH, cluster settings) is named in an attention entry or was asked for.
 */
export function expectTidy(job: PlayedJob, before: Map<string, HostBefore> = new Map()): void {
  const { world, rows } = job
  expect(rows.finished, 'the end is written exactly once').toHaveLength(1)
  expect([...world.leases], 'leases').toEqual([])
  expect(rows.stale, 'counters of rows grow').toEqual([])
  for (const host of world.hosts.values()) {
    const was = before.get(host.id) ?? ALL_SERVING
    const named = rows.attention.filter((entry) => entry.target_id === host.id)
    if (
      host.in_maintenance &&
      !was.in_maintenance &&
      !(world.asked_for.has(host.id) && world.handed_over.has(host.id))
    ) {
      const states = named.map((entry) => entry.state_left)
      expect(states, `${host.name} was left in maintenance`).toContainEqual(expect.stringContaining('maintenance'))
    }
    if (host.ssh && !was.ssh) {
      const states = named.map((entry) => entry.state_left)
      expect(states, `SSH of ${host.name} was left on`).toContainEqual(expect.stringMatching(/ssh/i))
    }
  }
  for (const server of world.servers.values()) {
    const waits = server.staged_bios && server.staged_bios.boots === bootsOf(world, server.id)
    const told = job.end.result.targets.some(({ target, outcome }) => target.id === server.id && outcome === 'staged')
    if (!waits || told) continue
    const states = rows.attention.filter(({ target_id }) => target_id === server.id).map(({ state_left }) => state_left)
    expect(states, `BIOS values wait on ${server.name}`).toContainEqual(expect.stringContaining('staged'))
  }
  if (world.borrowed.size > 0) {
    expect(
      rows.attention.map((entry) => entry.target_kind),
      [...world.borrowed].join(),
    ).toContain('cluster')
  }
  const open = rows.steps.filter((step) => step.status === 'running').length
  const ended = rows.steps.filter((step) => step.status !== 'running').length
  expect(ended, 'every step that began has ended').toBe(open)
}
