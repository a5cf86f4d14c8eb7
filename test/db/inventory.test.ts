import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCommandLog } from '../../db/command-log.js'
import type { Database } from '../../db/connect.js'
import { newId } from '../../db/new-id.js'
import { upsertCluster } from '../../db/stores/clusters.js'
import { saveFirmwareInventory } from '../../db/stores/firmware-inventory.js'
import { getHost, removeUnseenHosts, upsertHost } from '../../db/stores/hosts.js'
import { acceptIdentity, judgeIdentity } from '../../db/stores/identities.js'
import { getServer, linkHost, unlinkHost, upsertServer } from '../../db/stores/servers.js'
import { insertVcenter } from '../../db/stores/vcenters.js'
import { startPostgres, type TestPostgres } from '../helpers/postgres.js'

let postgres: TestPostgres
let database: Database
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.database()
})
afterAll(() => postgres.stop())

const limits = { max_request_body_bytes: 8192, max_response_body_bytes: 16384, keep_read_bodies: false }

test('a server is found again by its tag, changes are on record, an address moves to who answers there', async () => {
  const { db, pool } = database
  const first = await upsertServer(db, { service_tag: 'ABC1234', ip_address: '127.0.0.9', bios_version: '1.0' })
  expect(first.outcome).toBe('created')
  const again = await upsertServer(db, { service_tag: 'ABC1234', ip_address: '127.0.0.9', bios_version: '1.1' })
  expect(again).toMatchObject({ outcome: 'updated', server: { id: first.server.id } })
  const same = await upsertServer(db, { service_tag: 'ABC1234', ip_address: '127.0.0.9', bios_version: '1.1' })
  expect(same.outcome).toBe('unchanged')
  const { rows } = await pool.query(`select field, old, new from inventory_changes where server_id = $1`, [
    first.server.id,
  ])
  expect(rows).toEqual([{ field: 'bios_version', old: '1.0', new: '1.1' }])
  const other = await upsertServer(db, { service_tag: 'XYZ9876', ip_address: '127.0.0.9' })
  expect(other).toMatchObject({ outcome: 'created', displaced_server_id: first.server.id })
  const back = await upsertServer(db, { service_tag: 'ABC1234', ip_address: '127.0.0.10' })
  expect(back).toMatchObject({ outcome: 'updated', server: { id: first.server.id, removed_at: null } })
})

test('host and server are linked on both sides, and a half link is refused', async () => {
  const { db, pool } = database
  const vcenter = await insertVcenter(db, { name: 'vc', host: '127.0.0.1' })
  const cluster = await upsertCluster(db, vcenter.id, { moid: 'domain-c1', name: 'C' })
  expect((await upsertCluster(db, vcenter.id, { moid: 'domain-c1', name: 'C2' })).id).toBe(cluster.id)
  const { host } = await upsertHost(
    db,
    { vcenter_id: vcenter.id, moid: 'host-1' },
    { name: 'h1', cluster_id: cluster.id },
  )
  const one = await upsertServer(db, { service_tag: 'LINK001', ip_address: '127.0.1.1' })
  const two = await upsertServer(db, { service_tag: 'LINK002', ip_address: '127.0.1.2' })
  expect(await linkHost(db, { host_id: host.id, server_id: one.server.id, link_source: 'serial' })).toBe(true)
  expect(await linkHost(db, { host_id: host.id, server_id: two.server.id, link_source: 'manual' })).toBe(true)
  expect((await getServer(db, one.server.id))?.vcenter_host_id).toBeNull()
  expect((await getServer(db, two.server.id))?.vcenter_host_id).toBe(host.id)
  expect(await linkHost(db, { host_id: host.id, server_id: one.server.id, link_source: 'serial' })).toBe(false)
  await expect(pool.query('update vcenter_hosts set server_id = null where id = $1', [host.id])).rejects.toThrow(
    /does not name/,
  )
  await unlinkHost(db, host.id)
  expect((await getHost(db, host.id))?.server_id).toBeNull()
  expect(await removeUnseenHosts(db, vcenter.id, [])).toMatchObject([{ id: host.id }])
  const back = await upsertHost(db, { vcenter_id: vcenter.id, moid: 'host-1' }, { name: 'h1' })
  expect(back).toMatchObject({ outcome: 'updated', host: { id: host.id, removed_at: null } })
})

