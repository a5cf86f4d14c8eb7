import { type ChildWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow'
import type { EvacuationOptions } from '../../activities/contracts/host.js'
import { hostWorkflowId } from '../../domain/ids.js'
import type { HostUpdateAnswer, HostUpdateInput, hostUpdate, Part } from '../host_update/workflow.js'
import type { SafetyLimits } from './host-maintenance.js'
import type { EsxiWish, FirmwareWish } from './host-plan.js'
import type { TaskRun } from './task-run.js'
import type { JobRun } from './with-job.js'

/** What a host is to become: the parts in their order, and what each was told. */
export interface Wishes {
  parts: Part[]
  esxi: EsxiWish | null
  firmware: FirmwareWish | null
}

interface ChildDetails extends EvacuationOptions, SafetyLimits {
  lease_wait_minutes: number
}

/** What differs between the jobs that update hosts. */
export type HostChoices = Pick<HostUpdateInput, 'safety' | 'leave' | 'settle'>

/**
 * Starts the child workflow that updates one host. A host in work is finished by itself when its job is lost: half-done
 * would be worse, so the child is abandoned, never terminated.
 */
export function startHostUpdate(
  run: JobRun<ChildDetails>,
  task: TaskRun,
  wishes: Wishes,
  choices: HostChoices,
): Promise<ChildWorkflowHandle<typeof hostUpdate>> {
  const { job_type, job_id } = run.input
  return startChild<typeof hostUpdate>('host_update', {
    workflowId: hostWorkflowId(job_type, job_id, task.target.id, task.round),
    args: [childInput(run, task, wishes, choices)],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `${task.target.name}: ${wishes.parts.join(', then ')}`,
  })
}

function childInput(run: JobRun<ChildDetails>, task: TaskRun, wishes: Wishes, choices: HostChoices): HostUpdateInput {
  const { job_id, job_type, site, device_time_scale, credential_set_ids, details } = run.input
  const { evacuation, maintenance_timeout_minutes, vsan_mode, evacuate_powered_off } = details
  const { max_unavailable, max_cpu_percent, max_memory_percent, lease_wait_minutes } = details
  return {
    job: { job_id, job_type, site, device_time_scale, credential_set_ids },
    owner_workflow_id: run.workflow_id,
    host: task.target,
    task_id: task.task_id,
    task_seq: task.seq,
    step_seq: task.stepSeq,
    round: task.round,
    tokens: { ...task.tokens },
    ...wishes,
    evacuation: {
      evacuation,
      maintenance_timeout_minutes,
      vsan_mode,
      evacuate_powered_off,
      max_unavailable,
      max_cpu_percent,
      max_memory_percent,
    },
    ...choices,
    verify_between: true,
    lease_wait_minutes,
  }
}

/** Goes on counting the task's rows and steps where its child ended. */
export function takeOverCounters(task: TaskRun, answer: HostUpdateAnswer): void {
  task.seq = Math.max(task.seq, answer.task_seq)
  task.startStepsAt(answer.step_seq)
}
