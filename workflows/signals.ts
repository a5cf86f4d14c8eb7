import { defineQuery, defineSignal } from '@temporalio/workflow'
import type { CancelMode } from '../domain/job-status.js'

/* Controls travel as signals, because those are accepted while no worker lives. They take effect at the next safe point. */

export const pauseSignal = defineSignal('pause')
export const resumeSignal = defineSignal('resume')
export const cancelSignal = defineSignal<[{ mode: CancelMode }]>('cancel')
export const skipSignal = defineSignal<[{ target_id: string }]>('skip')
export const retrySignal = defineSignal<[{ target_id: string | null }]>('retry')

export interface ControlState {
  paused: boolean
  cancel: CancelMode | null
  skipped: string[]
  retried: string[]
}
export const controlsQuery = defineQuery<ControlState>('controls')
