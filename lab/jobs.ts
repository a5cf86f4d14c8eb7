/**
 * The Lifecycle Controller's job queue of every server: it makes jobs, lets them go through their states on the
 * simulated clock, and applies their result. Faces only create, read and delete. Firmware jobs:
 *
 *   direct, Immediate        New → Downloading → Downloaded → Running → Completed (version changes, no reboot)
 *   idrac, Immediate         the same, then the iDRAC goes dark and comes back with the new version
 *   host_reboot | cpld       New → Downloading → Downloaded → Scheduled → (host boots) Running → Completed
 *   …with Immediate          the same, and the iDRAC reboots the host by itself when it is Scheduled
 */
import type { DellJobState, PackageFacts, SimFirmware, SimJob, SimServer } from './model-server.js'

export type JobSpec = Pick<SimJob, 'kind' | 'job_type' | 'name'> &
  Partial<Pick<SimJob, 'apply' | 'payload' | 'message' | 'message_id' | 'state'>> & {
    /** how long Running takes, simulated ms; the default depends on the kind */
    run_ms?: number
    /** waits for the next boot of the host instead of running at once */
    needs_reboot?: boolean
  }

/** What the device says of a package before it makes a job. */
export type Applicability =
  | { ok: true; rows: SimFirmware[]; class: SimFirmware['class'] }
  | {
      ok: false
      message_id: 'RED017' | 'RED097' | 'RED014' | 'RED149' | 'RED145' | 'RED147' | 'RED022'
      reason: string
      job_id?: string
    }

export interface JobQueue {
  /** Would the iDRAC take this package now? Wrong system RED017, no such device RED097, same job there RED014, … */
  applicability(server: SimServer, facts: PackageFacts): Applicability
  /**
   * Makes a firmware job of an uploaded package (after applicability() said ok) and tells the judge; a JID.
   * `rollback` = from a `Previous-` row.
   */
  submitFirmware(
    server: SimServer,
    facts: PackageFacts,
    options: { apply: 'Immediate' | 'OnReset' | 'OnStartUpdateRequest'; rollback?: boolean },
  ): SimJob
  /** Makes any other job: BIOS configuration (`payload.attributes`), SCP, reboot job (`RID_`). */
  create(server: SimServer, spec: JobSpec): SimJob
  /** UpdateService.StartUpdate: begins the jobs held by OnStartUpdateRequest; how many. */
  startHeld(server: SimServer): number
  find(server: SimServer, id: string): SimJob | undefined
  /** Percentage now (moves while Running). */
  percent(job: SimJob): number
  isFinal(state: DellJobState): boolean
  /** Deletes a job that does not run; false (JCP / SUP refusal) when it runs or is not there. */
  remove(server: SimServer, id: string): boolean
  /** Ends a job now. */
  finish(server: SimServer, job: SimJob, state: DellJobState, messageId: string, message: string): void
  /** Jobs that wait for the next boot of the host and can run then, in the order they run. */
  staged(server: SimServer): SimJob[]
  /** Begins to run a job now; its end is on the agenda unless it hangs. Only the lifecycle calls this for staged ones. */
  run(server: SimServer, job: SimJob): void
  /** The iDRAC restarts: downloads and hung jobs fail, what is staged stays. */
  interrupted(server: SimServer): void
  /** The machine was without power: what needed that is done now. */
  coldBoot(server: SimServer): void
  /** Registers what a job of some kind does when it ends well, e.g. the face's SCP import. */
  onDone(kind: SimJob['kind'], apply: (server: SimServer, job: SimJob) => void): void
}
