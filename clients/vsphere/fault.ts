import type { FailureCode } from '../../domain/failures.js'
import { DeviceError } from '../errors.js'
import { codeOfFault } from './fault-family.js'
import { child, children, refAt, type SoapNode, textAt } from './xml-node.js'

/** A fault as vCenter reports it, in a call's answer or as the error of a task. */
export interface VimFault {
  /** Wire name without the word Fault at the end of its element: `InvalidLogin`, `NoPermission`. */
  fault: string
  /** Localised text; the fault's name when vCenter sent none. For people only, never compared. */
  message: string
  /** What it means in the product's vocabulary. */
  code: FailureCode
  /** Members that explain the fault: privileges, object, reason, property, causing fault. */
  data: Record<string, unknown>
}

const MAX_TEXT = 2_000

/** Members that are worth keeping, and their names in `data`. */
const SIMPLE_MEMBERS: readonly (readonly [member: string, key: string])[] = [
  ['privilegeId', 'privilege_id'],
  ['reason', 'reason'],
  ['name', 'name'],
  ['invalidProperty', 'invalid_property'],
  ['vmName', 'vm_name'],
  ['hostName', 'host_name'],
  ['source', 'source'],
  ['thumbprint', 'thumbprint'],
  ['file', 'file'],
]

const REF_MEMBERS: readonly (readonly [member: string, key: string])[] = [
  ['object', 'object_moid'],
  ['obj', 'object_moid'],
  ['task', 'task_moid'],
  ['vm', 'vm_moid'],
  ['host', 'host_moid'],
]

/** Privileges that were missing: the list of newer versions, else the single older member. */
function missingPrivileges(node: SoapNode): string[] {
  const listed = children(node, 'missingPrivileges').flatMap((each) =>
    children(each, 'privilegeIds').map((id) => id.text.trim()),
  )
  const single = textAt(node, 'privilegeId')
  return listed.length > 0 ? listed : single === null ? [] : [single]
}

function dataOf(node: SoapNode): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const [member, key] of SIMPLE_MEMBERS) {
    const text = textAt(node, member)
    if (text !== null) data[key] = text
  }
  for (const [member, key] of REF_MEMBERS) {
    const ref = refAt(node, member)
    if (ref !== null && child(node, member)?.ref_type !== null) data[key] = ref.value
  }
  const privileges = missingPrivileges(node)
  if (privileges.length > 0) data.missing_privileges = privileges
  const details = children(node, 'faultMessage').map((each) => textAt(each, 'message') ?? textAt(each, 'key'))
  if (details.some((each) => each !== null)) data.details = details.filter((each) => each !== null)
  const cause = child(node, 'faultCause')
  if (cause !== null) data.cause = readLocalizedFault(cause)
  return data
}

function toFault(name: string, node: SoapNode, message: string | null): VimFault {
  const text = (message ?? '') === '' ? name : (message ?? name)
  return { fault: name, message: text.slice(0, MAX_TEXT), code: codeOfFault(name), data: dataOf(node) }
}

/** Reads a `LocalizedMethodFault` (`{fault xsi:type, localizedMessage}`), as tasks, checks and causing faults carry it. */
export function readLocalizedFault(node: SoapNode): VimFault {
  const inner = child(node, 'fault') ?? node
  return toFault(inner.xsi_type ?? 'MethodFault', inner, textAt(node, 'localizedMessage'))
}

/** Reads the `Fault` element of an answer. The type of the detail decides; `faultstring` is localised and may be empty. */
export function readSoapFault(fault: SoapNode): VimFault {
  const detail = child(fault, 'detail')?.children[0]
  const message = textAt(fault, 'faultstring')
  if (detail === undefined) return toFault('MethodFault', fault, message)
  const name = detail.xsi_type ?? detail.name.replace(/Fault$/, '')
  return toFault(name, detail, message)
}

/** The error for a fault that answered a call: a definite refusal, nothing happened. `operation` names the call. */
export function faultError(fault: VimFault, operation: string, status = 500): DeviceError {
  return new DeviceError(fault.code, `${operation}: ${fault.message}`, {
    sent: true,
    answered: true,
    status,
    message_id: fault.fault,
    text: fault.message,
    data: fault.data,
  })
}
