import { homedir } from 'node:os'
import { join } from 'node:path'

/** What the environment says to the client. */
export interface CliConfig {
  /** `DSM_TOKEN` */
  token: string | undefined
  /** `DSM_SERVER` */
  server: string | undefined
  /** Where the sign-ins are kept. */
  login_file: string
}

type Environment = Record<string, string | undefined>

/** Reads the environment of the process once. */
export function readCliConfig(env: Environment = process.env): CliConfig {
  const base = env.XDG_CONFIG_HOME || join(homedir(), '.config')
  return {
    token: env.DSM_TOKEN || undefined,
    server: env.DSM_SERVER || undefined,
    login_file: join(base, 'dsm', 'logins.json'),
  }
}
