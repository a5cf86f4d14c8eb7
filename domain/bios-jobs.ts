/** A job in the device's queue, as far as it says what kind it is. */
export interface NamedDeviceJob {
  id: string
  name: string | null
  job_type: string | null
  raw_state: string | null
}

const ENDED = ['Completed', 'CompletedWithErrors', 'Failed', 'RebootCompleted', 'RebootFailed', 'UserIntervention']

/**
 * BIOS configuration jobs that are still in the queue: also one that is stuck, since it holds the pending values. A boot
 * order waits in such a job as well. The device allows one at a time.
 */
export function openBiosJobs<Job extends NamedDeviceJob>(jobs: readonly Job[]): Job[] {
  return jobs.filter(
    (job) =>
      !ENDED.includes(job.raw_state ?? '') &&
      (/BIOSConfig/i.test(job.job_type ?? '') || /config\w*:\s*BIOS\.Setup/i.test(job.name ?? '')),
  )
}
