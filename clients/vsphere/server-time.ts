import { DeviceError } from '../errors.js'
import { SERVICE_INSTANCE } from './service-content.js'
import type { CallOptions, VsphereSession } from './session.js'
import { textAt } from './xml-node.js'

/** vCenter's clock as ISO text: events are asked for by this time, never by ours. @throws DeviceError */
export async function readServerTime(session: VsphereSession, options: CallOptions = {}): Promise<string> {
  const time = textAt(await session.call(SERVICE_INSTANCE, 'CurrentTime', [], options), 'returnval')
  if (time !== null) return time
  throw new DeviceError('ProtocolError', 'No time was returned', { sent: true, answered: true })
}
