/** What comes out of a firmware job that ran: versions, state and message, as the device's personality has it. */
import type { LabCore } from './core.js'
import { CAN_ROLL_BACK } from './hardware/model-facts.js'
import type { DellJobState, SimJob, SimServer } from './model-server.js'

const LIFECYCLE_CONTROLLER = '28897'

export interface FirmwareOutcome {
  state: DellJobState
  message_id: string
  message: string
  /** the new version is installed now */
  applied: boolean
}

const SUCCESS: FirmwareOutcome = {
  state: 'Completed',
  message_id: 'RED001',
  message: 'Job completed successfully.',
  applied: true,
}

/** Decides by personality; an ordinary device completes and applies. */
export function outcomeOf(core: LabCore, server: SimServer): FirmwareOutcome {
  const flags = core.flags(server.name)
  if (flags.job_fails)
    return {
      state: 'Failed',
      message_id: 'SUP0517',
      message: 'Unable to update the firmware of the device.',
      applied: false,
    }
  if (flags.failed_but_applied) return { state: 'Failed', message_id: 'PR21', message: 'Job failed.', applied: true }
  if (flags.completed_with_errors)
    return { state: 'CompletedWithErrors', message_id: 'PR31', message: 'Job completed with errors.', applied: true }
  if (flags.user_intervention) {
    return {
      state: 'UserIntervention',
      message_id: 'SUP0545',
      message: 'The update takes effect after an AC power cycle.',
      applied: false,
    }
  }
  return { ...SUCCESS, applied: !flags.version_unchanged }
}

/** The same for a job that is no firmware: BIOS settings have the personalities too, everything else completes. */
export function configurationOutcome(core: LabCore, server: SimServer, job: SimJob): FirmwareOutcome {
  const done: FirmwareOutcome = { ...SUCCESS, message_id: 'PR19' }
  if (job.kind !== 'bios_config') return done
  const flags = core.flags(server.name)
  if (flags.job_fails) return { state: 'Failed', message_id: 'PR21', message: 'Job failed.', applied: false }
  if (flags.completed_with_errors)
    return { state: 'CompletedWithErrors', message_id: 'PR31', message: 'Job completed with errors.', applied: true }
  return { ...done, applied: !flags.version_unchanged }
}

/** Installs the job's version on its rows, keeps the old one for a rollback, and writes the log. */
export function install(core: LabCore, server: SimServer, job: SimJob): void {
  const version = job.target_version
  if (version === null) return
  for (const row of server.firmware) {
    if (!job.fqdds.includes(row.fqdd) || row.version === version) continue
    const before = row.version
    if (CAN_ROLL_BACK.includes(row.component)) row.previous_version = before
    row.version = version
    row.installed_at = core.clock.now()
    core.lifecycle.log(server, {
      message_id: 'PR36',
      message: `Version change detected for ${row.name} firmware. Previous version:${before}, Current version:${version}`,
      message_args: [row.name, before, version],
      category: 'Configuration',
      fqdd: row.fqdd,
    })
  }
  if (job.class === 'idrac') installIdrac(server, version)
}

/** The iDRAC's package brings the Lifecycle Controller with it. */
function installIdrac(server: SimServer, version: string): void {
  server.idrac.firmware_version = version
  const controller = server.firmware.find((row) => row.component_id === LIFECYCLE_CONTROLLER)
  if (controller) controller.version = version
}

/** Personality `rolled_back`: a later check throws the new version out again. */
export function rollBack(server: SimServer, job: SimJob): void {
  for (const row of server.firmware) {
    if (job.fqdds.includes(row.fqdd) && job.from_version !== null) row.version = job.from_version
  }
  if (job.class === 'idrac' && job.from_version !== null) installIdrac(server, job.from_version)
}
