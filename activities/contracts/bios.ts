import type { BiosValue } from '../../domain/bios-attributes.js'
import type { AttributeChange } from '../../domain/bios-difference.js'
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
}
