import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScanOptions } from '../../activities/contracts/discovery.js'
import { createServerCredentialActivities } from '../../activities/credentials.js'
import { createDiscoveryActivities } from '../../activities/discovery.js'
import { checkHealth } from '../../activities/health.js'
import { createServerActivities } from '../../activities/server.js'
import { newId } from '../../db/new-id.js'
import { insertCredentialSet } from '../../db/stores/credentials.js'
import { listFindings } from '../../db/stores/findings.js'
import { listFirmware } from '../../db/stores/firmware-inventory.js'
import { listHealth } from '../../db/stores/health.js'
import { getServer, listActiveServers, updateServerFacts } from '../../db/stores/servers.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { renamed } from '../helpers/altered-tree.js'
import { idrac7, idrac10, otherService } from '../helpers/other-trees.js'
import { loadRecording, type ServedRecording, serveTree, TEST_LOGIN, type Tree } from '../helpers/redfish-recording.js'

let bench: ActivityBench
let set_id: string
const devices: ServedRecording[] = []

beforeAll(async () => {
  bench = await startActivityBench()
  const { db, keys } = bench.deps
  set_id = (await insertCredentialSet(db, keys, { name: 'recorded', credential_type: 'idrac', ...TEST_LOGIN })).id
}, 120_000)
afterAll(async () => {
  await bench?.close()
  for (const device of devices) await device.close()
})

const OPTIONS: ScanOptions = {
  ports: [443],
  connect_timeout_ms: 1_000,
  in_flight: 1,
  rate_per_second: 10,
  exclude_ranges: [],
  first_contact: 'pin',
  try_credentials: true,
  max_sets_per_device: 2,
  keep_credentials: false,
  inventory: 'full',
  link_hosts: false,
  factory_secret_id: null,
}

/** The same machine with another service tag. */
const tagged = (tree: Tree, tag: string): Tree =>
  new Map([...tree].map(([path, body]) => [path, JSON.parse(JSON.stringify(body).replaceAll(/TST0(630|750)/g, tag))]))

/** Lets discovery look at a device that has this tree. */
async function discovered(tree: Tree) {
  const device = await serveTree(tree)
  devices.push(device)
  const context = await bench.work(newId(), [], { job_type: 'discovery_scan', credential_set_ids: [set_id] })
  const at = { address: '127.0.0.1', port: device.port }
  const input = { context, options: { ...OPTIONS, ports: [device.port] }, dry_run: false, ...at }
  const answer = await untilDone(() => createDiscoveryActivities(bench.deps).identifyDevice(input))
  return { device, context, answer, findings: await listFindings(bench.deps.db, context.job_id ?? '') }
}

test.each([
  ['r630', loadRecording('r630'), 'TST0001', 'PowerEdge R630', 'idrac8', '2.81.81.81', '2.13.0', 14],
  ['r750', loadRecording('r750'), 'TST0002', 'PowerEdge R750', 'idrac9', '6.00.30.00', '1.8.2', 21],
  ['renamed r750', renamed(loadRecording('r750')), 'TST0003', 'PowerEdge R750', 'idrac9', '6.00.30.00', '1.8.2', 21],
  ['idrac7', idrac7(), 'TST0004', 'PowerEdge R720', 'idrac7', '2.65.65.65', '2.13.0', 14],
  ['idrac10', idrac10(), 'TST0005', 'PowerEdge R750', 'idrac10', '1.20.50.50', '1.8.2', 21],
] as const)(
  '%s becomes a row with its firmware and its health',
  async (_name, tree, tag, model, generation, idrac, bios, rows) => {
    const { context, answer, findings } = await discovered(tagged(tree, tag))
    expect([answer.counts, findings]).toEqual([{ idracs: 1, created: 1 }, []])
    const server_id = answer.server_ids[0] ?? ''
    expect(await getServer(bench.deps.db, server_id)).toMatchObject({
      service_tag: tag,
      model,
      generation,
      idrac_version: idrac,
      bios_version: bios,
      power_state: 'On',
      health_status: 'OK',
      memory_gib: 512,
    })
    expect((await listFirmware(bench.deps.db, server_id)).length).toBe(rows)
    const seen = await untilDone(() =>
      createServerActivities(bench.deps).checkHealth({ context, server_id, depth: 'components', store: true }),
    )
    expect((await getServer(bench.deps.db, server_id))?.last_inventory_at).toBeTruthy()
    expect(seen).toEqual({ health_status: 'OK', power_state: 'On', faults: [] })
    const parts = await listHealth(bench.deps.db, server_id)
    const kinds = new Set(parts.map((part) => part.kind))
    for (const kind of ['fan', 'temperature', 'psu', 'dimm', 'cpu', 'drive']) expect(kinds).toContain(kind)
    expect(parts.filter((part) => part.health === 'Critical' || part.health === 'Warning')).toEqual([])
  },
)

