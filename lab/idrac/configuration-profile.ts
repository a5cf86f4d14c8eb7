import type { JsonValue } from '../model.js'
import type { SimJob } from '../model-server.js'
import { type Answer, accepted, refusal } from './answers.js'
import { biosAttribute, biosAttributes } from './bios-resource.js'
import { isLocked, lockdownRefusal } from './lockdown.js'
import { messageText } from './messages.js'
import { personalise } from './personalise.js'
import { changesOf, startImport } from './profile-import.js'
import { type ProfileComponent, parseProfile, profileJson, profileXml } from './profile-text.js'
import { type JsonObject, recordedBody } from './recorded.js'
import { type Call, pathPattern, type Route } from './route.js'
import { MANAGER, type View } from './view.js'

const TARGETS = [
  'ALL',
  'IDRAC',
  'BIOS',
  'NIC',
  'RAID',
  'FC',
  'InfiniBand',
  'SupportAssist',
  'EventFilters',
  'System',
  'LifecycleController',
  'AHCI',
  'PCIeSSD',
]
/** Seconds that a host may be given to shut down. */
const LEAST_WAIT_S = 300
const MOST_WAIT_S = 3600
const ATTRIBUTES = `${MANAGER}/Oem/Dell/DellAttributes`

/** The targets of a request: an array, or one text with commas as older clients send it; undefined = not valid. */
function targetsOf(body: JsonObject): string[] | undefined {
  const share = body.ShareParameters
  const wanted = typeof share === 'object' && share !== null && !Array.isArray(share) ? share.Target : undefined
  const list = Array.isArray(wanted)
    ? wanted.map(String)
    : typeof wanted === 'string'
      ? wanted.split(',').map((one) => one.trim())
      : ['ALL']
  return list.every((one) => TARGETS.includes(one)) ? list : undefined
}

const texts = (values: JsonObject): { name: string; value: string }[] =>
  Object.entries(values)
    .filter(([name, value]) => value !== null && !/password|salt|hash/i.test(name))
    .map(([name, value]) => ({ name, value: String(value) }))

function component(view: View, kind: string, set: Record<string, string | number>): ProfileComponent {
  const recorded = personalise(view.server, (recordedBody(`${ATTRIBUTES}/${kind}`)?.Attributes ?? {}) as JsonObject)
  const own = Object.fromEntries(Object.entries(set).filter(([name]) => name in recorded))
  const attributes = texts({ ...recorded, ...own }).map(({ name, value }) => ({
    name: name.replace(/\.(\d+)\./, '.$1#'),
    value,
  }))
  return { fqdd: kind, attributes }
}

/** The components that an export of these targets holds. */
export function profileComponents(view: View, targets: string[]): ProfileComponent[] {
  const { server } = view
  const wants = (target: string) => targets.includes('ALL') || targets.includes(target)
  const bios = Object.fromEntries(
    Object.entries(biosAttributes(server)).filter(([name]) => biosAttribute(server, name)?.ReadOnly === false),
  )
  return [
    ...(wants('BIOS') ? [{ fqdd: 'BIOS.Setup.1-1', attributes: texts(bios) }] : []),
    ...(wants('IDRAC') ? [component(view, 'iDRAC.Embedded.1', server.idrac.attributes)] : []),
    ...(wants('System') ? [component(view, 'System.Embedded.1', server.idrac.attributes)] : []),
    ...(wants('LifecycleController')
      ? [component(view, 'LifecycleController.Embedded.1', server.idrac.attributes)]
      : []),
    ...(wants('NIC')
      ? server.hardware.nics.map((nic) => ({
          fqdd: nic.fqdd,
          attributes: [
            { name: 'WakeOnLan', value: 'Enabled' },
            { name: 'LegacyBootProto', value: 'NONE' },
          ],
        }))
      : []),
  ]
}

const isOpen = (view: View, job: SimJob): boolean =>
  (job.kind === 'scp_export' || job.kind === 'scp_import') && !view.core.jobs.isFinal(job.state)

/** The refusal while another profile operation or a configuration job is open. */
function busy(view: View, operation: string): Answer | undefined {
  const { jobs } = view.server.idrac
  if (jobs.some((job) => isOpen(view, job))) return refusal(view, 400, { id: 'SYS028', args: [operation] })
  if (jobs.some((job) => job.kind === 'bios_config' && !view.core.jobs.isFinal(job.state)))
    return refusal(view, 400, { id: 'LC068' })
  if (jobs.some((job) => job.state === 'Running')) return refusal(view, 400, { id: 'RAC0679' })
  return undefined
}

function exportProfile({ view, body }: Call): Answer {
  const targets = targetsOf(body)
  if (!targets)
    return refusal(view, 400, { id: 'SYS426', args: [JSON.stringify(body.ShareParameters ?? null), 'Target'] })
  const format = body.ExportFormat ?? 'XML'
  if (format !== 'XML' && format !== 'JSON')
    return refusal(view, 400, { id: 'SYS426', args: [String(format), 'ExportFormat'] })
  const waiting = busy(view, 'export')
  if (waiting) return waiting
  const job = view.core.jobs.create(view.server, {
    kind: 'scp_export',
    job_type: 'ExportConfiguration',
    name: 'Export: Server Configuration Profile',
    message_id: 'SYS057',
    message: 'Exporting Server Configuration Profile.',
    run_ms: 90_000,
    payload: { format, targets },
  })
  return accepted(view, job.id, `${job.id}: profile export`)
}

