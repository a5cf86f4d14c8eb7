import { hostMinutes } from './estimates.js'
import {
  acceptanceCheck,
  block,
  depotChecks,
  dryRunChecks,
  ok,
  otherChecks,
  securityChecks,
  skipped,
  spaceChecks,
  targetOf,
  vsphereChecks,
  warn,
} from './esxi-checks.js'
import { judgeUpgradePath, type UpgradePathAnswer } from './esxi-paths.js'
import { chooseProfile } from './esxi-profile.js'
import type {
  DepotProfile,
  EsxiPreflightFacts,
  EsxiPreflightRequest,
  EsxiPreflightVerdict,
  PreflightCheck,
} from './esxi-types.js'
import { vibsGone } from './esxi-vibs.js'
import type { Blocker } from './failures.js'
import { blocker } from './verdict.js'

function profileCheck(
  facts: EsxiPreflightFacts,
  request: EsxiPreflightRequest,
): { profile: DepotProfile | null; check: PreflightCheck } {
  const { profiles } = facts.depot
  if (profiles === null) return { profile: null, check: skipped('profile', 'The depot could not be read.') }
  const { profile_name, flavor, target_build } = request
  const choice = chooseProfile(profiles, { profile_name, flavor, target_build, vendor: facts.host.vendor })
  if (choice.type === 'chosen') return { profile: choice.profile, check: ok('profile', choice.profile.name) }
  const list = choice.names.join(', ') || 'none'
  const check =
    choice.type === 'ambiguous'
      ? block('profile', 'ProfileAmbiguous', `Several profiles fit: ${list}.`)
      : block('profile', 'ProfileNotFound', `It is not in the depot. There are: ${list}.`)
  return { profile: null, check }
}

function pathCheck(answer: UpgradePathAnswer, from: string, to: string): PreflightCheck {
  const way = `${from} to ${to}`
  if (answer.type === 'same_build') return ok('path', 'The build is installed already.')
  if (answer.type === 'downgrade') return block('path', 'UpgradePathUnsupported', `${way} would be a downgrade.`)
  if (answer.type === 'unknown') return block('path', 'UpgradePathUnsupported', `${way}: the versions are not known.`)
  if (answer.type === 'direct') {
    if (!answer.back_in_time) return ok('path', `${way} is a direct step.`)
    return warn('path', 'UpgradePathUnsupported', `${way}: the target was built before the source; it may be refused.`)
  }
  const stones = answer.stones.join(', then ')
  const remedy = stones === '' ? 'There is no supported way.' : `Go through ${stones} first.`
  return block('path', 'UpgradePathUnsupported', `${way} is not supported in one step.`, remedy)
}

function hostChecks(
  facts: EsxiPreflightFacts,
  request: EsxiPreflightRequest,
  profile: DepotProfile | null,
): PreflightCheck[] {
  const { on_host } = facts
  if (on_host === null) {
    const names = ['acceptance', 'space', 'other_update']
    const missing =
      facts.ssh.state === 'usable' ? [block('host_facts', 'SshUnavailable', 'The host could not be examined.')] : []
    return [
      ...missing,
      ...names.map((name) => skipped(name, 'The host was not asked.')),
      ...dryRunChecks(facts, request, profile !== null),
    ]
  }
  const acceptance =
    profile === null ? skipped('acceptance', 'No profile was chosen.') : acceptanceCheck(profile, on_host)
  return [
    acceptance,
    ...spaceChecks(on_host),
    ...dryRunChecks(facts, request, profile !== null),
    ...otherChecks(facts, on_host),
  ]
}

function asBlocker(check: PreflightCheck, host: string): Blocker {
  const extras = { target: host, data: { check: check.name }, ...(check.remedy ? { remedy: check.remedy } : {}) }
  return blocker(check.code ?? 'VerifyFailed', check.fact, extras)
}

function verdictWord(
  answer: UpgradePathAnswer,
  blockers: Blocker[],
  warnings: Blocker[],
): EsxiPreflightVerdict['verdict'] {
  if (answer.type === 'same_build') return 'already_current'
  if (blockers.length > 0) return 'blocked'
  return warnings.length > 0 ? 'ready_with_warnings' : 'ready'
}

function vibsOf(facts: EsxiPreflightFacts): EsxiPreflightVerdict['vibs'] {
  if (!facts.dry_run?.ok) return { install: [], remove: [], skip: [] }
  const { vibs_installed, vibs_removed, vibs_skipped } = facts.dry_run.result
  return { install: vibs_installed, remove: vibsGone(vibs_removed, vibs_installed), skip: vibs_skipped }
}

/**
 * Would this upgrade work on this host? Every check with its outcome, the profile found in the depot (never assumed),
 * stepping stones, packages that come and go, expected minutes. A host that has the build already is `already_current`,
 * whatever else is wrong with it.
 */
export function preflightEsxi(facts: EsxiPreflightFacts, request: EsxiPreflightRequest): EsxiPreflightVerdict {
  const { host } = facts
  const { profile, check } = profileCheck(facts, request)
  const target = targetOf(profile)
  const current = { version: host.version, build: host.build, profile: host.image_profile }
  const path: UpgradePathAnswer =
    profile === null ? { type: 'unknown' } : judgeUpgradePath(current, target, request.path_overrides)
  const versions = [current.version ?? 'unknown', target.version ?? 'unknown'] as const
  const path_check = profile === null ? skipped('path', 'No profile was chosen.') : pathCheck(path, ...versions)
  const checks = [
    ...vsphereChecks(facts, target.version),
    path_check,
    ...depotChecks(facts),
    check,
    ...hostChecks(facts, request, profile),
    ...securityChecks(facts),
  ]
  const of = (outcome: PreflightCheck['outcome']) =>
    checks.filter((entry) => entry.outcome === outcome).map((entry) => asBlocker(entry, host.name))
  const [blockers, warnings] = [of('blocker'), of('warning')]
  return {
    verdict: verdictWord(path, blockers, warnings),
    checks,
    blockers: path.type === 'same_build' ? [] : blockers,
    warnings,
    current,
    target,
    vibs: vibsOf(facts),
    stepping_stones: path.type === 'not_direct' ? path.stones : [],
    estimate_minutes: hostMinutes({ firmware_minutes: 0, esxi_rounds: 1, backup: false, maintenance: true }),
    no_way_back: path.type === 'direct' && path.major_change,
  }
}
