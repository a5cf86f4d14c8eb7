import type { ConsoleActivities } from '../../../activities/contracts/console.js'
import type { RecordActivities } from '../../../activities/contracts/records.js'

export const TICKET_REF = '00000000-0000-4000-8000-0000000000aa'

/** Records of devices: each log has two pieces. */
export function recordDoubles(): RecordActivities & ConsoleActivities {
  return {
    fetchLogPiece: async ({ log, reading }) => ({
      next: reading === null ? 'page-2' : null,
      fetched: (reading?.fetched ?? 0) + 200,
      new: (reading?.new ?? 0) + 10,
      worst_severity: log === 'sel' ? 'Critical' : 'OK',
      newest: { entry_id: 400, logged_at: '2026-01-01T00:00:00.000Z' },
      done: reading !== null,
      truncated: false,
      missing: false,
    }),
    checkConsole: async ({ type }) => ({ type, why: null }),
    openConsole: async ({ type }) => ({ ticket_ref: TICKET_REF, type, expires_at: '2026-01-01T00:01:00.000Z' }),
  }
}
