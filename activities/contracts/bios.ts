import type { BiosValue } from '../../domain/bios-attributes.js'
import type { AttributeChange } from '../../domain/bios-difference.js'
import type { BiosWritePlan } from '../../domain/bios-write.js'
import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface BiosNow {
  /** The stored reading; null when nothing was stored. */
  configuration_id: string | null
  attribute_count: number
  pending_count: number
  /** Did any attribute change since the newest stored reading? */
  changed_since_last: boolean
  /** Values of the attributes that were asked for by name. */
  attributes?: Record<string, BiosValue>
  /** Names that were asked for and are not there. */
  unknown_attributes?: string[]
  differences?: AttributeChange[]
}

/** Which values to write. */
export interface BiosWriteOrder {
  attributes: Record<string, string | number> | null
  from_configuration_id: string | null
  only: string[] | null
  override_pending: boolean
}

export interface BiosActivities {
  /** Reads attributes, pending values and registry; stores the reading when told to. */
  readBiosConfiguration(input: {
    context: WorkContext
    server_id: string
    /** Restricts the answer, not what is stored; null = only counts. */
    attributes: string[] | null
    /** A stored configuration to compare with. */
    compare_with: string | null
    store: boolean
  }): Promise<BiosNow>
  /** Reads, validates everything, and says what would change, what stands against it and what waits already. */
  planBios(input: { context: WorkContext; server_id: string; order: BiosWriteOrder }): Promise<BiosWritePlan>
  /** Deletes these BIOS jobs and clears the pending values (V). */
  discardPendingBios(input: { context: WorkContext; server_id: string; device_job_ids: string[] }): Promise<void>
  /** Keeps a reading, then stages all values for the next boot in one device job (O, adopted when they wait already). */
  stageBios(input: {
    context: WorkContext
    server_id: string
    changes: AttributeChange[]
    step: string
  }): Promise<{ device_job_id: string }>
  /** Takes back what was staged: deletes exactly this job, and clears the values when nothing but ours waits (V). */
  unstageBios(input: {
    context: WorkContext
    server_id: string
    device_job_id: string | null
    changes: AttributeChange[]
  }): Promise<void>
  /** Reads back until every value is there, for some minutes, keeps the reading, and names what was not applied. */
  verifyBios(input: {
    context: WorkContext
    server_id: string
    changes: AttributeChange[]
  }): Promise<{ not_applied: AttributeChange[]; configuration_id: string }>
}
