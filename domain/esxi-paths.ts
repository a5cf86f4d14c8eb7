import { compareEsxi, type EsxiRelease, type EsxiVersion, parseEsxiVersion } from './versions.js'

/** A step from one line of releases (`7.0`) or one release (`7.0.3`) to another; rows of `upgrade_paths`. */
export interface UpgradePath {
  from_version: string
  to_version: string
  allowed: boolean
}

/** Steps that are supported without a stop between, newest last. Patches within a line are always a direct step. */
export const BUILT_IN_PATHS: readonly UpgradePath[] = [
  { from_version: '6.5', to_version: '6.7', allowed: true },
  { from_version: '6.5', to_version: '7.0', allowed: true },
  { from_version: '6.7', to_version: '7.0', allowed: true },
  { from_version: '6.7', to_version: '8.0', allowed: true },
  { from_version: '7.0', to_version: '8.0', allowed: true },
  { from_version: '8.0', to_version: '9.0', allowed: true },
  { from_version: '8.0', to_version: '9.1', allowed: true },
  { from_version: '9.0', to_version: '9.1', allowed: true },
]

const lineOf = (version: EsxiVersion) => `${version.major}.${version.minor}`
const fullOf = (version: EsxiVersion) => `${lineOf(version)}.${version.update}`

function isDirect(from: string, to: string, paths: readonly UpgradePath[]): boolean | undefined {
  return paths.find((path) => path.from_version === from && path.to_version === to)?.allowed
}

function allowedStep(from: EsxiVersion, to: EsxiVersion, overrides: readonly UpgradePath[]): boolean {
  for (const [a, b] of [
    [fullOf(from), fullOf(to)],
    [fullOf(from), lineOf(to)],
    [lineOf(from), fullOf(to)],
    [lineOf(from), lineOf(to)],
  ] as const) {
    const said = isDirect(a, b, overrides)
    if (said !== undefined) return said
  }
  if (lineOf(from) === lineOf(to)) return true
  // Lines of 9 that this table does not know yet are reached from 8.0 and from older 9 like those it knows.
  if (to.major === 9) return lineOf(from) === '8.0' || from.major === 9
  return isDirect(lineOf(from), lineOf(to), BUILT_IN_PATHS) ?? false
}

const LINES = [...new Set(BUILT_IN_PATHS.flatMap((path) => [path.from_version, path.to_version]))]

/** The shortest chain of lines between two versions, by breadth; null = there is none. */
function stonesBetween(from: EsxiVersion, to: EsxiVersion, overrides: readonly UpgradePath[]): string[] | null {
  const trails: { at: EsxiVersion; stones: string[] }[] = [{ at: from, stones: [] }]
  const seen = new Set([lineOf(from)])
  for (let i = 0; i < trails.length; i++) {
    const trail = trails[i]
    if (!trail) break
    if (allowedStep(trail.at, to, overrides)) return trail.stones
    for (const line of LINES) {
      const next = parseEsxiVersion(line)
      if (!next || seen.has(line) || next.major > to.major || !allowedStep(trail.at, next, overrides)) continue
      seen.add(line)
      trails.push({ at: next, stones: [...trail.stones, line] })
    }
  }
  return null
}

export type UpgradePathAnswer =
  | { type: 'same_build' }
  | { type: 'direct'; major_change: boolean; back_in_time: boolean }
  /** Not in one step; `stones` are the lines to go through, empty = there is no way. */
  | { type: 'not_direct'; stones: string[] }
  | { type: 'downgrade' }
  | { type: 'unknown' }

/**
 * May a host go from one release to the other in one step? No downgrades; patches within a line always; between lines
 * what the table (first the admin's rows, then the built-in ones) says. `back_in_time`: the target has a lower build
 * than the source although its version is higher; such images may be refused by the host.
 */
export function judgeUpgradePath(
  from: EsxiRelease,
  to: EsxiRelease,
  overrides: readonly UpgradePath[] = [],
): UpgradePathAnswer {
  if (from.build !== null && from.build === to.build) return { type: 'same_build' }
  const [source, target] = [parseEsxiVersion(from.version), parseEsxiVersion(to.version)]
  if (!source || !target) return { type: 'unknown' }
  const order = compareEsxi(to, from)
  if (order === 'older') return { type: 'downgrade' }
  if (order === 'incomparable') return { type: 'unknown' }
  if (!allowedStep(source, target, overrides)) {
    return { type: 'not_direct', stones: stonesBetween(source, target, overrides) ?? [] }
  }
  const back_in_time = from.build !== null && to.build !== null && to.build < from.build
  return { type: 'direct', major_change: source.major !== target.major, back_in_time }
}
