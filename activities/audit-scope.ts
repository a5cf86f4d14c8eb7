import { AsyncLocalStorage } from 'node:async_hooks'
import { activityInfo } from '@temporalio/activity'
import type { CallRecorder } from '../clients/recorder.js'
import type { CommandLog } from '../db/command-log.js'
import type { CommandContext } from '../db/stores/commands.js'
import type { WorkContext } from '../workflows/lib/job-input.js'

const scope = new AsyncLocalStorage<CommandContext>()

/** Runs `body` so that every device call inside it is recorded under this context, whichever connection it uses. */
export function inAuditScope<T>(context: CommandContext, body: () => Promise<T>): Promise<T> {
  return scope.run(context, body)
}

/** Adds to the context of the calls inside `body`, e.g. the operation they belong to. */
export function withAuditFacts<T>(facts: Partial<CommandContext>, body: () => Promise<T>): Promise<T> {
  const current = scope.getStore()
  return current ? scope.run({ ...current, ...facts }, body) : body()
}

/** A recorder for connections that serve several jobs: it looks up whose call it is when the call is made. */
export function scopedRecorder(commands: CommandLog, fallback: CommandContext): CallRecorder {
  return { begin: (call) => commands.recorder(scope.getStore() ?? fallback).begin(call) }
}

/** The facts about the running activity that stand in each row of the audit. */
export function auditOf(
  work: Pick<WorkContext, 'job_id' | 'task_id'>,
  worker_id: string,
  rest: Omit<CommandContext, 'job_id' | 'task_id' | 'worker_id' | 'workflow_id' | 'attempt'>,
): CommandContext {
  const info = activityInfo()
  return {
    ...rest,
    job_id: work.job_id,
    task_id: work.task_id,
    worker_id,
    workflow_id: info.workflowExecution?.workflowId ?? null,
    attempt: info.attempt,
  }
}
