import type { ConsoleType } from '../../domain/console-access.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface ConsoleActivities {
  /** Can the console be opened now, and how? Reads only. Throws `Unsupported`, `LicenseMissing`, `SessionLimit`. */
  checkConsole(input: {
    context: WorkContext
    server_id: string
    type: ConsoleType
  }): Promise<{ type: ConsoleType; why: string | null }>
  /** Gets a ticket and seals it for the person who asked; answers only its reference. Repeatable: the last ticket counts. */
  openConsole(input: {
    context: WorkContext
    server_id: string
    type: ConsoleType
    requested_by: string | null
  }): Promise<{ ticket_ref: string; type: ConsoleType; expires_at: string }>
}
