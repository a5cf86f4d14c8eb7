import { activityInfo } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { toApplicationFailure } from '../activities/failures.js'
import { beating } from '../activities/heartbeat.js'

/** The frame of every activity: it heartbeats, and what it throws is put into the closed vocabulary. */
export const activityFrame: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      // Local activities belong to a workflow task and have no heartbeat.
      return activityInfo().isLocal ? await next(input) : await beating(() => next(input))
    } catch (thrown) {
      throw toApplicationFailure(thrown)
    }
  },
}
