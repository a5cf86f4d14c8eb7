export interface DatastoreMount {
  host_moid: string
  /** `/vmfs/volumes/<uuid>` on that host. */
  path: string | null
  mounted: boolean | null
  accessible: boolean | null
  access_mode: string | null
}

export interface DatastoreFacts {
  moid: string
  name: string
  type: string | null
  url: string | null
  capacity_bytes: number | null
  free_bytes: number | null
  accessible: boolean | null
  /** Several hosts may mount it. `false` = local to one host. */
  shared: boolean | null
  maintenance_mode: string | null
  mounts: DatastoreMount[] | null
  browser_moid: string | null
  facts_at: string
}

export interface DatastoreFile {
  name: string
  /** `[datastore] folder/`, always with a slash at the end unless it is the root. */
  folder: string
  /** `folder + name`. */
  path: string
  /** `/vmfs/volumes/<datastore>/…` as a host that mounts it sees the file. */
  host_path: string
  size_bytes: number | null
  modified_at: string | null
  kind: 'iso' | 'zip' | 'folder' | 'file'
}
