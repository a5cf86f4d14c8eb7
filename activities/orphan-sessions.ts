import { closeSession } from '../clients/redfish/session.js'
import { closeSession as closeRow, listOrphanSessions } from '../db/stores/device-sessions.js'
import { getServer } from '../db/stores/servers.js'
import { scaleFor } from '../domain/time-scale.js'
import { idracAccounts } from './accounts.js'
import { inAuditScope } from './audit-scope.js'
import type { Deps } from './deps.js'

/** Rows whose answer a kill swallowed name no session; the device ends those by its own idle limit. */
const NAMELESS_AGE_MS = 60_000

let atWork = false

/** Deletes on the devices what workers that are gone left open: each process looks after the dead every few seconds. */
export async function endOrphanSessions(deps: Deps): Promise<void> {
  if (atWork) return
  atWork = true
  try {
    for (const orphan of await listOrphanSessions(deps.db)) await endOne(deps, orphan)
  } catch (thrown) {
    deps.log.warn({ reason: String(thrown).split('\n')[0] }, 'sessions of a lost worker are looked after later')
  } finally {
    atWork = false
  }
}

async function endOne(deps: Deps, orphan: Awaited<ReturnType<typeof listOrphanSessions>>[number]): Promise<void> {
  const server = orphan.server_id ? await getServer(deps.db, orphan.server_id) : null
  const at = orphan.address.lastIndexOf(':')
  const [address, port] = [orphan.address.slice(0, at), Number(orphan.address.slice(at + 1))]
  if (!orphan.session_uri) {
    const age = Date.now() - Date.parse(String(orphan.opened_at))
    if (age > NAMELESS_AGE_MS) await closeRow(deps.db, orphan.id)
    return
  }
  const session_uri = orphan.session_uri
  const place = {
    server_id: orphan.server_id,
    address,
    port,
    job_id: null,
    scale: scaleFor(address, Number.MAX_SAFE_INTEGER),
  }
  await inAuditScope(
    { operation_type: 'session', device_kind: 'idrac', server_id: orphan.server_id, worker_id: deps.worker_id },
    () =>
      deps.idracs.use(
        place,
        () => idracAccounts(deps, { address, server }, []),
        (client) => closeSession(client, { session_uri }),
      ),
  )
  await closeRow(deps.db, orphan.id)
}