/** The answer of a finished local export: the profile in the place of the task. */
export function exportedProfile(job: SimJob): Answer | undefined {
  if (job.kind !== 'scp_export' || job.state !== 'Completed') return undefined
  const content = job.payload.text
  if (typeof content !== 'string') return undefined
  return {
    status: 200,
    text: { type: job.payload.format === 'JSON' ? 'application/json' : 'application/xml', content },
  }
}

/** Writes the profile when the export job has run. */
export function completeExport(view: View, job: SimJob): void {
  const { server, core } = view
  const targets = Array.isArray(job.payload.targets) ? job.payload.targets.map(String) : ['ALL']
  const write = job.payload.format === 'JSON' ? profileJson : profileXml
  job.payload.text = write(
    server.model,
    server.service_tag,
    new Date(core.clock.now()).toUTCString(),
    profileComponents(view, targets),
  )
  job.message_id = 'SYS043'
  job.message = 'Successfully exported Server Configuration Profile.'
}

function bufferOf(view: View, body: JsonObject): string | Answer {
  const { ImportBuffer: buffer } = body
  return typeof buffer === 'string' && buffer !== ''
    ? buffer
    : refusal(view, 400, { id: 'SYS428', args: ['ImportBuffer'] })
}

function importProfile({ view, body }: Call): Answer {
  if (isLocked(view)) return lockdownRefusal(view, 'LC087')
  const buffer = bufferOf(view, body)
  if (typeof buffer !== 'string') return buffer
  const shutdown = body.ShutdownType ?? 'Graceful'
  if (shutdown !== 'Graceful' && shutdown !== 'Forced' && shutdown !== 'NoReboot')
    return refusal(view, 400, { id: 'SYS426', args: [String(shutdown), 'ShutdownType'] })
  const then = body.HostPowerState ?? 'On'
  if (then !== 'On' && then !== 'Off')
    return refusal(view, 400, { id: 'SYS426', args: [String(then), 'HostPowerState'] })
  const wait = body.TimeToWait ?? LEAST_WAIT_S
  if (typeof wait !== 'number' || wait < LEAST_WAIT_S || wait > MOST_WAIT_S)
    return refusal(view, 400, { id: 'SYS426', args: [String(wait), 'TimeToWait'] })
  const targets = targetsOf(body)
  if (!targets) return refusal(view, 400, { id: 'SYS426', args: ['Target', 'ShareParameters'] })
  const waiting = busy(view, 'import')
  if (waiting) return waiting
  const job = startImport(view, parseProfile(buffer), { shutdown, then }, targets)
  return accepted(view, job.id, `${job.id}: profile import`)
}

/** QUIRK iDRAC9: a preview knows ALL as its only target. Source: the action's allowable values, recording R750 6.00.30. */
function previewProfile({ view, body }: Call): Answer {
  const buffer = bufferOf(view, body)
  if (typeof buffer !== 'string') return buffer
  if (targetsOf(body)?.join() !== 'ALL')
    return refusal(view, 400, { id: 'SYS426', args: ['Target', 'ShareParameters'] })
  const waiting = busy(view, 'preview')
  if (waiting) return waiting
  const parsed = parseProfile(buffer)
  const changes = 'components' in parsed ? changesOf(view, parsed, ['ALL']) : []
  const id = changes.some((change) => change.status === 'Failure') ? 'SYS082' : 'SYS081'
  const job = view.core.jobs.create(view.server, {
    kind: 'other',
    job_type: 'PreviewConfiguration',
    name: 'Preview: Server Configuration Profile',
    run_ms: 30_000,
    payload: {
      changes: changes as unknown as JsonValue,
      end_id: 'components' in parsed ? id : parsed.message_id,
      end_message: 'components' in parsed ? messageText({ id }) : parsed.message,
    },
  })
  return accepted(view, job.id, `${job.id}: profile preview`)
}

const both = (name: string, act: Route['act'], mutation: boolean): Route[] =>
  ['EID_674_Manager.', 'OemManager.'].map((prefix) => ({
    method: 'POST',
    pattern: pathPattern(`${MANAGER}/Actions/Oem/${prefix}${name}`),
    mutation,
    act: (call: Call) =>
      prefix === call.view.profile.scpTargetPrefix
        ? act(call)
        : refusal(call.view, 404, { id: 'SYS403', args: [`${prefix}${name}`] }),
  }))

export const profileRoutes: Route[] = [
  ...both('ExportSystemConfiguration', exportProfile, true),
  ...both('ImportSystemConfiguration', importProfile, true),
  ...both('ImportSystemConfigurationPreview', previewProfile, false),
]
