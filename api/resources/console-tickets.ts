import { z } from 'zod'
import { takeOwnSecret } from '../../db/stores/sealed-secrets.js'
import { getServer } from '../../db/stores/servers.js'
import type { ConsoleTicket } from '../../domain/console-ticket.js'
import { auditDeed } from '../audit-trail.js'
import { Problem } from '../errors.js'
import { type Route, route } from '../route.js'
import type { Services } from '../services.js'

const params = z.strictObject({ id: z.uuid(), ticket_ref: z.uuid() })
const output = z
  .object({
    type: z.enum(['kvm', 'web']),
    url: z.string().describe('Opens the console once, without a password: a secret'),
  })
  .meta({ id: 'ConsoleTicket' })

/** `POST /servers/{id}/console-tickets/{ticket_ref}`: the address of a console, once, for the person who asked for it. */
export function consoleTicketRoute(services: Services): Route {
  const { db } = services.database
  return route({
    method: 'POST',
    path: '/servers/:id/console-tickets/:ticket_ref',
    permission: 'operator',
    summary: 'Takes the ticket that console_launch got: once, within 60 s, and only by who started the job',
    params,
    output,
    status: 200,
    never_stored: true,
    handler: async (context) => {
      const { id, ticket_ref } = context.params
      const server = await getServer(db, id)
      if (!server) throw new Problem('NotFound', 'There is no such server.')
      const { type, url } = await db.transaction(async (tx) => {
        const owner_user_id = context.user.user_id
        const content = await takeOwnSecret(tx, services.keys(), ticket_ref, {
          purpose: 'console_ticket',
          owner_user_id,
        })
        const ticket = content === null ? null : (JSON.parse(content) as ConsoleTicket)
        // Thrown inside the transaction: a ticket of another server is not used up by this.
        if (ticket?.server_id !== id)
          throw new Problem(
            'SecretExpired',
            'The ticket was taken, has expired, or is not yours. Open the console again.',
          )
        await auditDeed(tx, context, {
          action: 'console.open',
          object_kind: 'server',
          object_id: server.id,
          object_label: server.service_tag,
          after: { type: ticket.type, ticket_ref },
        })
        return ticket
      })
      return { body: { type, url }, headers: { 'cache-control': 'no-store' } }
    },
  })
}
