import { DeviceError } from '../errors.js'
import type { RedfishClient } from './client.js'
import { arrayOf, type JsonObject, objectAt, textsOf } from './json.js'
import { managerDocument } from './layout.js'
import { findAction } from './links.js'
import { missingInAnswer } from './refusals.js'
import { jobIdOf } from './task-location.js'

export interface ScpExport {
  /** `['ALL']`, or some of what the device lists. */
  components: string[]
  format: 'XML' | 'JSON'
  use: 'Default' | 'Clone' | 'Replace'
  include_password_hashes?: boolean
}

export interface ScpImport {
  /** The raw XML or JSON text; it is never base64. Never recorded. */
  content: string
  components: string[]
  shutdown_type: 'Graceful' | 'Forced' | 'NoReboot'
  host_power_state: 'On' | 'Off'
  /** 300–3600, the device's own clock. */
  time_to_wait_seconds: number
}

/** The device job; a local export's content comes from `task_path` at the end. */
export interface ScpJob {
  job_id: string
  task_path: string
}

type Form = 'array' | 'text'

async function actionOf(client: RedfishClient, name: string): Promise<{ target: string; info: JsonObject }> {
  const action = findAction(await managerDocument(client), `OemManager.${name}`)
  if (action) return action
  throw new DeviceError('Unsupported', `This firmware has no ${name}.`, { sent: false, answered: false })
}

/** Which components this device exports and imports, by its own list. */
export async function readScpTargets(client: RedfishClient): Promise<string[]> {
  const { info } = await actionOf(client, 'ExportSystemConfiguration')
  return textsOf(arrayOf(objectAt(info, 'ShareParameters')?.['Target@Redfish.AllowableValues']))
}

/**
 * Sends once with targets as an array and, where a firmware refuses that form, once more as comma text. The refusal is
 * definite, so nothing was started by the first.
 * QUIRK iDRAC9 5.x, older: Target wants a plain text. Seen: SYS424, SYS425. Source: dell/terraform-provider-redfish.
 */
async function sendInBothForms(client: RedfishClient, target: string, make: (form: Form) => object, recorded: object) {
  const send = (form: Form) =>
    client.send({ method: 'POST', path: target, body: make(form), recorded_body: recorded, timeout_ms: 120_000 })
  const answer = await send('array').catch((error: unknown) => {
    const id = error instanceof DeviceError ? error.facts.message_id : undefined
    if (id === 'SYS424' || id === 'SYS425') return send('text')
    throw error
  })
  const job = jobIdOf(answer.location, client.origin)
  if (!job) throw missingInAnswer('the id of the device job', answer.status)
  return job
}

const listIn = (form: Form, values: string[]) => (form === 'array' ? values : values.join(','))

/**
 * Starts a local export: one POST, never repeated. The profile is the answer of the task at its end; keep it at once.
 * @throws DeviceError `DeviceBusy` (another import or export, pending changes), `LicenseMissing`, `Unsupported`
 */
export async function startScpExport(client: RedfishClient, wanted: ScpExport): Promise<ScpJob> {
  const { target } = await actionOf(client, 'ExportSystemConfiguration')
  const include = wanted.include_password_hashes ? ['IncludePasswordHashValues'] : ['Default']
  const make = (form: Form) => ({
    ExportFormat: wanted.format,
    ExportUse: wanted.use,
    IncludeInExport: listIn(form, include),
    ShareParameters: { Target: listIn(form, wanted.components) },
  })
  return sendInBothForms(client, target, make, make('array'))
}

/** Starts an import: one POST, never repeated. The content is not recorded. */
export async function startScpImport(client: RedfishClient, wanted: ScpImport): Promise<ScpJob> {
  const { target } = await actionOf(client, 'ImportSystemConfiguration')
  const kept = {
    ShutdownType: wanted.shutdown_type,
    HostPowerState: wanted.host_power_state,
    TimeToWait: wanted.time_to_wait_seconds,
  }
  const make = (form: Form) => ({
    ImportBuffer: wanted.content,
    ...kept,
    ShareParameters: { Target: listIn(form, wanted.components) },
  })
  const recorded = { ...kept, ShareParameters: { Target: wanted.components }, length: wanted.content.length }
  return sendInBothForms(client, target, make, recorded)
}

/** Has the device judge a profile without applying it: one POST; ends in `SYS081`, `SYS082` or `SYS089`. */
export async function startScpPreview(client: RedfishClient, content: string): Promise<ScpJob> {
  const { target } = await actionOf(client, 'ImportSystemConfigurationPreview')
  const make = (form: Form) => ({ ImportBuffer: content, ShareParameters: { Target: listIn(form, ['ALL']) } })
  return sendInBothForms(client, target, make, { ShareParameters: { Target: ['ALL'] }, length: content.length })
}
