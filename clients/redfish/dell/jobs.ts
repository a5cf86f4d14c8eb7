import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import { readMembers } from '../collection.js'
import type { DeviceJob } from '../facts.js'
import { textAt } from '../json.js'
import { managerDocument, managerPath, remembered, rootDocument } from '../layout.js'
import { linkAt, safePath } from '../links.js'
import { generationOf } from '../manager.js'
import { missingInAnswer } from '../refusals.js'
import { readResource } from '../resource.js'
import { jobIdOf } from '../task-location.js'
import { fromDellJob, fromDmtfJob } from './job-views.js'

/** `JID_CLEARALL` is a command in the shape of an id: it wipes the queue, pending values and other people's jobs. */
const JOB_ID = /^[JR]ID_(?!CLEARALL)[A-Za-z0-9]+$/

/**
 * The device's job queue: `…/Oem/Dell/Jobs`, on iDRAC7/8 `…/Jobs`. The Manager links it; where it does not, the path is
 * the one below the Manager that newer firmware has.
 */
function queuePath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:jobs', async () => {
    const manager = await managerDocument(client)
    const link = linkAt(manager, 'Links', 'Oem', 'Dell', 'Jobs') ?? linkAt(manager, 'Links', 'Oem', 'DELL', 'Jobs')
    if (link !== null) return safePath(link, client.origin)
    const generation = generationOf(textAt(manager, 'Model'))
    const old = generation === 'idrac7' || generation === 'idrac8'
    return `${await managerPath(client)}${old ? '' : '/Oem/Dell'}/Jobs`
  })
}

/** Lists the whole job queue, also finished jobs. Paged; the order means nothing. */
export async function listJobs(client: RedfishClient): Promise<DeviceJob[]> {
  const members = await readMembers(client, await queuePath(client))
  return members.map(fromDellJob).filter((job) => job !== null)
}

function checkedId(jobId: string): string {
  if (JOB_ID.test(jobId)) return jobId
  throw new DeviceError('InvalidRequest', `${jobId.slice(0, 60)} is no job id.`, { sent: false, answered: false })
}

/**
 * Reads one job in its Dell view. Right after creation, and after a restart of the iDRAC, `NotFound` is normal.
 * @throws DeviceError `NotFound`
 */
export async function readJob(client: RedfishClient, jobId: string): Promise<DeviceJob> {
  const path = `${await queuePath(client)}/${checkedId(jobId)}`
  const body = await readResource(client, path, { keep: ['JobState', 'MessageId', 'PercentComplete', 'Name'] })
  const job = fromDellJob(body)
  if (!job) throw new DeviceError('ProtocolError', 'The job has no id.', { sent: true, answered: true })
  return job
}

/**
 * Reads one job in the DMTF view, for when the Dell view has lost it.
 * @throws DeviceError `NotFound`; `Unsupported` when the device has no job service.
 */
export async function readJobElsewhere(client: RedfishClient, jobId: string): Promise<DeviceJob> {
  const service = linkAt(await rootDocument(client), 'JobService')
  if (!service) throw new DeviceError('Unsupported', 'It has no job service.', { sent: false, answered: false })
  const body = await readResource(client, `${safePath(service, client.origin)}/Jobs/${checkedId(jobId)}`)
  const job = fromDmtfJob(body)
  if (!job) throw new DeviceError('ProtocolError', 'The job has no id.', { sent: true, answered: true })
  return job
}

/**
 * Makes the job that applies pending settings at the next boot: one POST, the second step of firmware that takes no apply
 * time with the values. Never repeated by itself.
 * @throws DeviceError `DeviceBusy` (`BIOS007`: a job exists), `StateConflict` (`BIOS008`: nothing is pending)
 */
export async function createSettingsJob(client: RedfishClient, settingsPath: string): Promise<string> {
  const body = { TargetSettingsURI: settingsPath }
  const answer = await client.send({ method: 'POST', path: await queuePath(client), body, recorded_body: body })
  const job = jobIdOf(answer.location, client.origin)
  if (!job) throw missingInAnswer('the id of the device job', answer.status)
  return job.job_id
}

/**
 * Deletes exactly one job. There is no call for the whole queue: it would wipe pending values and other people's jobs.
 * @returns `absent` when there is no such job
 * @throws DeviceError `DeviceBusy` (`JCP015` running, `JCP031` being committed)
 */
export async function deleteJob(client: RedfishClient, jobId: string): Promise<'deleted' | 'absent'> {
  const path = `${await queuePath(client)}/${checkedId(jobId)}`
  try {
    await client.send({ method: 'DELETE', path })
    return 'deleted'
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'NotFound') return 'absent'
    throw error
  }
}

export interface JobQueueFill {
  current: number | null
  maximum: number | null
}

/** How full the queue is, or nulls when the device does not say. One GET. */
export async function readJobQueueFill(client: RedfishClient): Promise<JobQueueFill> {
  const link = linkAt(await managerDocument(client), 'Links', 'Oem', 'Dell', 'DellJobService')
  if (!link) return { current: null, maximum: null }
  const body = await readResource(client, link)
  const count = (key: string) => (typeof body[key] === 'number' ? body[key] : null)
  return { current: count('CurrentNumberOfJobs'), maximum: count('MaximumNumberOfJobs') }
}

/** The text a person sees for a foreign job: id, name and state. */
export function describeJob(job: DeviceJob): string {
  return `${job.id} (${job.name ?? job.job_type ?? 'unnamed'}, ${job.raw_state ?? 'unknown'})`
}