test.each([
  ['told by its root', otherService({ Vendor: 'HPE', Product: 'ProLiant' }), 'HPE (ProLiant)', 0],
  ['told after the login', otherService({}, { Manufacturer: 'Supermicro' }), 'Supermicro', 1],
])('another maker, %s, becomes a finding and no server', async (_name, tree, maker, logins) => {
  const { device, answer, findings } = await discovered(tree)
  expect(answer).toEqual({ counts: { other_redfish: 1 }, server_ids: [] })
  const why = `A Redfish service of ${maker} answers; only Dell servers with an iDRAC are managed.`
  expect(findings).toMatchObject([{ kind: 'other_redfish', data: { why } }])
  expect(device.ledger.filter((line) => line.method === 'POST').length).toBe(logins)
  expect((await listActiveServers(bench.deps.db)).filter((one) => one.idrac_port === device.port)).toEqual([])
})

test('work on a server at whose address another maker answers is refused in words, without a password', async () => {
  const { device, answer, context } = await discovered(loadRecording('r750'))
  const server_id = answer.server_ids[0] ?? ''
  await bench.deps.idracs.close()
  const other = await serveTree(otherService({ Vendor: 'Lenovo' }))
  devices.push(other)
  const place = ['update servers set idrac_port = $1 where id = $2', [other.port, server_id]] as const
  await bench.database.pool.query(place[0], [...place[1]])
  const candidate = { set_id, source: 'job' as const }
  const tried = await failureOf(
    untilDone(() =>
      createServerCredentialActivities(bench.deps).tryServerCredential({ context, server_id, candidate }),
    ),
  )
  expect([tried.type, tried.message]).toEqual([
    'IdentityMismatch',
    expect.stringContaining('answers as Lenovo, not as an iDRAC'),
  ])
  // Ordinary work as well.
  const checked = await failureOf(
    untilDone(() => checkHealth(bench.deps, { context, server_id, depth: 'summary', store: true })),
  )
  expect([checked.type, checked.message]).toEqual([
    'IdentityMismatch',
    expect.stringContaining('Lenovo answers there, not an iDRAC; no password was sent'),
  ])
  expect([device.sessions.size, other.ledger.filter((line) => line.method !== 'GET')]).toEqual([0, []])
})

test.each(['r630', 'r750'] as const)(
  'a swapped device behind an address (%s) is not worked on, and nothing of it is stored',
  async (name) => {
    const { answer, context } = await discovered(tagged(loadRecording(name), `TST${name}`.toUpperCase()))
    const server_id = answer.server_ids[0] ?? ''
    const { db } = bench.deps
    await bench.deps.idracs.close()
    await updateServerFacts(db, server_id, { service_tag: `OTHER${name}`.toUpperCase(), health_status: 'OK' })
    const failure = await failureOf(
      untilDone(() => checkHealth(bench.deps, { context, server_id, depth: 'summary', store: true })),
    )
    expect([failure.type, failure.nonRetryable]).toEqual(['IdentityMismatch', true])
    const row = await getServer(db, server_id)
    expect(row).toMatchObject({ health_status: 'Unknown', last_error: { code: 'IdentityMismatch' } })
    expect(row?.service_tag).toMatch(/^OTHER/)
  },
)