test('the firmware of a server is what was read last; an empty answer changes nothing', async () => {
  const { db, pool } = database
  const { server } = await upsertServer(db, { service_tag: 'FIRM001', ip_address: '127.0.2.1' })
  const bios = { fqdd: 'BIOS.Setup.1-1', software_id: '159', version: '1.0' }
  const nic = { fqdd: 'NIC.1', vendor_id: '8086', device_id: '1572', version: '20' }
  expect(await saveFirmwareInventory(db, server.id, [bios, nic, nic])).toEqual([])
  expect(await saveFirmwareInventory(db, server.id, [])).toEqual([])
  const changes = await saveFirmwareInventory(db, server.id, [{ ...bios, version: '1.1' }])
  expect(changes).toEqual([
    { field: 'firmware:BIOS.Setup.1-1', old: '1.0', new: '1.1' },
    { field: 'firmware:NIC.1', old: '20', new: null },
  ])
  const { rows } = await pool.query('select fqdd, version from server_firmware where server_id = $1', [server.id])
  expect(rows).toEqual([{ fqdd: 'BIOS.Setup.1-1', version: '1.1' }])
})

test('the first contact is pinned, another certificate is a change until a person accepts it', async () => {
  const { db } = database
  const place = { device_kind: 'idrac' as const, address: '127.0.0.7', port: 443, protocol: 'tls' as const }
  const pin = { first_contact: 'pin' as const }
  const answers = await Promise.all([1, 2, 3].map(() => judgeIdentity(db, place, { sha256: 'aa' }, pin)))
  expect(answers.map((a) => a.verdict)).toEqual(['accepted', 'accepted', 'accepted'])
  const changed = await judgeIdentity(db, place, { sha256: 'bb' }, pin)
  if (changed.verdict !== 'changed') throw new Error(changed.verdict)
  expect([changed.accepted.sha256, changed.seen.sha256]).toEqual(['aa', 'bb'])
  await acceptIdentity(db, changed.seen.id, { decided_by: newId(), decided_how: 'person' })
  expect((await judgeIdentity(db, place, { sha256: 'bb' }, pin)).verdict).toBe('accepted')
  expect((await judgeIdentity(db, place, { sha256: 'aa' }, pin)).verdict).toBe('changed')
  expect((await judgeIdentity(db, { ...place, port: 8443 }, { sha256: 'aa' }, { first_contact: 'ask' })).verdict).toBe(
    'pending',
  )
  expect((await judgeIdentity(db, place, { sha256: 'cc' }, { ...pin, expected_change: true })).verdict).toBe('accepted')
})

test('what a device sends in its answer never holds up the record of the others', async () => {
  const { pool } = database
  const log = createCommandLog(database, { source: 'worker', limits: () => limits })
  const job_id = newId()
  const recorder = log.recorder({ operation_type: 'inventory', device_kind: 'idrac', job_id })
  const read = {
    protocol: 'redfish' as const,
    command_type: 'GET',
    endpoint: '/',
    full_url: 'https://1.2.3.4/',
    mutation: false,
  }
  const bodies = [
    { Name: 'a\0b' },
    { 'Na\0me': { Model: '\ud800' } },
    'te\0xt\ud800',
    ['\t\n\\N', '\\'],
    { Id: '\\.\n\\N' },
    null,
  ]
  for (const response_body of bodies) {
    const call = await recorder.begin(read)
    const error_message = 'no\0\ud800 \\N \t tab'
    await call.end({ success: false, outcome: 'failed', response_time_ms: 1, response_body, error_message })
  }
  // What no column takes at all is counted, and alone.
  const odd = await recorder.begin({ ...read, command_type: 'NONSENSE' })
  await odd.end({ success: true, outcome: 'ok', response_time_ms: 1 })
  await log.flush()
  const { rows } = await pool.query(
    'select response_body, error_message from idrac_commands where job_id = $1 order by id',
    [job_id],
  )
  expect(rows.map((row) => row.response_body)).toEqual([
    { Name: 'a\ufffdb' },
    { 'Na\ufffdme': { Model: '\ufffd' } },
    'te\ufffdxt\ufffd',
    ['\t\n\\N', '\\'],
    { Id: '\\.\n\\N' },
    null,
  ])
  expect(new Set(rows.map((row) => row.error_message))).toEqual(new Set(['no\ufffd\ufffd \\N \t tab']))
  expect(log.dropped).toBe(1)
  await log.close()
})

