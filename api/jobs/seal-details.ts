import type { Db } from '../../db/connect.js'
import type { KeyRing } from '../../db/crypto.js'
import { sealSecret } from '../../db/stores/sealed-secrets.js'

type Details = Record<string, unknown>
interface Owner {
  job_id: string
  owner_user_id: string
  job_type: string
}

/** Secrets that several steps read live at most so long; they are deleted with the end of the job. */
const JOB_DAYS = 14
/** Passwords of people, and of accounts that are only tried, are taken once, and soon. */
const ONCE_SECONDS = 60

/**
 * Replaces each secret in the details by the id of its sealed row, before the row of the job is written: none of them is ever in
 * a row in clear, nor in what a workflow is given. @throws {KeyUnavailable}
 */
export async function sealDetails(tx: Db, keys: KeyRing, owner: Owner, details: Details): Promise<Details> {
  const { factory_password, password, settings } = details
  const { job_type, ...of } = owner
  if (typeof factory_password === 'string') {
    const { factory_password: _sealed, ...rest } = details
    const content = JSON.stringify({ username: rest.factory_username ?? '', password: factory_password })
    const ttl_seconds = JOB_DAYS * 86_400
    return {
      ...rest,
      factory_secret_id: await sealSecret(tx, keys, { purpose: 'job_input', content, ttl_seconds, ...of }),
    }
  }
  const once = { ttl_seconds: ONCE_SECONDS, ...of }
  if (job_type === 'idm_authenticate' && typeof password === 'string') {
    const { password: _sealed, ...rest } = details
    return {
      ...rest,
      secret_ref: await sealSecret(tx, keys, { purpose: 'idm_authenticate', content: password, ...once }),
    }
  }
  const { bind_password, ...shown } = (settings ?? {}) as Details
  if (job_type !== 'idm_test_connection' || typeof bind_password !== 'string') return details
  const secret_ref = await sealSecret(tx, keys, { purpose: 'idm_test', content: bind_password, ...once })
  return { ...details, settings: shown, secret_ref }
}
