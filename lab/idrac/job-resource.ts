import type { DellJobState, SimJob } from '../model-server.js'
import { messageSeverity, messageText } from './messages.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { pathPattern } from './route.js'
import { collection, link, localTime, MANAGER, offsetTime, type Reader, ROOT, type View } from './view.js'

export const DELL_JOBS = `${MANAGER}/Oem/Dell/Jobs`
const OLD_JOBS = `${MANAGER}/Jobs`
const DMTF_JOBS = `${ROOT}/JobService/Jobs`
export const TASKS = `${ROOT}/TaskService/Tasks`

/** How the DMTF views word a Dell job's state. `CompletedWithErrors` is an `Exception` there (seen on iDRAC9 7.10). */
const DMTF_STATE: Record<DellJobState, { state: string; status: 'OK' | 'Warning' | 'Critical' }> = {
  New: { state: 'New', status: 'OK' },
  Downloading: { state: 'Running', status: 'OK' },
  Downloaded: { state: 'Starting', status: 'OK' },
  Scheduling: { state: 'Starting', status: 'OK' },
  Scheduled: { state: 'Starting', status: 'OK' },
  ReadyForExecution: { state: 'Starting', status: 'OK' },
  Waiting: { state: 'Pending', status: 'OK' },
  Paused: { state: 'Suspended', status: 'OK' },
  Running: { state: 'Running', status: 'OK' },
  RebootPending: { state: 'Pending', status: 'OK' },
  PendingReboot: { state: 'Pending', status: 'OK' },
  RebootCompleted: { state: 'Completed', status: 'OK' },
  RebootFailed: { state: 'Exception', status: 'Critical' },
  UserIntervention: { state: 'UserIntervention', status: 'Warning' },
  Completed: { state: 'Completed', status: 'OK' },
  CompletedWithErrors: { state: 'Exception', status: 'Critical' },
  Failed: { state: 'Exception', status: 'Critical' },
}

/** Is the job shown at all? Some firmware answers 404 in the first seconds after it has made one. */
export function isVisible(view: View, job: SimJob): boolean {
  const hidden = view.flags.job_404_for_s * 1000
  return hidden <= 0 || view.core.clock.now() - job.created_at >= hidden
}

/** Has the task of this job been purged while the job lives on? */
export function isPurged(view: View, job: SimJob): boolean {
  return job.task_purged || (view.flags.task_vanishes && view.core.jobs.isFinal(job.state))
}

function percent(view: View, job: SimJob): number | null {
  if (view.core.jobs.isFinal(job.state)) return 100
  if (view.flags.percent_stuck) return view.flags.untidy_data ? null : 0
  return Math.round(view.core.jobs.percent(job))
}

/** What the job says of itself; a running profile export says what it does. */
function said(view: View, job: SimJob): { id: string; text: string } {
  if (job.kind === 'scp_export' && !view.core.jobs.isFinal(job.state))
    return { id: 'SYS057', text: messageText({ id: 'SYS057' }) }
  return { id: job.message_id, text: job.message }
}

const timeOr = (at: number | null, none: string | null): string | null => (at === null ? none : localTime(at))

/** The DellJob view: bare MessageId, local times without offset, `TIME_NOW` and `TIME_NA` where there is no time. */
export function dellJob(view: View, job: SimJob): JsonObject {
  const final = view.core.jobs.isFinal(job.state)
  const { id, text } = said(view, job)
  return {
    '@odata.context': `${ROOT}/$metadata#DellJob.DellJob`,
    '@odata.id': `${DELL_JOBS}/${job.id}`,
    '@odata.type': view.profile.dellJobType,
    ActualRunningStartTime: timeOr(job.started_at, null),
    ActualRunningStopTime: timeOr(job.started_at === null ? null : job.ended_at, null),
    CompletionTime: final ? timeOr(job.ended_at, null) : null,
    Description: 'Job Instance',
    EndTime: 'TIME_NA',
    Id: job.id,
    JobState: job.state,
    JobType: job.job_type,
    Message: text,
    MessageArgs: job.message_args,
    'MessageArgs@odata.count': job.message_args.length,
    MessageId: id,
    Name: job.name,
    PercentComplete: percent(view, job),
    StartTime: job.apply === 'Immediate' && job.started_at === null ? 'TIME_NOW' : localTime(job.created_at),
    TargetSettingsURI: typeof job.payload.target_settings_uri === 'string' ? job.payload.target_settings_uri : null,
  }
}

