import { DeviceError } from '../../errors.js'
import type { RedfishClient } from '../client.js'
import { readMembers } from '../collection.js'
import type { DeviceJob } from '../facts.js'
import { dellLinksOf, numberAt, textAt } from '../json.js'
import { managerDocument, managerPath, remembered, rootDocument } from '../layout.js'
import { linkAt, safePath } from '../links.js'
import { generationOf } from '../manager.js'
import { missingInAnswer } from '../refusals.js'
import { readIfThere, readResource } from '../resource.js'
import { jobIdOf } from '../task-location.js'
import { fromDellJob, fromDmtfJob } from './job-views.js'

/** `JID_CLEARALL` is a command in the shape of an id: it wipes the queue, pending values and other people's jobs. */
const JOB_ID = /^[JR]ID_(?!CLEARALL)[A-Za-z0-9]+$/

/**
 * The device's job queue, as the Manager links it (`…/Oem/Dell/Jobs`, on iDRAC7/8 `…/Jobs`).
 * QUIRK iDRAC7/8/9, early firmware: no link; the queue is `…/Jobs` below the Manager. iDRAC10 has only `…/Oem/Dell/Jobs`.
 * Source: Dell's scripts.
 * @throws DeviceError `Unsupported` for a manager that neither links a queue nor says that it is an iDRAC
 */
function queuePath(client: RedfishClient): Promise<string> {
  return remembered(client, 'path:jobs', async () => {
    const manager = await managerDocument(client)
    const link = linkAt(dellLinksOf(manager), 'Jobs')
    if (link !== null) return safePath(link, client.origin)
    const generation = generationOf(textAt(manager, 'Model'))
    if (generation === 'unknown')
      throw new DeviceError('Unsupported', 'The manager shows no job queue.', { sent: true, answered: true })
    return `${await managerPath(client)}${generation === 'idrac10' ? '/Oem/Dell' : ''}/Jobs`
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
  const jobs = await remembered(client, 'path:dmtf-jobs', async () =>
    linkAt(await readResource(client, service), 'Jobs'),
  )
  if (!jobs) throw new DeviceError('Unsupported', 'It lists no jobs.', { sent: true, answered: true })
  const job = fromDmtfJob(await readResource(client, `${safePath(jobs, client.origin)}/${checkedId(jobId)}`))
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
  const link = linkAt(dellLinksOf(await managerDocument(client)), 'DellJobService')
  const body = (link === null ? null : await readIfThere(client, link)) ?? {}
  return { current: numberAt(body, 'CurrentNumberOfJobs'), maximum: numberAt(body, 'MaximumNumberOfJobs') }
}

/** The text a person sees for a foreign job: id, name and state. */
export function describeJob(job: DeviceJob): string {
  return `${job.id} (${job.name ?? job.job_type ?? 'unnamed'}, ${job.raw_state ?? 'unknown'})`
}
