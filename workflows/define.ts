import type { z } from 'zod'
import type { Role } from '../domain/permissions.js'

/*
 * Vocabulary, used everywhere in these senses only:
 *   job        one row of `jobs`, one Temporal workflow `job/<job_type>/<id>`
 *   job type   one of the catalogue; folder = workflow type = API value = audit value
 *   target     what a job works on: a server, host, cluster, vCenter, range or file
 *   task       one row of `job_tasks`: one target of a job
 *   step       one row of `job_steps`: one thing done to one target
 *   activity   one state-seeking action on one thing, retried by Temporal
 *   plan       order of targets, steps, reboots, blockers, estimates
 *   blocker    why a rule says no: code, sentence, facts, remedy
 */

export type JobFamily =
  | 'discovery'
  | 'power'
  | 'profile'
  | 'media'
  | 'firmware'
  | 'inventory'
  | 'cluster'
  | 'esxi'
  | 'directory'

/** The greatest effect on devices or on our own store: `disruptive` can interrupt a workload. */
export type Risk = 'read' | 'change' | 'disruptive'

export type TargetKey = 'server_ids' | 'server_group_ids' | 'host_ids' | 'cluster_ids'

/** `acknowledge` is possible for every job and therefore not listed. */
export type Control = 'pause' | 'cancel' | 'skip' | 'retry'

/** What the rows of `job_tasks` stand for after the scope is resolved; `device`: servers and hosts, each for itself. */
export type TaskTarget = 'server' | 'host' | 'cluster' | 'device' | 'none'

/** Stands for any id in the examples of the documents; it belongs to nothing. */
export const EXAMPLE_ID = '019a0000-0000-7000-8000-000000000001'

/** A body of `POST /jobs` that a reader can copy: passes the schema of the type and names the targets that it takes. */
export interface JobExample<Details> {
  readonly target_scope: { readonly [key in TargetKey]?: readonly string[] }
  readonly details: Details
}

export interface JobDefinition<Details extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  readonly job_type: string
  readonly title: string
  readonly summary: string
  readonly family: JobFamily
  /** Least role that may start it. */
  readonly role: Extract<Role, 'operator' | 'admin'>
  readonly risk: Risk
  readonly target_scope: readonly TargetKey[]
  readonly task_target: TaskTarget
  /** Servers are also found through `host_ids` and `cluster_ids` by the link host - server. */
  readonly via_host: boolean
  /** Fewer than its risk allows; null = as its risk allows. */
  readonly most_targets: number | null
  /** More than one host of a cluster is refused with `UseRollingUpdate`. */
  readonly one_host_per_cluster: boolean
  /** Each host needs a linked server, else `HostNotLinked`. */
  readonly needs_linked_server: boolean
  readonly controls: readonly Control[]
  readonly schedulable: boolean
  readonly instant: boolean
  /** Fields of `details` (dotted paths) that only an admin may set to something else than their default. */
  readonly admin_options: readonly string[]
  /** Settings without which it cannot be posted; null = none. */
  readonly needs_setting: 'openmanage' | null
  readonly details: Details
  readonly result: Result
  readonly example: JobExample<z.input<Details>>
}

/** What most types leave out. */
type Optional =
  | 'via_host'
  | 'most_targets'
  | 'one_host_per_cluster'
  | 'needs_linked_server'
  | 'admin_options'
  | 'needs_setting'
type Given<D extends z.ZodType, R extends z.ZodType> = Omit<JobDefinition<D, R>, Optional> &
  Partial<Pick<JobDefinition, Optional>>

/** A job type as data: no callbacks, no logic. Fills in what most types leave out. */
export function defineJob<D extends z.ZodType, R extends z.ZodType>(given: Given<D, R>): JobDefinition<D, R> {
  return {
    via_host: false,
    most_targets: null,
    one_host_per_cluster: false,
    needs_linked_server: false,
    admin_options: [],
    needs_setting: null,
    ...given,
  }
}
