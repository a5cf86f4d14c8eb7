import type { Answer } from './answers.js'
import { refusal } from './answers.js'
import type { Route } from './route.js'
import { ROOT, type View } from './view.js'

/** While services load: the last part of that time answers `SWC0700`, the part before it a plain 503. */
const NOT_READY_MS = 30_000

const PAGE_503 =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html><head><title>503 - Service Not Available</title></head>' +
  '<body><h1>503 - Service Not Available</h1></body></html>\n'

/** The web server's own page while the Redfish service is not there. */
export const htmlUnavailable = (): Answer => ({ status: 503, text: { type: 'text/html', content: PAGE_503 } })

/** Until when (simulated) the iDRAC answers `SYS518` because of what was asked just now; see `noteOperation`. */
function busyUntil(view: View): number {
  const until = view.server.idrac.face.busy_until
  return typeof until === 'number' ? until : 0
}

/** Personality: after each change the data sources are unavailable for a while. */
export function noteOperation(view: View): void {
  const { busy_after_operation_s: seconds } = view.flags
  if (seconds > 0) view.server.idrac.face.busy_until = view.core.clock.now() + seconds * 1000
}

/** Are the data sources of a busy iDRAC unavailable now? */
export const isBusy = (view: View): boolean => view.core.clock.now() < busyUntil(view)

/**
 * The refusal of an iDRAC that is not ready: first 503 from its web server, then 400 `SWC0700`, both while it loads
 * after a restart; `SYS518` while it is busy after an operation. Undefined = go on.
 */
export function stateRefusal(view: View, path: string, route: Route | undefined): Answer | undefined {
  const { core, server } = view
  if (core.lifecycle.idracState(server) === 'loading') {
    const remaining = (server.idrac.loading_until ?? 0) - core.clock.now()
    if (remaining > NOT_READY_MS) return htmlUnavailable()
    if (path !== ROOT && !route?.open && !route?.early) return refusal(view, 400, { id: 'SWC0700' })
    return undefined
  }
  if (path !== ROOT && !route?.open && !route?.early && isBusy(view)) return refusal(view, 500, { id: 'SYS518' })
  return undefined
}
