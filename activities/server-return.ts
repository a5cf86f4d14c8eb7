import { DeviceError } from '../clients/errors.js'
import type { FirmwareRow } from '../clients/redfish/facts.js'
import { readFirmwareInventory } from '../clients/redfish/inventory.js'
import { readReadiness } from '../clients/redfish/readiness.js'
import { readRoot } from '../clients/redfish/root.js'
import { scaleFor } from '../domain/time-scale.js'
import { auditOf, inAuditScope } from './audit-scope.js'
import type { ServerActivities } from './contracts/server.js'
import type { Deps } from './deps.js'
import { pauseFor, pollUntil } from './poll.js'
import { placeOf, requireServer, withServer } from './with-server.js'

const MINUTE_MS = 60_000
const ANSWERS_NEEDED = 3
const BETWEEN_ANSWERS_MS = 30_000
const LOOK_MS = 15_000

/**
 * Waits until an iDRAC is fully back: three good answers of the unauthenticated root 30 s apart (where it restarted), then
 * login, readiness, and two equal readings of the firmware inventory. Refused connections, time-outs, 401, 404 and 5xx are
 * normal on the way. A new certificate is accepted only when the root shows the same service tag.
 */
export async function waitServerBack(
  deps: Deps,
  input: Parameters<ServerActivities['waitServerBack']>[0],
): Promise<void> {
  const server = await requireServer(deps, input.server_id)
  const scale = scaleFor(server.ip_address, input.context.scale)
  const options = {
    interval_ms: LOOK_MS,
    limit_ms: input.limit_minutes * MINUTE_MS,
    scale,
    what: `the return of ${server.service_tag}`,
    waiting_code: 'Rebooting',
    timeout_code: 'HostDidNotReturn',
  } as const
  await pollUntil<true>(options, async () => {
    try {
      if (input.idrac_restarts) await answersSteadily(deps, input)
      const first = await readInventory(deps, input)
      if (typeof first === 'string') return { waiting: first }
      await pauseFor(LOOK_MS, scale)
      const second = await readInventory(deps, input)
      if (typeof second === 'string') return { waiting: second }
      return sameVersions(first, second) ? { done: true } : { waiting: 'The firmware inventory is still changing.' }
    } catch (thrown) {
      if (thrown instanceof DeviceError && isOnTheWay(thrown)) return { waiting: thrown.message }
      throw thrown
    }
  })
}

const ON_THE_WAY = [
  'DeviceUnreachable',
  'DeviceTimeout',
  'DeviceBusy',
  'NotFound',
  'ProtocolError',
  'SessionLimit',
  'LifecycleControllerNotReady',
  'ServiceUnavailable',
]

function isOnTheWay(thrown: DeviceError): boolean {
  return ON_THE_WAY.includes(thrown.code) || (thrown.facts.status ?? 0) >= 500
}

async function answersSteadily(deps: Deps, input: Parameters<ServerActivities['waitServerBack']>[0]): Promise<void> {
  const server = await requireServer(deps, input.server_id)
  const place = { ...placeOf(server, input.context), expected_change: true }
  const audit = auditOf(input.context, deps.worker_id, {
    operation_type: 'firmware',
    device_kind: 'idrac',
    server_id: server.id,
  })
  await inAuditScope(audit, async () => {
    for (let good = 0; good < ANSWERS_NEEDED; good += 1) {
      const bare = deps.idracs.bare(place)
      try {
        const root = await readRoot(bare)
        if (root.service_tag !== null && root.service_tag !== server.service_tag) {
          throw new DeviceError(
            'IdentityMismatch',
            `${root.service_tag} answers at the address of ${server.service_tag}.`,
            { sent: true, answered: true },
          )
        }
      } finally {
        await bare.close()
      }
      await pauseFor(BETWEEN_ANSWERS_MS, place.scale)
    }
  })
}

async function readInventory(
  deps: Deps,
  input: Parameters<ServerActivities['waitServerBack']>[0],
): Promise<FirmwareRow[] | string> {
  return withServer(deps, input.context, input.server_id, 'firmware', async ({ client }) => {
    client.forget()
    const readiness = await readReadiness(client)
    if (readiness.supported && !readiness.ready) return `The iDRAC is not ready: ${readiness.blocking.join(', ')}.`
    return readFirmwareInventory(client)
  })
}

function sameVersions(a: FirmwareRow[], b: FirmwareRow[]): boolean {
  const text = (rows: FirmwareRow[]) =>
    rows
      .filter((row) => row.kind === 'installed')
      .map((row) => `${row.id} ${row.version}`)
      .sort()
      .join('\n')
  return text(a) === text(b)
}
