import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { readMembers } from './collection.js'
import type { BiosFacts } from './facts.js'
import { flagAt, type JsonObject, numberAt, objectAt, objectsOf, textAt } from './json.js'
import { rootDocument } from './layout.js'
import { findAction, linkAt, safePath } from './links.js'
import { patchResource } from './patch.js'
import { missingInAnswer } from './refusals.js'
import { isNotThere, readIfThere, readResource } from './resource.js'
import { jobIdOf } from './task-location.js'

export interface BiosRegistryEntry {
  name: string
  type: 'Enumeration' | 'Integer' | 'String' | 'Password' | 'Boolean' | 'Unknown'
  values: string[]
  lower_bound: number | null
  upper_bound: number | null
  min_length: number | null
  max_length: number | null
  read_only: boolean
  hidden: boolean
  display_name: string | null
  menu_path: string | null
}

/** A rule of the registry: while its conditions hold, a property (`ReadOnly`, `Hidden`) of `attribute` has `value`. */
export interface BiosDependency {
  attribute: string
  property: string
  value: unknown
  /** One condition is enough, unless the registry joins them by AND. */
  needs_all: boolean
  conditions: { attribute: string; condition: string; value: unknown }[]
}

export interface BiosRegistry {
  id: string | null
  entries: BiosRegistryEntry[]
  dependencies: BiosDependency[]
}

const TYPES = ['Enumeration', 'Integer', 'String', 'Password', 'Boolean'] as const

/**
 * Reads the attribute registry (over a megabyte), where the collection of registries says that it is. Cache it by id, BIOS
 * version and system id together: both generations call theirs `v1_0_3`.
 * QUIRK iDRAC8/9: the file is listed as `v1_0_0` while the BIOS names `v1_0_3`, so the version is not compared.
 * QUIRK iDRAC (any): where nothing lists it, it is `BiosRegistry` below the BIOS. Source: both recordings.
 */
export async function readBiosRegistry(client: RedfishClient, bios: BiosFacts): Promise<BiosRegistry> {
  const uri = await registryPlace(client)
  const below = `${bios.path}/BiosRegistry`
  const listed = uri === null ? null : await readIfThere(client, uri, { timeout_ms: 120_000 })
  const body = listed ?? (await readIfThere(client, below, { timeout_ms: 120_000 }))
  if (body === null) throw missingInAnswer('a BIOS attribute registry', 200)
  const entries = objectAt(body, 'RegistryEntries')
  return {
    id: textAt(body, 'Id'),
    entries: objectsOf(entries?.Attributes)
      .map(toEntry)
      .filter((entry) => entry.name !== ''),
    dependencies: objectsOf(entries?.Dependencies)
      .map(toDependency)
      .filter((rule) => rule !== null),
  }
}

async function registryPlace(client: RedfishClient): Promise<string | null> {
  const link = linkAt(await rootDocument(client), 'Registries')
  if (link === null) return null
  try {
    const files = await readMembers(client, link)
    const file = files.find((one) => ['Id', 'Registry'].some((key) => textAt(one, key)?.startsWith('BiosAttribute')))
    return textAt(objectsOf(file?.Location)[0], 'Uri')
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}

function toEntry(body: JsonObject): BiosRegistryEntry {
  const type = textAt(body, 'Type')
  return {
    name: textAt(body, 'AttributeName') ?? '',
    type: TYPES.find((known) => known === type) ?? 'Unknown',
    values: objectsOf(body.Value)
      .map((value) => textAt(value, 'ValueName'))
      .filter((name) => name !== null),
    lower_bound: numberAt(body, 'LowerBound'),
    upper_bound: numberAt(body, 'UpperBound'),
    min_length: numberAt(body, 'MinLength'),
    max_length: numberAt(body, 'MaxLength'),
    read_only: flagAt(body, 'ReadOnly') === true,
    hidden: flagAt(body, 'Hidden') === true,
    display_name: textAt(body, 'DisplayName'),
    menu_path: textAt(body, 'MenuPath'),
  }
}

function toDependency(body: JsonObject): BiosDependency | null {
  const rule = objectAt(body, 'Dependency')
  const attribute = textAt(rule, 'MapToAttribute')
  const property = textAt(rule, 'MapToProperty')
  if (!rule || attribute === null || property === null) return null
  const from = objectsOf(rule.MapFrom)
  return {
    attribute,
    property,
    value: rule.MapToValue,
    // QUIRK Dell (any): several conditions come without MapTerms, and any one of them locks. Source: R750 and R630 recordings.
    needs_all: from.some((one) => textAt(one, 'MapTerms') === 'AND'),
    conditions: from.map((one) => ({
      attribute: textAt(one, 'MapFromAttribute') ?? '',
      condition: textAt(one, 'MapFromCondition') ?? '',
      value: one.MapFromValue,
    })),
  }
}

/**
 * Stages BIOS values for the next reboot: one PATCH with all of them and one device job, never repeated.
 * The values are on record, since the caller refuses passwords before.
 * @throws DeviceError `AttributeInvalid`, `DeviceBusy` (`SYS011`, `BIOS006`, `RAC052`: a job exists), `StateConflict`
 * (`SYS023`, `BIOS008`: nothing was staged), `InvalidRequest` (not sent) for a password attribute.
 */
export async function stageBios(
  client: RedfishClient,
  bios: BiosFacts,
  attributes: Record<string, string | number | boolean>,
): Promise<{ job_id: string }> {
  const answer = await patchSettings(client, bios, attributes, { ApplyTime: 'OnReset' })
  const job = jobIdOf(answer.location, client.origin)
  if (!job) throw missingInAnswer('the id of the device job', answer.status)
  return { job_id: job.job_id }
}

/**
 * Leaves BIOS values pending without a job: the first step of firmware that takes no apply time. Never mixed with
 * {@link stageBios}: a second job for the same values is refused.
 * @throws DeviceError as {@link stageBios}
 */
export async function leaveBiosPending(
  client: RedfishClient,
  bios: BiosFacts,
  attributes: Record<string, string | number | boolean>,
): Promise<void> {
  await patchSettings(client, bios, attributes, null)
}

async function patchSettings(
  client: RedfishClient,
  bios: BiosFacts,
  attributes: Record<string, string | number | boolean>,
  apply: object | null,
) {
  const refuse = (text: string) => new DeviceError('InvalidRequest', text, { sent: false, answered: false })
  if (Object.keys(attributes).some((name) => /password/i.test(name))) throw refuse('Passwords are no attributes.')
  if (bios.settings_path === null) throw refuse('This BIOS takes no settings.')
  const body = { ...(apply ? { '@Redfish.SettingsApplyTime': apply } : {}), Attributes: attributes }
  return patchResource(client, {
    path: bios.settings_path,
    body,
    recorded_body: body,
    timeout_ms: 120_000,
  })
}

/**
 * Throws away pending BIOS values: one POST. Nothing pending is fine.
 * @throws DeviceError `ForeignJob` (`BIOS011`): a job holds them; it must be deleted first
 */
export async function clearPendingBios(client: RedfishClient, bios: BiosFacts): Promise<'cleared' | 'nothing'> {
  if (bios.settings_path === null) return 'nothing'
  const action = findAction(await readResource(client, bios.settings_path), 'DellManager.ClearPending')
  if (!action) throw new DeviceError('Unsupported', 'It cannot clear pending values.', { sent: false, answered: false })
  try {
    await client.send({ method: 'POST', path: safePath(action.target, client.origin), body: {} })
    return 'cleared'
  } catch (error) {
    if (error instanceof DeviceError && error.facts.message_id === 'BIOS012') return 'nothing'
    throw error
  }
}
