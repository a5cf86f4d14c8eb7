import { isAcceptable, releaseOfProfile } from './esxi-profile.js'
import type {
  DepotProfile,
  EsxiOnHostFacts,
  EsxiPreflightFacts,
  EsxiPreflightRequest,
  PreflightCheck,
} from './esxi-types.js'
import { vibsGone } from './esxi-vibs.js'
import { FAILURES, type FailureCode } from './failures.js'
import { compareEsxi } from './versions.js'

const GIB = 1024 ** 3
const SMALLEST_BOOT_DEVICE = 7.5e9
const RECOMMENDED_BOOT_DEVICE = 32e9
const SMALLEST_SCRATCH = GIB / 2
const CLOCK_LIMIT_SECONDS = 300

export const ok = (name: string, fact: string): PreflightCheck => ({ name, outcome: 'ok', fact })

export const skipped = (name: string, fact: string): PreflightCheck => ({ name, outcome: 'not_checked', fact })

export function block(name: string, code: FailureCode, fact: string, remedy?: string): PreflightCheck {
  return { name, outcome: 'blocker', fact, code, remedy: remedy ?? FAILURES[code].hint }
}

export function warn(name: string, code: FailureCode, fact: string, remedy?: string): PreflightCheck {
  return { name, outcome: 'warning', fact, code, remedy: remedy ?? FAILURES[code].hint }
}

function checkState({ host }: EsxiPreflightFacts): PreflightCheck {
  const fact = `connection ${host.connection_state ?? 'unknown'}, power ${host.power_state ?? 'unknown'}`
  const good = host.connection_state === 'connected' && host.power_state === 'poweredOn'
  return good ? ok('connected', fact) : block('connected', 'HostStateUnknown', fact)
}

function checkImageManaged({ vcenter }: EsxiPreflightFacts): PreflightCheck {
  if (vcenter === null) return ok('image_managed', 'The host has no vCenter.')
  if (vcenter.image_managed === false) return ok('image_managed', 'The cluster is not managed by an image.')
  const fact = vcenter.image_managed === null ? 'It could not be read.' : 'The cluster is managed by an image.'
  return block('image_managed', 'ImageManagedCluster', fact)
}

function checkVcenterVersion({ vcenter }: EsxiPreflightFacts, target: string | null): PreflightCheck {
  if (vcenter === null) return ok('vcenter_version', 'The host has no vCenter.')
  // Without a target another check blocks already and says why.
  if (target === null) return skipped('vcenter_version', 'The target version is not known.')
  const fact = `vCenter ${vcenter.version ?? 'unknown'}, target ${target}`
  const order = compareEsxi({ version: vcenter.version, build: 0 }, { version: target, build: 0 })
  const good = order === 'newer' || order === 'equal'
  return good ? ok('vcenter_version', fact) : block('vcenter_version', 'VcenterTooOld', fact)
}

function checkSsh({ ssh, host }: EsxiPreflightFacts): PreflightCheck {
  if (ssh.state === 'usable') return ok('ssh', 'SSH can be used.')
  const fact = ssh.why ?? `SSH is ${ssh.state}; lockdown mode ${host.lockdown_mode ?? 'unknown'}.`
  return ssh.state === 'off'
    ? warn('ssh', 'SshUnavailable', fact, 'It is started by the job itself.')
    : block('ssh', 'SshUnavailable', fact)
}

function checkRebootPending({ host }: EsxiPreflightFacts): PreflightCheck {
  if (host.reboot_required === false) return ok('reboot_pending', 'No reboot is pending.')
  const fact = host.reboot_required === null ? 'It could not be read.' : 'The host asks for a reboot.'
  return block('reboot_pending', 'RebootPending', fact)
}

function checkSafety({ safety }: EsxiPreflightFacts): PreflightCheck[] {
  if (safety === null) return [ok('cluster_safety', 'The host is in no cluster.')]
  if (safety.safe) return [ok('cluster_safety', 'The host may leave its cluster now.')]
  return safety.blockers.map((entry) => block('cluster_safety', entry.code, entry.message, entry.remedy))
}

/** Checks that vCenter's facts answer; `target_version` is that of the chosen profile. */
export function vsphereChecks(facts: EsxiPreflightFacts, target_version: string | null): PreflightCheck[] {
  return [
    checkState(facts),
    checkImageManaged(facts),
    checkVcenterVersion(facts, target_version),
    checkSsh(facts),
    checkRebootPending(facts),
    ...checkSafety(facts),
  ]
}

