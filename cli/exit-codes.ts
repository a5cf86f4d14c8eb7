/** What the process says with its exit code; scripts rely on these numbers. */
export const EXIT = {
  done: 0,
  error: 1,
  usage: 2,
  job_failed: 3,
  job_cancelled: 4,
  not_allowed: 5,
  unreachable: 6,
  attention_open: 7,
  says_no: 8,
} as const

/** Exit code of a command that Ctrl-C ended, as shells have it. */
export const INTERRUPTED = 130

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command with a sentence and an exit code. `problem` is the document of the API, where it came from there. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly exit: ExitCode = EXIT.error,
    readonly problem?: Problem,
  ) {
    super(message)
    this.name = 'Refusal'
  }
}

/** The members of a problem document that are shown. */
export interface Problem {
  status?: number
  code?: string
  title?: string
  detail?: string
  hint?: string
  request_id?: string
  errors?: { pointer: string; detail: string }[]
}

/** The command was not well-formed. */
export const usage = (message: string) => new Refusal(message, EXIT.usage)
