import { type Answer, done, refusal } from './answers.js'
import { stageBiosJob } from './bios-job.js'
import { DELL_JOBS } from './job-resource.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import { logMessage } from './log-writer.js'
import { type Call, pathPattern, type Route } from './route.js'
import { MANAGER, type View } from './view.js'

const OLD_JOBS = `${MANAGER}/Jobs`
const SERVICE = `${MANAGER}/Oem/Dell/DellJobService/Actions/DellJobService.`
/** The queue is full at this many jobs. */
const MAX_JOBS = 256

/** Refusal when the queue is full, else undefined. */
export function queueFull(view: View): Answer | undefined {
  return view.server.idrac.jobs.length >= MAX_JOBS ? refusal(view, 503, { id: 'RAC0524' }) : undefined
}

function removeOne(view: View, id: string): Answer {
  const job = view.core.jobs.find(view.server, id)
  if (!job) return refusal(view, 404, { id: 'JCP022', args: [id] })
  if (!view.core.jobs.remove(view.server, id)) return refusal(view, 400, { id: 'JCP015' })
  logMessage(view.core, view.server, { id: 'SUP020' }, 'Configuration')
  return done(view, `${id} deleted`)
}

function removeJob({ view, params, path }: Call): Answer {
  if (path.startsWith(OLD_JOBS) && !view.profile.oldPaths)
    return refusal(view, 404, { id: 'SYS403', args: [params[0] ?? ''] })
  return removeOne(view, params[0] ?? '')
}

/**
 * `JID_CLEARALL` takes every job that does not run, also other people's, and the pending BIOS values with them.
 * Force is refused in lockdown.
 */
function clearQueue(view: View, force: boolean): Answer {
  if (force && isLocked(view)) return lockdownRefusal(view, 'JCP041')
  const { core, server } = view
  const removed = [...server.idrac.jobs].filter((job) => core.jobs.remove(server, job.id)).map((job) => job.id)
  server.bios_pending = {}
  logMessage(core, server, { id: force ? 'JCP046' : 'JCP045' }, 'Configuration')
  return done(view, `job queue cleared: ${removed.join(' ')}`)
}

function deleteQueue({ view, body }: Call): Answer {
  const { JobID: id } = body
  if (typeof id !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['JobID'] })
  if (id === 'JID_CLEARALL' || id === 'JID_CLEARALL_FORCE') return clearQueue(view, id !== 'JID_CLEARALL')
  return removeOne(view, id)
}

/** POST of a `TargetSettingsURI`: the second step of the two-step way to stage BIOS values. */
function createJob({ view, body }: Call): Answer {
  const { TargetSettingsURI: target } = body
  if (typeof target !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['TargetSettingsURI'] })
  if (!target.endsWith('/Bios/Settings'))
    return refusal(view, 400, { id: 'SYS425', args: [target, 'TargetSettingsURI'] })
  if (isLocked(view)) return lockdownRefusal(view)
  const full = queueFull(view)
  if (full) return full
  const job = stageBiosJob(view)
  if ('status' in job) return job
  return { ...done(view, `${job.id}: BIOS configuration`), headers: { Location: `${DELL_JOBS}/${job.id}` } }
}

const REBOOT_TYPES: Record<string, string> = {
  GracefulRebootWithForcedShutdown: 'RebootForce',
  GracefulRebootWithoutForcedShutdown: 'RebootNoForce',
  PowerCycle: 'RebootPowerCycle',
}

function createRebootJob({ view, body }: Call): Answer {
  const jobType = REBOOT_TYPES[String(body.RebootJobType)]
  if (!jobType) return refusal(view, 400, { id: 'SYS426', args: [String(body.RebootJobType), 'RebootJobType'] })
  const full = queueFull(view)
  if (full) return full
  const job = view.core.jobs.create(view.server, {
    kind: 'reboot',
    job_type: jobType,
    name: `Reboot: ${String(body.RebootJobType)}`,
    payload: { reboot_type: String(body.RebootJobType) },
    needs_reboot: true,
  })
  return { ...done(view, `${job.id} made`), headers: { Location: `${DELL_JOBS}/${job.id}` } }
}

/** Starts the reboot jobs of an array; the others are staged already and run in that boot. */
function setupQueue({ view, body }: Call): Answer {
  const ids = Array.isArray(body.JobArray) ? body.JobArray.filter((one): one is string => typeof one === 'string') : []
  if (ids.length === 0) return refusal(view, 400, { id: 'SYS428', args: ['JobArray'] })
  const jobs = ids.map((id) => view.core.jobs.find(view.server, id))
  const missing = ids.find((_id, index) => jobs[index] === undefined)
  if (missing !== undefined) return refusal(view, 400, { id: 'JCP022', args: [missing] })
  if (body.StartTimeInterval !== undefined && body.StartTimeInterval !== 'TIME_NOW')
    return refusal(view, 400, { id: 'SYS436' })
  const reboot = jobs.find((job) => job?.kind === 'reboot')
  if (reboot) {
    const cycle = reboot.job_type === 'RebootPowerCycle'
    const answer = view.core.lifecycle.power(
      view.server,
      view.server.power === 'Off' ? 'On' : cycle ? 'PowerCycle' : 'GracefulRestart',
    )
    if (answer.ok) view.core.jobs.finish(view.server, reboot, 'RebootCompleted', 'RED030', 'Reboot is complete.')
    else view.core.jobs.finish(view.server, reboot, 'RebootFailed', 'PR21', 'Job failed.')
  }
  return done(view, `queue set up: ${ids.join(' ')}`)
}

export const jobRoutes: Route[] = [
  { method: 'DELETE', pattern: pathPattern(`${DELL_JOBS}/{id}`), mutation: true, act: removeJob },
  { method: 'DELETE', pattern: pathPattern(`${OLD_JOBS}/{id}`), mutation: true, act: removeJob },
  { method: 'POST', pattern: pathPattern(DELL_JOBS), mutation: true, act: createJob },
  { method: 'POST', pattern: pathPattern(OLD_JOBS), mutation: true, act: createJob },
  { method: 'POST', pattern: pathPattern(`${SERVICE}DeleteJobQueue`), mutation: true, act: deleteQueue },
  { method: 'POST', pattern: pathPattern(`${SERVICE}CreateRebootJob`), mutation: true, act: createRebootJob },
  { method: 'POST', pattern: pathPattern(`${SERVICE}SetupJobQueue`), mutation: true, act: setupQueue },
]
