import { DeviceError } from '../../clients/errors.js'
import type { IdentityCheck, SeenIdentity } from '../../clients/identity.js'
import type { CallRecorder, CallResult, DeviceCall } from '../../clients/recorder.js'
import { createRedfishClient, type RedfishClient, type RedfishConnection } from '../../clients/redfish/client.js'
import { closeSession, openSession } from '../../clients/redfish/session.js'

export interface RecordedCall {
  call: DeviceCall
  result: CallResult | undefined
  ends: number
}

/** A recorder that keeps everything in memory. */
export function memoryRecorder(): CallRecorder & { calls: RecordedCall[] } {
  const calls: RecordedCall[] = []
  return {
    calls,
    begin: async (call) => {
      const line: RecordedCall = { call, result: undefined, ends: 0 }
      calls.push(line)
      return {
        end: async (result) => {
          line.result = result
          line.ends += 1
        },
      }
    },
  }
}

/** Accepts exactly this certificate, and remembers what it was shown. */
export function pinTo(sha256: string): IdentityCheck & { seen: SeenIdentity[] } {
  const seen: SeenIdentity[] = []
  const check = async (peer: SeenIdentity): Promise<void> => {
    seen.push(peer)
    if (peer.sha256 !== sha256) {
      throw new DeviceError('TlsIdentityChanged', 'The certificate is another one.', { sent: false, answered: false })
    }
  }
  return Object.assign(check, { seen })
}

export interface TestDevice {
  port: number
  certificate: { sha256: string }
}

/** A client without a session, on record in memory. */
export function anonymousClient(device: TestDevice, more: Partial<RedfishConnection> = {}) {
  const recorder = memoryRecorder()
  const identity = pinTo(device.certificate.sha256)
  const client = createRedfishClient({ address: '127.0.0.1', port: device.port, identity, recorder, ...more })
  return { client, recorder, identity }
}

/** Runs `body` with a client that has a session, and closes both. */
export async function withSession<T>(
  device: TestDevice,
  login: { username: string; password: string },
  body: (client: RedfishClient, calls: RecordedCall[]) => Promise<T>,
): Promise<T> {
  const { client, recorder } = anonymousClient(device)
  const session = await openSession(client, login)
  const never = () => Promise.reject(new Error('the token was refused'))
  try {
    return await body(client.withTokens({ current: async () => session.token, renew: never }), recorder.calls)
  } finally {
    await closeSession(client, session).catch(() => {})
    await client.close()
  }
}

/** The DeviceError that a call ends with; anything else fails the test. */
export async function errorOf(call: Promise<unknown>): Promise<DeviceError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome instanceof DeviceError) return outcome
  throw new Error(`expected a DeviceError, got ${outcome === undefined ? 'success' : String(outcome)}`)
}
