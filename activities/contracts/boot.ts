import type { BootNow, BootWanted } from '../../domain/boot-settings.js'
import type { Blocker } from '../../domain/failures.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface BootActivities {
  /** Reads the boot settings and says what the change would come to: nothing, a request, or why not. */
  judgeBoot(input: {
    context: WorkContext
    server_id: string
    wanted: BootWanted
  }): Promise<{ decision: 'already' | 'send' | 'refused'; before: BootNow; blockers: Blocker[] }>
  /** Sets them (O, adopted when they are as wanted). A boot order may answer with a device job that needs a reboot. */
  setBoot(input: {
    context: WorkContext
    server_id: string
    wanted: BootWanted
    step: string
  }): Promise<{ device_job_id: string | null }>
  /** Reads back and compares. @throws `VerifyFailed` unless it is as wanted */
  verifyBoot(input: { context: WorkContext; server_id: string; wanted: BootWanted }): Promise<{ after: BootNow }>
}
