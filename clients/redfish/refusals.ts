import type { FailureCode } from '../../domain/failures.js'
import { DeviceError } from '../errors.js'
import { type DeviceMessage, tellingMessage } from './messages.js'

const group = (code: FailureCode, ids: string): [string, FailureCode][] => ids.split(' ').map((id) => [id, code])

/**
 * What a vendor message id means, whatever HTTP status it came with. An id of this table is a definite refusal: nothing
 * was created, so also a POST may be repeated once the cause is gone.
 * Texts and classes: Dell message registry 2.7.0 and Dell's own scripts.
 */
const MEANINGS = new Map<string, FailureCode>([
  ...group('AuthFailed', 'SYS415 SYS416'),
  ...group('SessionLimit', 'RAC0218'),
  ...group('PermissionMissing', 'SYS479'),
  ...group('LockdownMode', 'SYS406 LC087 RAC1201 JCP041'),
  ...group('LicenseMissing', 'LIC501 SWC0242 SYS461 RED101 RED144'),
  ...group('LifecycleControllerNotReady', 'SWC0700 LC053 LC060 SYS435 BIOS010 BIOS009 RAC0508 RAC0509'),
  ...group(
    'DeviceBusy',
    'SYS518 SYS519 SYS494 RAC0679 LC068 RAC957 RAC958 RAC961 SYS028 SYS074 SYS431 JCP018 JCP019 JCP020',
  ),
  ...group(
    'DeviceBusy',
    'JCP030 JCP043 JCP044 JCP048 RED034 SUP0108 SUP031 RED113 RAC052 SYS011 BIOS006 BIOS007 JCP015 JCP031',
  ),
  ...group('JobQueueFull', 'JCP014 JCP017 RAC0524 SUP022'),
  ...group('StorageFull', 'RED027 SUP0540'),
  ...group('ForeignJob', 'RED014 JCP029 BIOS011'),
  ...group('NotFound', 'SYS403 JCP022'),
  ...group('Unsupported', 'SYS401 SYS402 SYS473 SYS407 SYS417 SYS451 SYS457 SYS404 SYS405 SYS468'),
  ...group(
    'AttributeInvalid',
    'SYS409 SYS410 SYS444 SYS424 SYS425 SYS426 SYS427 SYS428 SYS429 BIOS015 BIOS016 BIOS018',
  ),
  ...group('PowerActionNotAllowed', 'PSU501 PSU502 PSU507'),
  ...group('PrerequisiteMissing', 'RED145 RED147 RED022 SUP0543'),
  ...group('PackageNotApplicable', 'RED010 RED013 RED017 RED097 RED098 RED146 SUP0517'),
  ...group('PackageInvalid', 'RED007 RED008 SUP0515 SUP0525 SYS411'),
  ...group('UnsupportedFileType', 'SYS434 SYS453'),
  ...group('DowngradeRefused', 'RED103'),
  ...group('StateConflict', 'RED149 RED148 SUP029 RED064 RED037 BIOS008 BIOS012 SYS023 VRM0009 SYS418 SUP021 SUP0554'),
  ...group('SlotOccupied', 'VRM0012 VRM0021 RAC0730 RAC1306'),
  ...group('UrlUnreachable', 'RAC0904 RAC0720 RAC0729'),
  ...group('ScpInvalid', 'SYS047 SYS048 SYS050 SYS062 SYS063 SYS064 SYS065 SYS090'),
])

/** `PWR2250`–`PWR2285`: power-on refused or halted. */
const POWER_REFUSED = /^PWR22[5-8]\d$/

/** The failure code of a vendor message id (short form), or null when the id is not known. */
export function meaningOf(messageId: string): FailureCode | null {
  if (messageId.endsWith('PasswordChangeRequired')) return 'PasswordChangeRequired'
  if (POWER_REFUSED.test(messageId)) return 'PowerActionNotAllowed'
  return MEANINGS.get(messageId) ?? null
}

const BY_STATUS = new Map<number, FailureCode>([
  [401, 'AuthFailed'],
  [403, 'PermissionMissing'],
  [404, 'NotFound'],
  [405, 'Unsupported'],
  [409, 'StateConflict'],
  [410, 'NotFound'],
  [412, 'PreconditionFailed'],
  [413, 'PackageInvalid'],
  [415, 'Unsupported'],
  [428, 'PreconditionFailed'],
  [429, 'DeviceBusy'],
])

function byStatus(status: number): FailureCode {
  const known = BY_STATUS.get(status)
  if (known) return known
  if (status >= 300 && status < 400) return 'ProtocolError'
  if (status >= 500) return 'DeviceBusy'
  return status >= 400 ? 'StateConflict' : 'ProtocolError'
}

export interface RefusalFacts {
  status: number
  method: string
  messages: DeviceMessage[]
  retry_after_seconds: number | null
}

function codeOf({ status, method }: RefusalFacts, meaning: FailureCode | null): FailureCode {
  // A value that an action does not offer is a feature that this firmware lacks, not a wrong attribute.
  if (meaning === 'AttributeInvalid' && method === 'POST') return 'Unsupported'
  if (status === 401 && meaning !== 'PasswordChangeRequired') return 'AuthFailed'
  return meaning ?? byStatus(status)
}

/**
 * The error of an answer that is no success. Definite (`answered`) is a 4xx, or any status with a known refusal id;
 * a 5xx without one may have worked, and a redirect is never followed.
 */
export function refusal(facts: RefusalFacts): DeviceError {
  const { status, messages } = facts
  const meant = messages.find((message) => meaningOf(message.id) !== null)
  const meaning = meant ? meaningOf(meant.id) : null
  const message = meant ?? tellingMessage(messages)
  const redirected = status >= 300 && status < 400
  const text =
    message?.text || (redirected ? 'It redirects; redirects are never followed.' : `HTTP ${status} without a message.`)
  const id = message && message.id !== '' ? message.id : undefined
  return new DeviceError(codeOf(facts, meaning), id ? `${id}: ${text}` : text, {
    sent: true,
    answered: (status >= 400 && status < 500) || meaning !== null,
    status,
    text,
    ...(id ? { message_id: id } : {}),
    data: {
      message_ids: messages.map((entry) => entry.id),
      ...(facts.retry_after_seconds === null ? {} : { retry_after_seconds: facts.retry_after_seconds }),
    },
  })
}

/** A 2xx whose body is no JSON object: it may have worked, so it is no proof of anything. */
export function malformedAnswer(status: number): DeviceError {
  return new DeviceError('ProtocolError', 'The answer is no JSON object.', { sent: true, answered: false, status })
}

/** A usable answer lacks what must be in it. */
export function missingInAnswer(what: string, status: number): DeviceError {
  return new DeviceError('ProtocolError', `The answer lacks ${what}.`, { sent: true, answered: false, status })
}
