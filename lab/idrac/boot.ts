import type { JsonValue } from '../model.js'
import { type Answer, accepted, done, refusal } from './answers.js'
import { stageBootOrder } from './bios-job.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import type { JsonObject } from './recorded.js'
import type { Resource } from './resources.js'
import { type Call, pathPattern, type Route } from './route.js'
import { collection, link, type Reader, ROOT, SYSTEM, sample, type View } from './view.js'

const TARGETS = ['None', 'Pxe', 'Floppy', 'Cd', 'Hdd', 'BiosSetup', 'Utilities', 'UefiTarget', 'SDCard', 'UefiHttp']
const OPTIONS = `${SYSTEM}/BootOptions`

/**
 * The `Boot` object. Up to 16G the System holds the allowable values and takes the PATCH; on 17G its Settings do, and
 * `BootSourceOverrideMode` is absent (UEFI only).
 */
export function bootObject(view: View, where: 'system' | 'settings'): JsonObject {
  const { server, profile } = view
  settleOverride(view)
  const { enabled, target, mode } = server.boot_override
  const settable = profile.bootOnSettings === (where === 'settings')
  return {
    BootOptions: link(OPTIONS),
    ...(where === 'system' ? { Certificates: link(`${SYSTEM}/Boot/Certificates`) } : {}),
    BootOrder: server.boot_order,
    'BootOrder@odata.count': server.boot_order.length,
    BootSourceOverrideEnabled: enabled,
    ...(profile.idrac === 10 ? {} : { BootSourceOverrideMode: mode }),
    BootSourceOverrideTarget: target,
    UefiTargetBootSourceOverride: server.idrac.face.uefi_target ?? null,
    ...(settable ? { 'BootSourceOverrideTarget@Redfish.AllowableValues': TARGETS } : {}),
  }
}

/** A one-time override is used up by the next boot, whatever caused it. */
function settleOverride({ server }: View): void {
  const set = server.idrac.face.override_set_at_boot
  if (server.boot_override.enabled !== 'Once' || typeof set !== 'number' || set >= server.boot_count) return
  server.boot_override.enabled = 'Disabled'
  server.boot_override.target = 'None'
  delete server.idrac.face.uefi_target
}

const hasSettings = (view: View): boolean => view.profile.redfishVersion !== '1.13.1'

const readSettings: Reader = (view) =>
  hasSettings(view)
    ? {
        '@odata.context': `${ROOT}/$metadata#ComputerSystem.ComputerSystem`,
        '@odata.id': `${SYSTEM}/Settings`,
        '@odata.type': '#ComputerSystem.v1_20_0.ComputerSystem',
        ...(view.profile.bootOnSettings ? { Boot: bootObject(view, 'settings') } : {}),
        Description: 'Computer System Settings which represents a machine (physical or virtual).',
        Id: 'Settings',
        Name: 'System Settings',
      }
    : undefined

const readOptions: Reader = (view) =>
  collection(
    OPTIONS,
    'BootOptionCollection',
    'Boot Options Collection',
    view.server.boot_order.map((reference) => link(`${OPTIONS}/${reference}`)),
    'Collection of BootOptions',
  )

const readOption: Reader = (view, [reference = '']) => {
  if (!view.server.boot_order.includes(reference)) return undefined
  const known = sample(view, `${OPTIONS}/${reference}`) ?? sample(view, `${OPTIONS}/Boot0000`) ?? {}
  return { ...known, '@odata.id': `${OPTIONS}/${reference}`, Id: reference, BootOptionReference: reference }
}

export const bootReaders: Resource[] = [
  [pathPattern(`${SYSTEM}/Settings`), readSettings],
  [pathPattern(OPTIONS), readOptions],
  [pathPattern(`${OPTIONS}/{reference}`), readOption],
]

const isText = (value: JsonValue | undefined): value is string => typeof value === 'string'

