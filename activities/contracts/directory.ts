import type { RoleChange } from '../../domain/directory-sync.js'
import type { Blocker, FailureCode } from '../../domain/failures.js'
import type { Role } from '../../domain/permissions.js'

/** What came of a question about one person. Never holds a password. */
export interface LoginTrial {
  /** The directory took the password. */
  authenticated: boolean
  username: string
  dn: string | null
  role: Role | null
  /** Only mapped ones. */
  groups: string[]
  /** Why nobody would be signed in; null: it would work. */
  code: FailureCode | null
  reason: string | null
  server: string | null
  /** What a profile is made of; null when nobody was found. */
  person: { directory_id: string | null; display_name: string | null; email: string | null; roles: Role[] } | null
}

export interface DirectoryTest {
  ok: boolean
  checks: { name: string; outcome: 'ok' | 'warning' | 'failed'; ms: number; message: string; remedy?: string }[]
  server: { vendor?: string; naming_contexts: string[]; sha256?: string }
  user_preview?: {
    username: string
    dn: string
    display_name: string | null
    state: string
    role: Role | null
    groups: string[]
  }
}

export interface DirectorySync {
  seen: number
  created: number
  updated: number
  deactivated: number
  /** People whom no mapped group gives a role: they get no profile. */
  unmapped: number
  /** People whose name a local account has. */
  name_taken: number
  /** At most 500. */
  role_changes: RoleChange[]
  /** Nobody was deactivated, because it would have been too many. */
  refusal: Blocker | null
}

export interface DirectoryActivities {
  /** Looks for a person by the service account, without any password. */
  findDirectoryPerson(input: { job_id: string; username: string; source_ip: string | null }): Promise<LoginTrial>
  /** Takes the sealed password, once and for ever, and binds as the person, once. Counts for the limit of wrong passwords. */
  tryDirectoryLogin(input: {
    job_id: string
    username: string
    source_ip: string | null
    secret_ref: string
    requested_by: string | null
  }): Promise<LoginTrial>
  /** Writes down what came of a trial, and refreshes the profile if the person may come in. Repeatable. */
  keepLoginTrial(input: {
    job_id: string
    trial: LoginTrial
    update_profile: boolean
    source_ip: string | null
  }): Promise<{ user_id: string | null }>
  testDirectory(input: {
    job_id: string
    settings: Record<string, unknown> | null
    secret_ref: string | null
    requested_by: string | null
    username: string | null
  }): Promise<DirectoryTest>
  /** Takes people over page by page, then deactivates who is gone. Repeatable from the first page. */
  syncDirectoryPeople(input: {
    job_id: string
    base_dn: string | null
    filter: string | null
    deactivate_missing: boolean
    allow_mass_deactivation: boolean
    page_size: number
    dry_run: boolean
  }): Promise<DirectorySync>
}
