import type { FailureCode } from '../../domain/failures.js'

/** One image profile of a depot. */
export interface ImageProfile {
  name: string
  vendor: string
  acceptance_level: string
  created_at: string | null
  modified_at: string | null
}

/** A refusal of the update tool, by its own error class. */
export interface UpdateFailure {
  /** `HardwareError`, `NoMatchError`, `DependencyError`, …; `unknown` when the text names none. */
  error_class: string
  code: FailureCode
  /** Text of the tool, at most 2,000 characters. */
  text: string
  /** `key = value` lines after the text. */
  data: Record<string, string>
  /** The tool offers to go on with a flag: an operator may accept `hardware_warnings`. */
  hardware_warning: boolean
  /** Verdicts of the hardware check that nothing overrides. */
  hardware_errors: string[]
  hardware_warnings: string[]
  /** One line per package that cannot be combined, naming both sides. */
  vib_conflicts: string[]
}

/** Verdict of the update tool, read by labels: their order differs between versions. */
export interface UpdateResult {
  message: string
  /** The tool says that the host is at the target already. */
  unchanged: boolean
  reboot_required: boolean | null
  vibs_installed: string[]
  vibs_removed: string[]
  vibs_skipped: string[]
}

/** Outcome of a trial run. `unclear`: exit code and text do not fit; it is treated as a failure. */
export type DryRunResult =
  | { ok: true; result: UpdateResult; warnings: string[] }
  | { ok: false; failure: UpdateFailure }

/**
 * State of a detached update, read from the files that carry its operation id.
 * `lost`: it began (its output file exists) but neither an exit code nor a running process is there.
 */
export type UpdateRunState =
  | { state: 'not_started' }
  | { state: 'running'; output: string }
  | { state: 'lost'; output: string }
  | { state: 'finished'; exit_code: number; output: string; outcome: DryRunResult }
