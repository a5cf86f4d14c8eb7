import { type Answer, accepted, done, refusal } from './answers.js'
import { openBiosJob, stageBiosJob, type Window } from './bios-job.js'
import { BIOS, BIOS_SETTINGS } from './bios-resource.js'
import { biosRefusal } from './bios-rules.js'
import { queueFull } from './job-queue.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import type { JsonObject } from './recorded.js'
import { type Call, pathPattern, type Route } from './route.js'
import type { View } from './view.js'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function windowOf(view: View, settings: JsonObject): Window | Answer {
  const { MaintenanceWindowStartTime: start, MaintenanceWindowDurationInSeconds: seconds } = settings
  const starts = typeof start === 'string' ? Date.parse(start) : Number.NaN
  if (Number.isNaN(starts) || starts < view.core.clock.now()) return refusal(view, 400, { id: 'SYS436' })
  if (typeof seconds !== 'number' || seconds < 600 || seconds > 86_400) return refusal(view, 400, { id: 'SYS448' })
  const apply =
    settings.ApplyTime === 'AtMaintenanceWindowStart' ? 'AtMaintenanceWindowStart' : 'InMaintenanceWindowOnReset'
  return { apply, starts_at: starts, ends_at: starts + seconds * 1000 }
}

function stageNow(view: View, settings: JsonObject, wanted: JsonObject): Answer {
  const apply = settings.ApplyTime
  if (apply !== 'OnReset' && apply !== 'AtMaintenanceWindowStart' && apply !== 'InMaintenanceWindowOnReset')
    return refusal(view, 400, { id: 'SYS426', args: [String(apply), 'ApplyTime'] })
  const window = apply === 'OnReset' ? undefined : windowOf(view, settings)
  if (window && 'status' in window) return window
  const full = queueFull(view)
  if (full) return full
  Object.assign(view.server.bios_pending, wanted)
  const job = stageBiosJob(view, window)
  return 'status' in job ? job : accepted(view, job.id, `${job.id}: BIOS ${JSON.stringify(wanted)}`)
}

function patchSettings({ view, body }: Call): Answer {
  if (isLocked(view)) return lockdownRefusal(view)
  const { Attributes: wanted, '@Redfish.SettingsApplyTime': settings } = body
  if (!isObject(wanted) || Object.keys(wanted).length === 0)
    return refusal(view, 400, { id: 'SYS428', args: ['Attributes'] })
  if (openBiosJob(view)) return refusal(view, 400, { id: 'SYS011' })
  const refused = biosRefusal(view.server, wanted)
  if (refused) return refusal(view, 400, refused)
  if (isObject(settings)) return stageNow(view, settings, wanted)
  Object.assign(view.server.bios_pending, wanted)
  return done(view, `BIOS values staged: ${JSON.stringify(wanted)}`)
}

function clearPending({ view }: Call): Answer {
  if (openBiosJob(view)) return refusal(view, 400, { id: 'BIOS011' })
  if (Object.keys(view.server.bios_pending).length === 0) return refusal(view, 400, { id: 'BIOS012' })
  view.server.bios_pending = {}
  return done(view, 'pending BIOS values cleared')
}

function resetBios({ view }: Call): Answer {
  if (isLocked(view)) return lockdownRefusal(view)
  if (openBiosJob(view)) return refusal(view, 400, { id: 'BIOS006' })
  view.server.idrac.face.reset_bios_pending = true
  const job = stageBiosJob(view)
  return 'status' in job ? job : done(view, `${job.id}: BIOS defaults at the next reset`)
}

function changePassword({ view, body }: Call): Answer {
  const { PasswordName: name, OldPassword: old, NewPassword: fresh } = body
  if (isLocked(view)) return lockdownRefusal(view)
  if (name !== 'SetupPassword' && name !== 'SysPassword')
    return refusal(view, 400, { id: 'SYS426', args: [String(name), 'PasswordName'] })
  if (typeof fresh !== 'string' || fresh.length > 32)
    return refusal(view, 400, { id: 'SYS425', args: ['***', 'NewPassword'] })
  const { face } = view.server.idrac
  const passwords = isObject(face.bios_passwords) ? face.bios_passwords : {}
  if ((passwords[name] ?? '') !== (old ?? '')) return refusal(view, 400, { id: 'BIOS018' })
  face.bios_password_pending = { [name]: fresh }
  return done(view, `BIOS ${name} staged`)
}

export const biosRoutes: Route[] = [
  { method: 'PATCH', pattern: pathPattern(BIOS_SETTINGS), mutation: true, act: patchSettings },
  {
    method: 'POST',
    pattern: pathPattern(`${BIOS_SETTINGS}/Actions/Oem/DellManager.ClearPending`),
    mutation: true,
    act: clearPending,
  },
  { method: 'POST', pattern: pathPattern(`${BIOS}/Actions/Bios.ResetBios`), mutation: true, act: resetBios },
  { method: 'POST', pattern: pathPattern(`${BIOS}/Actions/Bios.ChangePassword`), mutation: true, act: changePassword },
]
