import { PROJECT_ROOT } from './project.js'
import { runCommand } from './run-command.js'

/** A set-up step ended badly; the message has its last lines. */
export class StepFailed extends Error {
  constructor(what: string, output: string) {
    super(`${what} failed: ${output.trim().split('\n').slice(-6).join('\n')}`)
    this.name = 'StepFailed'
  }
}

/** Runs one of our TypeScript programs to its end. Throws {@link StepFailed}. */
export async function runScript(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string> {
  const result = await runCommand(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: PROJECT_ROOT,
    env,
    timeoutMs,
  })
  if (result.code !== 0) throw new StepFailed(script, result.output)
  return result.output
}
