import { randomBytes } from 'node:crypto'
import type { JsonValue } from '../model.js'
import type { SimServer } from '../model-server.js'
import type { View } from './view.js'

/** `GraphicalConsole.MaxConcurrentSessions` of the recorded iDRAC9. */
export const MAX_CONSOLES = 6
/** Consoles that nobody touches close by themselves, simulated. */
const CONSOLE_TIMEOUT_MS = 1_800_000

/** A ticket that nobody used yet. */
type Ticket = { temp_user: string; temp_password: string; user: string; session: string | null }

/** A console that is open. */
export type ConsoleSession = { id: string; user: string; client: string; opened_at: number }

const ticketsOf = (server: SimServer): Ticket[] =>
  Array.isArray(server.idrac.face.console_tickets) ? (server.idrac.face.console_tickets as Ticket[]) : []

/** Consoles open now. */
export function consolesOf({ core, server }: View): ConsoleSession[] {
  const kept = server.idrac.face.consoles
  const all = Array.isArray(kept) ? (kept as ConsoleSession[]) : []
  return all.filter((one) => core.clock.now() - one.opened_at < CONSOLE_TIMEOUT_MS)
}

/** Makes a ticket that counts once, for as long as the session it was asked for under is there. */
export function issueTicket({ server }: View, user: string, token: string | undefined): Ticket {
  const session = server.idrac.sessions.find((one) => one.token === token)?.id ?? null
  const [temp_user, temp_password] = [randomBytes(8).toString('hex'), randomBytes(16).toString('hex')]
  const ticket = { temp_user, temp_password, user, session }
  server.idrac.face.console_tickets = [...ticketsOf(server), ticket] as JsonValue
  return ticket
}

/** Opens a console with a ticket: used up by this, whether or not it still counted. */
export function redeemTicket(view: View, asked: URLSearchParams, client: string): boolean {
  const { core, server } = view
  const tickets = ticketsOf(server)
  const ticket = tickets.find(
    (one) => one.temp_user === asked.get('tempUsername') && one.temp_password === asked.get('tempPassword'),
  )
  if (!ticket) return false
  server.idrac.face.console_tickets = tickets.filter((one) => one !== ticket) as JsonValue
  const alive = ticket.session === null || server.idrac.sessions.some((one) => one.id === ticket.session)
  if (!alive || ticket.user !== asked.get('username')) return false
  const id = `kvm-${ticket.temp_user.slice(0, 6)}`
  const opened = { id, user: ticket.user, client, opened_at: core.clock.now() }
  server.idrac.face.consoles = [...consolesOf(view), opened] as JsonValue
  return true
}
