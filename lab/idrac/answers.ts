import type { Delivery } from '../gate.js'
import { baseInfo, errorBody, extendedInfo, type Notice } from './messages.js'
import type { JsonObject } from './recorded.js'
import { ROOT, type View } from './view.js'

/** What a route gives back; `effect` is the ledger's line on what changed. */
export type Answer = {
  status: number
  body?: JsonObject
  /** instead of `body`: text of another content type */
  text?: { type: string; content: string }
  headers?: Record<string, string>
  effect?: string
  /** how a personality spoils the sending */
  delivery?: Delivery
}

/** 200 with a body. */
export const ok = (body: JsonObject, headers: Record<string, string> = {}): Answer => ({ status: 200, body, headers })

/** A refusal with Redfish extended information; the first notice is the one that counts. */
export function refusal(view: View, status: number, ...notices: Notice[]): Answer {
  const entries = notices.map((notice) => extendedInfo(view.profile.registry, notice))
  return { status, body: errorBody(view.profile.base, entries) }
}

/** 404 as iDRACs word it: `SYS403` with the last segment of the path, then the DMTF entry. */
export function notFound(view: View, path: string): Answer {
  const name = path.split('/').at(-1) ?? path
  const missing: JsonObject = {
    ...baseInfo(view.profile.base, 'ResourceMissingAtURI'),
    Message: `The resource at the URI ${path} was not found.`,
    MessageArgs: [path],
    'MessageArgs@odata.count': 1,
    Severity: 'Critical',
  }
  return {
    status: 404,
    body: errorBody(view.profile.base, [extendedInfo(view.profile.registry, { id: 'SYS403', args: [name] }), missing]),
  }
}

/** 200 with `Base…Success` and a Dell success id (SYS413 and SYS430 are successes). */
export function done(
  view: View,
  effect: string | undefined,
  id: 'SYS413' | 'SYS430' = 'SYS413',
  more: JsonObject = {},
): Answer {
  const entries = [extendedInfo(view.profile.registry, { id }), baseInfo(view.profile.base, 'Success')]
  return {
    status: 200,
    body: { ...more, '@Message.ExtendedInfo': entries },
    ...(effect === undefined ? {} : { effect }),
  }
}

/** 204, as Reset, InsertMedia and ClearLog answer. */
export const noContent = (effect?: string): Answer => ({ status: 204, ...(effect === undefined ? {} : { effect }) })

/** Where a job's progress is found: Tasks, or TaskMonitors on iDRAC10. */
export function taskLocation(view: View, jobId: string): string {
  const monitors = view.profile.taskMonitors || view.flags.task_monitor_204
  return `${ROOT}/TaskService/${monitors ? 'TaskMonitors' : 'Tasks'}/${jobId}`
}

/** 202 for a job: the id stands in the Location header only. */
export function accepted(view: View, jobId: string, effect: string): Answer {
  const headers: Record<string, string> = view.flags.no_location_header ? {} : { Location: taskLocation(view, jobId) }
  const entries = [
    { ...baseInfo(view.profile.base, 'Success'), Message: 'The request completed successfully.' },
    extendedInfo(view.profile.registry, { id: 'SYS413' }),
  ]
  return { status: 202, headers, body: { '@Message.ExtendedInfo': entries }, effect }
}