test('of many rows at once each is stored once, and those that come meanwhile too', async () => {
  const { pool } = database
  const log = createCommandLog(database, { source: 'worker', limits: () => limits })
  const job_id = newId()
  const recorder = log.recorder({ operation_type: 'inventory', device_kind: 'idrac', job_id })
  const burst = async (rows: number) => {
    for (let row = 0; row < rows; row += 1) {
      const full_url = `https://1.2.3.4/redfish/v1/${row}`
      const call = await recorder.begin({
        protocol: 'redfish',
        command_type: 'GET',
        endpoint: '/',
        full_url,
        mutation: false,
      })
      await call.end({ success: true, outcome: 'ok', response_time_ms: 1 })
    }
  }
  await burst(12_000)
  const stored = log.flush()
  await burst(500)
  await stored
  await log.close()
  const { rows } = await pool.query('select count(*)::int as n from idrac_commands where job_id = $1', [job_id])
  expect([rows[0]?.n, log.dropped]).toEqual([12_500, 0])
})

test('the intent of a mutation is stored before it may be sent, reads come in batches, nothing secret is kept', async () => {
  const { pool } = database
  const log = createCommandLog(database, { source: 'worker', limits: () => limits })
  const job_id = newId()
  const recorder = log.recorder({ operation_type: 'power', device_kind: 'idrac', job_id })
  const call = {
    protocol: 'redfish' as const,
    command_type: 'POST',
    endpoint: '/Reset',
    full_url: 'https://u:Pw@1.2.3.4/Reset?ticket=Geheim',
  }
  const open = await recorder.begin({
    ...call,
    mutation: true,
    request_body: { ResetType: 'On', Password: 'Geheim', Odd: 'Geheim' },
  })
  const intent = await pool.query(
    'select outcome, success, full_url, request_body from idrac_commands where job_id = $1',
    [job_id],
  )
  expect(intent.rows).toEqual([
    {
      outcome: 'intent',
      success: null,
      full_url: expect.not.stringMatching(/Pw|Geheim/),
      request_body: { ResetType: 'On', Password: '(secret)', Odd: '(string)' },
    },
  ])
  await open.end({ success: true, outcome: 'ok', status_code: 204, response_time_ms: 12.7 })
  await expect(pool.query(`update idrac_commands set success = false where job_id = $1`, [job_id])).rejects.toThrow(
    /closed/,
  )
  for (let i = 0; i < 450; i++) {
    const read = await recorder.begin({ ...call, command_type: 'GET', endpoint: `/r/${i}`, mutation: false })
    await read.end({
      success: i > 0,
      outcome: i > 0 ? 'ok' : 'failed',
      response_time_ms: 1,
      response_body: { Id: 'x', Token: 'Geheim' },
    })
  }
  await log.flush()
  const { rows } = await pool.query(
    `select count(*)::int as n, count(response_body)::int as bodies from idrac_commands where job_id = $1`,
    [job_id],
  )
  expect(rows).toEqual([{ n: 451, bodies: 1 }])
  const all = await pool.query(`select idrac_commands::text as raw from idrac_commands where job_id = $1`, [job_id])
  expect(JSON.stringify(all.rows)).not.toContain('Geheim')
  await log.close()
})

test('ids of one process grow', () => {
  const ids = Array.from({ length: 5000 }, () => newId())
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(5000)
  for (const id of ids.slice(0, 50))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
