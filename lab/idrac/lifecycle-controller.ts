import type { Answer } from './answers.js'
import { done, refusal } from './answers.js'
import { isLocked } from './lockdown.js'
import { baseInfo, extendedInfo } from './messages.js'
import { type Call, pathPattern, type Route } from './route.js'
import { isBusy } from './service-state.js'
import { MANAGER, ROOT, type View } from './view.js'

const SERVICE = `${MANAGER}/Oem/Dell/DellLCService/Actions/DellLCService.`
/** Old root of the Dell services; still served by iDRAC9. */
const OLD_SERVICE = `${ROOT}/Dell/Managers/iDRAC.Embedded.1/DellLCService/Actions/DellLCService.`

function serverStatus(view: View): string {
  const { server } = view
  if (server.power === 'Off') return 'PoweredOff'
  switch (server.boot.phase) {
    case 'off':
      return 'PoweredOff'
    case 'post':
      // A POST without an end stands at a prompt and waits for a key.
      return server.boot.ends_at === null ? 'HaltedF1/F2Prompt' : 'InPOST'
    case 'applying':
      return 'AutomatedTaskExecution'
    case 'inventory':
      return 'CollectingSystemInventory'
    default:
      return 'OutOfPOST'
  }
}

/**
 * What the Lifecycle Controller says of itself: in use while jobs run in the boot or a direct update runs, reloading
 * data while the iDRAC still loads.
 */
export function readiness(view: View): {
  LCStatus: string
  RTStatus: string
  ServerStatus: string
  Status: string
  ready: boolean
} {
  const { core, server } = view
  const ServerStatus = serverStatus(view)
  const loading = core.lifecycle.idracState(server) !== 'ready' || isBusy(view)
  const inUse = ServerStatus === 'AutomatedTaskExecution' || server.idrac.jobs.some((job) => job.state === 'Running')
  if (loading)
    return { LCStatus: 'ReloadingData', RTStatus: 'NotReady', ServerStatus, Status: 'NotReady', ready: false }
  if (inUse) return { LCStatus: 'InUse', RTStatus: 'Ready', ServerStatus, Status: 'InUse', ready: false }
  const collecting = ServerStatus === 'CollectingSystemInventory'
  const LCStatus = collecting ? 'ReloadingData' : 'Ready'
  const ready = ServerStatus === 'OutOfPOST' || ServerStatus === 'PoweredOff'
  return { LCStatus, RTStatus: 'Ready', ServerStatus, Status: ready ? 'Ready' : 'NotReady', ready }
}

function remoteServicesStatus({ view }: Call): Answer {
  const { ready, ...status } = readiness(view)
  const entries = [
    extendedInfo(view.profile.registry, { id: ready ? 'LC061' : 'LC060' }),
    baseInfo(view.profile.base, 'Success'),
  ]
  return { status: 200, body: { '@Message.ExtendedInfo': entries, ...status } }
}

function insertComment({ view, body, user }: Call): Answer {
  const { Comment: comment } = body
  if (typeof comment !== 'string') return refusal(view, 400, { id: 'SYS428', args: ['Comment'] })
  if (comment.length > 255) return refusal(view, 400, { id: 'SYS425', args: [comment, 'Comment'] })
  view.core.lifecycle.log(view.server, {
    message_id: 'LOG006',
    message: comment,
    message_args: [user],
    severity: 'OK',
    category: 'WorkNotes',
  })
  return done(view, 'work note in the Lifecycle log')
}

/** A small valid PNG: what the screen of a text console looks like from afar. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII='

function screenShot({ view, body }: Call): Answer {
  if (body.FileType !== 'ServerScreenShot')
    return refusal(view, 400, { id: 'SYS426', args: [String(body.FileType), 'FileType'] })
  if (view.server.power === 'Off') return refusal(view, 400, { id: 'SYS446' })
  return done(view, undefined, 'SYS413', { ServerScreenShotFile: PIXEL })
}

/** Operations that destroy data are refused by this site: nobody should have asked. */
function destructive(call: Call): Answer {
  const { view, path } = call
  view.core.judge.violation('destructive_operation', `${view.server.name}: ${path}`)
  return isLocked(view) ? refusal(view, 403, { id: 'LC087' }) : refusal(view, 403, { id: 'SYS479' })
}

const both = (name: string): RegExp[] => [pathPattern(SERVICE + name), pathPattern(OLD_SERVICE + name)]

const routes = (name: string, mutation: boolean, act: Route['act'], early = false): Route[] =>
  both(name).map((pattern) => ({ method: 'POST', pattern, mutation, act, ...(early ? { early: true as const } : {}) }))

export const lifecycleControllerRoutes: Route[] = [
  ...routes('GetRemoteServicesAPIStatus', false, remoteServicesStatus, true),
  ...routes('InsertCommentInLCLog', true, insertComment),
  ...routes('ExportServerScreenShot', false, screenShot),
  ...routes('LCWipe', true, destructive),
  ...routes('SystemErase', true, destructive),
]
