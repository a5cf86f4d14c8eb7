import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CredentialPlan, Tried } from '../../activities/contracts/credentials.js'
import { createCredentialActivities, createServerCredentialActivities } from '../../activities/credentials.js'
import { insertCredentialSet } from '../../db/stores/credentials.js'
import { listLogins } from '../../db/stores/login-budget.js'
import { getServer, updateServerFacts } from '../../db/stores/servers.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { type LabIdrac, type LabProcess, startLab, until } from '../helpers/lab-process.js'

const CANARY = 'c4n4ry-wrong-password'
let lab: LabProcess
let bench: ActivityBench
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  idracs.push(...lab.site.idracs.filter((idrac) => !idrac.personality))
}, 120_000)
afterAll(async () => {
  await bench?.close()
  await lab?.stop()
})

async function place() {
  const idrac = idracs.shift()
  if (!idrac) throw new Error('the lab has too few iDRACs for these tests')
  const server_id = await bench.addServer(idrac)
  const { deps } = bench
  const device = { kind: 'server' as const, id: server_id }
  const base = await bench.work(server_id, [])
  const plan = (credential_set_ids: string[] = []): Promise<CredentialPlan> =>
    untilDone(() =>
      createCredentialActivities(deps).planCredentials({ context: { ...base, credential_set_ids }, device }),
    )
  const attempt = (set_id: string, context: WorkContext = base): Promise<Tried> =>
    untilDone(() =>
      createServerCredentialActivities(deps).tryServerCredential({
        context,
        server_id,
        candidate: { set_id, source: 'job' },
      }),
    )
  const addSet = async (name: string, password: string) =>
    (
      await insertCredentialSet(deps.db, deps.keys, {
        name: `${idrac.name} ${name}`,
        credential_type: 'idrac',
        username: idrac.username,
        password,
      })
    ).id
  const posts = async () =>
    (await lab.ledger(idrac.name)).filter((row) => row.method === 'POST' && row.path.endsWith('Sessions'))
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  return { idrac, server_id, device, context: base, plan, attempt, addSet, posts, fault }
}

test('plans the sets of the job alone and in its order, the same secret once, and sends nothing', async () => {
  const { server_id, plan, addSet, posts } = await place()
  const [one, twin] = [await addSet('one', 'a'), await addSet('twin', 'a')]
  const explicit = (await getServer(bench.deps.db, server_id))?.credential_set_id ?? null
  expect(await plan([twin, one])).toMatchObject({
    candidates: [
      { set_id: twin, source: 'job', same_as: null },
      { set_id: one, source: 'job', same_as: 0 },
    ],
    explicit_set_id: explicit,
    chosen: { source: 'explicit', set_id: explicit },
  })
  const own = await plan()
  expect(own.candidates.map((one) => one.source)).toEqual(['explicit'])
  expect(own.skipped.map((one) => one.source)).toEqual(['job', 'discovered', 'range', 'default', 'environment'])
  expect(await posts()).toEqual([])
})

test('logs in and out, twice wrong at most in a window, and writes neither password nor session', async () => {
  const { idrac, attempt, addSet, posts } = await place()
  const right = await addSet('right', idrac.password)
  const wrong = await addSet('wrong', CANARY)
  expect(await attempt(wrong)).toEqual({ outcome: 'refused' })
  expect(await attempt(wrong)).toEqual({ outcome: 'refused' })
  const third = await attempt(wrong)
  // At this speed the window is 0.3 s; a slow machine may have passed it.
  if (third.outcome === 'not_tried_budget') expect(third.retry_ms).toBeLessThan(1_000)
  expect(await attempt(right)).toMatchObject({ outcome: expect.stringMatching(/ok|not_tried_budget/) })
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(await attempt(right)).toEqual({ outcome: 'ok' })
  const state = await lab.control<{ figures: { failed_logins_60s: { max: number }[] } }>('GET', '/lab/invariants')
  expect(state.figures.failed_logins_60s.every((one) => one.max <= 2)).toBe(true)
  expect((await posts()).length).toBeGreaterThanOrEqual(3)

  const logins = await listLogins(bench.deps.db, 'idrac', `${idrac.address}:${idrac.port}`)
  expect(new Set(logins.map((row) => row.outcome))).toEqual(new Set(['ok', 'refused']))
  const rows = await until('each login on record', async () => {
    const { rows: found } = await bench.database.pool.query<{ row: string; credential_set_id: string }>(
      "select c::text as row, credential_set_id from idrac_commands c where credential_set_id is not null and command_type = 'POST'",
    )
    return new Set(found.map((row) => row.credential_set_id)).size === 2 && found
  })
  expect(rows.filter(({ row }) => row.includes(CANARY) || row.includes(idrac.password))).toEqual([])
  const open = await bench.database.pool.query(
    'select 1 from device_sessions where closed_at is null and address = $1',
    [`${idrac.address}:${idrac.port}`],
  )
  expect(open.rowCount).toBe(0)
})

test('a device that was known with other credentials as refused is tried all the same', async () => {
  const { idrac, server_id, attempt, addSet } = await place()
  await updateServerFacts(bench.deps.db, server_id, { credential_state: 'rejected' })
  expect(await attempt(await addSet('right', idrac.password))).toEqual({ outcome: 'ok' })
})

test('a password that must be changed first is an outcome of its own', async () => {
  const { idrac, attempt, addSet, fault } = await place()
  const set = await addSet('right', idrac.password)
  const body = JSON.stringify({
    '@odata.id': '/redfish/v1/SessionService/Sessions/2',
    '@Message.ExtendedInfo': [{ MessageId: 'Base.1.12.PasswordChangeRequired', Message: 'Change it.' }],
  })
  await fault({ method: 'POST', path: '*Sessions' }, { action: 'replace_body', body, remaining: 1 })
  expect(await attempt(set)).toEqual({ outcome: 'password_change_required' })
})

test('a device that says it is another one gets no password', async () => {
  const { idrac, server_id, attempt, addSet, posts } = await place()
  await updateServerFacts(bench.deps.db, server_id, { service_tag: 'OTHER01' })
  const set = await addSet('right', idrac.password)
  const failure = await failureOf(attempt(set))
  expect([failure.type, failure.message]).toEqual(['IdentityMismatch', expect.stringContaining(idrac.service_tag)])
  expect(await posts()).toEqual([])
})

test('a set that worked is written, with the state and who asked; what was chosen stays', async () => {
  const { idrac, server_id, device, context, addSet } = await place()
  const set = await addSet('right', idrac.password)
  const save = (assign_set_id: string | null, outcome: 'ok' | 'refused') =>
    untilDone(() =>
      createCredentialActivities(bench.deps).saveCredentialTest({
        context,
        device,
        attempts: [{ set_id: set, source: 'job', name: 'right', outcome }],
        chosen: { source: 'range', set_id: set },
        assign_set_id,
        requested_by: null,
      }),
    )
  const server = () => getServer(bench.deps.db, server_id)
  const before = (await server())?.credential_set_id
  await save(null, 'refused')
  expect(await server()).toMatchObject({ credential_set_id: before, credential_state: 'rejected' })
  await save(set, 'ok')
  expect(await server()).toMatchObject({ credential_set_id: set, credential_state: 'working' })
  const { rows } = await bench.database.pool.query(
    "select object_label, after from audit_log where action = 'server.update' and object_id = $1",
    [server_id],
  )
  expect(rows).toEqual([{ object_label: idrac.service_tag, after: { credential_set_id: set } }])
})
