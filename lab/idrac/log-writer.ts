import type { LabCore } from '../core.js'
import type { SimServer } from '../model-server.js'
import { messageText, type Notice } from './messages.js'

/** Writes a message of the registry into the Lifecycle log; the same login message again right after itself is not repeated. */
export function logMessage(
  core: LabCore,
  server: SimServer,
  notice: Notice,
  category: string,
  severity: 'OK' | 'Warning' | 'Critical' = 'OK',
): void {
  const message = messageText(notice)
  // QUIRK iDRAC9 6.00.30: equal entries one after the other are collapsed. Seen: LOG007. Source: recorded Lclog.
  if (server.idrac.lifecycle_log.at(-1)?.message === message && category === 'Audit') return
  core.lifecycle.log(server, {
    message_id: notice.id,
    message,
    message_args: [...(notice.args ?? [])],
    severity,
    category,
  })
}
