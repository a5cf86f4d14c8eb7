import { activityInfo } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { toApplicationFailure } from '../activities/failures.js'
import { beating } from '../activities/heartbeat.js'
import type { WaitingNotes } from './waiting-notes.js'

/** The frame of every activity: it heartbeats, what it throws is put into the closed vocabulary, and people see what it waits for. */
export function activityFrame(notes?: WaitingNotes): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { isLocal, attempt } = activityInfo()
      try {
        // Local activities belong to a workflow task and have no heartbeat.
        const answer = isLocal ? await next(input) : await beating(() => next(input))
        if (attempt > 1) await notes?.succeeded(input.args)
        return answer
      } catch (thrown) {
        const failure = toApplicationFailure(thrown)
        await notes?.failed(input.args, failure)
        throw failure
      }
    },
  }
}
