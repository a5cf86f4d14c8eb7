declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type JobId = Branded<'JobId'>
export type TaskId = Branded<'TaskId'>
export type ServerId = Branded<'ServerId'>
export type HostId = Branded<'HostId'>
export type ClusterId = Branded<'ClusterId'>
export type VcenterId = Branded<'VcenterId'>
export type CredentialSetId = Branded<'CredentialSetId'>

/** Marks a text as id of a kind. Checks nothing: the row or the schema it comes from did. */
export const asJobId = (id: string): JobId => id as JobId
export const asTaskId = (id: string): TaskId => id as TaskId
export const asServerId = (id: string): ServerId => id as ServerId
export const asHostId = (id: string): HostId => id as HostId
export const asClusterId = (id: string): ClusterId => id as ClusterId
export const asVcenterId = (id: string): VcenterId => id as VcenterId
export const asCredentialSetId = (id: string): CredentialSetId => id as CredentialSetId

/** Temporal workflow id of a job's row; the contract promises this form. */
export function jobWorkflowId(job_type: string, job_id: string): string {
  return `job/${job_type}/${job_id}`
}

const EJECT = 'eject_left_media/'

/** Workflow id of the eject of one image that a closed job left inserted. */
export const ejectWorkflowId = (borrowed_id: string): string => `${EJECT}${borrowed_id}`

/** Is this such a workflow? It holds leases in the name of a job that is closed. */
export const isEjectWorkflow = (workflow_id: string): boolean => workflow_id.startsWith(EJECT)

/** Workflow id of the part of a job that works on one target: a child without a job row of its own. */
export function targetWorkflowId(
  job_type: string,
  job_id: string,
  kind: 'host' | 'server' | 'cluster',
  id: string,
): string {
  return `${jobWorkflowId(job_type, job_id)}/${kind}/${id}`
}

/** Workflow id of the `number`th part (from 1) of a job over more targets than one history bears. */
export function shardWorkflowId(job_type: string, job_id: string, number: number): string {
  return `${jobWorkflowId(job_type, job_id)}/shard/${number}`
}

/**
 * Workflow id of the work on one host inside a job. `round` counts retries of the same host, since a closed child's id
 * cannot be started again while its parent lives.
 */
export function hostWorkflowId(job_type: string, job_id: string, host_id: string, round = 1): string {
  const id = targetWorkflowId(job_type, job_id, 'host', host_id)
  return round <= 1 ? id : `${id}/${round}`
}

/** The job that a workflow id (of a job or of one of its parts) belongs to; null for workflows that are no jobs. */
export function jobOfWorkflowId(workflow_id: string): { job_type: string; job_id: string } | null {
  const match = /^job\/([a-z_]+)\/([^/]+)(?:\/.*)?$/.exec(workflow_id)
  return match?.[1] && match[2] ? { job_type: match[1], job_id: match[2] } : null
}

/** Key of a ledger row of an operation that is sent at most once. */
export function operationId(job_id: string, target_id: string, step: string, attempt: number): string {
  return `${job_id}/${target_id}/${step}/${attempt}`
}
