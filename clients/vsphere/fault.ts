import type { FailureCode } from '../../domain/failures.js'

/** A fault as vCenter reports it, in a call's answer or as the error of a task. */
export interface VimFault {
  /** Wire name without the word Fault: `InvalidLogin`, `NoPermission`. */
  fault: string
  /** Localised text; the fault's name when vCenter sent none. For people only, never compared. */
  message: string
  /** What it means in the product's vocabulary. */
  code: FailureCode
  /** Members that explain the fault: privilege, object, reason, property, causing fault. */
  data: Record<string, unknown>
}
