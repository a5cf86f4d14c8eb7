import { DeviceError } from '../clients/errors.js'
import type { IdentityCheck } from '../clients/identity.js'
import type { DeviceKind } from '../db/schema/credentials.js'
import { judgeIdentity } from '../db/stores/identities.js'
import { readActivitySettings } from '../db/stores/settings.js'
import type { Deps } from './deps.js'

export interface IdentityScope {
  device_kind: DeviceKind
  address: string
  port: number
  device_id: string | null
  job_id: string | null
  /** Policy of the job; null = the activity setting. */
  first_contact?: 'pin' | 'ask' | null
  /** This step changed the identity itself, and the unauthenticated root proved that it is the same device. */
  expected_change?: boolean
}

/** So long the verdict on a certificate also counts for the next connection of the same client. */
const ACCEPTED_MS = 10_000

/** Checks who answers against CA and pins, before a byte of a request is sent. The first contact follows the policy. */
export function identityCheck(deps: Pick<Deps, 'db'>, scope: IdentityScope): IdentityCheck {
  let accepted: { sha256: string; at: number } | null = null
  return async (seen) => {
    if (seen.trusted_by_ca) return
    if (accepted?.sha256 === seen.sha256 && performance.now() - accepted.at < ACCEPTED_MS) return
    const policy = scope.first_contact ?? (await firstContact(deps))
    const { device_kind, address, port } = scope
    const answer = await judgeIdentity(deps.db, { device_kind, address, port, protocol: seen.protocol }, seen, {
      first_contact: policy,
      device_id: scope.device_id,
      job_id: scope.job_id,
      ...(scope.expected_change ? { expected_change: true } : {}),
    })
    if (answer.verdict === 'accepted') {
      accepted = { sha256: seen.sha256, at: performance.now() }
      return
    }
    const kind = seen.protocol === 'tls' ? 'Tls' : 'Ssh'
    const facts = { sent: false, answered: false, data: { address, port, sha256: seen.sha256 } }
    if (answer.verdict === 'changed') {
      throw new DeviceError(
        `${kind}IdentityChanged`,
        `${address}:${port} shows another ${kind === 'Tls' ? 'certificate' : 'host key'} than the one that was accepted; nothing was sent.`,
        { ...facts, data: { ...facts.data, accepted_sha256: answer.accepted.sha256 } },
      )
    }
    const why = answer.verdict === 'rejected' ? 'was rejected by a person' : 'waits for a person to accept it'
    throw new DeviceError(
      `${kind}IdentityPending`,
      `The identity of ${address}:${port} ${why}; nothing was sent.`,
      facts,
    )
  }
}

async function firstContact(deps: Pick<Deps, 'db'>): Promise<'pin' | 'ask'> {
  const settings = await readActivitySettings(deps.db)
  return settings.first_contact === 'ask' ? 'ask' : 'pin'
}
