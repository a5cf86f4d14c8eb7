import { CommanderError } from 'commander'
import { ended } from './context.js'
import { EXIT, type ExitCode, Refusal } from './exit-codes.js'
import { createProgram } from './program.js'

/** Runs one command line; gives the exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  // A reader that has gone (`dsm … | head`) ends the command quietly.
  process.stdout.on('error', () => process.exit(EXIT.done))
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return ended.code
  } catch (error) {
    return say(error, args.includes('--json'))
  }
}

function say(error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  if (!(error instanceof Refusal)) {
    process.stderr.write(`dsm: ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT.error
  }
  if (json && error.problem?.code) process.stderr.write(`${JSON.stringify(error.problem, null, 2)}\n`)
  else process.stderr.write(`dsm: ${error.message}\n${moreLines(error)}`)
  return error.exit
}

/** What the API says beside its sentence. */
function moreLines({ problem, message }: Refusal): string {
  const unsaid = (problem?.errors ?? []).filter(({ detail }) => !message.includes(detail))
  const fields = unsaid.map(({ pointer, detail }) => `  ${pointer}: ${detail}\n`)
  const said = !problem?.hint || problem.code === 'InvalidRequest' || sameWords(problem.hint, message)
  const hint = said ? '' : `  ${problem.hint}\n`
  const login = problem?.code === 'Unauthenticated' ? '  Sign in with: dsm login\n' : ''
  return fields.join('') + hint + login
}

/** Does the sentence say already what the hint says? */
const sameWords = (hint: string, message: string) => message.includes(hint.replace(/\.$/, ''))
