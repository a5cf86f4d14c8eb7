import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { lastLine, runCommand } from '../../../scripts/embedded/run-command.js'
import { had, missing, type Part } from './part.js'

const INSTALL_MS = 300_000

/**
 * A program of a Debian package; installed when this is root on such a system, and never started as a service. What the
 * system brings is what is judged: its version is the system's, not ours.
 */
export async function debianProgram(program: string, packages: readonly string[]): Promise<Part> {
  if (existsSync(program)) return had(program, program)
  if (process.getuid?.() !== 0)
    return missing(program, `not installed, and only root can install ${packages.join(', ')}`)
  const output = await withoutServices(() => aptInstall(packages))
  return existsSync(program) ? had(program, program) : missing(program, `apt-get: ${lastLine(output)}`)
}

/** Installs, with a fresh list of packages when the first attempt fails. Answers what apt-get printed. */
async function aptInstall(packages: readonly string[]): Promise<string> {
  const options = { timeoutMs: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const install = () => runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options)
  const first = await install()
  if (first.code === 0) return first.output
  await runCommand('apt-get', ['update', '-q'], options)
  return (await install()).output
}

const POLICY = '/usr/sbin/policy-rc.d'

/** A server that a package brings would start with its installation; exit code 101 of this file forbids it. */
async function withoutServices<T>(work: () => Promise<T>): Promise<T> {
  if (existsSync(POLICY)) return work()
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 }).catch(() => undefined)
  try {
    return await work()
  } finally {
    await rm(POLICY, { force: true })
  }
}
