import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClusterActivities } from '../../activities/cluster.js'
import { newId } from '../../db/new-id.js'
import { listHostsOfClusters } from '../../db/stores/hosts.js'
import { DEFAULT_SAFETY_POLICY } from '../../domain/safety-types.js'
import { type ActivityBench, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type VsphereSite, vsphereSite } from '../lab/vcenter-site.js'

let site: VsphereSite
let bench: ActivityBench
let cluster_id: string
let host_ids: string[]

beforeAll(async () => {
  ;[site, bench] = await Promise.all([vsphereSite(), startActivityBench()])
  setVsan(0)
  await bench.addVcenter(site.vcenter)
  const { rows } = await bench.database.pool.query<{ id: string }>("select id from clusters where name = 'Prod-A'")
  cluster_id = rows[0]?.id ?? ''
  host_ids = (await listHostsOfClusters(bench.deps.db, [cluster_id])).map((row) => row.id)
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await site?.stop()
})

function setVsan(resyncing_objects: number): void {
  const cluster = site.running.lab.state.clusters.find((one) => one.name === 'Prod-A')
  if (!cluster) throw new Error('the site has no Prod-A')
  cluster.vsan = { enabled: true, resyncing_objects }
}

async function judge(asked: string[]) {
  const context = await bench.work(cluster_id, [], { job_id: newId() })
  const since = site.running.lab.ledger.read({ since: 0 }).at(-1)?.seq ?? 0
  const verdict = await untilDone(() =>
    createClusterActivities(bench.deps).checkClusterSafety({
      context,
      cluster_id,
      host_ids: asked,
      policy: DEFAULT_SAFETY_POLICY,
      store: false,
      owner_workflow_id: `job/${context.job_id}`,
    }),
  )
  const asks = site.running.lab.ledger.read({ since }).filter((line) => line.path === 'VsanPerformResourceCheck')
  return { verdict, asks: asks.length }
}

test('a vSAN cluster that is green and at rest may lose one host, since vSAN itself says so', async () => {
  const { verdict, asks } = await judge(host_ids.slice(0, 1))
  expect(verdict.blockers).toEqual([])
  expect(verdict).toMatchObject({ safe: true, vsan: { enabled: true, health: 'green', resync_bytes: 0 } })
  expect(asks).toBe(1)
})

test('without a named host each one is asked about', async () => {
  const { verdict, asks } = await judge([])
  expect(verdict.safe).toBe(true)
  expect(asks).toBe(host_ids.length)
})

test('a resync blocks, and vSAN is not asked what would be', async () => {
  setVsan(3)
  const { verdict, asks } = await judge(host_ids.slice(0, 1))
  setVsan(0)
  expect(verdict.safe).toBe(false)
  expect(verdict.blockers.map((each) => each.code)).toEqual(expect.arrayContaining(['VsanResync', 'VsanUnhealthy']))
  expect(asks).toBe(0)
})

test('a rolling update asks vSAN about the host that would begin, and begins it', async () => {
  const context = await bench.work(cluster_id, [], { job_id: newId() })
  const since = site.running.lab.ledger.read({ since: 0 }).at(-1)?.seq ?? 0
  const hosts = host_ids.map((id) => ({
    id,
    name: id,
    work: 'update' as const,
    needs_maintenance: true,
    blockers: [],
    estimate_minutes: 30,
  }))
  const { decision } = await untilDone(() =>
    createClusterActivities(bench.deps).decideRolling({
      context,
      cluster_id,
      owner_workflow_id: `job/${context.job_id}`,
      hosts,
      progress: { hosts: {}, retry_queue: [] },
      policy: {
        safety: DEFAULT_SAFETY_POLICY,
        on_failure: 'stop',
        failed_hosts_tolerance: 0,
        host_order: [],
        canary_hosts: 0,
        pause_after_canary: false,
        hosts_found_in_maintenance: 'keep',
        on_blocked: 'wait',
      },
    }),
  )
  expect(decision).toMatchObject({ type: 'step', hosts: [{ action: 'update' }] })
  const asked = site.running.lab.ledger.read({ since }).filter((line) => line.path === 'VsanPerformResourceCheck')
  expect(asked).toHaveLength(1)
})
