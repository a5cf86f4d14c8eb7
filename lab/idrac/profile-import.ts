import type { JsonValue } from '../model.js'
import type { SimJob } from '../model-server.js'
import { biosAttribute, biosAttributes } from './bios-resource.js'
import { biosRefusal } from './bios-rules.js'
import { messageText } from './messages.js'
import { personalise } from './personalise.js'
import type { ParsedProfile, ProfileProblem } from './profile-text.js'
import { type JsonObject, recordedBody } from './recorded.js'
import { MANAGER, type View } from './view.js'

const ATTRIBUTES = `${MANAGER}/Oem/Dell/DellAttributes`

/** Components whose settings apply at once. */
const REAL_TIME = ['IDRAC', 'System', 'LifecycleController']

/** One attribute of an import and what became of it. */
type Change = { fqdd: string; name: string; old: string; new: string; status: 'Success' | 'Failure'; code: string }

const typed = (view: View, name: string, value: string): string | number =>
  biosAttribute(view.server, name)?.Type === 'Integer' ? Number(value) : value

function biosChange(view: View, name: string, value: string): Change | undefined {
  const old = String(biosAttributes(view.server)[name] ?? '')
  if (old === value) return undefined
  const refused = biosRefusal(view.server, { [name]: typed(view, name, value) })
  return {
    fqdd: 'BIOS.Setup.1-1',
    name,
    old,
    new: value,
    status: refused ? 'Failure' : 'Success',
    code: refused?.id ?? '0',
  }
}

/** A value that was never set reads as the recorded machine shows it; a password reads as nothing. */
function valueNow({ server }: View, fqdd: string, name: string): string {
  const key = name.replace('#', '.')
  const set = server.idrac.attributes[key]
  if (set !== undefined) return String(set)
  const recorded = recordedBody(`${ATTRIBUTES}/${fqdd}`)?.Attributes
  const shown = personalise(server, (recorded ?? {}) as JsonObject)[key]
  return shown === undefined || shown === null ? '' : String(shown)
}

function idracChange(view: View, fqdd: string, name: string, value: string): Change | undefined {
  const old = valueNow(view, fqdd, name)
  return old === value ? undefined : { fqdd, name, old, new: value, status: 'Success', code: '0' }
}

/** What a profile would change, and which of it this machine refuses. */
export function changesOf(view: View, profile: ParsedProfile, targets: string[]): Change[] {
  const wants = (target: string) => targets.includes('ALL') || targets.includes(target)
  return profile.components.flatMap(({ fqdd, attributes }) =>
    attributes.flatMap(({ name, value }) => {
      if (fqdd.startsWith('BIOS')) return (wants('BIOS') && biosChange(view, name, value)) || []
      const target = REAL_TIME.find((one) => fqdd.toLowerCase().startsWith(`${one.toLowerCase()}.`))
      return (target && wants(target) && idracChange(view, fqdd, name, value)) || []
    }),
  )
}

/** How an import deals with the host. */
export type HostHandling = { shutdown: 'Graceful' | 'Forced' | 'NoReboot'; then: 'On' | 'Off' }

/**
 * Makes the import job. Settings of the iDRAC apply at once, those of the BIOS in a reboot, which `ShutdownType`
 * Graceful or Forced brings on; a bad profile ends its job with the id that says why. A host that ignores the graceful
 * shutdown is not forced: the job fails and nothing is applied.
 */
export function startImport(
  view: View,
  profile: ParsedProfile | ProfileProblem,
  { shutdown, then }: HostHandling,
  targets: string[],
): SimJob {
  const { core, server } = view
  const changes = 'components' in profile ? changesOf(view, profile, targets) : []
  const reboots = changes.some((change) => change.fqdd.startsWith('BIOS') && change.status === 'Success')
  const job = core.jobs.create(server, {
    kind: 'scp_import',
    job_type: 'ImportConfiguration',
    name: 'Import: Server Configuration Profile',
    apply: reboots && shutdown !== 'NoReboot' ? 'OnReset' : 'Immediate',
    needs_reboot: reboots && shutdown !== 'NoReboot',
    run_ms: 60_000,
    payload: { changes: changes as unknown as JsonValue, no_reboot: reboots && shutdown === 'NoReboot', then },
  })
  if (!('components' in profile)) core.jobs.finish(server, job, 'Failed', profile.message_id, profile.message)
  else if (reboots && shutdown === 'Graceful' && server.ignores_graceful && server.power === 'On')
    refuseShutdown(view, job)
  else if (reboots && shutdown !== 'NoReboot')
    core.lifecycle.power(
      server,
      server.power === 'Off' ? 'On' : shutdown === 'Forced' ? 'ForceRestart' : 'GracefulRestart',
    )
  return job
}

/** QUIRK iDRAC: `SYS051` after the time to wait; the staged values are dropped. Source: vendor's message registry. */
function refuseShutdown({ core, server }: View, job: SimJob): void {
  job.payload.changes = []
  core.jobs.finish(server, job, 'Failed', 'SYS051', messageText({ id: 'SYS051' }))
}

const changesIn = (job: SimJob): Change[] =>
  Array.isArray(job.payload.changes) ? (job.payload.changes as unknown as Change[]) : []

function verdict(changes: Change[], noReboot: boolean): string {
  if (changes.length === 0) return 'SYS069'
  if (noReboot) return 'SYS070'
  return changes.some((change) => change.status === 'Failure') ? 'SYS055' : 'SYS053'
}

/** Puts the values of an import job that has run into the server, and gives the job the id that tells how it went. */
export function completeImport(view: View, job: SimJob): void {
  const { server } = view
  const changes = changesIn(job)
  const noReboot = job.payload.no_reboot === true
  for (const change of changes.filter((one) => one.status === 'Success')) {
    const isBios = change.fqdd.startsWith('BIOS')
    if (isBios && !noReboot) server.bios_attributes[change.name] = typed(view, change.name, change.new)
    if (!isBios) applyToIdrac(view, change)
  }
  if (job.payload.then === 'Off' && job.payload.needs_reboot === true) view.core.lifecycle.power(server, 'ForceOff')
  job.message_id = verdict(changes, noReboot)
  job.message = messageText({ id: job.message_id })
}

/** The administrator of these machines is in slot 2; a new password ends every session. */
function applyToIdrac({ server }: View, change: Change): void {
  if (change.name === 'Users.2#Password') {
    server.idrac.password = change.new
    server.idrac.sessions = []
    return
  }
  server.idrac.attributes[change.name.replace('#', '.')] = change.new
}

/** The rows of an import task that tell each attribute's fate. */
export function importMessages(job: SimJob): JsonObject[] {
  return changesIn(job).map((change) => ({
    Message: `${change.name}: ${change.status}`,
    MessageArgs: [],
    MessageId: change.status === 'Failure' ? change.code : 'SYS053',
    Oem: {
      Dell: {
        '@odata.type': '#DellManager.v1_0_0.ServerConfigurationProfileResults',
        DisplayValue: change.name,
        ErrCode: change.code,
        Name: change.name,
        NewValue: /password/i.test(change.name) ? '******' : change.new,
        OldValue: change.old,
        Severity: change.status === 'Failure' ? 'Warning' : 'OK',
        Status: change.status,
      },
    },
  }))
}
