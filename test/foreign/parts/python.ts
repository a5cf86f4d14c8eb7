import { join } from 'node:path'
import { lastLine, runCommand } from '../../../scripts/embedded/run-command.js'
import { FOREIGN_FOLDER, installed } from './cache.js'
import type { Part } from './part.js'

const INSTALL_MS = 900_000

/** A Python environment of its own with exactly the packages of `python/<name>.requirements.txt`, hashes checked. */
function pythonPart(name: string, title: string): Promise<Part> {
  const requirements = join(FOREIGN_FOLDER, 'python', `${name}.requirements.txt`)
  return installed({
    name: title,
    folder: `python-${name}`,
    pins: [requirements],
    install: async (folder) => {
      const venv = await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS })
      if (venv.code !== 0) return `no Python environment (${lastLine(venv.output)})`
      const wanted = ['install', '-q', '--disable-pip-version-check', '--require-hashes', '-r', requirements]
      const pip = await runCommand(join(folder, 'bin', 'pip'), wanted, { timeoutMs: INSTALL_MS })
      return pip.code === 0 ? null : `pip: ${lastLine(pip.output)}`
    },
  })
}

/** sushy, sushy-tools, pyVmomi, schemathesis, redfish-service-validator. */
export const pythonTools = () => pythonPart('tools', 'Python tools')
/** Ansible with its collections; half a gigabyte. */
export const ansible = () => pythonPart('ansible', 'Ansible')

/** Runs a script of `python/` in that environment; its last line is JSON. Throws with its output when it fails. */
export async function runPython<T>(
  environment: string,
  script: string,
  args: readonly string[],
  { timeoutMs = 100_000, env = {} }: { timeoutMs?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<T> {
  const path = join(FOREIGN_FOLDER, 'python', script)
  const run = await runCommand(join(environment, 'bin', 'python'), ['-W', 'ignore', path, ...args], {
    timeoutMs,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  if (run.code !== 0) throw new Error(`${script} ended with ${run.code}:\n${run.output.slice(-4000)}`)
  return JSON.parse(lastLine(run.output)) as T
}
