import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow'
import { FAILURES, isFailureCode } from '../../domain/failures.js'
import { CancelRequested } from './controls.js'
import type { JobError } from './job-input.js'

interface FailureDetail {
  message_id?: string
  text?: string
  data?: Record<string, unknown>
}

/**
 * What a thrown thing means in the closed vocabulary. A Temporal time-out of an activity means that its step took too
 * long; anything that is not a failure of ours (a bug) is passed on, so that the workflow task fails and can be cured.
 */
export function jobErrorOf(thrown: unknown): JobError {
  if (thrown instanceof CancelRequested || isCancellation(thrown))
    return withHint({ code: 'Cancelled', message: 'Cancelled on request.' })
  const inner = causeOf(thrown)
  if (inner instanceof ApplicationFailure) return fromApplicationFailure(inner)
  if (inner instanceof TimeoutFailure) {
    return withHint({ code: 'StepTimeout', message: `The step took too long (${inner.timeoutType}).` })
  }
  if (inner instanceof TerminatedFailure) {
    return withHint({
      code: 'WorkerLost',
      message: 'Its work was ended in Temporal by force; nobody knows how far it came.',
    })
  }
  throw thrown
}

/** A child that failed by an activity wraps twice: the reason is the innermost. */
function causeOf(thrown: unknown): unknown {
  const wraps = thrown instanceof ActivityFailure || thrown instanceof ChildWorkflowFailure
  return wraps && thrown.cause ? causeOf(thrown.cause) : thrown
}

function fromApplicationFailure(failure: ApplicationFailure): JobError {
  const code = failure.type && isFailureCode(failure.type) ? failure.type : 'ProtocolError'
  const detail = (failure.details?.[0] ?? {}) as FailureDetail
  const device =
    detail.message_id !== undefined || detail.text !== undefined
      ? {
          ...(detail.message_id === undefined ? {} : { message_id: detail.message_id }),
          ...(detail.text === undefined ? {} : { text: detail.text }),
        }
      : undefined
  return withHint({
    code,
    message: failure.message,
    ...(device ? { device } : {}),
    ...(detail.data ? { data: detail.data } : {}),
  })
}

function withHint(error: JobError): JobError {
  return isFailureCode(error.code) ? { ...error, hint: FAILURES[error.code].hint } : error
}

/** A business failure of a workflow: ends its step or target, never retried. */
export function failure(
  code: keyof typeof FAILURES,
  message: string,
  data?: Record<string, unknown>,
): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details: data ? [{ data }] : [] })
}
