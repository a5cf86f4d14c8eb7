import type { JsonValue } from '../model.js'
import type { SimJob } from '../model-server.js'
import { biosAttribute, biosAttributes } from './bios-resource.js'
import { biosRefusal } from './bios-rules.js'
import { messageText } from './messages.js'
import type { ParsedProfile, ProfileProblem } from './profile-text.js'
import type { JsonObject } from './recorded.js'
import type { View } from './view.js'

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

function idracChange(view: View, fqdd: string, name: string, value: string): Change | undefined {
  const key = name.replace('#', '.')
  const old = String(view.server.idrac.attributes[key] ?? '')
  return old === value ? undefined : { fqdd, name, old, new: value, status: 'Success', code: '0' }
}

function changesOf(view: View, profile: ParsedProfile, targets: string[]): Change[] {
  const wants = (target: string) => targets.includes('ALL') || targets.includes(target)
  return profile.components.flatMap(({ fqdd, attributes }) =>
    attributes.flatMap(({ name, value }) => {
      const change = fqdd.startsWith('BIOS')
        ? wants('BIOS') && biosChange(view, name, value)
        : wants('IDRAC') && idracChange(view, fqdd, name, value)
      return change ? [change] : []
    }),
  )
}

/**
 * Makes the import job. Settings of the iDRAC apply at once, those of the BIOS in a reboot, which `ShutdownType`
 * Graceful or Forced brings on; a bad profile ends its job with the id that says why.
 */
export function startImport(
  view: View,
  profile: ParsedProfile | ProfileProblem,
  shutdown: 'Graceful' | 'Forced' | 'NoReboot',
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
    payload: { changes: changes as unknown as JsonValue, no_reboot: reboots && shutdown === 'NoReboot' },
  })
  if (!('components' in profile)) core.jobs.finish(server, job, 'Failed', profile.message_id, profile.message)
  else if (reboots && shutdown !== 'NoReboot')
    core.lifecycle.power(
      server,
      server.power === 'Off' ? 'On' : shutdown === 'Forced' ? 'ForceRestart' : 'GracefulRestart',
    )
  return job
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
    if (!isBios) server.idrac.attributes[change.name.replace('#', '.')] = change.new
  }
  job.message_id = verdict(changes, noReboot)
  job.message = messageText({ id: job.message_id })
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
        NewValue: change.new,
        OldValue: change.old,
        Severity: change.status === 'Failure' ? 'Warning' : 'OK',
        Status: change.status,
      },
    },
  }))
}
