/** What one request does to a simulated directory, and its whole answer in bytes. */
import type { LabCore } from '../core.js'
import type { LabAnswer } from '../gate.js'
import type { SimDirectory } from '../model-directory.js'
import { bind } from './bind.js'
import { filterText } from './filter.js'
import {
  entryMessage,
  type LdapRequest,
  type LdapResult,
  type Operation,
  referenceMessage,
  resultMessage,
  START_TLS,
  WHO_AM_I,
} from './message.js'
import { RESULT } from './result-codes.js'
import { search } from './search.js'

/** What the server remembers of one connection. */
export interface LdapSession {
  /** who is bound; null = nobody */
  dn: string | null
  encrypted: boolean
}

/** The operation as it stands in the ledger: never a password. */
export function operationText(operation: Operation): string {
  switch (operation.kind) {
    case 'bind':
      return `bind ${operation.name || '(anonymous)'}`
    case 'search':
      return `search base="${operation.base}" scope=${operation.scope} filter=${filterText(operation.filter)}`
    case 'extended':
      return { [START_TLS]: 'starttls', [WHO_AM_I]: 'whoami' }[operation.oid] ?? `extended ${operation.oid}`
    case 'other':
      return `operation ${operation.tag}`
    default:
      return operation.kind
  }
}

/** Does it; the body is every message of the answer. */
export function perform(core: LabCore, directory: SimDirectory, session: LdapSession, request: LdapRequest): LabAnswer {
  const { operation, unknown_control } = request
  if (unknown_control !== null)
    return answer(request, { code: RESULT.unavailableCriticalExtension, message: `control ${unknown_control}` })
  switch (operation.kind) {
    case 'bind':
      return performBind(core, directory, session, request, operation)
    case 'search':
      return performSearch(directory, session, { ...request, operation })
    case 'extended':
      return performExtended(session, request, operation.oid)
    case 'other':
      return answer(request, { code: RESULT.insufficientAccessRights, message: 'this account may only read' })
    default:
      return { status: RESULT.success, body: '' }
  }
}

function answer(request: LdapRequest, result: LdapResult, extra: Parameters<typeof resultMessage>[3] = {}): LabAnswer {
  return { status: result.code, body: resultMessage(request.id, request.operation, result, extra) }
}

function performBind(
  core: LabCore,
  directory: SimDirectory,
  session: LdapSession,
  request: LdapRequest,
  { version, name, password }: Extract<Operation, { kind: 'bind' }>,
): LabAnswer {
  session.dn = null
  if (version !== 3) return answer(request, { code: RESULT.protocolError, message: 'only version 3' })
  if (password === null) return answer(request, { code: RESULT.authMethodNotSupported, message: 'simple binds only' })
  if (!session.encrypted) {
    const result = { code: RESULT.confidentialityRequired, message: 'Operation requires a secure connection.' }
    return { ...answer(request, result), effect: 'a password came in clear' }
  }
  const bound = bind(directory, name, password, core.clock.now())
  session.dn = bound.dn
  if (bound.locked) core.judge.lockedOut(directory.name)
  return { ...answer(request, bound.result), effect: bound.effect }
}

function performSearch(
  directory: SimDirectory,
  session: LdapSession,
  request: Parameters<typeof search>[2],
): LabAnswer {
  const { entries, references, result, cookie } = search(directory, session.dn, request)
  const body = Buffer.concat([
    ...entries.map(({ dn, attributes }) => entryMessage(request.id, dn, attributes)),
    ...(references.length > 0 ? [referenceMessage(request.id, references)] : []),
    resultMessage(request.id, request.operation, result, cookie === undefined ? {} : { cookie }),
  ])
  return { status: result.code, body, effect: `${entries.length} entries` }
}

function performExtended(session: LdapSession, request: LdapRequest, oid: string): LabAnswer {
  if (oid === WHO_AM_I)
    return answer(request, { code: RESULT.success }, { value: session.dn ? `dn:${session.dn}` : '' })
  if (oid !== START_TLS) return answer(request, { code: RESULT.protocolError, message: 'unknown extended operation' })
  if (session.encrypted) return answer(request, { code: RESULT.operationsError, message: 'TLS is established already' })
  return answer(request, { code: RESULT.success }, { oid: START_TLS })
}