/** Is the depot there, whole and readable on this very host? */
export function depotChecks({ depot, ssh }: EsxiPreflightFacts): PreflightCheck[] {
  const checks: PreflightCheck[] = []
  if (depot.visible === true) checks.push(ok('depot', `${depot.path} is visible.`))
  else if (depot.visible === null && ssh.state === 'off') checks.push(skipped('depot', 'Only the host can tell.'))
  else checks.push(block('depot', 'DepotNotFound', `${depot.path} is not visible on this host.`))
  const { size_bytes, expected_size_bytes, sha256, expected_sha256 } = depot
  if (expected_size_bytes !== null && size_bytes !== null && size_bytes !== expected_size_bytes) {
    checks.push(block('depot_size', 'HashMismatch', `${size_bytes} bytes instead of ${expected_size_bytes}.`))
  }
  if (expected_sha256 !== null && sha256 !== null && sha256.toLowerCase() !== expected_sha256.toLowerCase()) {
    checks.push(block('depot_hash', 'HashMismatch', 'The SHA-256 of the depot is another one.'))
  }
  if (depot.profiles === null && !(ssh.state === 'off' && depot.error === null)) {
    checks.push(block('depot_content', 'DepotInvalid', depot.error ?? 'The list of profiles could not be read.'))
  }
  return checks
}

