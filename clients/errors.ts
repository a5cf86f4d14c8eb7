import type { FailureCode } from '../domain/failures.js'

export interface DeviceErrorFacts {
  /** Did any byte of the request leave? `false` proves that nothing happened on the device. */
  sent: boolean
  /** Did the device answer definitely (a known refusal)? `false` with `sent` means: nobody knows whether it happened. */
  answered: boolean
  /** HTTP status, SSH exit code. */
  status?: number
  /** Vendor message id (`RED014`, `SYS518`) or SOAP fault name (`InvalidLogin`). */
  message_id?: string
  /** Vendor text, already free of secrets, at most 2,000 characters. */
  text?: string
  data?: Record<string, unknown>
}

/**
 * The only error that a client throws. *Device said no* is `answered`; *call failed* is not `sent`;
 * *we do not know whether it happened* is `sent` and not `answered` (see {@link DeviceError.unclear}).
 */
export class DeviceError extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly facts: DeviceErrorFacts,
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.name = 'DeviceError'
  }

  /** True when the effect of a mutation is neither proved nor disproved: it must be settled by reading, never by sending again. */
  get unclear(): boolean {
    return this.facts.sent && !this.facts.answered
  }
}
