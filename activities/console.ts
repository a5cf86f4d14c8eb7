import { randomBytes } from 'node:crypto'
import { readConsoleState } from '../clients/redfish/console.js'
import { readConsoleTarget, requestConsoleTicket } from '../clients/redfish/dell/console.js'
import { dropTickets, sealSecret } from '../db/stores/sealed-secrets.js'
import { decideConsole } from '../domain/console-access.js'
import { type ConsoleTicket, consoleUrl, TICKET_SECONDS } from '../domain/console-ticket.js'
import type { ConsoleActivities } from './contracts/console.js'
import type { Deps } from './deps.js'
import { Refused, StepFailed } from './failures.js'
import { type AtServer, withServer } from './with-server.js'

type Open = Parameters<ConsoleActivities['openConsole']>[0]

/** Activities around the remote console. */
export function createConsoleActivities(deps: Deps): ConsoleActivities {
  return {
    checkConsole: ({ context, server_id, type }) =>
      withServer(deps, context, server_id, 'console', async (at) => {
        const answer = decideConsole(type, await readConsoleState(at.client))
        if (answer.type === 'refuse') throw new Refused(answer.blockers)
        return answer
      }),
    openConsole: (input) =>
      withServer(deps, input.context, input.server_id, 'console', (at) => openConsole(deps, at, input)),
  }
}

async function openConsole(deps: Deps, at: AtServer, input: Open) {
  const { job_id } = input.context
  if (!input.requested_by)
    throw new StepFailed('Forbidden', 'A console is opened for a person; nobody asked for this one.')
  const { ip_address: address, idrac_port: port } = at.server
  const url =
    input.type === 'web' ? consoleUrl({ address, port }) : consoleUrl({ address, port, ...(await kvmTicket(at)) })
  const ticket: ConsoleTicket = { server_id: at.server.id, type: input.type, url }
  // A former attempt may have sealed one whose name nobody got.
  await dropTickets(deps.db, job_id)
  const ticket_ref = await sealSecret(deps.db, deps.keys, {
    purpose: 'console_ticket',
    content: JSON.stringify(ticket),
    ttl_seconds: TICKET_SECONDS,
    owner_user_id: input.requested_by,
    job_id,
  })
  return { ticket_ref, type: input.type, expires_at: new Date(Date.now() + TICKET_SECONDS * 1000).toISOString() }
}

/** Under a session that stays: the device lets nobody in whose ticket's session has ended. */
async function kvmTicket({ client, login }: AtServer) {
  const target = await readConsoleTarget(client)
  if (!target) throw new StepFailed('Unsupported', 'This firmware hands out no console tickets.')
  login.linger(TICKET_SECONDS * 1000)
  const { temp_username, temp_password } = await requestConsoleTicket(client, target, randomBytes(12).toString('hex'))
  return { username: login.username, temp_username, temp_password }
}
