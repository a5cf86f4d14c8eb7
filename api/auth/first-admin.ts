import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Db, lockText } from '../../db/connect.js'
import { createLocalAccount, hasLocalAccounts } from '../../db/stores/accounts.js'
import { hashPassword } from './passwords.js'

/** The account that is made at the first start. */
export const FIRST_ADMIN = 'admin'

/** Where the first password lies until it is changed. */
export const firstPasswordFile = (data_dir: string) => join(data_dir, 'initial-admin-password')

/**
 * Makes the account `admin` at the first start. Its password lies in a file (0600), written before the account, so that a
 * crash between the two leaves no account with a password that nobody knows. Returns the password when it was made now.
 */
export async function ensureFirstAdmin(db: Db, data_dir: string): Promise<string | null> {
  if (await hasLocalAccounts(db)) return null
  return db.transaction(async (tx) => {
    await lockText(tx, 'first admin')
    if (await hasLocalAccounts(tx)) return null
    const file = firstPasswordFile(data_dir)
    const password = existsSync(file) ? readFileSync(file, 'utf8').trim() : randomBytes(18).toString('base64url')
    writeFileSync(file, `${password}\n`, { mode: 0o600 })
    const password_hash = await hashPassword(password)
    await createLocalAccount(tx, {
      username: FIRST_ADMIN,
      password_hash,
      role: 'admin',
      display_name: 'Administrator',
      must_change: true,
    })
    return password
  })
}

/** The password was changed: the file no longer holds a secret that opens anything. */
export function dropFirstPassword(data_dir: string): void {
  rmSync(firstPasswordFile(data_dir), { force: true })
}
