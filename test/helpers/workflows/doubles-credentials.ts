import type {
  CredentialActivities,
  HostCredentialActivities,
  ServerCredentialActivities,
} from '../../../activities/contracts/credentials.js'
import type { TestedCandidate } from '../../../domain/credential-test.js'

export const candidate = (set_id: string, more: Partial<TestedCandidate> = {}): TestedCandidate => ({
  set_id,
  source: 'range',
  name: set_id,
  why: 'It holds the address.',
  same_as: null,
  ...more,
})

/** Three sets, of which the second opens every device. */
export function credentialDoubles(): CredentialActivities & ServerCredentialActivities & HostCredentialActivities {
  const outcomeOf = (set_id: string | null) => (set_id === 'set-2' ? ('ok' as const) : ('refused' as const))
  return {
    planCredentials: async () => ({
      candidates: [candidate('set-1'), candidate('set-2'), candidate('set-3')],
      skipped: [{ source: 'explicit', why: 'No set is chosen on the device.' }],
      explicit_set_id: null,
      chosen: { source: 'range', set_id: 'set-1' },
    }),
    saveCredentialTest: async () => {},
    tryServerCredential: async (input) => ({ outcome: outcomeOf(input.candidate.set_id) }),
    tryHostCredential: async (input) => ({ outcome: outcomeOf(input.candidate.set_id) }),
  }
}
