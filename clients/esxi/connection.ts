/** One command as it is run: already quoted, with a masked form for the record. */
export interface EsxiCommand {
  /** The exact text for the shell of the host. */
  readonly line: string
  /** Does it change the host? */
  readonly mutation: boolean
  /** The output is a secret: it is returned but never recorded. */
  readonly secret_output?: boolean
}

export interface CommandOutput {
  /** `null` when the channel ended without one (host went away, killed by a signal). */
  exit_code: number | null
  stdout: string
  stderr: string
  /** True when output beyond the cap was thrown away. */
  truncated: boolean
  duration_ms: number
}

export interface RunOptions {
  /** Ends waiting, not the command: the host goes on with it. Default 60,000. */
  timeout_ms?: number
  /** Bytes kept of each stream. Default 4 MiB. */
  max_output_bytes?: number
  signal?: AbortSignal
}

/** An authenticated SSH connection to one ESXi host. */
export interface EsxiConnection {
  readonly address: string
  readonly port: number
  /** Runs one command on a channel of its own, without a terminal. A non-zero exit code is a value, not an error. */
  run(command: EsxiCommand, options?: RunOptions): Promise<CommandOutput>
  close(): Promise<void>
}
