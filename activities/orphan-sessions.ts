import { DeviceError } from '../clients/errors.js'
import { closeSession } from '../clients/redfish/session.js'
import type { Server } from '../db/schema/servers.js'
import { closeSession as closeRow, listOrphanSessions } from '../db/stores/device-sessions.js'
import { getServer } from '../db/stores/servers.js'
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
    for (const orphan of await listOrphanSessions(deps.db)) await endOrForget(deps, orphan)
  } catch (thrown) {
    deps.log.warn({ reason: String(thrown).split('\n')[0] }, 'sessions of a lost worker are looked after later')
  } finally {
    atWork = false
  }
}

type Orphan = Awaited<ReturnType<typeof listOrphanSessions>>[number]

/** One device that does not answer keeps none of the others waiting; a refused password is never tried again here. */
async function endOrForget(deps: Deps, orphan: Orphan): Promise<void> {
  const server = orphan.server_id ? await getServer(deps.db, orphan.server_id) : null
  if (server?.credential_state === 'rejected') return closeRow(deps.db, orphan.id)
  try {
    await endOne(deps, orphan, server)
  } catch (thrown) {
    const refused = thrown instanceof DeviceError && (thrown.code === 'AuthFailed' || thrown.code === 'NoCredential')
    if (refused) return closeRow(deps.db, orphan.id)
    deps.log.warn(
      { device: orphan.address, reason: String(thrown).split('\n')[0] },
      'a session of a lost worker is looked after later',
    )
  }
}

async function endOne(deps: Deps, orphan: Orphan, server: Server | null): Promise<void> {
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
    // Nobody tells the scale here: the login budget is kept as a real device needs it.
    scale: 1,
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
  await deps.idracs.release(address, port)
}
