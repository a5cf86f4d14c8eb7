import { readLocalizedFault, type VimFault } from './fault.js'
import type { TaskState } from './task-state.js'
import { children, refAt } from './xml-node.js'

export interface MigrationCheck {
  vm_moid: string | null
  host_moid: string | null
  warnings: VimFault[]
  errors: VimFault[]
}

/**
 * Reads the result of a compatibility check, from a task read with `with_result`.
 * @returns `null` when the task has no result (not ended, failed, vanished).
 */
export function readMigrationCheck(task: TaskState): MigrationCheck[] | null {
  if (task.state !== 'success' || task.result === null) return null
  return task.result.children.map((each) => ({
    vm_moid: refAt(each, 'vm')?.value ?? null,
    host_moid: refAt(each, 'host')?.value ?? null,
    warnings: children(each, 'warning').map(readLocalizedFault),
    errors: children(each, 'error').map(readLocalizedFault),
  }))
}
