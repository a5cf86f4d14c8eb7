import { joinReasons } from '../../db/reads/job-waiting.js'
import type { Job, JobAttention, JobError, JobTask } from '../../db/schema/jobs.js'
import { FAILURES, isFailureCode } from '../../domain/failures.js'
import type { ApiConfig } from '../config.js'

const withHint = (error: JobError | null) =>
  error && !error.hint && isFailureCode(error.code) ? { ...error, hint: FAILURES[error.code].hint } : error

function linksOf(job: Job, temporal: ApiConfig['temporal']) {
  const self = `/api/v1/jobs/${job.id}`
  const web = temporal.ui_url?.replace(/\/$/, '')
  return {
    self,
    tasks: `${self}/tasks`,
    commands: `${self}/commands`,
    events: `${self}/events`,
    plan: `${self}/plan`,
    ...(web
      ? {
          temporal: `${web}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows/${encodeURIComponent(job.workflow_id)}`,
        }
      : {}),
  }
}

/** Jobs that may wait for something: those that have begun and not ended. */
export function runningIds(list: readonly Job[]): string[] {
  return list.filter((job) => job.status === 'running' || job.status === 'paused').map((job) => job.id)
}

/** A job that waits says why, also when it is one of its targets that waits. */
export function withWaiting(job: Job, waiting: ReadonlyMap<string, Job['waiting_for']>): Job {
  return { ...job, waiting_for: joinReasons(job.waiting_for, waiting.get(job.id) ?? []) }
}

/** A job as the list shows it: without plan, result and the targets themselves. */
export function jobSummary(job: Job, temporal: ApiConfig['temporal']) {
  const { plan: _plan, result: _result, targets, state_seq: _seq, event_seq: _event, ...shown } = job
  return { ...shown, error: withHint(job.error), target_count: targets.length, links: linksOf(job, temporal) }
}

/** A job with everything that belongs to it. */
export function jobView(job: Job, attention: JobAttention[], temporal: ApiConfig['temporal']) {
  const { result, targets, plan_version } = job
  return { ...jobSummary(job, temporal), result, targets, plan_version, attention: attention.map(attentionView) }
}

function attentionView(entry: JobAttention) {
  const { target_kind, target_id, target_label, ...shown } = entry
  return { ...shown, target: { kind: target_kind, id: target_id, name: target_label } }
}

/** One target of a job. */
export function taskView(task: JobTask) {
  const { state_seq: _seq, ...shown } = task
  const target = { kind: task.target_kind, id: task.target_id, name: task.target_label }
  return { ...shown, error: withHint(task.error), target }
}
