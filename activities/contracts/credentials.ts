import type { CredentialSource } from '../../domain/credential-resolution.js'
import type { Attempt, AttemptOutcome, TestedCandidate } from '../../domain/credential-test.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export type Device = { kind: 'server' | 'host'; id: string }

export interface CredentialPlan {
  candidates: TestedCandidate[]
  /** Places that gave nothing, and sets that cannot be opened. */
  skipped: { source: CredentialSource; why: string }[]
  explicit_set_id: string | null
  /** What resolves without the job's own list. */
  chosen: { source: CredentialSource; set_id: string | null } | null
}

export type Tried =
  | { outcome: Exclude<AttemptOutcome, 'not_tried_budget'> }
  | { outcome: 'not_tried_budget'; retry_ms: number }

type TryInput = { context: WorkContext; candidate: Pick<TestedCandidate, 'set_id' | 'source'> }

/** Queue `core`: our own rows only. */
export interface CredentialActivities {
  /** Which credentials would be tried at a device, in which order; sends nothing. */
  planCredentials(input: { context: WorkContext; device: Device }): Promise<CredentialPlan>
  /** Writes what a test found: the state, and the set where it shall be. */
  saveCredentialTest(input: {
    context: WorkContext
    device: Device
    attempts: Attempt[]
    chosen: CredentialPlan['chosen']
    assign_set_id: string | null
    requested_by: string | null
  }): Promise<void>
}

/** Queue `redfish.<site>`. */
export interface ServerCredentialActivities {
  /** One login at an iDRAC and out again, after its identity was checked; without budget nothing is sent. */
  tryServerCredential(input: TryInput & { server_id: string }): Promise<Tried>
}

/** Queue `ssh.<site>`. */
export interface HostCredentialActivities {
  /** One SSH login at an ESXi host; without budget nothing is sent. */
  tryHostCredential(input: TryInput & { host_id: string }): Promise<Tried>
}
