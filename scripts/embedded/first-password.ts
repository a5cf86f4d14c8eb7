import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The file in which the API leaves the password of `admin` at the very first start; it goes when the password is changed. */
const fileOf = (dataDir: string) => join(dataDir, 'initial-admin-password')

/**
 * Tells once what the password of `admin` is: call it before the API starts, and the result when the API is ready. It
 * gives the line to show when the file was made in between, else nothing. The line goes to the console only, never
 * into a log file.
 */
export function watchFirstPassword(dataDir: string): () => string | undefined {
  const file = fileOf(dataDir)
  if (existsSync(file)) return () => undefined
  return () => {
    if (!existsSync(file)) return undefined
    const password = readFileSync(file, 'utf8').trim()
    return `First start: sign in as admin with the password ${password} and change it (also in ${file} until then)`
  }
}
