import { DeviceError } from '../clients/errors.js'
import type { RedfishClient } from '../clients/redfish/client.js'
import type { OperationType } from '../db/schema/audit.js'
import type { Server } from '../db/schema/servers.js'
import { listLeases } from '../db/stores/leases.js'
import { getServer, updateServerFacts } from '../db/stores/servers.js'
import { scaleFor } from '../domain/time-scale.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import { idracAccounts } from './accounts.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import type { Deps } from './deps.js'
import { StepFailed } from './failures.js'
import type { IdracPlace, Login } from './idrac-sessions.js'

export interface AtServer {
  server: Server
  client: RedfishClient
  /** The session that was lent. */
  login: Login
  place: IdracPlace
  /** The time scale that counts for this device. */
  scale: number
}

/** The row of a server that is worked on. @throws StepFailed `UnknownTarget` */
export async function requireServer(deps: Pick<Deps, 'db'>, server_id: string): Promise<Server> {
  const server = await getServer(deps.db, server_id)
  if (!server || server.removed_at) throw new StepFailed('UnknownTarget', `Server ${server_id} is not there any more.`)
  return server
}

/** Where the iDRAC of a server is, for a piece of work. */
export function placeOf(server: Server, context: WorkContext): IdracPlace {
  return {
    server_id: server.id,
    address: server.ip_address,
    port: server.idrac_port,
    job_id: context.job_id,
    service_tag: server.service_tag,
    scale: scaleFor(server.ip_address, context.scale),
  }
}

/**
 * Wraps every call to an iDRAC: resolves the credential, lends a session, puts each request on record. A refused password
 * marks the server until somebody changes its credentials; it is not tried again meanwhile.
 */
export async function withServer<T>(
  deps: Deps,
  context: WorkContext,
  server_id: string,
  operation_type: OperationType,
  body: (at: AtServer) => Promise<T>,
): Promise<T> {
  const server = await requireServer(deps, server_id)
  if (context.background) await leaveToHolder(deps, server)
  if (server.credential_state === 'rejected') {
    throw new DeviceError(
      'AuthFailed',
      `${server.service_tag} refused the credentials that resolve for it; they are not tried again until they are changed.`,
      { sent: false, answered: false },
    )
  }
  const place = placeOf(server, context)
  const audit = auditOf(context, deps.worker_id, { operation_type, device_kind: 'idrac', server_id })
  return inAuditScope(audit, async () => {
    try {
      return await deps.idracs.use(
        place,
        () => idracAccounts(deps, { address: server.ip_address, server }, context.credential_set_ids),
        (client, login) => body({ server, client, login, place, scale: place.scale }),
      )
    } catch (thrown) {
      if (thrown instanceof DeviceError && thrown.code === 'AuthFailed') {
        await updateServerFacts(deps.db, server_id, { credential_state: 'rejected' })
      }
      throw thrown
    }
  })
}

/** Background reading stops while a job works on the device: it would take one of the two requests that an iDRAC bears. */
async function leaveToHolder(deps: Pick<Deps, 'db'>, server: Server): Promise<void> {
  const host = server.vcenter_host_id ? [`host:${server.vcenter_host_id}`] : []
  const [lease] = await listLeases(deps.db, [`server:${server.id}`, ...host])
  if (!lease) return
  throw new StepFailed('LeaseHeld', `${server.service_tag} is left alone: job ${lease.owner_job_id} works on it.`)
}
