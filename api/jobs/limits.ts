import type { JobDefinition } from '../../workflows/define.js'
import { Problem } from '../errors.js'

const MOST_READ = 10_000
const MOST_CHANGE = 1_000
/** Share of the fleet counts only for fleets of at least this size. */
const FLEET_OF_SHARE = 200

export interface ConfirmationRules {
  confirm_over_targets: number
  confirm_over_percent: number
  fleet: number
}

/** Caps and confirmations: `TooManyTargets`, `ConfirmationRequired` with the count. */
export function checkTargetCount(
  definition: JobDefinition,
  count: number,
  confirmed: unknown,
  rules: ConfirmationRules,
): void {
  const most = definition.most_targets ?? (definition.risk === 'read' ? MOST_READ : MOST_CHANGE)
  if (count > most)
    throw new Problem('TooManyTargets', `${count} targets; at most ${most} for ${definition.job_type}.`, {
      members: { count, most },
    })
  if (definition.risk !== 'disruptive') return
  const share = rules.fleet >= FLEET_OF_SHARE && count > (rules.fleet * rules.confirm_over_percent) / 100
  if (count <= rules.confirm_over_targets && !share) return
  if (confirmed === count) return
  throw new Problem(
    'ConfirmationRequired',
    `This touches ${count} targets; repeat with confirm_target_count ${count}.`,
    {
      errors: [{ pointer: '/details/confirm_target_count', detail: `must be ${count}` }],
      members: { count },
    },
  )
}
