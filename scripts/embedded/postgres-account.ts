import { dirname } from 'node:path'
import { impassableFolder } from './data-directory.js'
import { lastLine, runCommand } from './run-command.js'

/** The operating-system user that Postgres runs as; absent means: the same as ours. */
export interface SystemAccount {
  uid: number
  gid: number
}

/** Something about this machine keeps Postgres from running; the message says what and the cure. */
export class PostgresCannotRun extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PostgresCannotRun'
  }
}

const number = async (flag: '-u' | '-g'): Promise<number | undefined> => {
  const answer = await runCommand('id', [flag, 'postgres'], { timeoutMs: 5_000 })
  return answer.code === 0 ? Number(lastLine(answer.output)) : undefined
}

/**
 * Postgres refuses to run as root: then the user `postgres` is taken, or made. Undefined when we are not root.
 * Throws {@link PostgresCannotRun}.
 */
export async function postgresAccount(): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const existing = await readAccount()
  if (existing) return existing
  const made = await runCommand('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
    timeoutMs: 10_000,
  })
  const account = await readAccount()
  if (account) return account
  throw new PostgresCannotRun(
    `Postgres does not run as root, and the user postgres could not be made (${lastLine(made.output)}). Start as another user, or make the user postgres.`,
  )
}

async function readAccount(): Promise<SystemAccount | undefined> {
  const [uid, gid] = await Promise.all([number('-u'), number('-g')])
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

/** As another user Postgres must be able to reach its program and its data. Throws {@link PostgresCannotRun} with the folder in the way. */
export async function checkReachable(account: SystemAccount | undefined, ...paths: string[]): Promise<void> {
  if (!account) return
  for (const path of paths) {
    const folder = await impassableFolder(dirname(path))
    if (folder) {
      throw new PostgresCannotRun(
        `Postgres runs as user ${account.uid} and may not pass through ${folder}. Run chmod o+x ${folder}, or use another place for ${path}.`,
      )
    }
  }
}
