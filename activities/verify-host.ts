import { readHealth } from '../clients/redfish/health.js'
import { readDatastores } from '../clients/vsphere/datastore-reading.js'
import type { HostFacts } from '../clients/vsphere/host-facts.js'
import { listFirmware } from '../db/stores/firmware-inventory.js'
import { componentOfRow } from '../domain/firmware-catalog.js'
import { checkHost, type HostSnapshot, newAlarms, type ServerHealth } from '../domain/verify-host.js'
import type { WorkContext } from '../workflows/lib/job-input.js'
import type { HostActivities } from './contracts/host.js'
import type { Deps } from './deps.js'
import { Refused } from './failures.js'
import { firmwareFacts } from './firmware-facts.js'
import { withServer } from './with-server.js'
import { type AtHost, seeHost } from './with-vcenter.js'

/** What a host looks like before it is touched. */
export async function snapshotHost(deps: Deps, at: AtHost, context: WorkContext): Promise<HostSnapshot> {
  return look(deps, at, context, await seeHost(deps, at))
}

async function look(deps: Deps, at: AtHost, context: WorkContext, facts: HostFacts): Promise<HostSnapshot> {
  const stores = facts.datastore_moids === null ? null : await readDatastores(at.session, facts.datastore_moids)
  return {
    connection_state: facts.connection_state,
    links_up: facts.nics?.filter((nic) => nic.link_up).map((nic) => nic.device) ?? null,
    datastores: stores?.filter((store) => store.accessible !== false).map((store) => store.name) ?? null,
    red_alarms: facts.alarms?.filter((alarm) => alarm.status === 'red').map((alarm) => alarm.alarm_moid) ?? null,
    server_health: await serverHealth(deps, at, context),
  }
}

/** Health of the server under the host; null when no server is linked or its iDRAC cannot be asked. */
async function serverHealth(deps: Deps, at: AtHost, context: WorkContext): Promise<ServerHealth | null> {
  const { server_id } = at.host
  if (!server_id) return null
  try {
    return await withServer(
      deps,
      context,
      server_id,
      'inventory',
      async ({ client }) => (await readHealth(client)).health,
    )
  } catch {
    return null
  }
}

/** Is the host fit to serve again? Throws `VerifyFailed` with what is wrong. */
export async function verifyHost(
  deps: Deps,
  at: AtHost,
  input: Parameters<HostActivities['verifyHost']>[0],
): ReturnType<HostActivities['verifyHost']> {
  const facts = await seeHost(deps, at)
  const now = await look(deps, at, input.context, facts)
  const rows = at.host.server_id ? await listFirmware(deps.db, at.host.server_id) : []
  const firmware = firmwareFacts(rows).map((row) => ({ component: componentOfRow(row), version: row.version }))
  // An iDRAC that could not be asked before is not asked for now: what it says is no part of this comparison.
  const has_server = input.snapshot ? input.snapshot.server_health !== null : now.server_health !== null
  const verdict = checkHost(input.snapshot, { ...now, build: facts.build, firmware }, input.expect, {
    max_new_alarms: input.max_new_alarms,
    has_server,
  })
  if (!verdict.ok) throw new Refused(verdict.blockers)
  const alarms = input.snapshot ? newAlarms(input.snapshot, now).length : null
  return { healthy: true, warnings: verdict.warnings, alarms_new: alarms }
}
