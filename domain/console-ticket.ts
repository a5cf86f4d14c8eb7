import type { ConsoleType } from './console-access.js'

/** How long a ticket can be taken, in seconds. */
export const TICKET_SECONDS = 60

/** The sealed content of a ticket: the address that opens the console once. */
export interface ConsoleTicket {
  server_id: string
  type: ConsoleType
  url: string
}

interface Place {
  address: string
  port: number
}
interface Pass {
  username: string
  temp_username: string
  temp_password: string
}

/**
 * The address of the console as a browser opens it; without a pass the iDRAC's own page. With one it is a secret.
 * Source: Dell's LaunchIdracRemoteKvmHtmlSessionREDFISH.py.
 */
export function consoleUrl({ address, port, ...pass }: Place & Partial<Pass>): string {
  const host = address.includes(':') ? `[${address}]` : address
  const origin = port === 443 ? `https://${host}` : `https://${host}:${port}`
  const { username, temp_username, temp_password } = pass
  if (username === undefined || temp_username === undefined || temp_password === undefined) return `${origin}/`
  const query = { username, tempUsername: temp_username, tempPassword: temp_password }
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${origin}/console?${text.join('&')}`
}
