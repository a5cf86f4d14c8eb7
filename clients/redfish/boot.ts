import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import type { BootFacts } from './facts.js'
import { flagAt, type JsonObject, labelAt, objectAt, textAt, textsOf } from './json.js'
import { managerDocument, systemDocument, systemPath } from './layout.js'
import { linkAt, safePath } from './links.js'
import { generationOf } from './manager.js'
import { patchResource } from './patch.js'
import { readIfThere, readResource } from './resource.js'
import { jobIdOf } from './task-location.js'

export interface BootOption {
  reference: string
  display_name: string | null
  uefi_path: string | null
  enabled: boolean | null
}

export interface BootState extends BootFacts {
  /** The resource that takes changes. */
  settings_path: string
  takes_mode: boolean
}

export interface BootOverride {
  target: string
  enabled: 'Once' | 'Continuous' | 'Disabled'
  mode?: 'UEFI' | 'Legacy'
  uefi_target?: string
}

/** What a change of the boot order came to: done, or staged in a device job that needs a reboot. */
export interface BootChange {
  job_id: string | null
}

/** The boot block of a System body. */
export function toBootFacts(body: JsonObject): BootFacts {
  const boot = objectAt(body, 'Boot')
  return {
    override_target: textAt(boot, 'BootSourceOverrideTarget'),
    override_enabled: textAt(boot, 'BootSourceOverrideEnabled'),
    override_mode: textAt(boot, 'BootSourceOverrideMode'),
    uefi_target: textAt(boot, 'UefiTargetBootSourceOverride'),
    targets: textsOf(boot?.['BootSourceOverrideTarget@Redfish.AllowableValues']),
    boot_order: textsOf(boot?.BootOrder),
  }
}

/**
 * Reads the boot settings and finds the resource that takes changes: the one that holds the allowable values.
 * QUIRK iDRAC10 1.x: Boot is read-only on System and changed on `System/Settings`, without a mode.
 * QUIRK iDRAC9 7.10: `@Redfish.Settings` exists on System although Boot is still changed on System, so its presence alone
 * decides nothing. Source: dell/iDRAC-Redfish-Scripting issue 324; NVIDIA/libredfish captures.
 */
export async function readBoot(client: RedfishClient): Promise<BootState> {
  const path = await systemPath(client)
  const system = await readResource(client, path)
  const facts = toBootFacts(system)
  const takesMode = generationOf(textAt(await managerDocument(client), 'Model')) !== 'idrac10'
  if (facts.targets.length > 0) return { ...facts, settings_path: path, takes_mode: takesMode }
  const link = linkAt(system, '@Redfish.Settings', 'SettingsObject')
  if (link === null && takesMode) return { ...facts, settings_path: path, takes_mode: takesMode }
  const settingsPath = link === null ? `${path}/Settings` : safePath(link, client.origin)
  const settings = await readIfThere(client, settingsPath)
  if (settings === null) return { ...facts, settings_path: path, takes_mode: takesMode }
  return { ...facts, targets: toBootFacts(settings).targets, settings_path: settingsPath, takes_mode: takesMode }
}

/** The boot options that a boot order is made of. Paged. */
export async function readBootOptions(client: RedfishClient): Promise<BootOption[]> {
  const link = linkAt(await systemDocument(client), 'Boot', 'BootOptions')
  if (link === null) return []
  return (await readMembers(client, link)).map((body) => ({
    reference: textAt(body, 'BootOptionReference') ?? labelAt(body, 'Id') ?? '',
    display_name: textAt(body, 'DisplayName'),
    uefi_path: textAt(body, 'UefiDevicePath'),
    enabled: flagAt(body, 'BootOptionEnabled'),
  }))
}

/**
 * Sets the boot override: one PATCH, and one more without `Enabled` where a firmware refuses it beside a UEFI target.
 * Convergent: repeating it is harmless. A one-time override is used up by the next boot, whatever causes that.
 * QUIRK Dell (older): rejects BootSourceOverrideEnabled together with UefiTarget.
 * Source: ansible-collections/community.general set_boot_override.
 * @throws DeviceError `Unsupported` (not sent) for a target that the device does not list
 */
export async function setBootOverride(
  client: RedfishClient,
  state: BootState,
  wanted: BootOverride,
): Promise<BootChange> {
  if (state.targets.length > 0 && !state.targets.includes(wanted.target)) {
    const data = { offered: state.targets }
    throw new DeviceError('Unsupported', `It offers no ${wanted.target}.`, { sent: false, answered: false, data })
  }
  const boot = {
    BootSourceOverrideTarget: wanted.target,
    ...(wanted.mode && state.takes_mode ? { BootSourceOverrideMode: wanted.mode } : {}),
    ...(wanted.uefi_target ? { UefiTargetBootSourceOverride: wanted.uefi_target } : {}),
  }
  const whole = { ...boot, BootSourceOverrideEnabled: wanted.enabled }
  try {
    return await patchBoot(client, state, whole)
  } catch (error) {
    const refused = error instanceof DeviceError && error.facts.status === 400 && wanted.target === 'UefiTarget'
    if (!refused || wanted.enabled !== 'Once') throw error
    return patchBoot(client, state, boot)
  }
}

/**
 * Sets the whole permanent boot order: one PATCH. Where the answer names a job, it is staged and needs a reboot.
 * @throws DeviceError `DeviceBusy` when a configuration job exists already
 */
export async function setBootOrder(client: RedfishClient, state: BootState, references: string[]): Promise<BootChange> {
  return patchBoot(client, state, { BootOrder: references })
}

async function patchBoot(client: RedfishClient, state: BootState, boot: object): Promise<BootChange> {
  const body = { Boot: boot }
  const answer = await patchResource(client, { path: state.settings_path, body, recorded_body: body })
  return { job_id: jobIdOf(answer.location, client.origin)?.job_id ?? null }
}
