import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface TakenUpload {
  outcome: 'changed' | 'unchanged'
  kind: string
  record_id: string
  size_bytes: number
  sha256: string
  served_url: string | null
  details: Record<string, unknown>
}

export interface MediaActivities {
  /** Checks an upload (size, quota, hash, content) and moves it into the store under its hash. Repeatable at every row. */
  takeUpload(input: {
    context: WorkContext
    upload_id: string
    requested_by: string | null
    kind: string | null
    name: string | null
    expected_sha256: string | null
    replace: boolean
    dry_run: boolean
  }): Promise<TakenUpload>
  /** Removes an upload that a cancelled job no longer needs. */
  dropUpload(input: { upload_id: string }): Promise<void>
}
