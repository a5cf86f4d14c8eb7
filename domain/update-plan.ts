import { minutesOf, type PastMinutes } from './estimates.js'
import type { Blocker } from './failures.js'
import type { Component, FirmwarePackage, FirmwareServer } from './firmware-facts.js'
import type { PlannedUpdate, UpdatePhase, UpdatePhaseKind, UpdatePlan, UpdateSelection } from './update-plan-types.js'
import { orderPrerequisites } from './update-prerequisites.js'
import { type Selected, selectUpdates } from './update-selection.js'
import { blocker } from './verdict.js'

/** Order in which packages are staged for the one reboot. */
const STAGING: readonly Component[] = ['bios', 'raid', 'hba', 'nic', 'fc', 'drive', 'backplane', 'other', 'tpm', 'psu']

const REASONS: Record<Exclude<UpdatePhaseKind, 'prerequisite'>, string> = {
  direct: 'They run at once and touch neither host nor iDRAC.',
  host_reboot: 'All are staged first and applied by one reboot.',
  cpld: 'A CPLD must not stand beside other jobs; it has a cycle of its own.',
  idrac: 'The iDRAC restarts and would lose sessions and staged jobs, so it comes last.',
}

function phaseOf(kind: UpdatePhaseKind, updates: PlannedUpdate[], reason: string): UpdatePhase {
  const classes = updates.map((update) => update.component_class)
  const reboot = classes.includes('host_reboot') || classes.includes('cpld')
  const idrac_restart = classes.includes('idrac') || classes.includes('cpld')
  return { kind, updates, apply_time: reboot ? 'OnReset' : 'Immediate', reboot, idrac_restart, reason }
}

const byStaging = (a: PlannedUpdate, b: PlannedUpdate) =>
  STAGING.indexOf(a.component) - STAGING.indexOf(b.component) || (a.filename < b.filename ? -1 : 1)

function phasesOf(first: PlannedUpdate[], rest: PlannedUpdate[]): UpdatePhase[] {
  const phases = first.map((update) => phaseOf('prerequisite', [update], update.reason ?? 'Others need it first.'))
  for (const kind of ['direct', 'host_reboot'] as const) {
    const updates = rest.filter((update) => update.component_class === kind).sort(byStaging)
    if (updates.length > 0) phases.push(phaseOf(kind, updates, REASONS[kind]))
  }
  for (const kind of ['cpld', 'idrac'] as const) {
    for (const update of rest.filter((candidate) => candidate.component_class === kind)) {
      phases.push(phaseOf(kind, [update], REASONS[kind]))
    }
  }
  return phases
}

/** Expected minutes of one phase: uploads, then what the class takes. */
export function phaseMinutes(phase: UpdatePhase, past: PastMinutes = {}): number {
  const uploads = phase.updates.length * minutesOf('upload_per_package', past)
  const classes = new Set(phase.updates.map((update) => update.component_class))
  const host = classes.has('host_reboot') ? minutesOf('host_reboot_firmware', past) : 0
  const cpld = classes.has('cpld') ? minutesOf('cpld', past) : 0
  const idrac = classes.has('idrac') ? minutesOf('idrac', past) : 0
  return uploads + host + cpld + idrac
}

function blockersOf(server: FirmwareServer, selected: Selected, selection: UpdateSelection): Blocker[] {
  const blockers: Blocker[] = []
  if (server.inventory === null) {
    blockers.push(blocker('ProtocolError', `The firmware inventory of ${server.name} could not be read.`))
  }
  if (selection.missing_files === 'fail') {
    for (const pack of selected.missing_files) {
      const text = `The file ${pack.filename} is neither stored nor reachable.`
      blockers.push(blocker('PackageNotFound', text, { target: server.name, data: { package_id: pack.id } }))
    }
  }
  if (!selection.skip_not_applicable) {
    for (const entry of selected.not_applicable) {
      const text = `${entry.filename} does not fit: ${entry.message}`
      blockers.push(blocker('PackageNotApplicable', text, { target: server.name, data: { ...entry } }))
    }
  }
  return blockers
}

function warningsOf(selected: Selected): Blocker[] {
  const skipped = selected.not_applicable.map((entry) =>
    blocker('PackageNotApplicable', `${entry.filename} is skipped: ${entry.message}`, { data: { ...entry } }),
  )
  const differing = selected.left_out
    .filter((entry) => entry.why === 'newer_installed' || entry.why === 'incomparable')
    .map((entry) =>
      blocker('DowngradeRefused', `${entry.name}: ${entry.message}`, { target: entry.fqdd ?? entry.name }),
    )
  const down = selected.updates
    .filter((update) => update.downgrade)
    .map((update) =>
      blocker('DowngradeRefused', `${update.name} goes back from ${update.from.join(', ')} to ${update.to}.`, {
        remedy: 'It was asked for with allow_downgrade.',
      }),
    )
  return [...skipped, ...differing, ...down]
}

/**
 * The firmware plan of one server: what is updated in which order with how many reboots.
 * Order: what others need first; direct components; all host components staged together with ONE reboot; CPLD alone;
 * the iDRAC last, because its restart ends sessions, uploads and the watch over staged jobs.
 * `plan.phases` empty and no blockers = nothing to do. Sizes in bytes, estimate in minutes.
 */
export function planUpdates(
  server: FirmwareServer,
  packages: readonly FirmwarePackage[],
  selection: UpdateSelection,
  past: PastMinutes = {},
): UpdatePlan {
  const selected = selectUpdates(server, packages, selection)
  const { first, rest, blockers } = orderPrerequisites(server, packages, selected.updates, selection)
  const phases = phasesOf(first, rest)
  return {
    server_id: server.id,
    phases,
    left_out: selected.left_out,
    not_in_catalog: selected.not_in_catalog,
    not_applicable: selected.not_applicable,
    reboots: phases.filter((phase) => phase.reboot).length,
    bytes: [...first, ...rest].reduce((sum, update) => sum + update.size_bytes, 0),
    needs_maintenance: phases.some((phase) => phase.reboot),
    estimate_minutes: phases.reduce((sum, phase) => sum + phaseMinutes(phase, past), 0),
    blockers: [...blockersOf(server, selected, selection), ...blockers],
    warnings: warningsOf(selected),
  }
}
