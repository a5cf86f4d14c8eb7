/** Lifecycle log and System Event Log of a server: newest last, old entries fall out. */
import type { LabCore } from './core.js'
import type { Lifecycle } from './lifecycle.js'
import type { SimServer } from './model-server.js'

/** `MaxNumberOfRecords` of the recorded SEL. The Lifecycle log of a device holds 500,000; here a day's work is enough. */
const MAX_ENTRIES = { sel: 1024, lifecycle: 1000 }

/** Appends one entry. */
export function writeLog(core: LabCore, server: SimServer, entry: Parameters<Lifecycle['log']>[1]): void {
  const log = entry.log === 'sel' ? server.idrac.sel : server.idrac.lifecycle_log
  const most = MAX_ENTRIES[entry.log ?? 'lifecycle']
  log.push({
    id: (log.at(-1)?.id ?? 0) + 1,
    at: core.clock.now(),
    message_id: entry.message_id,
    message: entry.message,
    message_args: entry.message_args ?? [],
    severity: entry.severity ?? 'OK',
    category: entry.category ?? 'System Health',
    ...(entry.fqdd === undefined ? {} : { fqdd: entry.fqdd }),
  })
  if (log.length > most) log.splice(0, log.length - most)
}
