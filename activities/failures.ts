import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common'
import { DeviceError } from '../clients/errors.js'
import { type Blocker, FAILURES, type FailureCode } from '../domain/failures.js'

/** A rule said no: ends the step at once, with the blocker's sentence and facts. */
export class Refused extends Error {
  constructor(readonly blockers: Blocker[]) {
    super(blockers.map((b) => b.message).join(' '))
    this.name = 'Refused'
  }
}

/** Not there yet: ask again after `retry_ms` of real time. `code` and `message` say what is waited for. */
export class NotYet extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly retry_ms: number,
  ) {
    super(message)
    this.name = 'NotYet'
  }
}

/** A failure of the closed vocabulary that ends the step at once. */
export class StepFailed extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly data?: Record<string, unknown>,
  ) {
    super(message)
    this.name = 'StepFailed'
  }
}

const RETRIED = new Set(['yes', 'slow', 'reads'])

/** Turns whatever an activity threw into the failure that Temporal keeps: the only place where this happens. */
export function toApplicationFailure(thrown: unknown): unknown {
  if (thrown instanceof ApplicationFailure) return thrown
  if (thrown instanceof NotYet) return notYet(thrown)
  if (thrown instanceof Refused) return refused(thrown)
  if (thrown instanceof StepFailed) return failed(thrown.code, thrown.message, false, { data: thrown.data })
  if (thrown instanceof DeviceError) return ofDevice(thrown)
  if (isPostgresError(thrown)) return ofPostgres(thrown)
  if (isCancelled(thrown)) return thrown
  return failed('ProtocolError', messageOf(thrown), false, {})
}

function notYet(thrown: NotYet): ApplicationFailure {
  return ApplicationFailure.create({
    type: thrown.code,
    message: cut(thrown.message),
    nonRetryable: false,
    nextRetryDelay: Math.max(1, Math.round(thrown.retry_ms)),
    category: ApplicationFailureCategory.BENIGN,
  })
}

function refused(thrown: Refused): ApplicationFailure {
  const first = thrown.blockers[0]
  return failed(first?.code ?? 'StateConflict', thrown.message, false, {
    data: { blockers: thrown.blockers.slice(0, 20) },
  })
}

function ofDevice(thrown: DeviceError): ApplicationFailure {
  const { message_id, text, data } = thrown.facts
  return failed(thrown.code, thrown.message, RETRIED.has(FAILURES[thrown.code].retry), {
    message_id,
    text: text?.slice(0, 1000),
    data,
  })
}

function failed(
  code: FailureCode,
  message: string,
  retryable: boolean,
  detail: Record<string, unknown>,
): ApplicationFailure {
  const known = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined))
  return ApplicationFailure.create({ type: code, message: cut(message), nonRetryable: !retryable, details: [known] })
}

/** Connection trouble with Postgres heals by itself; a constraint that refuses a row never does. */
function ofPostgres(thrown: Error): ApplicationFailure {
  const code = postgresCode(thrown)
  const constraint = code?.startsWith('23') || code?.startsWith('22') || code?.startsWith('42')
  return constraint
    ? failed('ProtocolError', `The database refused a row (${code}): ${messageOf(thrown)}`, false, {})
    : failed('ServiceUnavailable', `The database did not answer: ${messageOf(thrown)}`, true, {})
}

function isPostgresError(thrown: unknown): thrown is Error {
  if (!(thrown instanceof Error)) return false
  const network = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']
  const code = postgresCode(thrown)
  if (code !== undefined && (/^[0-9A-Z]{5}$/.test(code) || network.includes(code))) return true
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Failed query/.test(
    messageOf(thrown),
  )
}

function postgresCode(thrown: Error): string | undefined {
  const own = (thrown as { code?: unknown }).code
  if (typeof own === 'string') return own
  return thrown.cause instanceof Error ? postgresCode(thrown.cause) : undefined
}

function isCancelled(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'CancelledFailure' || thrown.name === 'CompleteAsyncError')
}

/** Query texts of the database driver may hold values; only their first line is kept. */
function messageOf(thrown: unknown): string {
  const error =
    thrown instanceof Error ? (thrown.cause instanceof Error ? thrown.cause : thrown) : new Error(String(thrown))
  return error.message.split('\n')[0] ?? ''
}

const cut = (text: string) => (text.length > 1500 ? `${text.slice(0, 1500)} …` : text)
