import { type JsonObject, recordedMessages } from './recorded.js'

/** A message by bare id and its arguments, as the registry words it. */
export type Notice = { id: string; args?: readonly string[] }

/** Messages that are newer than the recorded registry 2.7.0. */
const NEWER: Record<string, { message: string; resolution: string; severity: string }> = {
  PSU507: {
    message: 'Unable to perform the Virtual AC power-cycle operation because the server is powered on.',
    resolution: 'Turn off the server and retry the operation.',
    severity: 'Warning',
  },
}

/** Text of a message with its arguments filled in. */
export function messageText(notice: Notice): string {
  const known = recordedMessages().get(notice.id) ?? NEWER[notice.id]
  const text = known?.message ?? notice.id
  return text.replace(/%(\d)/g, (whole, place: string) => notice.args?.[Number(place) - 1] ?? whole)
}

/** Severity of a message as DMTF words it: OK, Warning or Critical. Note that refusals may carry OK. */
export function messageSeverity(id: string): string {
  const known = recordedMessages().get(id)
  if (known) return known.message_severity ?? (known.severity === 'Informational' ? 'OK' : (known.severity ?? 'OK'))
  return NEWER[id]?.severity ?? 'OK'
}

/** One entry of `@Message.ExtendedInfo`; `registry` is the prefix with version, such as `IDRAC.2.8`. */
export function extendedInfo(registry: string, notice: Notice): JsonObject {
  const args = [...(notice.args ?? [])]
  const known = recordedMessages().get(notice.id)
  return {
    Message: messageText(notice),
    MessageArgs: args,
    'MessageArgs@odata.count': args.length,
    MessageId: `${registry}.${notice.id}`,
    RelatedProperties: [],
    'RelatedProperties@odata.count': 0,
    Resolution: known?.resolution ?? NEWER[notice.id]?.resolution ?? 'No response action is required.',
    Severity: known?.severity ?? NEWER[notice.id]?.severity ?? 'Informational',
  }
}

const BASE: Record<string, { text: string; severity: string }> = {
  Success: { text: 'The request completed successfully.', severity: 'OK' },
  Created: { text: 'The resource has been created successfully.', severity: 'OK' },
  GeneralError: { text: 'A general error has occurred. See ExtendedInfo for more information', severity: 'Critical' },
  PreconditionFailed: {
    text: 'The ETag supplied did not match the ETag required to change this resource.',
    severity: 'Critical',
  },
  PasswordChangeRequired: {
    text: 'The password provided for this account must be changed before access is granted.',
    severity: 'Critical',
  },
}

/** An entry of the DMTF base registry, such as `Base.1.12.Success`. */
export function baseInfo(base: string, name: string): JsonObject {
  const known = BASE[name]
  return {
    Message: known?.text ?? name,
    MessageArgs: [],
    'MessageArgs@odata.count': 0,
    MessageId: `${base}.${name}`,
    RelatedProperties: [],
    'RelatedProperties@odata.count': 0,
    Resolution: 'None',
    Severity: known?.severity ?? 'OK',
  }
}

/** The error envelope: `{error: {@Message.ExtendedInfo, code, message}}`. */
export function errorBody(base: string, entries: JsonObject[]): JsonObject {
  return {
    error: {
      '@Message.ExtendedInfo': entries,
      code: `${base}.GeneralError`,
      message: BASE.GeneralError?.text ?? '',
    },
  }
}