function setOverride(view: View, boot: JsonObject): Answer | undefined {
  const { boot_override: override } = view.server
  const { BootSourceOverrideTarget: target, BootSourceOverrideEnabled: enabled, BootSourceOverrideMode: mode } = boot
  if (target !== undefined && !(isText(target) && TARGETS.includes(target)))
    return refusal(view, 400, { id: 'SYS426', args: [String(target), 'BootSourceOverrideTarget'] })
  if (enabled !== undefined && !(isText(enabled) && ['Disabled', 'Once', 'Continuous'].includes(enabled)))
    return refusal(view, 400, { id: 'SYS426', args: [String(enabled), 'BootSourceOverrideEnabled'] })
  if (mode !== undefined && view.profile.idrac === 10)
    return refusal(view, 400, { id: 'SYS429', args: ['BootSourceOverrideMode'] })
  if (mode !== undefined && mode !== 'UEFI' && mode !== 'Legacy')
    return refusal(view, 400, { id: 'SYS426', args: [String(mode), 'BootSourceOverrideMode'] })
  const refused = uefiRefusal(view, boot)
  if (refused) return refused
  view.server.idrac.face.override_set_at_boot = view.server.boot_count
  if (isText(boot.UefiTargetBootSourceOverride)) view.server.idrac.face.uefi_target = boot.UefiTargetBootSourceOverride
  if (isText(target)) override.target = target
  if (mode) override.mode = mode
  if (enabled) override.enabled = enabled as typeof override.enabled
  else if (isText(target)) override.enabled = target === 'None' ? 'Disabled' : 'Once'
  return undefined
}

function uefiRefusal(view: View, boot: JsonObject): Answer | undefined {
  const { BootSourceOverrideTarget: target, UefiTargetBootSourceOverride: path } = boot
  if (path !== undefined && path !== null && !isText(path))
    return refusal(view, 400, { id: 'SYS424', args: [String(path), 'UefiTargetBootSourceOverride'] })
  if (target !== 'UefiTarget') return undefined
  if (!path && !view.server.idrac.face.uefi_target)
    return refusal(view, 400, { id: 'SYS428', args: ['UefiTargetBootSourceOverride'] })
  // QUIRK Dell (older): BootSourceOverrideEnabled is rejected beside UefiTarget. Source: ansible-collections/community.general set_boot_override.
  if (boot.BootSourceOverrideEnabled !== undefined && view.profile.redfishVersion === '1.13.1')
    return refusal(view, 400, {
      id: 'SYS426',
      args: [String(boot.BootSourceOverrideEnabled), 'BootSourceOverrideEnabled'],
    })
  return undefined
}

/** The whole list only; another order than the one in force waits in a job for the next boot. */
function setOrder(view: View, order: JsonValue): Answer | undefined {
  const { server } = view
  const names = Array.isArray(order) ? order.filter(isText) : []
  const same = names.length === server.boot_order.length && names.every((name) => server.boot_order.includes(name))
  if (!same) return refusal(view, 400, { id: 'SYS425', args: [JSON.stringify(order), 'BootOrder'] })
  if (names.every((name, place) => name === server.boot_order[place])) return undefined
  const job = stageBootOrder(view, names)
  return 'status' in job ? job : accepted(view, job.id, `${job.id}: boot order ${names.join(' ')}`)
}

function patchBoot(call: Call, where: 'system' | 'settings'): Answer {
  const { view, body } = call
  const { Boot: boot, IndicatorLED: led, ...others } = body
  const unknown = Object.keys(others).find((key) => !['AssetTag', 'HostName', 'LocationIndicatorActive'].includes(key))
  if (unknown !== undefined) return refusal(view, 400, { id: 'SYS429', args: [unknown] })
  if (isLocked(view)) return lockdownRefusal(view)
  if (boot !== undefined) {
    // QUIRK iDRAC10 1.x: boot settings are taken on Settings only. Seen: "Boot is a read-only property". Source: ansible-collections/community.general issue 11297.
    if (view.profile.bootOnSettings !== (where === 'settings'))
      return refusal(view, 400, { id: 'SYS427', args: ['Boot'] })
    if (typeof boot !== 'object' || boot === null || Array.isArray(boot))
      return refusal(view, 400, { id: 'SYS424', args: [String(boot), 'Boot'] })
    const other = Object.keys(boot).some((key) => key !== 'BootOrder')
    const answer =
      (other ? setOverride(view, boot) : undefined) ??
      (boot.BootOrder === undefined ? undefined : setOrder(view, boot.BootOrder))
    if (answer) return answer
  }
  if (led === 'Lit' || led === 'Blinking' || led === 'Off') view.server.indicator_led = led
  return done(view, `system settings: ${JSON.stringify(body)}`)
}

export const bootRoutes: Route[] = [
  { method: 'PATCH', pattern: pathPattern(SYSTEM), mutation: true, act: (call) => patchBoot(call, 'system') },
  {
    method: 'PATCH',
    pattern: pathPattern(`${SYSTEM}/Settings`),
    mutation: true,
    act: (call) => patchBoot(call, 'settings'),
  },
]
