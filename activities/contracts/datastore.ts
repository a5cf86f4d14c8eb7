import type { WorkContext } from '../../workflows/lib/job-input.js'

export interface ListedFile {
  name: string
  folder: string
  path: string
  host_path: string
  size_bytes: number | null
  modified_at: string | null
  kind: 'iso' | 'zip' | 'folder' | 'file'
}

export interface DatastoreListing {
  datastore: { moid: string; name: string; type: string | null; capacity_bytes: number | null }
  files: ListedFile[]
  truncated: boolean
  free_bytes: number | null
  hosts_mounting: { host_id: string; name: string }[]
}

export interface DatastoreActivities {
  /**
   * Lists files of a datastore by a search task, which is ended when nobody waits any more. Throws `NotFound`,
   * `PermissionMissing`, `StateConflict` (not accessible), `StepTimeout`.
   */
  browseDatastore(input: {
    context: WorkContext
    vcenter_id: string
    host_id: string | null
    datastore: string
    path: string
    patterns: string[]
    recursive: boolean
    limit: number
  }): Promise<DatastoreListing>
}