/** Is the image trusted enough for the host? The level of the host is never lowered. */
export function acceptanceCheck(profile: DepotProfile, on_host: EsxiOnHostFacts): PreflightCheck {
  const fact = `image ${profile.acceptance_level ?? 'unknown'}, host ${on_host.acceptance_level ?? 'unknown'}`
  const good = isAcceptable(profile.acceptance_level, on_host.acceptance_level)
  return good === true ? ok('acceptance', fact) : block('acceptance', 'AcceptanceLevel', fact)
}

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`

function depotSpace(on_host: EsxiOnHostFacts): PreflightCheck {
  const free = on_host.depot_free_bytes
  if (free === null) return block('depot_space', 'NotEnoughSpace', 'Free space where the depot lies could not be read.')
  return free >= GIB
    ? ok('depot_space', `${gib(free)} free.`)
    : block('depot_space', 'NotEnoughSpace', `Only ${gib(free)} free.`)
}

function bootBank(on_host: EsxiOnHostFacts): PreflightCheck {
  if (on_host.boot_bank_real === true) return ok('boot_bank', 'The boot bank is on a real device.')
  const fact = on_host.boot_bank_real === null ? 'The boot bank could not be read.' : 'The boot bank is a RAM disk.'
  return block('boot_bank', 'BootDeviceLost', fact)
}

function bootDevice(on_host: EsxiOnHostFacts): PreflightCheck {
  const size = on_host.boot_device_bytes
  if (size === null) return skipped('boot_device', 'The size of the boot device is not known.')
  if (size < SMALLEST_BOOT_DEVICE)
    return block('boot_device', 'NotEnoughSpace', `The boot device has only ${gib(size)}.`)
  const fact = `The boot device has ${gib(size)}.`
  return size < RECOMMENDED_BOOT_DEVICE
    ? warn('boot_device', 'NotEnoughSpace', `${fact} 32 GB are recommended.`)
    : ok('boot_device', fact)
}

function scratch(on_host: EsxiOnHostFacts): PreflightCheck {
  const free = on_host.scratch_free_bytes
  if (free === null) return skipped('scratch_space', 'The scratch space is not known.')
  const fact = `${gib(free)} of scratch space free.`
  return free >= SMALLEST_SCRATCH ? ok('scratch_space', fact) : block('scratch_space', 'NotEnoughSpace', fact)
}

/** Is there room for the update, on a boot device that will still be there after the reboot? */
export function spaceChecks(on_host: EsxiOnHostFacts): PreflightCheck[] {
  return [depotSpace(on_host), bootBank(on_host), bootDevice(on_host), scratch(on_host)]
}

function tpm({ host }: EsxiPreflightFacts): PreflightCheck {
  if (host.tpm_sealed === false) return ok('recovery_key', 'The configuration is not sealed to the TPM.')
  if (host.recovery_key_stored) return ok('recovery_key', 'The recovery key is stored.')
  if (host.recovery_key_readable === true)
    return ok('recovery_key', 'The recovery key can be stored before the upgrade.')
  if (host.tpm_sealed === null) {
    return warn('recovery_key', 'RecoveryKeyMissing', 'It could not be read whether the host is sealed to its TPM.')
  }
  if (host.recovery_key_readable === null)
    return skipped('recovery_key', 'Only the host can tell; its key is stored before the upgrade.')
  return block('recovery_key', 'RecoveryKeyMissing', 'The host is sealed to its TPM and no recovery key is stored.')
}

/** Checks of sealing and Secure Boot. */
export function securityChecks(facts: EsxiPreflightFacts): PreflightCheck[] {
  const unsigned = facts.on_host?.unsigned_vibs ?? []
  if (facts.host.secure_boot !== true || unsigned.length === 0) return [tpm(facts)]
  const fact = `Secure Boot is on, and these packages are not signed: ${unsigned.join(', ')}.`
  return [tpm(facts), block('secure_boot', 'AcceptanceLevel', fact, 'Remove the packages, or sign them.')]
}

/** What else may disturb; mostly warnings. */
export function otherChecks(facts: EsxiPreflightFacts, on_host: EsxiOnHostFacts): PreflightCheck[] {
  const checks: PreflightCheck[] = []
  const running = on_host.update_running
  checks.push(
    running
      ? block('other_update', 'UpdateLocked', `Another update runs: ${running}.`)
      : ok('other_update', 'None runs.'),
  )
  if (on_host.community_vibs?.length) {
    checks.push(warn('community_vibs', 'AcceptanceLevel', `Community packages: ${on_host.community_vibs.join(', ')}.`))
  }
  if (/\b(usb|sd|sd-card|idsdm)\b/i.test(on_host.boot_device_kind ?? '')) {
    checks.push(warn('boot_medium', 'NotEnoughSpace', `The host boots from ${on_host.boot_device_kind}.`))
  }
  const offset = Math.abs(on_host.clock_offset_seconds ?? 0)
  if (offset > CLOCK_LIMIT_SECONDS) {
    checks.push(
      warn('clock', 'VerifyFailed', `The clock of the host is off by ${Math.round(offset)} s.`, 'Set up NTP.'),
    )
  }
  if (facts.host.alarms.length > 0) {
    checks.push(
      warn('alarms', 'VerifyFailed', `Alarms are triggered: ${facts.host.alarms.join(', ')}.`, 'Look at them.'),
    )
  }
  if ((facts.vsan_resync_bytes ?? 0) > 0) {
    checks.push(warn('vsan_resync', 'VsanResync', `${facts.vsan_resync_bytes} bytes are resyncing.`))
  }
  return checks
}

/** The HA agent's package is put back by vCenter; its removal is normal. */
const comesBack = (vib: string) => /fdm/i.test(vib)

function vibChecks(removed: readonly string[], request: EsxiPreflightRequest): PreflightCheck[] {
  const gone = removed.filter((vib) => !comesBack(vib))
  if (gone.length === 0) return [ok('removed_vibs', 'No package would be removed.')]
  const open = gone.filter(
    (vib) => !request.accept_removed_vibs.some((name) => vib === name || vib.includes(`_${name}_`)),
  )
  const fact = `These packages would be removed: ${gone.join(', ')}.`
  if (request.method === 'install' && open.length > 0) return [block('removed_vibs', 'VibsWouldBeRemoved', fact)]
  return [warn('removed_vibs', 'VibsWouldBeRemoved', fact)]
}

function hardwareWarnings(warnings: readonly string[], request: EsxiPreflightRequest): PreflightCheck[] {
  if (warnings.length === 0) return [ok('hardware', 'The trial run accepts the hardware.')]
  const make = request.allow_hardware_warnings ? warn : block
  return [make('hardware', 'HardwareWarning', warnings.join(' '))]
}

/** The tool's own trial run: hardware, conflicts, packages that would go. */
export function dryRunChecks(
  facts: EsxiPreflightFacts,
  request: EsxiPreflightRequest,
  profile_known: boolean,
): PreflightCheck[] {
  const { dry_run } = facts
  if (!request.run_dry_run) return [skipped('dry_run', 'It was not asked for.')]
  if (dry_run === null) {
    if (facts.ssh.state === 'off') return [skipped('dry_run', 'Only the host can tell.')]
    if (!profile_known) return [skipped('dry_run', 'No profile was chosen that it could try.')]
    return [block('dry_run', 'EsxiUpdateFailed', 'The trial run gave no answer.')]
  }
  if (dry_run.ok) {
    return [
      ...hardwareWarnings(dry_run.warnings, request),
      ...vibChecks(vibsGone(dry_run.result.vibs_removed, dry_run.result.vibs_installed), request),
    ]
  }
  const { failure } = dry_run
  if (failure.hardware_warning) return hardwareWarnings([failure.text], request)
  return [block('dry_run', failure.code, failure.text)]
}

/** Version and build of a profile for the verdict; nulls where its name tells nothing. */
export function targetOf(profile: DepotProfile | null) {
  const release = profile === null ? null : releaseOfProfile(profile)
  return {
    version: release?.version ?? null,
    build: release?.build ?? null,
    profile: profile?.name ?? null,
    acceptance: profile?.acceptance_level ?? null,
  }
}