function messages(view: View, job: SimJob, dmtf: JsonObject[] = []): JsonObject[] {
  const { id, text } = said(view, job)
  const own = {
    Message: text,
    MessageArgs: job.message_args,
    'MessageArgs@odata.count': job.message_args.length,
    MessageId: `${view.profile.registry}.${id}`,
    Severity: messageSeverity(id),
  }
  return [own, ...dmtf]
}

/** The DMTF Job view: times with offset, MessageId with registry and version. */
export function dmtfJob(view: View, job: SimJob): JsonObject {
  const { state, status } = DMTF_STATE[job.state]
  const list = messages(view, job)
  return {
    '@odata.context': `${ROOT}/$metadata#Job.Job`,
    '@odata.id': `${DMTF_JOBS}/${job.id}`,
    '@odata.type': '#Job.v1_0_7.Job',
    Description: 'Represent a job in Redfish',
    Id: job.id,
    Name: job.name,
    JobState: state,
    JobStatus: status,
    PercentComplete: percent(view, job),
    StartTime: offsetTime(job.created_at),
    EndTime: job.ended_at === null ? null : offsetTime(job.ended_at),
    Messages: list,
    'Messages@odata.count': list.length,
  }
}

/** The Task view, with the DellJob in its Oem block. */
export function taskBody(view: View, job: SimJob, more: JsonObject[] = []): JsonObject {
  const { state, status } = DMTF_STATE[job.state]
  const { '@odata.context': _context, '@odata.id': _id, ...dell } = dellJob(view, job)
  const list = messages(view, job, more)
  return {
    '@odata.context': `${ROOT}/$metadata#Task.Task`,
    '@odata.id': `${TASKS}/${job.id}`,
    '@odata.type': '#Task.v1_5_1.Task',
    Description: 'Server Configuration and other Tasks running on iDRAC are listed here',
    EndTime: job.ended_at === null ? 'TIME_NA' : offsetTime(job.ended_at),
    Id: job.id,
    Messages: list,
    'Messages@odata.count': list.length,
    Name: job.name,
    Oem: { Dell: dell },
    PercentComplete: percent(view, job),
    StartTime: offsetTime(job.created_at),
    TaskState: state,
    TaskStatus: status,
  }
}

const visibleJobs = (view: View): SimJob[] => view.server.idrac.jobs.filter((job) => isVisible(view, job))

const listAt =
  (path: string, type: string, name: string, description: string): Reader =>
  (view) =>
    collection(
      path,
      type,
      name,
      visibleJobs(view).map((job) => link(`${path}/${job.id}`)),
      description,
    )

const oneOf =
  (body: (view: View, job: SimJob) => JsonObject): Reader =>
  (view, [id]) => {
    const job = visibleJobs(view).find((one) => one.id === id)
    return job && body(view, job)
  }

const upToIdrac9 =
  (read: Reader): Reader =>
  (view, params) =>
    view.profile.oldPaths ? read(view, params) : undefined

const readTasks: Reader = (view) =>
  collection(
    TASKS,
    'TaskCollection',
    'Task Collection',
    visibleJobs(view)
      .filter((job) => !isPurged(view, job))
      .map((job) => link(`${TASKS}/${job.id}`)),
    'Collection of Tasks',
  )

export const jobReaders: Resource[] = [
  [pathPattern(DELL_JOBS), listAt(DELL_JOBS, 'DellJobCollection', 'JobQueue', 'Collection of Job Instances')],
  [pathPattern(`${DELL_JOBS}/{id}`), oneOf(dellJob)],
  // QUIRK iDRAC10: the old job path is gone. Source: dell/iDRAC-Redfish-Scripting job scripts.
  [pathPattern(OLD_JOBS), upToIdrac9(listAt(OLD_JOBS, 'DellJobCollection', 'JobQueue', 'Collection of Job Instances'))],
  [pathPattern(`${OLD_JOBS}/{id}`), upToIdrac9(oneOf(dellJob))],
  [pathPattern(DMTF_JOBS), listAt(DMTF_JOBS, 'JobCollection', 'Job Collection', 'Collection of Jobs')],
  [pathPattern(`${DMTF_JOBS}/{id}`), oneOf(dmtfJob)],
  [pathPattern(TASKS), readTasks],
]
