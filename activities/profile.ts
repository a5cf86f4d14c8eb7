import type { ProfileActivities } from './contracts/profile.js'
import type { Deps } from './deps.js'
import { exportAndKeep, judgeExport } from './profile-export.js'
import { followImport } from './profile-follow.js'
import { judgeProfileImport, startProfileImport, verifyProfileImport } from './profile-import.js'
import { previewProfileImport } from './profile-preview.js'

/** Everything, as a device writes it by itself: what is kept before a change. */
const WHOLE = { components: ['ALL'], format: 'XML', export_use: 'Default', include_password_hashes: false } as const

/** Activities on the configuration profile of one server. */
export function createProfileActivities(deps: Deps): ProfileActivities {
  return {
    backupProfile: ({ context, server_id }) =>
      exportAndKeep(deps, context, server_id, {
        step: 'scp_backup',
        kind: 'before_change',
        options: {
          ...WHOLE,
          components: [...WHOLE.components],
          description: `Before the first change by ${context.job_type}`,
        },
        requested_by: null,
      }),
    judgeProfileExport: (input) => judgeExport(deps, input),
    exportProfile: ({ context, server_id, options, requested_by }) =>
      exportAndKeep(deps, context, server_id, { step: 'scp_export', kind: 'export', options, requested_by }),
    judgeProfileImport: (input) => judgeProfileImport(deps, input),
    previewProfileImport: (input) => previewProfileImport(deps, input),
    startProfileImport: (input) => startProfileImport(deps, input),
    followProfileImport: (input) => followImport(deps, input),
    verifyProfileImport: (input) => verifyProfileImport(deps, input),
  }
}
