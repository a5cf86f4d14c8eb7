import { moRef } from './mo-ref.js'
import type { CallOptions, VsphereSession } from './session.js'

/** Key of the SSH service. It is off again after each reboot unless its policy is `on`. */
export const SSH_SERVICE = 'TSM-SSH'

/**
 * Starts or stops a service of a host; starting one that runs is no error. Read `services` of the host afterwards.
 * Privilege `Host.Config.NetService`.
 * @param serviceSystemMoid `service_system_moid` of the host's facts.
 * @throws DeviceError `NotFound` for an unknown service, `PermissionMissing`.
 */
export async function setService(
  session: VsphereSession,
  serviceSystemMoid: string,
  service: string,
  wanted: 'running' | 'stopped',
  options: CallOptions = {},
): Promise<void> {
  const method = wanted === 'running' ? 'StartService' : 'StopService'
  const fields = [['id', service]] as const
  await session.call(moRef('HostServiceSystem', serviceSystemMoid), method, fields, { ...options, mutation: true })
}

/** Starts the SSH service; see {@link setService}. Who starts it stops it again. */
export async function startSsh(
  session: VsphereSession,
  serviceSystemMoid: string,
  options: CallOptions = {},
): Promise<void> {
  await setService(session, serviceSystemMoid, SSH_SERVICE, 'running', options)
}

/** Stops the SSH service; see {@link setService}. */
export async function stopSsh(
  session: VsphereSession,
  serviceSystemMoid: string,
  options: CallOptions = {},
): Promise<void> {
  await setService(session, serviceSystemMoid, SSH_SERVICE, 'stopped', options)
}
