import type { DeviceJobEnd } from '../../../activities/contracts/firmware.js'
import type { HostInCluster } from '../host-maintenance.js'
import { devices } from '../proxies.js'
import type { TaskRun } from '../task-run.js'

/** One reboot of a server, and the device jobs that it sets going. */
export interface ServerReboot {
  server_id: string
  /** The vSphere host on it, in maintenance: it is rebooted through vCenter. Null: the server is rebooted through its iDRAC. */
  host: HostInCluster | null
  /** Names the operation: another one for every reboot of the same target. */
  step: string
  /** Staged jobs that run while it boots. */
  device_jobs: readonly { device_job_id: string; name: string }[]
  job_timeout_minutes: number
  reboot_timeout_minutes: number
  /** A server without vSphere whose OS ignores the request is forced after so long; 0 = never. */
  force_reboot_after_minutes: number
  /** Called when the request has been sent: what failed before that left the server as it was. */
  sent?: () => void
}

const now = () => new Date().toISOString()

/**
 * Reboots a server once, follows its staged jobs to their end, and waits until the iDRAC and the host are back. vCenter
 * proves the host empty directly before; a server that is off is switched on. Gives how each device job ended, which is
 * not judged here: the inventory or the setting has the last word.
 */
export async function rebootAndFollow(task: TaskRun, reboot: ServerReboot): Promise<Record<string, DeviceJobEnd>> {
  if (reboot.host) return rebootHost(task, reboot, reboot.host)
  const { redfish, redfishMutate } = devices(task.input.site)
  const { server_id, step } = reboot
  const state = await redfish.readServer({ context: task.context, server_id })
  const action = state.power_state === 'Off' ? 'on' : 'graceful_restart'
  const sent = await redfishMutate.sendPower({ context: task.context, server_id, action, step })
  reboot.sent?.()
  await waitForced(task, reboot, action, sent.boot_marker_before)
  const ends = await followAll(task, reboot)
  await serverBack(task, reboot)
  return ends
}

async function rebootHost(task: TaskRun, reboot: ServerReboot, host: HostInCluster) {
  const { vsphereMutate, vsphereWait } = devices(task.input.site)
  const { host_id } = host
  const { boot_time_before } = await vsphereMutate.rebootHost({ context: task.context, host_id, step: reboot.step })
  reboot.sent?.()
  const ends = await followAll(task, reboot)
  await serverBack(task, reboot)
  await vsphereWait.waitHostBack({
    context: task.context,
    host_id,
    boot_time_before,
    limit_minutes: reboot.reboot_timeout_minutes,
    since: now(),
  })
  return ends
}

async function serverBack(task: TaskRun, reboot: ServerReboot): Promise<void> {
  const { redfishWait } = devices(task.input.site)
  await redfishWait.waitServerBack({
    context: task.context,
    server_id: reboot.server_id,
    idrac_restarts: false,
    limit_minutes: reboot.reboot_timeout_minutes,
    since: now(),
  })
}

/** A server without vSphere whose OS ignores the request is forced only when the job said after how long. */
async function waitForced(
  task: TaskRun,
  reboot: ServerReboot,
  action: 'on' | 'graceful_restart',
  boot_marker_before: string | null,
) {
  const { redfishMutate, redfishWait } = devices(task.input.site)
  const { server_id, force_reboot_after_minutes: force_after, reboot_timeout_minutes } = reboot
  const wait = (limit_minutes: number) =>
    redfishWait.waitPower({
      context: task.context,
      server_id,
      action,
      wait_for: 'state',
      boot_marker_before,
      limit_minutes,
      since: now(),
    })
  try {
    await wait(force_after > 0 ? force_after : reboot_timeout_minutes)
  } catch (thrown) {
    if (force_after === 0 || action === 'on') throw thrown
    await redfishMutate.sendPower({ context: task.context, server_id, action: 'reset', step: `${reboot.step}:force` })
    await wait(reboot_timeout_minutes)
  }
}

async function followAll(task: TaskRun, reboot: ServerReboot): Promise<Record<string, DeviceJobEnd>> {
  const { redfishWait } = devices(task.input.site)
  const ends: Record<string, DeviceJobEnd> = {}
  for (const { device_job_id, name } of reboot.device_jobs) {
    ends[device_job_id] = await redfishWait.waitDeviceJob({
      context: task.context,
      server_id: reboot.server_id,
      device_job_id,
      until: 'ended',
      component: name,
      limit_minutes: reboot.job_timeout_minutes,
      since: now(),
    })
  }
  return ends
}
