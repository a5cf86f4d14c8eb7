import { safePath } from './links.js'

/**
 * The job behind a `Location` header, or null when it names none. The job id is in this header, never in the body.
 * QUIRK iDRAC10: Location points to `TaskMonitors/JID`, which answers 204 without content; `Tasks/JID` tells more.
 * Source: dell/terraform-provider-redfish common/job_management.go.
 * @throws DeviceError `ProtocolError` for a link that leaves the device.
 */
export function jobIdOf(location: string | null, origin: string): { job_id: string; task_path: string } | null {
  if (!location) return null
  const path = safePath(location, origin)
  const id = path.split('?', 1)[0]?.split('/').at(-1) ?? ''
  if (!/^[JR]ID_[A-Za-z0-9]+$/.test(id)) return null
  return { job_id: id, task_path: path.replace('/TaskMonitors/', '/Tasks/') }
}
