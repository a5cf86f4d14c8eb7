import type { DirectoryActivities, LoginTrial } from '../../../activities/contracts/directory.js'

export const PERSON_ID = '00000000-0000-4000-8000-0000000000bb'

const trialOf = (username: string): LoginTrial => ({
  authenticated: true,
  username,
  dn: `uid=${username},dc=lab`,
  role: 'operator',
  groups: ['cn=operators,dc=lab'],
  code: null,
  reason: null,
  server: 'ipa.lab',
  person: { directory_id: 'id-1', display_name: username, email: null, roles: ['operator'] },
})

/** A directory in which everybody is an operator, and `wrong` has another password; a filter leaves too few people. */
export function directoryDoubles(): DirectoryActivities {
  return {
    findDirectoryPerson: async ({ username }) => ({ ...trialOf(username), authenticated: false }),
    tryDirectoryLogin: async ({ username }) =>
      username === 'wrong'
        ? {
            ...trialOf(username),
            authenticated: false,
            role: null,
            groups: [],
            code: 'InvalidCredentials',
            reason: 'refused',
          }
        : trialOf(username),
    keepLoginTrial: async ({ trial, update_profile }) => ({
      user_id: trial.code === null && update_profile ? PERSON_ID : null,
    }),
    testDirectory: async ({ username }) => ({
      ok: username !== 'nobody',
      checks: [{ name: 'tcp', outcome: username === 'nobody' ? 'failed' : 'ok', ms: 3, message: 'said' }],
      server: { naming_contexts: ['dc=lab'] },
    }),
    syncDirectoryPeople: async ({ filter }) => ({
      seen: 58,
      created: 2,
      updated: 1,
      deactivated: 0,
      unmapped: 55,
      name_taken: 0,
      role_changes: [{ username: 'olivia.park', from: null, to: 'operator', from_roles: [], to_roles: ['operator'] }],
      refusal: filter
        ? { code: 'SyncWouldRemoveTooMany', message: '9 of 10 people would be deactivated.', data: {}, remedy: 'Look.' }
        : null,
    }),
  }
}
