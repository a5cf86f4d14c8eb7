import { type LocalLogin, noteFailedLogin } from '../../db/stores/accounts.js'
import type { Services } from '../services.js'
import { checkPassword } from './passwords.js'

/** Is it the password of this local account? A wrong one counts; of a locked account none is right, and it takes as long. */
export async function isRightPassword(services: Services, login: LocalLogin, password: string): Promise<boolean> {
  const locked = login.locked_until !== null && Date.parse(login.locked_until) > Date.now()
  const right = await checkPassword(locked ? null : login.password_hash, password)
  if (!locked && !right) await noteFailedLogin(services.database.db, login.profile.id)
  return right
}
