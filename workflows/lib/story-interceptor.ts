import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'
import type { WorkContext } from './job-input.js'

/** What stands beside an activity in Temporal Web: the sentence of the step it belongs to. */
function sentenceOf(args: unknown[]): string | undefined {
  const context = (args[0] as { context?: Partial<WorkContext> } | undefined)?.context
  return context?.note || undefined
}

/** Gives every activity a summary, so that a history reads like a story. Loaded with the bundle; changes no command. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async scheduleActivity(input, next) {
        const summary = sentenceOf(input.args)
        return next(summary ? { ...input, options: { ...input.options, summary } } : input)
      },
    },
  ],
})
