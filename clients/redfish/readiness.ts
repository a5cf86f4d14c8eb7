import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { lifecycleAction } from './dell/lifecycle.js'
import type { ReadinessFacts } from './facts.js'
import { type JsonObject, textAt } from './json.js'
import { tellingMessage } from './messages.js'

/** Host states in which the Lifecycle Controller or the BIOS is at work. Prompts (`Halted…`) wait for a person. */
const BUSY_HOST = new Set([
  'InPOST',
  'CollectingSystemInventory',
  'AutomatedTaskExecution',
  'LCUSC',
  'EnteredF2Setup',
  'EnteredF11BootManager',
])

const UNSUPPORTED: ReadinessFacts = {
  supported: false,
  ready: false,
  disabled: false,
  lc_status: null,
  rt_status: null,
  server_status: null,
  status: null,
  message_id: null,
  blocking: [],
}

/**
 * Asks whether the device takes work now. One POST that changes nothing.
 * @returns `supported: false` when the firmware has no such call (iDRAC7/8, early iDRAC9): then only the job queue tells.
 * A device that answers "not ready" (`SWC0700`, `LC060`, 503) is a fact, not an error.
 */
export async function readReadiness(client: RedfishClient): Promise<ReadinessFacts> {
  const target = await lifecycleAction(client, 'DellLCService.GetRemoteServicesAPIStatus')
  if (target === null) return UNSUPPORTED
  try {
    const answer = await client.send({
      method: 'POST',
      path: target,
      body: {},
      mutation: false,
      keep: ['LCStatus', 'RTStatus', 'ServerStatus', 'Status'],
    })
    return toReadiness(answer.body ?? {}, tellingMessage(answer.messages)?.id ?? null)
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error
    if (error.facts.status === 404 || error.facts.status === 405) return UNSUPPORTED
    if (error.code !== 'LifecycleControllerNotReady') throw error
    const id = error.facts.message_id ?? null
    return { ...UNSUPPORTED, supported: true, message_id: id, blocking: [id ?? 'not ready'] }
  }
}

/** The gate over the four words: Lifecycle Controller ready, real-time part ready, host not in POST, inventory or a prompt. */
export function toReadiness(body: JsonObject, messageId: string | null): ReadinessFacts {
  const lc = textAt(body, 'LCStatus')
  const rt = textAt(body, 'RTStatus')
  const server = textAt(body, 'ServerStatus')
  const blocking: string[] = []
  if (lc !== 'Ready') blocking.push(`LCStatus=${lc ?? 'unknown'}`)
  if (rt !== 'Ready') blocking.push(`RTStatus=${rt ?? 'unknown'}`)
  if (server !== null && (BUSY_HOST.has(server) || server.startsWith('Halted'))) blocking.push(`ServerStatus=${server}`)
  return {
    supported: true,
    ready: blocking.length === 0,
    disabled: lc === 'Disabled',
    lc_status: lc,
    rt_status: rt,
    server_status: server,
    status: textAt(body, 'Status'),
    message_id: messageId,
    blocking,
  }
}
