import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { textsOf } from './json.js'
import { systemDocument } from './layout.js'
import { findAction } from './links.js'

export type ResetType =
  | 'On'
  | 'ForceOff'
  | 'ForceRestart'
  | 'GracefulRestart'
  | 'GracefulShutdown'
  | 'PushPowerButton'
  | 'Nmi'
  | 'PowerCycle'

/** `already`: the device says that it is in this state; nothing was done. */
export type ResetOutcome = 'sent' | 'already'

const ALREADY: Partial<Record<ResetType, string>> = { On: 'PSU501', ForceOff: 'PSU502', GracefulShutdown: 'PSU502' }

/**
 * Switches or resets the host: one POST, never repeated. Accepted does not mean done: read the power state afterwards.
 * A 409 "already on" for On (`PSU501`) and "already off" for off (`PSU502`) is an outcome, not an error.
 * @throws DeviceError `Unsupported` (not sent) for a reset type that the device does not list, `PowerActionNotAllowed`,
 * `LockdownMode`; unclear errors are settled by reading.
 */
export async function resetSystem(client: RedfishClient, resetType: ResetType): Promise<ResetOutcome> {
  const action = findAction(await systemDocument(client), 'ComputerSystem.Reset')
  const offered = textsOf(action?.info['ResetType@Redfish.AllowableValues'])
  if (!action || (offered.length > 0 && !offered.includes(resetType))) {
    throw new DeviceError('Unsupported', `The server offers no ${resetType}.`, {
      sent: false,
      answered: false,
      data: { offered },
    })
  }
  const body = { ResetType: resetType }
  try {
    await client.send({ method: 'POST', path: action.target, body, recorded_body: body })
    return 'sent'
  } catch (error) {
    const id = error instanceof DeviceError ? error.facts.message_id : undefined
    if (id !== undefined && ALREADY[resetType] === id) return 'already'
    throw error
  }
}
