import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConsoleActivities } from '../../activities/console.js'
import type { ConsoleActivities } from '../../activities/contracts/console.js'
import { createCoreActivities } from '../../activities/jobs.js'
import { newId } from '../../db/new-id.js'
import { takeOwnSecret } from '../../db/stores/sealed-secrets.js'
import type { ConsoleTicket } from '../../domain/console-ticket.js'
import { type ActivityBench, failureOf, startActivityBench, untilDone } from '../helpers/activity-bench.js'
import { askIdrac } from '../helpers/idrac-request.js'
import { type LabIdrac, type LabProcess, startLab } from '../helpers/lab-process.js'

let lab: LabProcess
let bench: ActivityBench
let activities: ConsoleActivities
const idracs: LabIdrac[] = []

beforeAll(async () => {
  ;[lab, bench] = await Promise.all([startLab(), startActivityBench()])
  activities = createConsoleActivities(bench.deps)
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
  const context = await bench.work(server_id, [])
  const requested_by = newId()
  const check = (type: 'kvm' | 'web' = 'kvm') => untilDone(() => activities.checkConsole({ context, server_id, type }))
  const open = (type: 'kvm' | 'web' = 'kvm') =>
    untilDone(() => activities.openConsole({ context, server_id, type, requested_by }))
  const take = async (ticket_ref: string, owner_user_id = requested_by) => {
    const of = { purpose: 'console_ticket' as const, owner_user_id }
    const content = await takeOwnSecret(bench.deps.db, bench.deps.keys, ticket_ref, of)
    return content === null ? null : (JSON.parse(content) as ConsoleTicket)
  }
  const visit = ({ url }: ConsoleTicket) => {
    const { pathname, search } = new URL(url)
    return askIdrac(idrac, 'GET', pathname + search)
  }
  const fault = (selector: object, rule: object) =>
    lab.control('POST', '/lab/faults', { selector: { ...selector, device: idrac.name }, ...rule })
  return { idrac, server_id, context, requested_by, check, open, take, visit, fault }
}

test('a ticket opens the console once, also later than an idle session would live, and is written nowhere', async () => {
  const { idrac, check, open, take, visit } = await place()
  expect(await check()).toEqual({ type: 'kvm', why: null })
  const { ticket_ref, ...told } = await open()
  expect(told).toEqual({ type: 'kvm', expires_at: expect.any(String) })
  expect(await take(ticket_ref, newId())).toBeNull()
  const { rows: sealed } = await bench.database.pool.query<{ row: string }>(
    'select s::text as row from sealed_secrets s where id = $1',
    [ticket_ref],
  )
  const ticket = await take(ticket_ref)
  if (!ticket) throw new Error('the ticket cannot be taken')
  expect(await take(ticket_ref)).toBeNull()
  const url = new URL(ticket.url)
  const secrets = ['tempUsername', 'tempPassword'].map((name) => url.searchParams.get(name) ?? '')
  expect([url.pathname, url.searchParams.get('username'), ...secrets.map((one) => one.length)]).toEqual([
    '/console',
    idrac.username,
    16,
    32,
  ])
  // The pool ends a session that nobody uses after two seconds here.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  const page = await visit(ticket)
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(idrac.service_tag)])
  expect((await visit(ticket)).status).toBe(401)
  const { rows: calls } = await bench.database.pool.query<{ row: string }>(
    'select c::text as row from idrac_commands c',
  )
  const written = [...sealed, ...calls].map(({ row }) => row).join('\n')
  expect(calls.some(({ row }) => row.includes('GetKVMSession'))).toBe(true)
  for (const secret of secrets) expect(written).not.toContain(secret)
})

test('the end of a job that did not complete takes the ticket away; one that did leaves it', async () => {
  const { context, open, take } = await place()
  const end = (status: 'completed' | 'cancelled') =>
    untilDone(() =>
      createCoreActivities(bench.deps).finishJob({
        job_id: context.job_id,
        state_seq: 1,
        owner_workflow_id: `job/${context.job_id}`,
        status,
        result: { targets: [] },
        error: null,
      }),
    )
  const first = await open()
  const second = await open()
  expect(await take(first.ticket_ref)).toBeNull()
  await end('completed')
  expect(await take(second.ticket_ref)).not.toBeNull()
  const third = await open()
  await end('cancelled')
  expect(await take(third.ticket_ref)).toBeNull()
})

test('a lost answer is asked for again, and the orphan opens nothing for anybody', async () => {
  const { idrac, open, take, visit, fault } = await place()
  await fault({ method: 'POST', path: '*GetKVMSession' }, { action: 'drop_answer', remaining: 1 })
  const ticket = await take((await open()).ticket_ref)
  if (!ticket) throw new Error('the ticket cannot be taken')
  expect((await visit(ticket)).status).toBe(200)
  const asked = (await lab.ledger(idrac.name)).filter((row) => row.path.endsWith('GetKVMSession'))
  expect(asked).toHaveLength(2)
})

test('six consoles are all there are, and the web page needs none of it', async () => {
  const { idrac, check, open, take, visit } = await place()
  for (let i = 0; i < 6; i += 1) {
    const ticket = await take((await open()).ticket_ref)
    if (ticket) expect((await visit(ticket)).status).toBe(200)
  }
  expect((await failureOf(check())).type).toBe('SessionLimit')
  expect(await check('web')).toEqual({ type: 'web', why: null })
  const page = await take((await open('web')).ticket_ref)
  expect(page?.url).toBe(`https://${idrac.address}:${idrac.port}/`)
})

test('a device that hands out no tickets is opened by its page; one without a licence is refused', async () => {
  const { check, open, fault } = await place()
  const service = JSON.stringify({ '@odata.id': '/x', Id: 'DelliDRACCardService', Actions: {} })
  const path = '*/DelliDRACCardService'
  await fault({ method: 'GET', path }, { action: 'replace_body', body: service, remaining: 1 })
  expect(await check()).toMatchObject({ type: 'web', why: expect.any(String) })
  const missing = JSON.stringify({ error: { '@Message.ExtendedInfo': [{ MessageId: 'IDRAC.2.8.LIC501' }] } })
  await fault({ method: 'POST', path: '*GetKVMSession' }, { action: 'status', code: 403, body: missing })
  expect((await failureOf(open())).type).toBe('LicenseMissing')
})
