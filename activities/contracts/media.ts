import type { Blocker } from '../../domain/failures.js'
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

export interface RegisteredUrl {
  outcome: 'changed' | 'unchanged' | 'answered'
  iso_image_id: string | null
  size_bytes: number | null
  accepts_ranges: boolean
  url_host: string
  warnings: Blocker[]
}

export interface ScannedStore {
  found: number
  new: number
  updated: number
  missing: number
  /** `path` is below the store. */
  skipped: { path: string; reason: string }[]
  bytes_total: number
  warnings: Blocker[]
}

export interface MediaActivities {
  /** Looks through the store's directory and brings the rows up to date. A dry run writes nothing. */
  scanStore(input: {
    context: WorkContext
    subdirectory: string | null
    recursive: boolean
    checksums: 'new' | 'all'
    mark_missing: boolean
    refresh_urls: boolean
    requested_by: string | null
    dry_run: boolean
  }): Promise<ScannedStore>
  /** Judges an address, asks about the file behind it, and writes its row or copies it into the store. */
  registerUrl(input: {
    context: WorkContext
    url: string
    name: string | null
    kind: string
    expected_sha256: string | null
    download: boolean
    requested_by: string | null
    dry_run: boolean
  }): Promise<RegisteredUrl>
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
